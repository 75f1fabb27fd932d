import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { unreadable } from './unreadable.ts';
import { systemCode } from './untrusted.ts';

/** Written beside exported class folders: what each folder stands for, since not every label can be a folder name. */
export const FOLDER_FACTS_FILE = 'class-folders.json';

const schema = z.strictObject({
  format: z.literal('assay-class-folders'),
  version: z.literal(1),
  /** In the project's order, those without images too. */
  classes: z.array(z.string()),
  /** Paths below the root, forward slashes, and the label and split of the images that lie directly in them. */
  folders: z.array(
    z.strictObject({ folder: z.string(), label: z.string().nullable(), split: z.string().nullable() }),
  ),
});
export type FolderFacts = z.infer<typeof schema>;

/** The `class-folders.json` of a folder; null where there is none. `SOURCE_UNREADABLE` where there is a broken one. */
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
    const remedy = 'Delete it to take the folder names as labels.';
    throw unreadable(file, null, `not the folder list that an export writes. ${remedy}`, error);
  }
}
