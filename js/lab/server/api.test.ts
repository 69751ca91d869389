import { describe, expect, test } from 'vitest';
import { version } from '../../../package.json';
import { Api } from './api';
import { FakeServer } from './fake-server';

const PLACE = {
  store: 's1',
  folder: '/home/ada/.trackside',
  project: 'p',
  experiment: 'e',
  exists: true,
  told_by: 'kernel',
};
const refused = (status: number, message: string) => new Response(JSON.stringify({ message }), { status });

describe('asking the server', () => {
  test('names of notebooks, stores and runs travel as data, never as parts of a path', async () => {
    const server = new FakeServer({ place: () => PLACE, notebook: () => ({}), outputs: () => ({ outputs: [] }) });
    const api = new Api(server.settings);
    expect(await api.place('a b/../ü?&.ipynb')).toEqual(PLACE);
    await api.notebook('s?', 'a/b');
    await api.outputs('s', '#?');
    expect(server.asked.map(({ route }) => route)).toEqual([
      'place?path=a%20b%2F..%2F%C3%BC%3F%26.ipynb',
      'notebook/s%3F/a%2Fb',
      'outputs/s/%23%3F',
    ]);
  });

  test('what is asked is JSON, and says so', async () => {
    const server = new FakeServer({ watch: () => ({ mark: 'm' }) });
    await new Api(server.settings).watch({ store: 's' });
    expect(server.asked).toMatchObject([{ method: 'POST', contentType: 'application/json', body: { store: 's' } }]);
  });

  test('a server that was started anew is told of a store by the notebook that it was found by', async () => {
    let isKnown = false;
    const server = new FakeServer({
      place: () => {
        isKnown = true;
        return PLACE;
      },
      watch: () => (isKnown ? { mark: 'm' } : refused(404, 'No store "s1" was found by this server.')),
    });
    const api = new Api(server.settings);
    await expect(api.watch({ store: 's1' })).rejects.toThrow('No store "s1"');
    await api.place('train.ipynb');
    isKnown = false;
    expect(await api.watch({ store: 's1' })).toEqual({ mark: 'm' });
    expect(server.asked.map(({ route }) => route.split('?')[0])).toEqual(['watch', 'place', 'watch', 'place', 'watch']);
  });

  test('a store of an earlier page is found by the notebook that was kept with it', async () => {
    let isKnown = false;
    const place = () => {
      isKnown = true;
      return PLACE;
    };
    const outputs = () => (isKnown ? { outputs: [] } : refused(404, 'No store "s1" was found by this server.'));
    const server = new FakeServer({ place, outputs });
    const api = new Api(server.settings);
    api.remember('s1', 'work/train.ipynb');
    expect(await api.outputs('s1', 'r')).toEqual({ outputs: [] });
    expect(server.asked.map(({ route }) => route)).toEqual([
      'outputs/s1/r',
      'place?path=work%2Ftrain.ipynb',
      'outputs/s1/r',
    ]);
    expect(api.notebookOf('s1')).toBe('work/train.ipynb');
    await api.place('other.ipynb');
    api.remember('s1', 'older.ipynb');
    expect(api.notebookOf('s1')).toBe('other.ipynb');
  });

  test('the server tells by which notebooks other stores are found', async () => {
    const places = [{ ...PLACE, store: 's2', notebook: 'other/fit.ipynb' }, PLACE];
    const api = new Api(new FakeServer({ about: () => ({ version, host: 'h', places }) }).settings);
    await api.about();
    expect([api.notebookOf('s2'), api.notebookOf('s1')]).toEqual(['other/fit.ipynb', null]);
  });

  test("the server's own store needs no notebook to be found again", async () => {
    let isKnown = false;
    let times = 0;
    const about = () => {
      isKnown = ++times > 1;
      return { version, host: 'h', places: [PLACE] };
    };
    const watch = () => (isKnown ? { mark: 'm' } : refused(404, 'No store "s1" was found by this server.'));
    expect(await new Api(new FakeServer({ about, watch }).settings).watch({ store: 's1' })).toEqual({ mark: 'm' });
  });

  test('where its notebook leads to another store now, nothing is asked again; nor is what was refused for any other reason', async () => {
    const server = new FakeServer({
      place: () => ({ ...PLACE, store: 'moved' }),
      watch: () => refused(404, 'No store "s1" was found.'),
      restore: () => refused(400, 'The run has no source.'),
    });
    const api = new Api(server.settings);
    api.remember('s1', 'train.ipynb');
    await expect(api.restore({ store: 's1', run_id: 'r' })).rejects.toThrow('The run has no source.');
    await expect(api.watch({ store: 's1' })).rejects.toThrow('No store "s1"');
    expect(server.asked.map(({ route }) => route.split('?')[0])).toEqual(['restore', 'watch', 'place']);
  });

  test('the version is asked for once', async () => {
    let times = 0;
    const about = () => ({ version, host: 'h', places: [{ ...PLACE, n: ++times }] });
    const api = new Api(new FakeServer({ about, place: () => PLACE }).settings);
    await Promise.all([api.place('a'), api.place('b')]);
    expect(times).toBe(1);
  });
});

