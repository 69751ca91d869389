import './run-label.css';
import { runColour } from './colours';
import { make } from './elements';
import { runName } from './runs';
import type { RunTable } from './wire';

/** A run's name with its colour; what is said of it stands behind. */
export function runLabel(run: string, table: RunTable, ...said: string[]): HTMLElement {
  const name = runName(run, table);
  const swatch = make('i', { class: 'trackside-run-swatch', style: `background:${runColour(run, table)}` });
  const notes = said.map((note) => make('small', {}, note));
  return make('span', { class: 'trackside-run-label', title: name }, swatch, make('bdi', {}, name), ...notes);
}
