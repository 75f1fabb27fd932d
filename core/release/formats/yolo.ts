import { stringify } from 'yaml';
import { toRelative } from '../../base/boxes.ts';
import { defineExport, type ExportItem, type ExportJob } from './define.ts';
import { writeClassFolders } from './folder.ts';
import { copyImages, survey, type Survey } from './items.ts';
import { uniqueNames, wordName } from './names.ts';

type Role = 'train' | 'val' | 'test';

const ROLES = new Map<string, Role>([
  ['train', 'train'],
  ['training', 'train'],
  ['val', 'val'],
  ['valid', 'val'],
  ['validation', 'val'],
  ['dev', 'val'],
  ['test', 'test'],
  ['testing', 'test'],
]);

function roleOf(split: string | null): Role | undefined {
  return split === null ? 'train' : ROLES.get(split.toLowerCase());
}

function folderName(split: string | null): string {
  return split === null ? 'unsplit' : (roleOf(split) ?? wordName(split));
}

/** A folder name for each split; usual names for the three that Ultralytics looks for. */
function foldersOf(splits: Survey['splits']): Map<string | null, string> {
  // Named splits come first, so that each keeps its name.
  return uniqueNames([...splits].reverse(), folderName, '_');
}

/**
 * Maps folders to training, validation and testing. Images without a split are trained on. Ultralytics requires `val`:
 * without one it repeats `train`, as a comment in the file says. Splits with other names are not listed, since a
 * hold-out must not slip into training.
 */
function dataYaml(folders: ReadonlyMap<string | null, string>, classes: string[]): string {
  const serving = (role: Role): string[] =>
    [...folders].filter(([split]) => roleOf(split) === role).map(([, folder]) => `images/${folder}`);
  const [train, val, test] = [serving('train'), serving('val'), serving('test')];
  const splits = [...folders].map(([name, folder]) => ({
    ...(name !== null && { name }),
    path: `images/${folder}`,
  }));
  const data = {
    path: '.',
    train,
    val: val.length > 0 ? val : train,
    ...(test.length > 0 && { test }),
    names: Object.fromEntries(classes.map((name, index) => [index, name])),
    assay: { splits },
  };
  const comment = val.length > 0 ? '' : '# This release has no validation split: val repeats train.\n';
  return comment + stringify(data, { aliasDuplicateObjects: false, lineWidth: 0 });
}

function boxLines(item: ExportItem, indices: ReadonlyMap<string, number>): string {
  const lines = (item.boxes ?? []).map((box) => {
    const values = toRelative(box, item.width, item.height);
    return `${[indices.get(box.label)!, ...values].join(' ')}\n`;
  });
  return lines.join('');
}

/** Classification knows one training folder, `train`: images without a split go there. */
async function writeClassification(job: ExportJob, { classes, splits }: Survey): Promise<void> {
  const named = splits.filter((split) => split !== null);
  const training = named.find((split) => roleOf(split) === 'train') ?? 'train';
  const folders = foldersOf([...new Set([...named, training])].sort());
  await writeClassFolders(job, classes, (given) => {
    const split = given ?? training;
    return { folder: folders.get(split)!, split };
  });
}

async function writeDetection(job: ExportJob, { classes, splits }: Survey): Promise<void> {
  const folders = foldersOf(splits);
  const indices = new Map(classes.map((name, index) => [name, index]));
  await copyImages(
    job,
    (item) => `images/${folders.get(item.split)!}/${item.fileName}`,
    (item) =>
      job.output.writeText(`labels/${folders.get(item.split)!}/${item.sha256}.txt`, boxLines(item, indices)),
  );
  await job.output.writeText('data.yaml', dataYaml(folders, classes));
}

export default defineExport({
  id: 'yolo',
  title: 'YOLO',
  layout:
    'With boxes: data.yaml, images/<split>/<sha256>.<extension> and labels/<split>/<sha256>.txt. Without: <split>/<label>/<sha256>.<extension>, as Ultralytics takes for classification; images without a split in train/.',
  loses: [
    'prompts, seeds and generators',
    'the pixels of COCO boxes: they are written as fractions',
    'with boxes, the label of an image whose boxes do not all carry it, and whether an image was checked for boxes',
    'without boxes, that an image had no split: it is in train',
    'who decided what and when, the original names, roles and batches',
  ],
  source: 'yolo',
  async write(job) {
    const found = survey(job);
    if (found.hasBoxes) await writeDetection(job, found);
    else await writeClassification(job, found);
  },
});