describe('a request that fails says what to do', () => {
  test('where the server has no Trackside', async () => {
    const server = new FakeServer();
    delete server.routes['about'];
    const api = new Api(server.settings);
    await expect(api.place('a')).rejects.toMatchObject({
      trouble: 'missing',
      message: expect.stringMatching(/restart Jupyter.*pip install trackside.*extension enable trackside\.server/),
    });
    server.routes['about'] = () => ({ version, host: 'h', places: [] });
    server.routes['place'] = () => PLACE;
    expect(await api.place('a')).toEqual(PLACE);
  });

  test('where the server is of another version, and then nothing else is asked', async () => {
    const server = new FakeServer({ about: () => ({ version: '99.0', host: 'h', places: [] }), place: () => PLACE });
    await expect(new Api(server.settings).place('a')).rejects.toMatchObject({
      trouble: 'version',
      message: expect.stringContaining('99.0'),
    });
    expect(server.asked).toEqual([]);
  });

  test('where the server is away; one that comes back is asked for its version anew', async () => {
    const server = new FakeServer({ place: () => new TypeError('Failed to fetch') });
    const api = new Api(server.settings);
    await expect(api.place('a')).rejects.toMatchObject({ trouble: 'away' });
    server.routes['about'] = () => ({ version: '99.0', host: 'h', places: [] });
    await expect(api.place('a')).rejects.toMatchObject({ trouble: 'version' });
  });

  test('where Trackside refuses, in its words; a store that it does not know is no missing Trackside', async () => {
    const server = new FakeServer({
      place: () => refused(404, 'Found no store "x".'),
      ask: () => refused(503, 'Busy.'),
    });
    const api = new Api(server.settings);
    await expect(api.place('a')).rejects.toMatchObject({ trouble: 'refused', message: 'Found no store "x".' });
    await expect(api.ask({ store: 'x', question: { ask: 'runs' } })).rejects.toThrow('Busy.');
  });

  test('where Jupyter itself refuses or fails', async () => {
    const status = (status: number) => () => new Response('<h1>no</h1>', { status });
    const api = new Api(new FakeServer({ place: status(403), outputs: status(500) }).settings);
    await expect(api.place('a')).rejects.toThrow('log in');
    await expect(api.outputs('s', 'r')).rejects.toThrow('500');
  });

  test('one that nobody waits for any more ends by its signal', async () => {
    const api = new Api(new FakeServer({ place: () => PLACE }).settings);
    const signal = AbortSignal.abort(new Error('not wanted'));
    await expect(api.place('a', signal)).rejects.toThrow('not wanted');
  });
});
