import { readFile } from 'node:fs/promises';
import { join, posix } from 'node:path';
import { z } from 'zod';
import { walkDataset } from './dataset-walk.ts';
import { defineSource, entry } from './define.ts';
import { contents, holdsImage, isFolder } from './source-files.ts';
import { isSplitName } from '../../base/splits.ts';
import { unreadable, systemCode } from './untrusted.ts';

/** Written beside exported class folders: the label of each folder, since not every label can be a folder name. */
export const FOLDER_FACTS_FILE = 'class-folders.json';

const schema = z.strictObject({
  format: z.literal('assay-class-folders'),
  version: z.literal(1),
  /** In the project's order, including those without images. */
  classes: z.array(z.string()),
  /** Paths below the root, with `/`, and the label and split of the images directly in them. */
  folders: z.array(
    z.strictObject({ folder: z.string(), label: z.string().nullable(), split: z.string().nullable() }),
  ),
});
export type FolderFacts = z.infer<typeof schema>;

/** Reads a folder's `class-folders.json`; null if there is none. Throws `SOURCE_UNREADABLE` if it is broken. */
export async function readFolderFacts(root: string): Promise<FolderFacts | null> {
  const file = join(root, FOLDER_FACTS_FILE);
  let text;
  try {
    text = await readFile(file, 'utf8');
  } catch (error) {
    if (systemCode(error) === 'ENOENT') return null;
    throw unreadable(file, null, 'the file cannot be read. Check its permissions.', error);
  }
  try {
    return schema.parse(JSON.parse(text));
  } catch (error) {
    const remedy = 'Delete it to use folder names as labels.';
    throw unreadable(file, null, `not a folder list as exports write it. ${remedy}`, error);
  }
}

/** Whether a folder says itself what its folders stand for. */
export async function hasFolderFacts(root: string): Promise<boolean> {
  return (await contents(root)).some(({ name, kind }) => name === FOLDER_FACTS_FILE && kind === 'file');
}

async function folderNames(root: string): Promise<string[]> {
  return (await contents(root)).filter(({ kind }) => kind === 'folder').map(({ name }) => name);
}

/** Whether the first level is splits rather than classes: every folder there has the name of a split. */
export async function hasSplitLevel(root: string): Promise<boolean> {
  const names = await folderNames(root);
  return names.length > 0 && names.every(isSplitName);
}

export default defineSource({
  id: 'class-folders',
  title: 'Class folders',
  layout:
    'One folder per class, <class>/**/<image>, or <split>/<class>/**/<image> where every top folder is named like a split (train, val, test); images outside class folders have no label.',
  priority: 20,
  bareFolders: true,
  async detects(root) {
    if (!(await isFolder(root))) return false;
    if (await hasFolderFacts(root)) return true;
    for (const name of await folderNames(root)) {
      if (await holdsImage(join(root, name), 2)) return true;
    }
    return false;
  },
  async *list(root, reading) {
    const facts = await readFolderFacts(root);
    const known = facts && new Map(facts.folders.map((found) => [found.folder.normalize('NFC'), found]));
    const splitLevel = !known && (await hasSplitLevel(root));
    for await (const path of walkDataset(root, reading)) {
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
