// The developer's two commands, from a fresh checkout with nothing but Python and Node:
//   npm start   sets everything up and opens JupyterLab on the quick-start notebook
//   npm test    sets everything up and runs every check and test
// `node js/dev.mjs setup` does only the first half of either.
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..');
const venv = path.join(root, '.venv');
const bin = (name) => path.join(venv, process.platform === 'win32' ? 'Scripts' : 'bin', name);

function run(command, args, options = {}) {
  console.log(
    `\n▶ ${[path.relative(root, command).startsWith('..') ? command : path.relative(root, command), ...args].join(' ')}`,
  );
  const { status, error } = spawnSync(command, args, { cwd: root, stdio: 'inherit', ...options });
  if (error) {
    throw error;
  }
  if (status !== 0) {
    process.exit(status ?? 1);
  }
}

function works(command, args) {
  return spawnSync(command, args, { cwd: root, stdio: 'ignore' }).status === 0;
}

function* files(place) {
  if (!statSync(place).isDirectory()) {
    yield place;
    return;
  }
  for (const name of readdirSync(place).sort()) {
    yield* files(path.join(place, name));
  }
}

/** Does `step` only when one of `inputs` has changed since it last succeeded. */
function once(name, inputs, step) {
  const hash = createHash('sha256');
  for (const file of inputs.flatMap((input) => [...files(path.join(root, input))])) {
    hash.update(file).update(readFileSync(file));
  }
  const digest = hash.digest('hex');
  const stamp = path.join(venv, `.trackside-${name}`);
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === digest) {
    return;
  }
  step();
  mkdirSync(venv, { recursive: true });
  writeFileSync(stamp, digest);
}

function python() {
  const found = ['python3.13', 'python3.12', 'python3.11', 'python3', 'python'].find((name) =>
    works(name, ['-c', 'import sys, venv, ensurepip; sys.exit(sys.version_info < (3, 11))']),
  );
  if (!found) {
    console.error('Found no Python 3.11 or newer with venv on the PATH; install one and try again.');
    process.exit(1);
  }
  return found;
}

function setUp() {
  if (!existsSync(bin('python'))) {
    run(python(), ['-m', 'venv', venv]);
  }
  once('npm', ['package-lock.json'], () => run('npm', ['ci', '--ignore-scripts']));
  once('pip', ['pyproject.toml', 'package.json', 'package-lock.json', 'js'], () =>
    run(bin('python'), ['-m', 'pip', 'install', '--disable-pip-version-check', '-q', '-e', '.[gpu,lab,static,test]']),
  );
}

/** The browser tests need a Chromium: the system's, else Debian's package, else Playwright's own. */
function installChromium() {
  if (works(bin('python'), ['tests/browser/chromium.py'])) {
    return;
  }
  if (process.getuid?.() === 0 && works('apt-get', ['--version'])) {
    run('apt-get', ['update', '-qq']);
    run('apt-get', ['install', '-y', '-qq', 'chromium', 'fonts-dejavu-core']);
  } else {
    run(bin('playwright'), ['install', 'chromium']);
  }
}

const commands = {
  setup: setUp,
  lab() {
    setUp();
    run(bin('jupyter'), [
      'lab',
      '--LabApp.extension_manager=readonly',
      'notebooks/01-quickstart.ipynb',
      ...process.argv.slice(3),
    ]);
  },
  test() {
    setUp();
    installChromium();
    run(bin('ruff'), ['check', '.']);
    run(bin('ruff'), ['format', '--check', '.']);
    run(bin('mypy'), []);
    run(bin('lint-imports'), ['--no-cache']);
    for (const script of ['lint', 'check', 'test:js']) {
      run('npm', ['run', '--silent', script]);
    }
    const notebooks = mkdtempSync(path.join(tmpdir(), 'trackside-notebooks-'));
    run(bin('pytest'), ['-q', '--nbval-lax', '--nbval-current-env', 'notebooks'], {
      env: { ...process.env, TRACKSIDE_STORE: path.join(notebooks, '.trackside') },
    });
    run(bin('pytest'), ['-n', '2', '--dist', 'loadfile', '--no-loadscope-reorder', ...process.argv.slice(3)]);
  },
};

const command = commands[process.argv[2]];
if (!command) {
  console.error(`Found ${JSON.stringify(process.argv[2])}; expected one of: ${Object.keys(commands).join(', ')}.`);
  process.exit(2);
}
command();
