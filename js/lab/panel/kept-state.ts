import type { IStateDB } from '@jupyterlab/statedb';
import type { ReadonlyPartialJSONValue } from '@lumino/coreutils';
import type { Observable } from '../../core/observable';
import type { Api } from '../server/api';
import { FIRST_STATE, type PanelState, readPanelState } from './panel-state';

const KEY = 'trackside:panel';
const SAVE_PAUSE_MS = 300;

/**
 * Sets what was kept of the panel once it is read, unless the user was faster, and keeps what is chosen from then on; of a
 * chosen store also a notebook that leads to it, since a server that was started anew knows the store by nothing else.
 */
export function keepPanelState(
  kept: Pick<IStateDB, 'fetch' | 'save'>,
  state: Observable<PanelState>,
  api: Pick<Api, 'notebookOf' | 'remember'>,
): void {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const save = (): void => {
    const { chosen } = state.value;
    const value = { ...state.value, notebook: chosen && api.notebookOf(chosen.store) };
    void kept.save(KEY, value as unknown as ReadonlyPartialJSONValue).catch(() => undefined);
  };
  void kept
    .fetch(KEY)
    .catch(() => undefined)
    .then((value) => {
      if (state.value === FIRST_STATE) {
        const read = readPanelState(value);
        const { notebook } = (value ?? {}) as { notebook?: unknown };
        if (read.chosen !== null && typeof notebook === 'string') {
          api.remember(read.chosen.store, notebook);
        }
        state.value = read;
      }
      state.subscribe(() => {
        clearTimeout(timer);
        timer = setTimeout(save, SAVE_PAUSE_MS);
      });
    });
}
