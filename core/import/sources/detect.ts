import type { Source } from './define.ts';
import { isFolder } from './source-files.ts';
import { unreadable } from './unreadable.ts';

/**
 * The source whose layout a folder or manifest file has, tried by descending priority. `NOT_FOUND` where nothing is at
 * `root`; `SOURCE_UNREADABLE` naming every layout that was looked for where none fits.
 */
export async function detectSource(root: string): Promise<Source> {
  // Loaded late: the registry imports every file of this folder, this one too, and would wait for itself.
  const { sources } = await import('./registry.ts');
  const folder = await isFolder(root);
  const byPriority = [...sources.values()].sort((a, b) => b.priority - a.priority);
  for (const source of byPriority) {
    if (await source.detects(root)) return source;
  }
  const layouts = byPriority.map(({ id, layout }) => `${id}: ${layout}`).join('\n  ');
  const what = folder ? 'the folder' : 'the file';
  throw unreadable(root, null, `${what} has no layout that can be imported. Looked for\n  ${layouts}`);
}
