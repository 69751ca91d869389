import type { RunsQuestion, ViewState } from './wire';

/** Which runs the user wants beside those that a view shows by itself, as questions say it. */
export function included({ include_hidden = false, include_older = false }: ViewState): Omit<RunsQuestion, 'ask'> {
  return { include_hidden, include_older };
}
