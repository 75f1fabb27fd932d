import { createReadStream } from 'node:fs';
import { readFile, stat } from 'node:fs/promises';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { pipeline } from 'node:stream/promises';
import { FILE_KINDS, type FileKind } from '../rpc/contract/files.ts';
import { FILE_TYPES, SECURITY_HEADERS } from '../rpc/csp.ts';
import { errorCode, ERRORS } from '../rpc/errors.ts';
import type { CoreClient } from '../rpc/transport/client.ts';
import type { Guard } from './guard.ts';
import type { readPages } from './pages.ts';
import type { Sessions } from './sessions.ts';

const FILE = new RegExp(`^/file/([0-9a-f]{16})/(${FILE_KINDS.join('|')})/([0-9a-f]{64}|-)$`);
/** Files up to this size are read at once: for a thumbnail that takes a third of the time of a stream. */
const WHOLE_BYTES = 1024 * 1024;

export interface Site {
  guard: Guard;
  sessions: Sessions;
  pages: ReturnType<typeof readPages>;
  core: () => CoreClient;
  /** Told to a window that asks why it cannot connect. */
  state: () => { ready: boolean; message: string | null };
}

/** Answers one request. Never throws, and never says or writes down what a request carried. */
export async function answer(site: Site, request: IncomingMessage, response: ServerResponse): Promise<void> {
  for (const [name, value] of Object.entries(SECURITY_HEADERS)) response.setHeader(name, value);
  const { guard } = site;
  const path = request.url ?? '';
  if (!guard.isHost(request))
    return end(response, 403, 'This server answers to 127.0.0.1 and localhost only.');
  if (hasBody(request)) return end(response, 413, 'No request to this server has a body.');
  if (path === '/session') return session(site, request, response);
  if (request.method !== 'GET' && request.method !== 'HEAD') return end(response, 405, 'Not allowed.');
  const page = site.pages.get(path);
  if (page) {
    response.setHeader('Cache-Control', page.cache);
    return end(response, 200, page.body, page.type);
  }
  const file = FILE.exec(path);
  if (!file) return end(response, 404, 'There is nothing here.');
  if (guard.isForeign(request) || !site.sessions.holds(guard.cookie(request)))
    return end(response, 401, 'This window has no session: open the address that the terminal prints.');
  const [, key, kind, id] = file;
  return sendFile(site, { key: key!, kind: kind as FileKind, id: id! }, request, response);
}

/** POST exchanges a token for a session; GET says whether the page's session holds, and whether the core is up. */
function session({ guard, sessions, state }: Site, request: IncomingMessage, response: ServerResponse): void {
  response.setHeader('Cache-Control', 'no-store');
  if (request.method === 'GET') {
    const csrf = header(request, 'x-assay-csrf');
    if (guard.isForeign(request) || !sessions.holds(guard.cookie(request), csrf))
      return end(response, 401, 'This window has no session.');
    return end(response, 200, JSON.stringify(state()), 'application/json');
  }
  if (request.method !== 'POST') return end(response, 405, 'Not allowed.');
  if (!guard.isOrigin(request) || guard.isForeign(request))
    return end(response, 403, 'Not from this origin.');
  const token = header(request, 'x-assay-token');
  const opened = token === null ? null : sessions.exchange(token);
  if (!opened) return end(response, 401, 'The address was used already or is older than five minutes.');
  response.setHeader('Set-Cookie', `${guard.cookieName}=${opened.id}; HttpOnly; SameSite=Strict; Path=/`);
  end(response, 200, JSON.stringify({ csrf: opened.csrf }), 'application/json');
}

async function sendFile(
  site: Site,
  wanted: { key: string; kind: FileKind; id: string },
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  try {
    const { path, mime, immutable } = await site.core().files.locate(wanted);
    const { size } = await stat(path);
    if (!FILE_TYPES.has(mime)) return end(response, 404, 'There is nothing here.');
    response.statusCode = 200;
    response.setHeader('Content-Type', mime);
    response.setHeader('Content-Length', size);
    response.setHeader('Cache-Control', immutable ? 'private, max-age=31536000, immutable' : 'no-store');
    if (request.method === 'HEAD' || size === 0) response.end();
    // Never more than was announced, even if the file grows meanwhile.
    else if (size <= WHOLE_BYTES) response.end((await readFile(path)).subarray(0, size));
    else await pipeline(createReadStream(path, { end: size - 1 }), response);
  } catch (error) {
    // The headers have been sent: the browser sees a broken answer.
    if (response.headersSent) return void response.destroy();
    response.setHeader('Cache-Control', 'no-store');
    end(response, ERRORS[errorCode(error)].status, (error as Error).message);
  }
}

function hasBody(request: IncomingMessage): boolean {
  const length = request.headers['content-length'];
  return request.headers['transfer-encoding'] !== undefined || (length !== undefined && length !== '0');
}

function header(request: IncomingMessage, name: string): string | null {
  const value = request.headers[name];
  return typeof value === 'string' ? value : null;
}

function end(
  response: ServerResponse,
  status: number,
  body: string | Buffer,
  type = 'text/plain; charset=utf-8',
): void {
  response.statusCode = status;
  response.setHeader('Content-Type', type);
  response.setHeader('Content-Length', Buffer.byteLength(body));
  if (status === 413) response.setHeader('Connection', 'close');
  if (!response.hasHeader('Cache-Control')) response.setHeader('Cache-Control', 'no-store');
  response.end(response.req.method === 'HEAD' ? undefined : body);
}
