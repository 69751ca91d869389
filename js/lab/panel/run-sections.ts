import type { TranslationBundle } from '@jupyterlab/translation';
import { make } from '../../core/elements';
import type { CodeText, Fact, RunSection } from '../../core/wire';

/** Sections that are long, and looked up rather than read. */
const CLOSED: ReadonlySet<RunSection['name']> = new Set(['packages', 'environment']);
/** Why it failed stands before all others, its own source before the code that this depends on. */
const BEFORE: Partial<Record<RunSection['name'], RunSection['name']>> = { error: 'run', source: 'code' };

/** What is known of a run part by part, as text that can be chosen and copied. */
export function runSections(
  sections: readonly RunSection[],
  trans: TranslationBundle,
  openModel: (model: string, version: number | null) => void = () => undefined,
): HTMLElement[] {
  const titles: Record<RunSection['name'], string> = {
    run: trans.__('Run'),
    decisions: trans.__('Decisions'),
    versions: trans.__('Model versions'),
    policy: trans.__('Policy'),
    params: trans.__('Params'),
    metrics: trans.__('Metrics'),
    tags: trans.__('Tags'),
    data: trans.__('Data'),
    models: trans.__('Models'),
    artifacts: trans.__('Artifacts'),
    code: trans.__('Code'),
    environment: trans.__('Environment'),
    packages: trans.__('Packages'),
    reproduction: trans.__('Reproduction'),
    lost: trans.__('Not kept'),
    error: trans.__('Error'),
    source: trans.__('Source'),
  };
  return inOrder(sections).map(({ name, facts = [], texts = [], more = 0 }) => {
    const count = facts.length + more;
    const number = facts.length > 1 ? [make('small', {}, String(count))] : [];
    const left = more > 0 ? [make('p', { class: 'trackside-quiet' }, trans.__('… and %1 more', more))] : [];
    return make(
      'details',
      { class: 'trackside-run-section', 'data-section': name, open: !CLOSED.has(name) },
      make('summary', {}, titles[name] ?? name, ...number),
      ...(facts.length > 0 ? [factList(facts, openModel)] : []),
      ...texts.map((text) => codeText(text, trans)),
      ...left,
    );
  });
}

function inOrder(sections: readonly RunSection[]): RunSection[] {
  const names = sections.map(({ name }) => name);
  const placeOf = ({ name }: RunSection): number => {
    const next = names.indexOf(BEFORE[name] ?? name);
    return BEFORE[name] !== undefined && next >= 0 ? next - 0.5 : names.indexOf(name);
  };
  return [...sections].sort((a, b) => placeOf(a) - placeOf(b));
}

function factList(facts: readonly Fact[], openModel: (model: string, version: number | null) => void): HTMLElement {
  const linked = ({ name, model = '', version = null }: Fact): Node | string => {
    const click = (): void => openModel(model, version);
    return model ? make('button', { type: 'button', class: 'trackside-link', click }, name) : name;
  };
  const rows = facts.map((fact) => {
    const { name, text, note = '' } = fact;
    return make(
      'tr',
      {},
      make('th', { scope: 'row', title: name }, linked(fact)),
      make('td', {}, text, ...(note ? [make('span', { class: 'trackside-quiet' }, note)] : [])),
    );
  });
  return make('table', {}, make('tbody', {}, ...rows));
}

function codeText({ name, text, more = 0 }: CodeText, trans: TranslationBundle): HTMLElement {
  const left =
    more > 0
      ? [make('p', { class: 'trackside-quiet' }, trans._n('… and %1 more line', '… and %1 more lines', more))]
      : [];
  return make('figure', {}, make('figcaption', {}, name), make('pre', { tabindex: '0' }, text), ...left);
}
