import type { INotebookTracker } from '@jupyterlab/notebook';
import { Signal } from '@lumino/signaling';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import type { About, Place } from '../../core/wire';
import { ServerError } from '../server/api';
import { PlaceFollower } from './places';

const placeOf = (path: string, exists = true): Place => {
  const [store = ''] = path.split('/');
  return { store, folder: `/${store}/.trackside`, project: store, experiment: path, exists, told_by: 'settings' };
};
const about: About = { version: '1', host: 'h', places: [placeOf('root/')] };

class FakeNotebook {
  readonly context: { path: string; pathChanged: Signal<object, string> };
  readonly sessionContext = { kernelChanged: new Signal<object, void>({}) };

  constructor(path: string) {
    this.context = { path, pathChanged: new Signal<object, string>({}) };
  }
}

function following(place: (path: string) => Promise<Place> = async (path) => placeOf(path)) {
  const tracker = { currentWidget: null as FakeNotebook | null, currentChanged: new Signal<object, void>({}) };
  const executed = new Signal<object, void>({});
  const api = { about: vi.fn(async () => about), place: vi.fn(place) };
  const follower = new PlaceFollower(api, tracker as unknown as INotebookTracker, executed);
  const bring = (notebook: FakeNotebook | null): void => {
    tracker.currentWidget = notebook;
    tracker.currentChanged.emit();
  };
  return { follower, api, bring, executed, here: () => follower.places.value.here };
}

describe('the place of the notebook in front', () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());
  const settle = () => vi.advanceTimersByTimeAsync(0);

  test('is asked for while somebody looks, and at each change of it', async () => {
    const { follower, api, bring, here } = following();
    const train = new FakeNotebook('a/train.ipynb');
    bring(train);
    await settle();
    expect(api.place).not.toHaveBeenCalled();
    follower.isWanted = true;
    await settle();
    expect(here()?.experiment).toBe('a/train.ipynb');
    train.context.path = 'b/fit.ipynb';
    train.context.pathChanged.emit('b/fit.ipynb');
    await settle();
    expect(here()?.store).toBe('b');
    train.sessionContext.kernelChanged.emit();
    await settle();
    expect(api.place).toHaveBeenCalledTimes(3);
    follower.isWanted = false;
    bring(new FakeNotebook('c/other.ipynb'));
    train.context.pathChanged.emit('d/e.ipynb');
    await settle();
    expect(api.place).toHaveBeenCalledTimes(3);
    follower.dispose();
  });

  test('is of the last notebook brought to the front, however late the answers come', async () => {
    const answers: (() => void)[] = [];
    const { follower, bring, here } = following(
      (path) => new Promise((resolve) => answers.push(() => resolve(placeOf(path)))),
    );
    follower.isWanted = true;
    bring(new FakeNotebook('a/a.ipynb'));
    await settle();
    bring(new FakeNotebook('b/b.ipynb'));
    await settle();
    for (const answer of answers.reverse()) {
      answer();
    }
    await settle();
    expect(here()?.store).toBe('b');
    follower.dispose();
  });

  test("is the server's own folder where no notebook is open", async () => {
    const { follower, here } = following();
    follower.isWanted = true;
    await settle();
    expect(here()?.store).toBe('root');
    follower.dispose();
  });

  test('is asked for again once a cell was run, and every 10 s, while there is no store', async () => {
    let exists = false;
    const { follower, api, bring, executed, here } = following(async (path) => placeOf(path, exists));
    follower.isWanted = true;
    bring(new FakeNotebook('a/a.ipynb'));
    await settle();
    executed.emit();
    await settle();
    expect(api.place).toHaveBeenCalledTimes(2);
    exists = true;
    await vi.advanceTimersByTimeAsync(10_000);
    expect(here()?.exists).toBe(true);
    executed.emit();
    await vi.advanceTimersByTimeAsync(60_000);
    expect(api.place).toHaveBeenCalledTimes(3);
    follower.dispose();
  });

  test('is asked for again while the server is away; why it does not tell is said', async () => {
    const away = new ServerError('away', 'It does not answer.');
    const { follower, api, here } = following();
    api.about.mockRejectedValueOnce(away);
    follower.isWanted = true;
    await settle();
    expect(follower.places.value.problem).toBe(away);
    await vi.advanceTimersByTimeAsync(10_000);
    expect(here()?.store).toBe('root');
    expect(follower.places.value.problem).toBeNull();
    follower.dispose();
  });
});
