import { describe, expect, it } from 'vitest';
import { runColour } from '../colours';
import { PAPER } from '../theme';
import { BY_RUN, bucketRows, colourKey, makeColouring } from './colouring';
import { column, tableOf, text } from './columns-fixtures';

const TABLE = tableOf(
  [
    column('param:lr', [0.1, 0.2, 0.3]),
    text('param:optimizer', ['sgd', 'adam', null]),
    column('metric:loss', [0.1, 0.9, null], { goal: 'min' }),
  ],
  { main: 'metric:loss' },
);

describe('the colour of lines', () => {
  it('is the main metric until another column is chosen', () => {
    expect(colourKey(TABLE, null)).toBe('metric:loss');
    expect(colourKey(TABLE, 'param:lr')).toBe('param:lr');
    expect(colourKey(TABLE, 'param:gone')).toBe('metric:loss');
    expect(colourKey(tableOf([column('param:lr', [1])]), null)).toBe(BY_RUN);
  });

  it('of the best run is drawn last, of a missing value first', () => {
    const { rowColour } = makeColouring(TABLE, 'metric:loss', [], PAPER);
    expect(rowColour[0]).toBeGreaterThan(rowColour[1] ?? 0);
    expect(rowColour[2]).toBe(0);
  });

  it('is explained with the ends of its scale', () => {
    expect(makeColouring(TABLE, 'metric:loss', [], PAPER).legend).toMatchObject({ name: 'loss', ends: ['0.1', '0.9'] });
  });

  it('of what is missing is explained only where something is', () => {
    const [loss, lr] = ['metric:loss', 'param:lr'].map((key) => makeColouring(TABLE, key, [], PAPER));
    expect(loss?.legend).toMatchObject({ missing: loss?.colours[0] });
    expect(lr?.legend).toMatchObject({ missing: null });
  });

  it('of categories is one each', () => {
    const { colours, rowColour, legend } = makeColouring(TABLE, 'param:optimizer', [], PAPER);
    expect(legend).toMatchObject({ kind: 'categories', entries: [{ name: 'adam' }, { name: 'sgd' }] });
    const entries = legend.kind === 'categories' ? legend.entries : [];
    expect(colours[rowColour[0] ?? 0]).toBe(entries[1]?.colour);
    expect(rowColour[2]).toBe(0);
  });

  it('by run is that of the other views', () => {
    const { colours, rowColour } = makeColouring(TABLE, BY_RUN, [], PAPER);
    expect([...rowColour].map((at) => colours[at])).toEqual(TABLE.run_ids.map((run) => runColour(run, TABLE)));
  });
});

describe('buckets', () => {
  it('hold the rows of one colour, in the order of colours', () => {
    const buckets = bucketRows([0, 1, 3], ['red', 'green', 'blue'], Uint8Array.of(2, 0, 1, 2));
    expect(buckets).toEqual([
      { colour: 'red', rows: [1] },
      { colour: 'blue', rows: [0, 3] },
    ]);
  });
});
