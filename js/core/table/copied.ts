import { cellNumber } from '../numbers';
import { runName, runRows } from '../runs';
import type { Column, RunTable } from '../wire';
import type { Arrangement } from './arrangement';
import { cellText, MISSING } from './cells';
import { bestOf } from './comparison';
import type { Formats } from './formats';
import { groupLabel, groupText } from './group-row';
import { commonValue, type Group, groupCell, summarise } from './groups';
import { titleOf } from './titles';

export type CopyFormat = 'CSV' | 'Markdown' | 'LaTeX';

/** What a table shows: its runs in order, their groups, the columns beside the name. */
export interface Shown {
  readonly table: RunTable;
  readonly columns: readonly Column[];
  readonly arrangement: Arrangement;
  readonly runs: readonly string[];
  readonly formats: Formats;
}

/** What is copied of it. */
export interface Copied extends Shown {
  /** Whether the groups are copied in place of the runs. */
  readonly isGrouped: boolean;
}

interface Entry {
  readonly text: string;
  readonly isBest: boolean;
}

/** The table as text in a format: CSV has numbers in full, the others what is shown. */
export function copyText(copied: Copied, format: CopyFormat): string {
  return format === 'CSV' ? csv(copied) : format === 'Markdown' ? markdown(copied) : latex(copied);
}

function csv(copied: Copied): string {
  const rows = copied.isGrouped ? groupRecords(copied) : runRecords(copied);
  return rows.map((row) => `${row.map(csvField).join(',')}\n`).join('');
}

function runRecords({ table, columns, runs }: Copied): string[][] {
  const rows = runRows(table);
  const head = ['name', ...columns.map(titleOf)];
  const cells = (run: string): string[] => columns.map((column) => inFull(column, rows.get(run) ?? -1));
  return [head, ...runs.map((run) => [runName(run, table), ...cells(run)])];
}

function groupRecords({ columns, arrangement }: Copied): string[][] {
  const head = columns.flatMap((column) => {
    const title = titleOf(column);
    return column.kind === 'number' ? [`${title} mean`, `${title} std`] : [title];
  });
  const cells = (group: Group): string[] =>
    columns.flatMap((column) => {
      if (column.kind !== 'number') {
        const common = commonValue(column, group);
        return ['value' in common && common.value !== null ? String(common.value) : ''];
      }
      const summary = summarise(column, group);
      return [String(summary?.mean ?? ''), String(summary?.std ?? '')];
    });
  const { column, groups } = arrangement;
  const records = [...groups.values()].map((group) => [
    group.value === null ? '' : String(group.value),
    String(group.rows.length),
    ...cells(group),
  ]);
  return [[column ? titleOf(column) : '', 'n', ...head], ...records];
}

function inFull(column: Column, row: number): string {
  const value = column.values[row] ?? null;
  return column.kind === 'time' && typeof value === 'number'
    ? new Date(value * 1000).toISOString()
    : String(value ?? '');
}

function csvField(text: string): string {
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

function markdown(copied: Copied): string {
  const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |\n`;
  const rows = entries(copied).map((row) =>
    row.map(({ text, isBest }) => (isBest ? `**${escapeMarkdown(text)}**` : escapeMarkdown(text))),
  );
  const sides = ['---', ...copied.columns.map(({ kind }) => (kind === 'number' ? '---:' : '---'))];
  return [headOf(copied).map(escapeMarkdown), sides, ...rows].map(line).join('');
}

function escapeMarkdown(text: string): string {
  return text.replaceAll(/[\\|*<`]/g, '\\$&').replaceAll(/\s+/g, ' ');
}

/** A tabular with the rules of the package booktabs. */
function latex(copied: Copied): string {
  const line = (cells: readonly string[]): string => `${cells.join(' & ')} \\\\\n`;
  const rows = entries(copied).map((row) =>
    row.map(({ text, isBest }) => (isBest ? `\\textbf{${escapeLatex(text)}}` : escapeLatex(text))),
  );
  const sides = ['l', ...copied.columns.map(({ kind }) => (kind === 'number' ? 'r' : 'l'))].join('');
  const body = `\\toprule\n${line(headOf(copied).map(escapeLatex))}\\midrule\n${rows.map(line).join('')}\\bottomrule\n`;
  return `\\begin{tabular}{${sides}}\n${body}\\end{tabular}\n`;
}

const LATEX: Readonly<Record<string, string>> = {
  '\\': '\\textbackslash{}',
  '~': '\\textasciitilde{}',
  '^': '\\textasciicircum{}',
  '±': '$\\pm$',
  '∞': '$\\infty$',
  '−': '$-$',
  '–': '--',
};

function escapeLatex(text: string): string {
  return text.replaceAll(/[\\~^±∞−–]|[&%$#_{}]/g, (sign) => LATEX[sign] ?? `\\${sign}`);
}

function headOf({ columns, arrangement, isGrouped }: Copied): string[] {
  const { column } = arrangement;
  return [isGrouped && column ? titleOf(column) : 'name', ...columns.map(titleOf)];
}

function entries(copied: Copied): Entry[][] {
  const { table, columns, arrangement, runs, isGrouped, formats } = copied;
  if (isGrouped) {
    const groups = [...arrangement.groups.values()];
    const best = columns.map((column) =>
      bestOf(
        column,
        groups.map((group) => cellNumber(groupCell(column, group))),
      ),
    );
    return groups.map((group) => [
      { text: groupLabel(arrangement.column, group), isBest: false },
      ...columns.map((column, at) => ({
        text: groupText(column, group, formats[column.key]),
        isBest: best[at] != null && cellNumber(groupCell(column, group)) === best[at],
      })),
    ]);
  }
  const rows = runs.map((run) => runRows(table).get(run) ?? -1);
  const best = columns.map((column) =>
    bestOf(
      column,
      rows.map((row) => cellNumber(column.values[row])),
    ),
  );
  return rows.map((row) => [
    { text: runName(table.run_ids[row] ?? '', table), isBest: false },
    ...columns.map((column, at) => ({
      text: row < 0 ? MISSING : cellText(column, row, formats[column.key]),
      isBest: best[at] != null && cellNumber(column.values[row]) === best[at],
    })),
  ]);
}
