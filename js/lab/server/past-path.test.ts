import { expect, test } from 'vitest';
import { pastPath, pastRun } from './past-path';

const RUN = { store: 'k3', run_id: '0193-a7k2m' };

test('a path names the run, and its last part is a title that says what it is', () => {
  const path = pastPath(RUN, 'work/train.ipynb');
  expect(path).toBe('trackside:k3/0193-a7k2m/work/train as it was (a7k2m).ipynb');
  expect(pastRun(path)).toEqual({ ...RUN, notebook: 'work/train.ipynb' });
  expect(pastRun(path.replace('trackside:', ''))).toEqual(pastRun(path));
});

test('a name that would be taken for a drive or have control characters is made one that is not', () => {
  const path = pastPath(RUN, 'a:b\\c\u0000.ipynb');
  expect(path.split('/').at(-1)).toBe('a b c  as it was (a7k2m).ipynb');
});

test('a notebook whose path is not known has a name, too', () => {
  expect(pastRun(pastPath(RUN, null))).toEqual({ ...RUN, notebook: 'notebook.ipynb' });
});

test.each(['', 'k3', 'k3/r', 'k3/r/', 'k3/r/file.txt', '/r/x.ipynb'])('%j is no path of the drive', (path) => {
  expect(pastRun(path)).toBeNull();
});
