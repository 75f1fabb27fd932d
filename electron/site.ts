import { readdirSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { extname, join, sep } from 'node:path';
import { FILE_KINDS, type FileKind } from '../rpc/contract/files.ts';
import { FILE_TYPES, PAGE_TYPES, SECURITY_HEADERS } from '../rpc/csp.ts';
import { errorCode, ERRORS } from '../rpc/errors.ts';
import type { CoreClient } from '../rpc/transport/client.ts';
import { ORIGIN } from './addresses.ts';

const FILE = new RegExp(`^/file/([0-9a-f]{16})/(${FILE_KINDS.join('|')})/([0-9a-f]{64}|-)$`);

interface Page {
  path: string;
  type: string;
}

/** The built pages by address: a request picks from this table and never becomes a path. */
export function readPages(folder: string): ReadonlyMap<string, Page> {
  const pages = new Map<string, Page>();
  for (const entry of readdirSync(folder, { recursive: true, withFileTypes: true })) {
    const type = PAGE_TYPES[extname(entry.name)];
    if (!entry.isFile() || type === undefined) continue;
    const path = join(entry.parentPath, entry.name);
    pages.set(`/${path.slice(join(folder, sep).length).replaceAll(sep, '/')}`, { path, type });
  }
  return pages;
}

/** Answers one request of a window: a page, or a file that the core finds behind an opaque id. Never throws. */
export async function answer(
  request: { url: string; method: string },
  pages: ReadonlyMap<string, Page>,
  core: () => Promise<CoreClient>,
): Promise<Response> {
  if (request.method !== 'GET' && request.method !== 'HEAD') return refusal(405, 'Not allowed.');
  if (!request.url.startsWith(`${ORIGIN}/`)) return refusal(404, 'There is nothing here.');
  // As it was written: nothing is decoded and nothing normalised, so no two addresses mean the same.
  const address = request.url.slice(ORIGIN.length).replace(/#.*$/s, '');
  const page = pages.get(address);
  if (page) return found(await readFile(page.path), page.type, 'no-store');
  const file = FILE.exec(address);
  if (!file) return refusal(404, 'There is nothing here.');
  const [, key, kind, id] = file;
  try {
    const { files } = await core();
    const { path, mime, immutable } = await files.locate({ key: key!, kind: kind as FileKind, id: id! });
    if (!FILE_TYPES.has(mime)) return refusal(404, 'There is nothing here.');
    return found(await readFile(path), mime, immutable ? 'private, max-age=31536000, immutable' : 'no-store');
  } catch (error) {
    return refusal(ERRORS[errorCode(error)].status, (error as Error).message);
  }
}

function found(body: Buffer<ArrayBuffer>, type: string, cache: string): Response {
  return new Response(body, {
    headers: {
      ...SECURITY_HEADERS,
      'Content-Type': type,
      'Content-Length': String(body.byteLength),
      'Cache-Control': cache,
    },
  });
}

function refusal(status: number, message: string): Response {
  return new Response(message, {
    status,
    headers: {
      ...SECURITY_HEADERS,
      'Content-Type': 'text/plain; charset=utf-8',
      'Cache-Control': 'no-store',
    },
  });
}
