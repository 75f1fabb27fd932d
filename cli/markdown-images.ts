import { readFile } from 'node:fs/promises';
import { dirname, extname, resolve } from 'node:path';
import { AssayError } from '../rpc/errors.ts';

const IMAGE = /(!\[[^\]]*\]\(\s*<?)([^)\s>]*)/g;
const TYPES: Record<string, string> = {
  '.png': 'image/png',
  '.jpg': 'image/jpeg',
  '.jpeg': 'image/jpeg',
  '.webp': 'image/webp',
  '.gif': 'image/gif',
};

/**
 * The text of a Markdown file with the images that lie beside it embedded as data; what has an address of its own stays.
 * Throws `USAGE` for a file that cannot be read.
 */
export async function embedImages(path: string): Promise<string> {
  const markdown = (await bytesOf(path)).toString('utf8');
  const sources = new Set([...markdown.matchAll(IMAGE)].map(([, , source]) => source!));
  const embedded = new Map<string, string>();
  for (const source of sources) {
    const type = TYPES[extname(source).toLowerCase()];
    if (!type || /^[a-z][a-z0-9+.-]+:/i.test(source)) continue;
    const bytes = await bytesOf(resolve(dirname(path), decodeURIComponent(source)));
    embedded.set(source, `data:${type};base64,${bytes.toString('base64')}`);
  }
  return markdown.replaceAll(
    IMAGE,
    (_, start: string, source: string) => `${start}${embedded.get(source) ?? source}`,
  );
}

async function bytesOf(path: string): Promise<Buffer> {
  try {
    return await readFile(path);
  } catch (error) {
    throw new AssayError('USAGE', `${path} cannot be read: ${(error as Error).message}`);
  }
}
