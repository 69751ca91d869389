import { make } from '../elements';
import { cellNumber, formatNumber } from '../numbers';
import type { ArtifactTable } from '../wire';
import { describeFlips, type Flip, type Prediction } from './rows';

const MOST_ROWS = 100;
const MORE_ROWS = 200;
const SPOKEN: Partial<Record<Flip, string>> = {
  right: 'flipped, now right',
  wrong: 'flipped, now wrong',
  other: 'flipped, wrong either way',
};

type Value = ArtifactTable['columns'][number][number] | undefined;

/** Draws the first rows of a table; `changed` are the cells that differ from those of the first run. */
export function plainTable(name: string, table: ArtifactTable, changed: ReadonlySet<number> | null): HTMLElement {
  const { names, columns, total } = table;
  const here = columns[0]?.length ?? 0;
  const rows = Array.from({ length: Math.min(here, MOST_ROWS) }, (_, row) =>
    make(
      'tr',
      {},
      ...columns.map((column, at) =>
        make('td', { 'data-changed': changed?.has(row * names.length + at) ?? false }, text(column[row])),
      ),
    ),
  );
  const said = [
    ...(changed
      ? [`${changed.size.toLocaleString('en')} of ${(here * names.length).toLocaleString('en')} cells differ`]
      : []),
    ...(total > rows.length ? [`the first ${rows.length} of ${total.toLocaleString('en')} rows`] : []),
  ];
  return make(
    'div',
    {},
    make(
      'div',
      { class: 'trackside-artifact-scroll', tabindex: '0' },
      make(
        'table',
        { 'aria-label': name },
        make('thead', {}, make('tr', {}, ...names.map((each) => make('th', { scope: 'col' }, each)))),
        make('tbody', {}, ...rows),
      ),
    ),
    make('p', { class: 'trackside-note' }, said.join(' · ')),
  );
}

/** Draws predictions of several runs row by row, those that flipped alone if there are any. */
export function predictionsTable(predictions: readonly Prediction[], names: readonly string[]): HTMLElement {
  const flipped = predictions.filter(({ flips }) => flips.some((flip) => SPOKEN[flip]));
  const body = make('tbody');
  let onlyFlipped = flipped.length > 0;
  let count = MOST_ROWS;
  const only = make('button', { type: 'button', click: () => show(!onlyFlipped, MOST_ROWS) }, 'Only flipped');
  const more = make('button', {
    type: 'button',
    class: 'trackside-link',
    click: () => show(onlyFlipped, count + MORE_ROWS),
  });
  const said = make('span', { class: 'trackside-note' });
  const all = `${predictions.length.toLocaleString('en')} rows`;
  const show = (only_: boolean, rows: number): void => {
    [onlyFlipped, count] = [only_, rows];
    const shown = onlyFlipped ? flipped : predictions;
    body.replaceChildren(...shown.slice(0, count).map(predictionRow));
    only.setAttribute('aria-pressed', String(onlyFlipped));
    more.hidden = shown.length <= count;
    said.textContent = onlyFlipped ? `${shown.length.toLocaleString('en')} of ${all}` : all;
    more.textContent = `${(shown.length - count).toLocaleString('en')} more rows`;
  };
  only.hidden = flipped.length === 0;
  show(onlyFlipped, count);
  const heads = names.map((name, run) =>
    make(
      'th',
      { scope: 'col' },
      make('bdi', {}, name),
      run === 0 ? '' : make('small', {}, describeFlips(predictions, run)),
    ),
  );
  const fixed = ['id', 'y_true'].map((name) => make('th', { scope: 'col' }, name));
  return make(
    'div',
    {},
    make('div', { class: 'trackside-toolbar' }, only, said),
    make(
      'div',
      { class: 'trackside-artifact-scroll', tabindex: '0' },
      make('table', { 'aria-label': 'Predictions' }, make('thead', {}, make('tr', {}, ...fixed, ...heads)), body),
    ),
    more,
  );
}

function predictionRow({ id, truth, predicted, flips }: Prediction): HTMLElement {
  const cells = predicted.map((value, run) => {
    const flip = flips[run] ?? 'missing';
    const isRight = value !== undefined && value === truth;
    return make(
      'td',
      { 'data-flip': SPOKEN[flip] ? flip : false, 'data-right': isRight, title: SPOKEN[flip] ?? false },
      value === undefined ? '—' : `${text(value)} ${isRight ? '✓' : '✗'}`,
    );
  });
  return make('tr', {}, make('th', { scope: 'row' }, make('bdi', {}, id)), make('td', {}, text(truth)), ...cells);
}

function text(value: Value): string {
  const number = cellNumber(value);
  return number !== null ? formatNumber(number, 5) : String(value ?? '—');
}
