import { readdirSync, readFileSync } from 'node:fs';
import { extname, join } from 'node:path';
import { PAGE_TYPES } from '../rpc/csp.ts';

interface Page {
  type: string;
  body: Buffer;
  cache: string;
}

/**
 * The built pages by address, read once: a request can only name what is in this table, so nothing that it
 * says ever becomes a path, and a build that comes later does not mix with this one.
 */
export function readPages(folder: string): ReadonlyMap<string, Page> {
  const pages = new Map<string, Page>();
  for (const entry of readdirSync(folder, { recursive: true, withFileTypes: true })) {
    const type = PAGE_TYPES[extname(entry.name)];
    if (!entry.isFile() || !type) continue;
    const file = join(entry.parentPath, entry.name);
    const address = file.slice(folder.length).replaceAll('\\', '/').replace(/^\/*/, '/');
    pages.set(address, {
      type,
      body: readFileSync(file),
      // What vite puts there has a hash of its content in its name.
      cache: address.startsWith('/assets/') ? 'private, max-age=31536000, immutable' : 'no-store',
    });
  }
  const index = pages.get('/index.html');
  if (index) pages.set('/', index);
  return pages;
}
