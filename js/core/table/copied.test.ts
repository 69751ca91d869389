import { describe, expect, test } from 'vitest';
import { column, exampleTable } from '../example-runs';
import type { RunTable } from '../wire';
import { arrange } from './arrangement';
import { copyText, type Shown } from './copied';
import { chooseCopied } from './copy-menu';

const table: RunTable = {
  ...exampleTable,
  columns: [
    column('run:name', 'text', ['svm, rbf', 'a "b"', 'x|y', '50%_c']),
    column('run:started_at', 'time', [1_790_000_300, 1_790_000_200, null, null]),
    column('param:kernel', 'text', ['rbf', 'rbf', 'poly', null]),
    column('metric:loss', 'number', [0.123456789, 0.2, 'NaN', null], 'min'),
  ],
};
const columns = table.columns.slice(2);
const shown = (group_by: string | null = null): Shown => {
  const arrangement = arrange(table, table.run_ids, { panels: [], group_by }, { pinned: null, counts: () => true });
  return { table, columns, arrangement, runs: arrangement.runs, formats: {} };
};
const NONE: ReadonlySet<string> = new Set();

describe('copied', () => {
  test('as CSV are numbers in full, with quotes where they are needed', () => {
    expect(copyText(chooseCopied(shown(), NONE), 'CSV')).toBe(
      'name,kernel,loss\n"svm, rbf",rbf,0.123456789\n"a ""b""",rbf,0.2\nx|y,poly,NaN\n50%_c,,\n',
    );
    const moments = { ...shown(), columns: table.columns.slice(1, 2) };
    expect(copyText(chooseCopied(moments, NONE), 'CSV')).toContain('"svm, rbf",2026-09-21T14:18:20.000Z\n');
  });

  test('as Markdown is what is shown, the best in bold', () => {
    expect(copyText(chooseCopied(shown(), NONE), 'Markdown')).toBe(
      '| name | kernel | loss |\n| --- | --- | ---: |\n| svm, rbf | rbf | **0.1235** |\n| a "b" | rbf | 0.2 |\n' +
        '| x\\|y | poly | NaN |\n| 50%_c | – | – |\n',
    );
  });

  test('as LaTeX is a tabular in which no sign means anything', () => {
    expect(copyText(chooseCopied(shown(), NONE), 'LaTeX')).toBe(
      '\\begin{tabular}{llr}\n\\toprule\nname & kernel & loss \\\\\n\\midrule\n' +
        'svm, rbf & rbf & \\textbf{0.1235} \\\\\na "b" & rbf & 0.2 \\\\\nx|y & poly & NaN \\\\\n' +
        '50\\%\\_c & -- & -- \\\\\n\\bottomrule\n\\end{tabular}\n',
    );
  });

  test('are the ticked runs where some are', () => {
    expect(copyText(chooseCopied(shown('param:kernel'), new Set(['b'])), 'CSV')).toBe(
      'name,kernel,loss\n"a ""b""",rbf,0.2\n',
    );
  });

  test('are the groups where runs are grouped, with mean and std', () => {
    const grouped = chooseCopied(shown('param:kernel'), NONE);
    expect(copyText(grouped, 'CSV').split('\n').slice(0, 3)).toEqual([
      'kernel,n,loss mean,loss std',
      'rbf,2,0.1617283945,0.05412422355189275',
      'poly,1,,',
    ]);
    expect(copyText(grouped, 'LaTeX')).toContain('kernel rbf & 0.1617 $\\pm$ 0.054 \\\\\n');
  });
});
