import { ServerConnection } from '@jupyterlab/services';
import { version } from '../../../package.json';

/** A request as it reached the server. */
export interface Request {
  readonly route: string;
  readonly method: string;
  readonly contentType: string | null;
  readonly body: Record<string, unknown> | null;
}

/** What a route answers: a body with status 200, a whole response, or a request that fails. */
export type Route = (request: Request) => object | Response | Error;

/**
 * A Jupyter server whose extension answers as `routes` say, by their first word; it has no route but those, and `about`.
 *
 * @example const server = new FakeServer({ watch: () => ({ mark: '1' }) });
 */
export class FakeServer {
  /** What was asked, in order, but for `about`. */
  readonly asked: Request[] = [];
  readonly routes: Record<string, Route>;
  readonly settings: ServerConnection.ISettings;

  constructor(routes: Record<string, Route> = {}) {
    this.routes = { about: () => ({ version, host: 'localhost', places: [] }), ...routes };
    const fetch = (request: globalThis.Request): Promise<Response> => this.#answer(request);
    this.settings = ServerConnection.makeSettings({
      baseUrl: 'http://localhost/lab/',
      fetch: fetch as typeof window.fetch,
    });
  }

  async #answer(request: globalThis.Request): Promise<Response> {
    request.signal.throwIfAborted();
    const { pathname, search } = new URL(request.url);
    const [path, query] = [pathname.replace('/lab/trackside/', ''), search.replace(/[?&]\d+$/, '')];
    const body = await request.text();
    const asked: Request = {
      route: path + query,
      method: request.method,
      contentType: request.headers.get('Content-Type'),
      body: body ? JSON.parse(body) : null,
    };
    if (path !== 'about') {
      this.asked.push(asked);
    }
    const answer = this.routes[path.split('/')[0] ?? '']?.(asked) ?? new Response('<h1>Not here</h1>', { status: 404 });
    if (answer instanceof Error) {
      throw answer;
    }
    return answer instanceof Response ? answer : new Response(JSON.stringify(answer));
  }
}
