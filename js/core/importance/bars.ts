import { make } from '../elements';
import type { Importance, ParamImportance } from '../wire';
import { barLength, describeParam, longestBar, signed } from './words';

/** What people do with a param. */
export interface BarEvents {
  colourBy(key: string): void;
  scatter(key: string): void;
  toggleAxis(key: string): void;
}

/** What the rows show of the rest of the page; null where a panel is not there to be told. */
export interface Shown {
  readonly colour: string;
  readonly scatterX: string | null;
  readonly axes: ReadonlySet<string> | null;
}

/** The params as rows of a table: name, bar of importance, and which way the metric goes with it. */
export function barTable(importance: Importance, events: BarEvents, shown: Shown): HTMLElement {
  const longest = longestBar(importance.params);
  const isRated = importance.params.some((param) => param.importance != null);
  const heads = [
    ['param', ''],
    ['importance', 'How much worse a forest predicts the metric, in parts of its variance, once the param is shuffled'],
    ['correlation', "Spearman's rank correlation: whether the metric rises or falls with the param"],
    ['runs', 'How many of the runs have the param'],
  ].filter(([name]) => isRated || name !== 'importance');
  const rows = importance.params.map((param) => row(param, importance, { longest, isRated }, events, shown));
  return make(
    'table',
    { class: 'trackside-importance-table', 'aria-label': `What params tell of ${importance.metric}` },
    make(
      'thead',
      {},
      make('tr', {}, ...heads.map(([name = '', title = '']) => make('th', { title }, name)), make('th', {})),
    ),
    make('tbody', {}, ...rows),
  );
}

function row(
  param: ParamImportance,
  { metric, needed }: Importance,
  { longest, isRated }: { longest: number; isRated: boolean },
  events: BarEvents,
  { colour, scatterX, axes }: Shown,
): HTMLElement {
  const { key, name } = param;
  const action = (text: string, title: string, pressed: boolean, click: () => void): HTMLElement =>
    make(
      'button',
      { type: 'button', title, 'aria-label': title, 'aria-pressed': String(pressed), name: `${text} ${key}`, click },
      text,
    );
  return make(
    'tr',
    { title: describeParam(param, metric) },
    make(
      'th',
      { scope: 'row' },
      make(
        'button',
        {
          type: 'button',
          class: 'trackside-importance-name',
          name: key,
          title: `Colour the runs by ${name}`,
          'aria-pressed': String(colour === key),
          click: () => events.colourBy(key),
        },
        name,
      ),
    ),
    ...(isRated ? [importanceCell(param, longest)] : []),
    correlationCell(param, needed),
    make('td', { class: 'trackside-importance-runs' }, String(param.runs)),
    make(
      'td',
      { class: 'trackside-importance-actions' },
      ...(scatterX === null
        ? []
        : [action('x', `${name} as x axis of the scatter`, scatterX === key, () => events.scatter(key))]),
      ...(axes === null
        ? []
        : [action('axis', `${name} as axis of the parallel coordinates`, axes.has(key), () => events.toggleAxis(key))]),
    ),
  );
}

function importanceCell({ importance, std }: ParamImportance, longest: number): HTMLElement {
  const percent = (value: number): string => `${(100 * barLength(value, longest)).toFixed(2)}%`;
  const [mean, spread] = [importance ?? 0, std ?? 0];
  const whisker = `left: ${percent(mean - spread)}; right: calc(100% - ${percent(mean + spread)})`;
  return make(
    'td',
    {},
    make(
      'div',
      { class: 'trackside-importance-cell' },
      make(
        'span',
        { class: 'trackside-importance-track' },
        make('i', { class: 'trackside-importance-bar', style: `width: ${percent(mean)}` }),
        make('i', { class: 'trackside-importance-whisker', style: whisker }),
      ),
      make('span', { class: 'trackside-importance-number' }, Math.max(0, mean).toFixed(2)),
    ),
  );
}

function correlationCell({ correlation, runs }: ParamImportance, needed: number): HTMLElement {
  if (correlation == null) {
    const title = runs < needed ? `only ${runs} runs have it` : 'its values have no order';
    return make('td', {}, make('span', { class: 'trackside-importance-none', title }, '–'));
  }
  const half = `${(50 * Math.abs(correlation)).toFixed(2)}%`;
  const side = correlation < 0 ? `right: 50%; width: ${half}` : `left: 50%; width: ${half}`;
  return make(
    'td',
    {},
    make(
      'div',
      { class: 'trackside-importance-cell' },
      make(
        'span',
        { class: 'trackside-importance-track trackside-importance-diverging' },
        make('i', {
          class: 'trackside-importance-bar',
          style: side,
          'data-sign': correlation < 0 ? 'falls' : 'rises',
        }),
      ),
      make('span', { class: 'trackside-importance-number' }, signed(correlation)),
    ),
  );
}
