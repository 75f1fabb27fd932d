import { globSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { visible } from './coco.ts';
import type { Judge } from './judges.ts';
import type { ReadBox, Reading } from './reading.ts';
import type { SetName } from './sets.ts';
import { bySplit, inPixels, type Truth, type TrueImage } from './truth.ts';

const PARTS: Record<string, string> = {
  train: 'train',
  validation: 'val',
  val: 'val',
  test: 'test',
  holdout: 'test',
};

/** Readers know three splits; others have folders that a person must name. */
const isListed = ({ split }: TrueImage): boolean => split === null || split in PARTS;

const splitName = ({ split }: TrueImage): string =>
  split === null ? 'train' : (PARTS[split] ?? split.replaceAll(/\W+/g, '_'));

/** What of the boxes is inside the image; one that repeats another is written once. */
function boxesOf(image: TrueImage): ReadBox[] {
  const inside = (image.boxes ?? []).map((box) => visible(inPixels(box, image), image));
  const isSame = (one: ReadBox, other: ReadBox): boolean =>
    one.label === other.label && one.box.every((value, i) => Math.abs(value - other.box[i]!) < 1e-9);
  return inside
    .filter((box) => box !== null)
    .filter((box, i, all) => all.findIndex((other) => isSame(box, other)) === i);
}

interface Eye {
  /** Tells images that nobody looked at for boxes from those without any. */
  seesUnchecked?: true;
  /** Follows what data.yaml lists, and no more. */
  listedOnly?: true;
}

/** Without a split for validation, `val` repeats `train`. */
const boxes =
  ({ seesUnchecked, listedOnly }: Eye) =>
  (truth: Truth): Reading => {
    const images = truth.images.filter((image) => !listedOnly || isListed(image));
    const splits = bySplit({ ...truth, images }, splitName, (image) => ({
      sha256: image.sha256,
      boxes: seesUnchecked && image.boxes === null ? null : boxesOf(image),
    }));
    return { splits: { ...splits, val: splits['val'] ?? splits['train']! }, classes: truth.classes };
  };

/** Images with a label; classes are the labels that occur, by name of their folder. */
function folders(truth: Truth, splitOf: (image: TrueImage) => string): Reading {
  const labelled = truth.images.filter(({ label }) => label !== null);
  const nameOf = (label: string): string =>
    label.replaceAll(/[":#]/g, (one) => encodeURIComponent(one)).replaceAll("'", '%27');
  const names = [...new Set(labelled.map(({ label }) => nameOf(label!)))].sort();
  return {
    splits: bySplit({ ...truth, images: labelled }, splitOf, ({ sha256, label }) => ({
      sha256,
      label: nameOf(label!),
    })),
    classes: names,
  };
}

const inFile = (file: string, change: (text: string) => string) => (folder: string) => {
  const path = join(folder, file);
  writeFileSync(path, change(readFileSync(path, 'utf8')));
};

const first = (folder: string, pattern: string): string => globSync(pattern, { cwd: folder }).sort()[0]!;

const inLabels = (change: (line: string[], folder: string, file: string) => string[]) => (folder: string) => {
  for (const file of globSync('labels/*/*.txt', { cwd: folder }))
    inFile(file, (text) => text.replaceAll(/.+/g, (line) => change(line.split(' '), folder, file).join(' ')))(
      folder,
    );
};

const FAULTS: Judge['faults']['plant'] = {
  'boxes are moved by a pixel': inLabels(([index, x, ...rest]) => [
    index!,
    String(Number(x) - 1 / 100),
    ...rest,
  ]),
  'names are shifted by one class': inFile('data.yaml', (text) =>
    text.replaceAll(/^ {2}(\d+): /gm, (_, index: string) => `  ${(Number(index) + 1) % 15}: `),
  ),
  'an image is missing': (folder) => rmSync(join(folder, first(folder, 'images/train/*'))),
  'labels have the names of others': (folder) => {
    const files = globSync('labels/train/*.txt', { cwd: folder }).sort();
    const scratch = join(folder, 'labels/train/scratch');
    const moved = [...files.slice(1), files[0]!];
    for (const file of files) renameSync(join(folder, file), `${scratch}-${basename(file)}`);
    for (const [i, file] of files.entries())
      renameSync(`${scratch}-${basename(file)}`, join(folder, moved[i]!));
  },
  'classes are shifted by one': inLabels(([index, ...rest]) => [String((Number(index) + 1) % 15), ...rest]),
  'names without quotes': inFile('data.yaml', (text) => text.replaceAll(/^( {2}\d+: )"(.*)"$/gm, '$1$2')),
};
const QUOTED_KEYS = inFile('data.yaml', (text) => text.replaceAll(/^ {2}(\d+): /gm, '  "$1": '));
const PATH = inFile('data.yaml', (text) => `path: .\n${text}`);
const BEYOND = inLabels(([index, ...rest]) => [
  index!,
  ...rest.map((value, i) => (i === 0 ? '1.02' : value)),
]);
const NEGATIVE = inLabels(([index, x, y, w, h]) => [index!, x!, y!, `-${w}`, h!]);

const WITH_BOXES: SetName[] = ['splits', 'unsplit'];
const detection = { format: 'yolo', sets: WITH_BOXES } satisfies Partial<Judge>;

export const yoloByUltralytics: Judge = {
  ...detection,
  reader: 'ultralytics',
  count: 'sum(len(split) for split in dataset.values())',
  counted: (truth) => truth.images.filter(isListed).length,
  expected: boxes({}),
  faults: {
    of: 'splits',
    plant: {
      ...FAULTS,
      'path: .': PATH,
      'a box goes beyond the image': BEYOND,
      'a box has a negative width': NEGATIVE,
    },
  },
};

export const yoloByFiftyone: Judge = {
  ...detection,
  reader: 'fiftyone',
  expected: boxes({ seesUnchecked: true, listedOnly: true }),
  faults: { of: 'splits', plant: { ...FAULTS, 'quoted keys': QUOTED_KEYS } },
};

export const yoloBySupervision: Judge = {
  ...detection,
  reader: 'supervision',
  expected: boxes({}),
  faults: { of: 'splits', plant: { ...FAULTS, 'a box has a negative width': NEGATIVE } },
};

const WITH_LABELS: SetName[] = ['labels', 'sample', 'fruits'];

const CLASS_FAULTS: Judge['faults']['plant'] = {
  'an image is missing': (folder) => rmSync(join(folder, first(folder, 'train/*/*.*g'))),
  'a class has no folder in one split': (folder) => {
    const empty = globSync('val/*/.gitkeep', { cwd: folder })[0]!;
    rmSync(join(folder, empty, '..'), { recursive: true });
  },
  'images without a label are a class': (folder) =>
    renameSync(join(folder, '_unlabelled/train'), join(folder, 'train/_unlabelled')),
};

const classification = {
  format: 'yolo',
  sets: WITH_LABELS,
  expected: (truth: Truth) => folders(truth, splitName),
} satisfies Partial<Judge>;

export const yoloClassesByUltralytics: Judge = {
  ...classification,
  reader: 'ultralytics',
  faults: { of: 'labels', plant: CLASS_FAULTS },
};

const labelled = (truth: Truth): number => truth.images.filter(({ label }) => label !== null).length;

export const yoloClassesByTorchvision: Judge = {
  ...classification,
  reader: 'torchvision',
  count: 'sum(len(split) for split in dataset.values())',
  counted: labelled,
  faults: { of: 'labels', plant: CLASS_FAULTS },
};

export const foldersByTorchvision: Judge = {
  format: 'folder',
  reader: 'torchvision',
  withoutHoldout: true,
  count: 'len(dataset)',
  counted: labelled,
  expected: (truth) => folders(truth, () => 'train'),
  faults: {
    of: 'labels',
    plant: {
      'an image is missing': (folder) => rmSync(join(folder, first(folder, '10/*'))),
      'a class has another name': (folder) => renameSync(join(folder, '10'), join(folder, '11')),
      'images without a label are a class': (folder) => {
        const lone = first(folder, '*.png');
        renameSync(join(folder, '10'), join(folder, '_unlabelled'));
        renameSync(join(folder, lone), join(folder, '_unlabelled', lone));
      },
    },
  },
};
