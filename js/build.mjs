// `node js/build.mjs [--prod] [--watch]`: builds the widget and the page into src/trackside/static and the JupyterLab
// extension into src/trackside/labextension. The extension's own code is bundled into lib/ first; @jupyter/builder federates that.
import { spawn } from 'node:child_process';
import { copyFileSync, mkdirSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import * as esbuild from 'esbuild';

const root = fileURLToPath(new URL('..', import.meta.url));
const require = createRequire(import.meta.url);
const isProduction = process.argv.includes('--prod');
const isWatching = process.argv.includes('--watch');

const shared = {
  absWorkingDir: root,
  bundle: true,
  format: 'esm',
  target: 'es2022',
  minify: isProduction,
  logLevel: 'warning',
};

async function bundle(options) {
  if (isWatching) {
    await (await esbuild.context(options)).watch();
  }
  await esbuild.build(options);
}

function bundleWidget() {
  return bundle({
    ...shared,
    entryPoints: { view: 'js/widget/view.ts' },
    outdir: 'src/trackside/static',
    sourcemap: isProduction ? false : 'inline',
  });
}

function bundlePage() {
  return bundle({
    ...shared,
    format: 'iife',
    entryPoints: { page: 'js/page/page.ts' },
    outdir: 'src/trackside/static',
    minify: true, // it stands whole in every page that is written
  });
}

function bundleLab() {
  return bundle({
    ...shared,
    entryPoints: ['js/lab/index.ts'],
    outdir: 'lib',
    external: ['@jupyterlab/*', '@lumino/*'],
    sourcemap: !isProduction,
  });
}

function federateLab() {
  const builder = path.join(
    path.dirname(require.resolve('@jupyter/builder/package.json')),
    'lib/build-labextension.js',
  );
  const core = require.resolve('@jupyterlab/core-meta/core.package.json');
  const mode = isProduction ? [] : ['--development', '--source-map'];
  const args = [builder, '--core-package-file', core, ...mode, ...(isWatching ? ['--watch'] : []), root];
  const child = spawn(process.execPath, args, { stdio: 'inherit', cwd: root });
  return new Promise((resolve) => child.on('exit', (code) => resolve(code ?? 1)));
}

function copyInstallNote() {
  const output = path.join(root, 'src/trackside/labextension');
  mkdirSync(output, { recursive: true });
  copyFileSync(path.join(root, 'js/lab/install.json'), path.join(output, 'install.json'));
}

// Only the packaging hook stamps: what was built here for development is never taken for a release.
rmSync(path.join(root, 'src/trackside/static/.stamp'), { force: true });
await Promise.all([bundleWidget(), bundlePage(), bundleLab()]);
const code = await federateLab();
copyInstallNote();
process.exitCode = code;
