import type { TranslationBundle } from '@jupyterlab/translation';
import '../../core/tags.css';
import { make } from '../../core/elements';
import { statusMark } from '../../core/status-mark';
import { icon } from '../../core/table/icons';
import { rowButton } from '../../core/table/name-cell';
import { deltaNote } from '../../core/table/run-cell';
import type { GroupRow, RunRow, Shown } from './list-rows';

/** Draws a run's row. Its sparkline is put into the cell of class `trackside-run-spark` by whoever knows it. */
export function runRow(row: RunRow, trans: TranslationBundle): HTMLElement {
  const cell = (name: string, attributes: Record<string, string>, ...children: (Node | string)[]): HTMLElement =>
    make('span', { role: 'gridcell', class: `trackside-run-${name}`, ...attributes }, ...children);
  const chips = row.tags.map((tag) => make('span', { class: 'trackside-chip' }, tag));
  const time = [row.age, row.duration].filter(Boolean).join(' · ');
  const element = make(
    'div',
    {
      role: 'row',
      class: 'trackside-run trackside-run-keys',
      tabindex: '-1',
      'data-run': row.id,
      'data-away': row.isAway,
      'aria-label': describeRun(row, trans),
    },
    cell('status', { 'data-status': row.status, title: row.status }, statusMark(row.status), hiddenWord(row.status)),
    cell(
      'name',
      { 'data-writes': 'name', title: row.name },
      make('span', { class: 'trackside-label' }, row.name),
      ...badges(row, trans),
    ),
    cell('metric', { title: row.metricTitle }, row.metric),
    cell('delta', { title: row.metricTitle }, deltaNote(row.delta)),
    cell('spark', {}),
    make(
      'span',
      { role: 'gridcell', class: 'trackside-run-info' },
      make('span', { title: row.began }, time),
      make('span', { class: 'trackside-run-tags', 'data-writes': 'tag', title: row.tags.join('\n') }, ...chips),
    ),
    cell('facts', {}, ...row.facts.map(fact)),
    cell('note', { 'data-writes': 'note', title: row.note }, row.note),
    cell('buttons', {}, ...buttons(row, trans)),
  );
  return element;
}

/** A group's heading, which shows and hides its runs. */
export function groupRow(row: GroupRow, trans: TranslationBundle): HTMLElement {
  const count = trans._n('%1 run', '%1 runs', row.count);
  const running = row.running > 0 ? trans.__('%1 running', row.running) : '';
  return make(
    'div',
    {
      role: 'row',
      class: 'trackside-run-group',
      tabindex: '-1',
      'data-group': row.id,
      'aria-expanded': String(row.isOpen),
      title: [row.label, count, running].filter(Boolean).join(' · '),
    },
    make('span', { role: 'gridcell', class: 'trackside-run-fold' }, icon('fold')),
    make('span', { role: 'gridcell', class: 'trackside-label' }, row.label),
    make('span', { role: 'gridcell', class: 'trackside-run-count', 'data-running': row.running > 0 }, count),
    make('span', { role: 'gridcell', class: 'trackside-run-metric' }, row.metric),
  );
}

/** What a run's row says to those who hear it. */
function describeRun(row: RunRow, trans: TranslationBundle): string {
  const verdict = row.delta === null ? '' : `${row.delta.text} (${row.delta.verdict})`;
  const others = row.facts.map(({ name, text }) => `${name} ${text}`);
  const facts = [row.name, row.status, row.metric, verdict, ...others, row.age, row.duration, ...row.tags, row.note];
  const marks = [
    row.isStarred ? trans.__('starred') : '',
    row.isBaseline ? trans.__('baseline') : '',
    row.isBroken ? trans.__('breaks the policy') : '',
  ];
  return [...facts, ...marks].filter(Boolean).join(', ');
}

function fact({ name, text, title }: Shown): HTMLElement {
  return make('span', { title }, make('span', { class: 'trackside-label' }, name), ' ', text);
}

function badges(row: RunRow, trans: TranslationBundle): HTMLElement[] {
  const repeats = make('span', { class: 'trackside-repeats' }, `×${row.repeats}`);
  repeats.title = trans.__('%1 runs came out just like this one', row.repeats);
  const baseline = make('span', { class: 'trackside-badge' }, trans.__('baseline'));
  const star = make('span', { class: 'trackside-starred', 'aria-hidden': 'true', title: trans.__('starred') }, '★');
  const broken = make('span', { class: 'trackside-broken', 'aria-hidden': 'true' }, '⚑');
  broken.title = trans.__('breaks the policy: its page says what to do');
  return [
    ...(row.isBroken ? [broken] : []),
    ...(row.repeats > 1 && !row.isAway ? [repeats] : []),
    ...(row.isStarred ? [star] : []),
    ...(row.isBaseline ? [baseline] : []),
  ];
}

function buttons(row: RunRow, trans: TranslationBundle): HTMLElement[] {
  const starWords = row.isStarred ? trans.__('Take the star from %1', row.name) : trans.__('Star %1', row.name);
  const pinWords = row.isBaseline
    ? trans.__('Hold the others against %1 no longer', row.name)
    : trans.__('Hold the others against %1: make it the baseline', row.name);
  const words = trans.__('What can be done with %1', row.name);
  const more = make(
    'button',
    { type: 'button', tabindex: '-1', class: 'trackside-run-more', 'aria-haspopup': 'menu' },
    '⋯',
  );
  more.title = words;
  more.setAttribute('aria-label', words);
  return [rowButton('star', starWords, row.isStarred), rowButton('pin', pinWords, row.isBaseline), more];
}

function hiddenWord(word: string): HTMLElement {
  return make('span', { class: 'trackside-hidden-word' }, word);
}
