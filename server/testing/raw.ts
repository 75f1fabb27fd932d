import { connect } from 'node:net';
import { once } from 'node:events';
import { WebSocket } from 'ws';

export interface RawAnswer {
  status: number;
  /** Names in lower case. */
  headers: Record<string, string>;
  body: string;
}

/** Sends bytes as they are, so that no client tidies an attack up, and reads until the server closes. */
export async function sendRaw(port: number, text: string): Promise<RawAnswer> {
  const socket = connect(port, '127.0.0.1');
  const parts: Buffer[] = [];
  socket.on('data', (part: Buffer) => parts.push(part));
  await once(socket, 'connect');
  socket.on('error', () => undefined); // a server that resets has answered before, or never will
  socket.write(text, 'latin1');
  await once(socket, 'close');
  return parse(Buffer.concat(parts).toString('latin1'));
}

function parse(text: string): RawAnswer {
  const end = text.indexOf('\r\n\r\n');
  const [first = '', ...lines] = text.slice(0, end).split('\r\n');
  const headers: Record<string, string> = {};
  for (const line of lines) {
    const colon = line.indexOf(':');
    headers[line.slice(0, colon).toLowerCase()] = line.slice(colon + 1).trim();
  }
  return { status: Number(first.split(' ')[1] ?? 0), headers, body: text.slice(end + 4) };
}

/** A request as text. `Connection: close` ends the answer. */
export function requestText(method: string, target: string, headers: Record<string, string>): string {
  const lines = Object.entries({ ...headers, Connection: 'close' }).map(
    ([name, value]) => `${name}: ${value}`,
  );
  return `${method} ${target} HTTP/1.1\r\n${lines.join('\r\n')}\r\n\r\n`;
}

/** A server's own window, as far as HTTP can tell. */
export class Visitor {
  readonly port: number;
  readonly origin: string;
  cookie = '';
  csrf = '';

  constructor(origin: string) {
    this.origin = origin;
    this.port = Number(new URL(origin).port);
  }

  /** Honest headers, then the ones given; an empty value leaves a header out. */
  send(method: string, target: string, headers: Record<string, string> = {}): Promise<RawAnswer> {
    const all: Record<string, string> = {
      Host: `127.0.0.1:${this.port}`,
      Origin: method === 'GET' ? '' : this.origin,
      Cookie: this.cookie,
      ...headers,
    };
    return sendRaw(
      this.port,
      requestText(
        method,
        target,
        Object.fromEntries(Object.entries(all).filter(([, value]) => value !== '')),
      ),
    );
  }

  /** Trades the token of an address for a session. */
  async enter(url: string): Promise<RawAnswer> {
    const answer = await this.send('POST', '/session', { 'x-assay-token': tokenOf(url) });
    if (answer.status === 200) {
      this.cookie = (answer.headers['set-cookie'] ?? '').split(';')[0]!;
      this.csrf = (JSON.parse(answer.body) as { csrf: string }).csrf;
    }
    return answer;
  }

  /** Opens a WebSocket; gives it, or the status that refused it. */
  async socket(
    change: { headers?: Record<string, string>; protocols?: string[]; path?: string } = {},
  ): Promise<WebSocket | number> {
    const socket = new WebSocket(
      `ws://127.0.0.1:${this.port}${change.path ?? '/rpc'}`,
      change.protocols ?? ['assay', `csrf.${this.csrf}`],
      {
        headers: Object.fromEntries(
          Object.entries({ Origin: this.origin, Cookie: this.cookie, ...change.headers }).filter(
            ([, value]) => value !== '',
          ),
        ),
      },
    );
    return new Promise((resolve, reject) => {
      socket.on('open', () => resolve(socket));
      socket.on('unexpected-response', (_, response) => {
        response.resume();
        resolve(response.statusCode ?? 0);
      });
      socket.on('error', (error) => reject(error));
    });
  }
}

export function tokenOf(url: string): string {
  return /#token=([\w-]+)/.exec(url)![1]!;
}
