import { chooser, segments } from '../controls';
import { make } from '../elements';
import type { ArtifactsChoice } from '../wire';

type Pictures = NonNullable<ArtifactsChoice['pictures']>;

const PICTURES: readonly { value: Pictures; label: string; title: string }[] = [
  { value: 'beside', label: 'Side by side', title: 'Pictures side by side' },
  {
    value: 'swipe',
    label: 'Swipe',
    title: "The first run's picture beside each other one: drag to see more of either",
  },
  { value: 'difference', label: 'Difference', title: "Where each picture differs from the first run's" },
];

/** What the panel's bar shows. */
export interface Controlled {
  readonly choice: ArtifactsChoice;
  readonly steps: readonly number[];
  readonly kinds: readonly string[];
  /** Whether there are pictures to be held against one another. */
  readonly hasPictures: boolean;
}

/** The bar over the artifacts: how pictures are compared, which kind is shown, and the step that all share. */
export function artifactControls(choose: (change: Partial<ArtifactsChoice>) => void): {
  element: HTMLElement;
  status: HTMLElement;
  show(state: Controlled): void;
} {
  let steps: readonly number[] = [];
  const kind = chooser('Kind', (value) => choose({ kind: value || null }));
  const pictures = segments('Pictures', PICTURES, (value) => choose({ pictures: value }));
  const input = make('input', {
    type: 'range',
    min: '0',
    'aria-label': 'Step',
    input: () => {
      const at = input.valueAsNumber;
      choose({ step: at >= steps.length - 1 ? null : (steps[at] ?? null) });
    },
  });
  const read = make('output', {});
  const step = make(
    'label',
    { class: 'trackside-slider', title: 'The step of all that have several' },
    'step',
    input,
    read,
  );
  const status = make('span', { class: 'trackside-note', role: 'status' });
  const attributes = { class: 'trackside-toolbar', role: 'toolbar', 'aria-label': 'Artifacts' };
  return {
    element: make('div', attributes, pictures.element, kind.element, step, status),
    status,
    show(state): void {
      ({ steps } = state);
      const chosen = state.choice.step ?? null;
      const last = steps.length - 1;
      const at = chosen === null ? last : steps.filter((each) => each <= chosen).length - 1;
      pictures.element.hidden = !state.hasPictures;
      pictures.show(state.choice.pictures ?? 'beside');
      kind.element.hidden = state.kinds.length < 2;
      const all = { value: '', label: 'all kinds' };
      kind.show({
        value: state.choice.kind ?? '',
        choices: [all, ...state.kinds.map((value) => ({ value, label: value }))],
      });
      step.hidden = steps.length < 2;
      input.max = String(last);
      input.valueAsNumber = at;
      read.textContent = `${(steps[at] ?? chosen ?? 0).toLocaleString('en')}${at === last ? ' (last)' : ''}`;
      input.setAttribute('aria-valuetext', read.textContent);
    },
  };
}
