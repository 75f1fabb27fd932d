import { FOLDER_FACTS_FILE, type FolderFacts } from '../../import/sources/class-folders.ts';
import { type ExportItem, type ExportJob, defineExport } from './define.ts';
import { copyImages, survey } from './items.ts';
import { safeName, uniqueNames } from './names.ts';

const UNLABELLED = '_unlabelled';

interface SplitFolder {
  /** '' for the top folder. */
  folder: string;
  /** The split that a re-import gives its images. */
  split: string | null;
}

/**
 * Writes images into class folders below the folder of their split, and the label of each folder into
 * `class-folders.json`. Images without a label go to `_unlabelled`, outside the splits, where training code does not
 * take it for a class.
 */
export async function writeClassFolders(
  job: ExportJob,
  classes: string[],
  folderOfSplit: (split: string | null) => SplitFolder,
): Promise<void> {
  const names = uniqueNames(classes, safeName, '~');
  const used = new Map<string, FolderFacts['folders'][number]>();
  const folderOf = ({ label, split: given }: ExportItem): string => {
    const { folder: below, split } = folderOfSplit(given);
    const parts = label === null ? [UNLABELLED, below] : [below, names.get(label)!];
    const folder = parts.filter((part) => part !== '').join('/');
    if (!used.has(folder)) used.set(folder, { folder, label, split });
    return folder;
  };
  await copyImages(job, (item) => `${folderOf(item)}/${item.fileName}`);
  const folders = [...used.values()].sort((a, b) => (a.folder < b.folder ? -1 : 1));
  const facts: FolderFacts = { format: 'assay-class-folders', version: 1, classes, folders };
  await job.output.writeText(FOLDER_FACTS_FILE, `${JSON.stringify(facts, null, 2)}\n`);
}

export default defineExport({
  id: 'folder',
  title: 'Class folders',
  layout:
    '<label>/<sha256>.<extension>, images without a label in _unlabelled/, and class-folders.json with the label of each folder, since labels that are no portable name are written with % codes.',
  loses: [
    'splits',
    'prompts, seeds and generators',
    'boxes',
    'who decided what and when, the original names, roles and batches',
  ],
  source: 'class-folders',
  mixesSplits: true,
  async write(job) {
    await writeClassFolders(job, survey(job).classes, () => ({ folder: '', split: null }));
  },
});
