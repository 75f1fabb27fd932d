import { AssayError } from '../../../rpc/errors.ts';
import { collect } from '../../base/registry.ts';
import type { Source } from './define.ts';
import { isFolder } from './source-files.ts';
import { unreadable } from './untrusted.ts';

/** Every source of this folder by id. */
export const sources = await collect<Source>(new URL('./', import.meta.url));

/** Every source in the order in which `auto` tries them. */
export const sourcesByPriority = [...sources.values()].sort((a, b) => b.priority - a.priority);

/**
 * The source whose layout a folder or manifest file has. `NOT_FOUND` where nothing is at `root`; `SOURCE_UNREADABLE`
 * naming every layout that was looked for where none fits.
 */
export async function detectSource(root: string): Promise<Source> {
  const folder = await isFolder(root);
  for (const source of sourcesByPriority) if (await source.detects(root)) return source;
  const layouts = sourcesByPriority.map(({ id, layout }) => `${id}: ${layout}`).join('\n  ');
  const what = folder ? 'the folder' : 'the file';
  throw unreadable(root, null, `${what} has no layout that can be imported. Looked for\n  ${layouts}`);
}

/** The source of an id, or what `auto` detects. Throws `USAGE` naming the known ids, and what detection throws. */
export async function findSource(from: string, id: string): Promise<Source> {
  const source = id === 'auto' ? await detectSource(from) : sources.get(id);
  if (source) return source;
  throw new AssayError(
    'USAGE',
    `There is no import format "${id}". Known: auto, ${[...sources.keys()].join(', ')}.`,
  );
}
