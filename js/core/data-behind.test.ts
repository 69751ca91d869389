import { describe, expect, test, vi } from 'vitest';
import { runData } from './axes/run-data';
import { DataBehind, MOST_ROWS } from './data-behind';
import { column, exampleTable } from './example-runs';
import { findColumn } from './runs';
import type { Column } from './wire';

describe('the data behind a picture', () => {
  const read = vi.fn(() => ({ columns: ['run', 'lr'], rows: [['a', '0.1']], all: 7, unit: 'runs' }));
  const data = new DataBehind('the scatter', read);
  const open = (isOpen: boolean) => {
    data.element.open = isOpen;
    data.element.dispatchEvent(new Event('toggle'));
  };

  test('is made when somebody opens it, and says how much is left out', () => {
    data.renew();
    expect(read).not.toHaveBeenCalled();
    open(true);
    expect(data.element.querySelector('caption')?.textContent).toBe('1 of 7 runs');
    expect([...data.element.querySelectorAll('th, td')].map((cell) => cell.textContent)).toEqual([
      'run',
      'lr',
      'a',
      '0.1',
    ]);
  });

  test('follows the picture while it is open, and is gone once closed', async () => {
    read.mockReturnValue({ columns: ['run', 'lr'], rows: [['b', '0.2']], all: 1, unit: 'run' });
    data.renew();
    await vi.waitFor(() => expect(data.element.querySelector('td')?.textContent).toBe('b'));
    const table = data.element.querySelector('table');
    read.mockClear();
    data.renew();
    await vi.waitFor(() => expect(read).toHaveBeenCalled());
    expect(data.element.querySelector('table')).toBe(table);
    open(false);
    expect(data.element.querySelector('table')).toBeNull();
  });
});

describe('the data of runs', () => {
  test('lists them as the table has them, a column once', () => {
    const columns = ['metric:loss', 'param:depth', 'metric:loss'].map((key) => findColumn(exampleTable, key) as Column);
    expect(runData(exampleTable, [2, 1], columns)).toEqual({
      columns: ['run', 'loss', 'depth'],
      rows: [
        ['forest', 'NaN', '4'],
        ['forest deep', '0.1', '12'],
      ],
      all: 2,
      unit: 'runs',
    });
  });

  test('is bounded', () => {
    const ids = Array.from({ length: 1000 }, (_, at) => `run-${at}`);
    const table = { ...exampleTable, run_ids: ids, columns: [column('run:name', 'text', ids)] };
    const data = runData(
      table,
      ids.map((_id, row) => row),
      [],
    );
    expect([data.rows.length, data.all]).toEqual([MOST_ROWS, 1000]);
  });
});
