import { runRows } from './runs';
import type { RunTable } from './wire';

/** Whether a picture stands on a light or a dark ground. */
export type Ground = 'light' | 'dark';

/**
 * Eight colours, each at least 3:1 against white and against JupyterLab's darkest grey (WCAG 1.4.11), so that one
 * palette serves both; chosen by search so that every two of them stay apart in OKLab as seen with normal vision,
 * protanopia, deuteranopia and tritanopia (Machado, Oliveira, Fernandes 2009).
 */
export const RUN_COLOURS = [
  '#0090fc',
  '#f06c18',
  '#007890',
  '#c0306c',
  '#849c60',
  '#8454cc',
  '#906000',
  '#c078c0',
] as const;

/** Lines of one colour are told apart by dashes, in units of the line's width; none is a solid line. */
export const RUN_DASHES: readonly (readonly number[])[] = [[], [6, 3], [2, 2], [8, 3, 2, 3]];

/** Viridis, perceptually uniform and safe for the colour-blind, at equal distances (Smith and van der Walt 2015). */
const VIRIDIS = [
  [68, 1, 84],
  [72, 36, 117],
  [65, 68, 135],
  [53, 95, 141],
  [42, 120, 142],
  [33, 145, 140],
  [34, 168, 132],
  [68, 191, 112],
  [122, 209, 81],
  [189, 223, 38],
  [253, 231, 37],
] as const;

/** The part of viridis that can be seen on each ground: its dark end is lost on black, its yellow on white. */
const SEEN: Record<Ground, readonly [number, number]> = { light: [0, 0.82], dark: [0.22, 1] };

/**
 * A run's place among all runs asked for, oldest first. It stays when newer runs arrive or others are hidden, even when
 * the table holds only some of them; it shifts only when older runs are deleted.
 */
export function runPlace(run: string, table: RunTable): number {
  const row = runRows(table).get(run) ?? 0;
  return table.ordinals?.[row] ?? Math.max(table.total, table.run_ids.length) - 1 - row;
}

/** The colour of a run: the same in every view of a page, on light and dark, and while runs are added. */
export function runColour(run: string, table: RunTable): string {
  return colourAt(runPlace(run, table));
}

function colourAt(place: number): string {
  return RUN_COLOURS[place % RUN_COLOURS.length] ?? RUN_COLOURS[0];
}

/** How a line is drawn. */
export interface Stroke {
  readonly colour: string;
  readonly dash: readonly number[];
}

/**
 * Gives lines that are drawn together their strokes, asked for by their places from the first on: a colour belongs to its
 * place, and only where another line has it already there is a dash.
 */
export function strokes(): (place: number) => Stroke {
  const taken = new Map<string, number>();
  return (place) => {
    const colour = colourAt(place);
    const before = taken.get(colour) ?? 0;
    taken.set(colour, before + 1);
    return { colour, dash: RUN_DASHES[before % RUN_DASHES.length] ?? [] };
  };
}

/** The colour of a value at `fraction` (0 to 1) of its scale. */
export function sequentialColour(fraction: number, ground: Ground): string {
  const [low, high] = SEEN[ground];
  const at = (low + (high - low) * Math.min(1, Math.max(0, fraction))) * (VIRIDIS.length - 1);
  const below = Math.min(VIRIDIS.length - 2, Math.floor(at));
  const from = VIRIDIS[below] ?? VIRIDIS[0];
  const to = VIRIDIS[below + 1] ?? from;
  const channel = (index: 0 | 1 | 2): number => Math.round(from[index] + (to[index] - from[index]) * (at - below));
  return `rgb(${channel(0)}, ${channel(1)}, ${channel(2)})`;
}
