import type { INotebookTracker } from '@jupyterlab/notebook';
import { Signal } from '@lumino/signaling';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import type { About, Place } from '../../core/wire';
import { ServerError } from '../server/api';
import { NotebookPlace, type PlacedContext } from '../server/notebook-place';
import { pastPath } from '../server/past-path';
import { PlaceFollower } from './places';

const placeOf = (path: string, exists = true): Place => {
  const [store = ''] = path.split('/');
  return { store, folder: `/${store}/.trackside`, project: store, experiment: path, exists, told_by: 'settings' };
};
const about: About = { version: '1', host: 'h', places: [placeOf('root/')] };

class FakeNotebook {
  readonly sessionContext = {
    kernelChanged: new Signal<object, void>({}),
    statusChanged: new Signal<object, string>({}),
  };
  readonly context: PlacedContext & { path: string; pathChanged: Signal<object, string> };

  constructor(path: string) {
    const { sessionContext } = this;
    this.context = { path, pathChanged: new Signal<object, string>({}), sessionContext } as never;
  }

  rename(path: string): void {
    this.context.path = path;
    this.context.pathChanged.emit(path);
  }
}

function following(place: (path: string) => Promise<Place> = async (path) => placeOf(path)) {
  const tracker = { currentWidget: null as FakeNotebook | null, currentChanged: new Signal<object, void>({}) };
  const api = { about: vi.fn(async () => about), place: vi.fn(place) };
  const contents = {
    driveName: (at: string) => /^(RTC|trackside|s3):/.exec(at)?.[1] ?? '',
    localPath: (at: string) => at.replace(/^(RTC|trackside|s3):/, ''),
  };
  const places = new Map<object, NotebookPlace>();
  const notebookPlaceOf = (context: PlacedContext): NotebookPlace => {
    const made = places.get(context) ?? new NotebookPlace(api, contents, context);
    places.set(context, made);
    return made;
  };
  const server = { api, placeOf: notebookPlaceOf as never };
  const follower = new PlaceFollower(server, tracker as unknown as INotebookTracker);
  const bring = (notebook: FakeNotebook | null): void => {
    tracker.currentWidget = notebook;
    tracker.currentChanged.emit();
  };
  return { follower, api, bring, notebookPlaceOf, here: () => follower.places.value.here };
}

function setVisibility(state: DocumentVisibilityState): void {
  vi.spyOn(document, 'visibilityState', 'get').mockReturnValue(state);
  document.dispatchEvent(new window.Event('visibilitychange'));
}

describe('the place of the notebook in front', () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => {
    vi.restoreAllMocks();
    vi.useRealTimers();
  });
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
    train.rename('b/fit.ipynb');
    await settle();
    expect(here()?.store).toBe('b');
    expect(follower.places.value.path).toBe('b/fit.ipynb');
    train.sessionContext.kernelChanged.emit();
    await settle();
    expect(api.place).toHaveBeenCalledTimes(3);
    follower.isWanted = false;
    bring(new FakeNotebook('c/other.ipynb'));
    await settle();
    expect(api.place).toHaveBeenCalledTimes(3);
    follower.dispose();
  });

  test('is asked for as the server knows the notebook, on whatever drive; of one as it was, that of the notebook now', async () => {
    const { follower, api, bring, here } = following();
    follower.isWanted = true;
    bring(new FakeNotebook('RTC:a/train.ipynb'));
    await settle();
    expect(here()?.store).toBe('a');
    bring(new FakeNotebook(pastPath({ store: 'k', run_id: 'r-12345' }, 'b/fit.ipynb')));
    await settle();
    expect(here()?.store).toBe('b');
    expect(api.place.mock.calls).toEqual([['a/train.ipynb'], ['b/fit.ipynb']]);
    bring(new FakeNotebook('s3:c/other.ipynb'));
    await settle();
    expect(here()).toBeNull();
    expect(follower.places.value.problem?.message).toContain('cannot see where s3:c/other.ipynb keeps its runs');
    follower.dispose();
  });

  test('is the same for all: what a cell of the notebook or its kernel changed is followed', async () => {
    let experiment = 'one';
    const { follower, bring, notebookPlaceOf, here } = following(async (path) => ({ ...placeOf(path), experiment }));
    follower.isWanted = true;
    const notebook = new FakeNotebook('a/a.ipynb');
    bring(notebook);
    await settle();
    experiment = 'two';
    await notebookPlaceOf(notebook.context).refresh();
    expect(here()?.experiment).toBe('two');
    experiment = 'three';
    for (const status of ['restarting', 'starting', 'idle']) {
      notebook.sessionContext.statusChanged.emit(status);
    }
    await settle();
    expect(here()?.experiment).toBe('three');
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

  test('is asked for again every 10 s while there is no store and somebody looks, and once somebody looks again', async () => {
    let exists = false;
    const { follower, api, bring, here } = following(async (path) => placeOf(path, exists));
    follower.isWanted = true;
    bring(new FakeNotebook('a/a.ipynb'));
    await vi.advanceTimersByTimeAsync(10_000);
    expect(api.place).toHaveBeenCalledTimes(2);
    setVisibility('hidden');
    await vi.advanceTimersByTimeAsync(60_000);
    expect(api.place).toHaveBeenCalledTimes(2);
    setVisibility('visible');
    await settle();
    expect(api.place).toHaveBeenCalledTimes(3);
    follower.isWanted = false;
    await vi.advanceTimersByTimeAsync(60_000);
    expect(api.place).toHaveBeenCalledTimes(3);
    exists = true;
    follower.isWanted = true;
    await settle();
    expect(here()?.exists).toBe(true);
    await vi.advanceTimersByTimeAsync(60_000);
    expect(api.place).toHaveBeenCalledTimes(4);
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
