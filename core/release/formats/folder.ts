import { join } from 'node:path/posix';
import { FOLDER_FACTS_FILE, type FolderFacts } from '../../import/sources/class-folders.ts';
import { ClassFolderCounter } from './class-folder-counter.ts';
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

/** Keeps a folder without images where folders are packed or put under version control. */
const KEEP = '.gitkeep';

/**
 * Writes images into class folders below the folder of their split, and the label of each folder into
 * `class-folders.json`. Every class that occurs has a folder in every split, since readers number the folders of each
 * split by themselves. Images without a label go outside, where no reader takes their folder for a class: to
 * `_unlabelled/<split>`, or to the top where there are no folders of splits.
 *
 * `extra`: a split that has its folders also without an image.
 */
export async function writeClassFolders(
  job: ExportJob,
  classes: string[],
  folderOfSplit: (split: string | null) => SplitFolder,
  extra: (string | null)[] = [],
): Promise<void> {
  const names = uniqueNames(classes, safeName, '~');
  const used = new Map<string, FolderFacts['folders'][number]>();
  const tops = new Set(extra.map((split) => folderOfSplit(split).folder));
  const labels = new Set<string>();
  const inside = (below: string, label: string): string => join(below, names.get(label)!);
  const folderOf = ({ label, split: given }: ExportItem): string => {
    const { folder: below, split } = folderOfSplit(given);
    tops.add(below);
    if (label !== null) labels.add(label);
    const folder = label !== null ? inside(below, label) : below === '' ? '' : join(UNLABELLED, below);
    if (folder !== '' && !used.has(folder)) used.set(folder, { folder, label, split });
    return folder;
  };
  await copyImages(job, (item) => join(folderOf(item), item.fileName));
  for (const folder of [...tops].flatMap((top) => [...labels].map((label) => inside(top, label))))
    if (!used.has(folder)) await job.output.writeText(join(folder, KEEP), '');
  const folders = [...used.values()].sort((a, b) => (a.folder < b.folder ? -1 : 1));
  const facts: FolderFacts = { format: 'assay-class-folders', version: 1, classes, folders };
  await job.output.writeText(FOLDER_FACTS_FILE, `${JSON.stringify(facts, null, 2)}\n`);
}

const LOST = [
  'splits',
  'prompts, seeds and generators',
  'the order of classes for other readers, who number folders by name; class-folders.json keeps it',
  'who decided what and when, the original names, roles and batches',
];

export default defineExport({
  id: 'folder',
  title: 'Class folders',
  layout:
    '<label>/<sha256>.<extension>, images without a label at the top, and class-folders.json with the label of each folder, since labels that are no portable name are written with % codes. Readers number classes by the names of their folders.',
  loses: { withBoxes: ['boxes', ...LOST], withoutBoxes: LOST },
  counter: () =>
    new ClassFolderCounter((splits) => new Map(splits.map((split) => [split, ''])), 'at the top'),
  usage: [
    'from torchvision.datasets import ImageFolder',
    'dataset = ImageFolder(".")',
    'print(len(dataset), "images of", dataset.classes)',
  ],
  oneLabel: true,
  source: 'class-folders',
  mixesSplits: true,
  async write(job) {
    await writeClassFolders(job, survey(job).classes, () => ({ folder: '', split: null }));
  },
});
