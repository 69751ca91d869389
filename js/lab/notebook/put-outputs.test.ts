import { expect, test, vi } from 'vitest';
import { CARD_MIME } from '../card-renderer';
import { putOutputs } from './put-outputs';

function put(outputs: object[]) {
  const cell = { executionCount: null as number | null, trusted: true, outputs: { fromJSON: vi.fn() } };
  const sanitizer = { sanitize: (html: string) => html.replace(/<script.*<\/script>/, '') };
  putOutputs(cell as never, { outputs: outputs as never, execution_count: 7 }, sanitizer);
  return { cell, put: cell.outputs.fromJSON.mock.calls[0]?.[0] };
}

const display = (data: object) => ({ output_type: 'display_data', data, metadata: {} });

test('a card, printed text and pictures go in as they are, and the cell stays trusted', () => {
  const outputs = [
    display({ [CARD_MIME]: { run_id: 'r' }, 'text/plain': 'card' }),
    { output_type: 'stream', name: 'stdout', text: 'epoch 1' },
    display({ 'image/png': 'AAAA' }),
  ];
  const { cell, put: made } = put(outputs);
  expect(made).toEqual(outputs);
  expect([cell.trusted, cell.executionCount]).toEqual([true, 7]);
});

test('HTML from the store is sanitized', () => {
  const { cell, put: made } = put([display({ 'text/html': ['<b>1</b>', '<script>bad()</script>'] })]);
  expect(made[0].data).toEqual({ 'text/html': '<b>1</b>' });
  expect(cell.trusted).toBe(true);
});

test.each(['application/javascript', 'image/svg+xml', 'text/markdown', 'application/vnd.plotly.v1+json'])(
  'with %s the cell is no longer trusted',
  (mime) => {
    expect(put([display({ [mime]: 'x' })]).cell.trusted).toBe(false);
  },
);
