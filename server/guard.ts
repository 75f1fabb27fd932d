import type { IncomingMessage } from 'node:http';

/** Names under which this server may be addressed. Any other in `Host` is a name that was bound to 127.0.0.1 by someone. */
const NAMES = ['127.0.0.1', 'localhost'];

/** Distinguishes requests of this server's own pages from all others. */
export class Guard {
  readonly #hosts: ReadonlySet<string>;
  readonly cookieName: string;

  constructor(port: number) {
    this.#hosts = new Set(NAMES.map((name) => `${name}:${port}`));
    // Cookies ignore the port: without it, two servers would overwrite each other's.
    this.cookieName = `assay-${port}`;
  }

  isHost(request: IncomingMessage): boolean {
    return this.#hosts.has(request.headers.host ?? '');
  }

  /** Whether `Origin` is there and is the very host that the request is for. */
  isOrigin(request: IncomingMessage): boolean {
    return this.isHost(request) && request.headers.origin === `http://${request.headers.host}`;
  }

  /** Whether the browser says that a page of another origin, another port included, wants this. Not all of them say. */
  isForeign(request: IncomingMessage): boolean {
    const site = request.headers['sec-fetch-site'];
    return site !== undefined && site !== 'same-origin' && site !== 'none';
  }

  /** The session's value in the cookie, if there is exactly one. */
  cookie(request: IncomingMessage): string | null {
    const found = (request.headers.cookie ?? '')
      .split(';')
      .map((pair) => pair.trim())
      .filter((pair) => pair.startsWith(`${this.cookieName}=`));
    return found.length === 1 ? found[0]!.slice(this.cookieName.length + 1) : null;
  }
}
