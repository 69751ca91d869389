import type { IStateDB } from '@jupyterlab/statedb';
import type { ReadonlyPartialJSONValue } from '@lumino/coreutils';
import type { Observable } from '../../core/observable';
import { FIRST_STATE, type PanelState, readPanelState } from './panel-state';

const KEY = 'trackside:panel';
const SAVE_PAUSE_MS = 300;

/** Sets what was kept of the panel once it is read, unless the user was faster, and keeps what is chosen from then on. */
export function keepPanelState(kept: IStateDB, state: Observable<PanelState>): void {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const save = (): void =>
    void kept.save(KEY, state.value as unknown as ReadonlyPartialJSONValue).catch(() => undefined);
  void kept
    .fetch(KEY)
    .catch(() => undefined)
    .then((value) => {
      if (state.value === FIRST_STATE) {
        state.value = readPanelState(value);
      }
      state.subscribe(() => {
        clearTimeout(timer);
        timer = setTimeout(save, SAVE_PAUSE_MS);
      });
    });
}
