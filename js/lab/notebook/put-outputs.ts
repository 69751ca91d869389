import type { ICodeCellModel } from '@jupyterlab/cells';
import type { IRenderMime } from '@jupyterlab/rendermime';
import type { KeptOutputs } from '../../core/wire';

type Output = Parameters<ICodeCellModel['outputs']['fromJSON']>[0][number];

/** What draws nothing but itself, whoever made it. */
const HARMLESS = /^(text\/(plain|latex|html)|image\/(png|jpeg|gif|bmp|webp)|application\/vnd\.trackside\..*)$/;

/**
 * Puts what a run's cell put out in place of the cell's outputs. They come from the store, and so nothing in them runs:
 * HTML is sanitized, and with anything else that could the cell is no longer trusted, as one of a notebook that came
 * from elsewhere.
 */
export function putOutputs(
  cell: Pick<ICodeCellModel, 'executionCount' | 'outputs' | 'trusted'>,
  { outputs, execution_count }: KeptOutputs,
  sanitizer: Pick<IRenderMime.ISanitizer, 'sanitize'>,
): void {
  const made = (outputs as Output[]).map((output) => sanitized(output, sanitizer));
  if (!made.every(isHarmless)) {
    cell.trusted = false;
  }
  cell.outputs.fromJSON(made);
  cell.executionCount = execution_count ?? null;
}

function sanitized(output: Output, sanitizer: Pick<IRenderMime.ISanitizer, 'sanitize'>): Output {
  const { data } = output as { data?: Record<string, unknown> };
  const html = data?.['text/html'];
  if (html === undefined) {
    return output;
  }
  const text = Array.isArray(html) ? html.join('') : String(html);
  return { ...output, data: { ...data, 'text/html': sanitizer.sanitize(text) } } as Output;
}

function isHarmless({ data }: { data?: object } & Output): boolean {
  return Object.keys(data ?? {}).every((mime) => HARMLESS.test(mime));
}
