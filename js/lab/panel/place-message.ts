import type { TranslationBundle } from '@jupyterlab/translation';
import { make } from '../../core/elements';
import { ServerError } from '../server/api';
import type { Places } from './places';

const EXAMPLE = `# in a first cell
import trackside as ts

# then on top of any other
%%track`;

const COMMANDS = 'pip install trackside\njupyter server extension enable trackside.server';

/** What stands in the list's place while it is not known which runs there are, or there are none yet. */
export function placeMessage({ here, problem }: Places, again: () => void, trans: TranslationBundle): HTMLElement {
  const say = (...said: (Node | string)[]): HTMLElement =>
    make('div', { class: 'trackside-empty', role: 'status' }, ...said);
  if (problem !== null) {
    const isMissing = problem instanceof ServerError && problem.trouble === 'missing';
    const retry = make('button', { type: 'button', class: 'trackside-link', click: again }, trans.__('Try again'));
    const command = isMissing ? [make('pre', {}, COMMANDS)] : [];
    return say(make('p', {}, problem.message), ...command, retry);
  }
  if (here === null) {
    return say(trans.__('Looking for runs…'));
  }
  return say(
    make('p', {}, trans.__('No runs yet. To track a cell, run:')),
    make('pre', {}, EXAMPLE),
    make('p', { class: 'trackside-quiet' }, trans.__('They will be kept in %1.', here.folder)),
  );
}
