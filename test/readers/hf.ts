import { join } from 'node:path';
import { ALL_SETS, type Judge } from './judges.ts';
import { runPython } from './read.ts';
import type { ReadImage } from './reading.ts';
import { bySplit, inPixels, type Truth, type TrueImage } from './truth.ts';

/** Columns whose values follow from the set and the decisions. */
function factsOf(image: TrueImage): Record<string, unknown> {
  return {
    sha256: image.sha256,
    given_label: image.givenLabel,
    origin: image.origin,
    reviewer: image.reviewer,
    settled: image.reviewer === null ? null : 'direct',
    label_distribution:
      image.reviewer === null
        ? null
        : JSON.stringify([{ label: image.label, rejected: false, annotators: 1, share: 1 }]),
    role: image.role,
    batch: image.batch,
    given_split: image.givenSplit,
    generator: image.generator,
    prompt: image.prompt,
    seed: image.seed,
    original_path: image.originalPath,
  };
}

export function toImage(image: TrueImage, hasBoxes: boolean): ReadImage {
  const boxes = image.boxes?.map((box) => inPixels(box, image)) ?? null;
  return {
    sha256: image.sha256,
    label: image.label,
    ...(hasBoxes && { boxes }),
    facts: factsOf(image),
  };
}

const splitName = (split: string | null): string => (split ?? 'train').replaceAll(/\W+/g, '_');

function expected(truth: Truth) {
  const hasBoxes = truth.images.some(({ boxes }) => boxes !== null);
  return {
    splits: bySplit(
      truth,
      ({ split }) => splitName(split),
      (image) => toImage(image, hasBoxes),
    ),
  };
}

/** Of `spoil_parquet.py`, for every table of facts. */
export const PARQUET_FAULTS = [
  'two labels are swapped',
  'an image is missing',
  'an image occurs twice',
  'a box is shifted by one pixel',
  'the classes of boxes are turned round',
  'no value became an empty text',
];

/** Plants one of these faults in a file of a release. */
export const spoilParquet = (file: string, fault: string) => (folder: string) =>
  void runPython('spoil_parquet', join(folder, file), fault);

function plant(file: string, ...more: string[]): Judge['faults'] {
  const faults = [...PARQUET_FAULTS, 'one split has a column without a type', ...more];
  return {
    of: 'splits',
    plant: Object.fromEntries(faults.map((fault) => [fault, spoilParquet(file, fault)])),
  };
}

export const hfImagefolder: Judge = {
  format: 'hf-imagefolder',
  reader: 'datasets',
  sets: ALL_SETS,
  count: 'sum(len(split) for split in dataset.values())',
  expected,
  faults: plant('train/metadata.parquet'),
};

export const parquet: Judge = {
  format: 'parquet',
  reader: 'datasets',
  sets: ALL_SETS,
  count: 'sum(len(split) for split in dataset.values())',
  expected,
  faults: plant('data/train-00000-of-00001.parquet', 'an image has the bytes of another'),
};
