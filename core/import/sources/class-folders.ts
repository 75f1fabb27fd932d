import { join, posix } from 'node:path';
import { defineSource, entry } from './define.ts';
import { contents, holdsImage, isFolder, walkImages } from './source-files.ts';
import { readFolderFacts } from './folder-facts.ts';
import { isSplitName } from './splits.ts';

async function folderNames(root: string): Promise<string[]> {
  return (await contents(root)).filter(({ kind }) => kind === 'folder').map(({ name }) => name);
}

/** Whether the first level is splits rather than classes: every folder of it bears the name of one. */
async function hasSplitLevel(root: string): Promise<boolean> {
  const names = await folderNames(root);
  return names.length > 0 && names.every(isSplitName);
}

export default defineSource({
  id: 'class-folders',
  title: 'Class folders',
  layout:
    'One folder per class, <class>/**/<image>, or <split>/<class>/**/<image> where every top folder is named train, val, test or the like; images outside of a class folder have no label.',
  priority: 20,
  async detects(root) {
    if (!(await isFolder(root))) return false;
    for (const name of await folderNames(root)) {
      if (await holdsImage(join(root, name), 2)) return true;
    }
    return false;
  },
  async *list(root) {
    const facts = await readFolderFacts(root);
    const known = facts && new Map(facts.folders.map((found) => [found.folder.normalize('NFC'), found]));
    const splitLevel = !known && (await hasSplitLevel(root));
    for await (const path of walkImages(root)) {
      if (known) {
        const found = known.get(posix.dirname(path).normalize('NFC'));
        yield entry(path, { label: found?.label ?? null, split: found?.split ?? null });
        continue;
      }
      const folders = path.split('/').slice(0, -1);
      const split = splitLevel ? (folders.shift() ?? null) : null;
      yield entry(path, { label: folders[0] ?? null, split });
    }
  },
  async classes(root) {
    const facts = await readFolderFacts(root);
    if (facts) return facts.classes;
    const names = await folderNames(root);
    if (!(await hasSplitLevel(root))) return names;
    const ofSplits = await Promise.all(names.map((name) => folderNames(join(root, name))));
    return [...new Set(ofSplits.flat())].sort();
  },
});
