import { readFileSync } from 'node:fs';
import { extname } from 'node:path';
import type { Arm } from '../../../rpc/contract/experiments.ts';
import { AssayError } from '../../../rpc/errors.ts';
import { listed } from '../../../rpc/format.ts';
import type { ManifestRow } from '../../import/sources/manifest-row.ts';
import type { Detection, Detections } from './mean-ap.ts';
import {
  NO_IMAGE,
  noImage,
  predictionRows,
  refusing,
  setIn,
  setNames,
  textIn,
  wholeArms,
  type Wanted,
} from './prediction-rows.ts';

type Values = ManifestRow['values'];

/**
 * The arms whose boxes a file predicts, each whole: a row for each box in JSON Lines, CSV or Parquet, or one JSON text of
 * COCO results, a list for each set or one with `set` in each. `placeOf` finds a hold-out image by what the file calls it.
 * Throws `INVALID_INPUT` naming the row and the remedy.
 */
export async function detectionsIn(
  file: string,
  sets: Wanted,
  placeOf: (name: string) => number | undefined,
): Promise<{ arms: Arm[]; answers: Detections[][] }> {
  const names = setNames(sets);
  const read = new Map<string, Detection[][]>();
  const imagesOf = (set: string): Detection[][] => {
    const known = read.get(set) ?? sets.holdout.map(() => []);
    read.set(set, known);
    return known;
  };
  const add = (values: Values, refuse: (problem: string) => never): void => {
    const images = imagesOf(setIn(values, names, refuse));
    images[placeIn(values, sets, placeOf, refuse)]!.push(detectionIn(values, sets.data.classes, refuse));
  };
  if (extname(file).toLowerCase() === '.json') {
    for (const [set, results] of cocoResults(file)) {
      // A set that finds nothing is one that was predicted.
      if (set !== null) imagesOf(setIn({ set }, names, refusing(file, 1, 'list')));
      for (const [i, values] of results.entries())
        add(
          set === null ? values : { ...values, set },
          refusing(file, i + 1, set === null ? 'entry' : `${set}, entry`),
        );
    }
  } else for await (const { line, values } of predictionRows(file)) add(values, refusing(file, line));
  return wholeArms(file, sets, read, (_, found) => found);
}

/** COCO results: one list, or one for each set. */
function cocoResults(file: string): [set: string | null, results: Values[]][] {
  const refuse = (why: string, cause?: unknown): never => {
    throw new AssayError(
      'INVALID_INPUT',
      `${file} (--predictions) ${why}: write COCO results, {"<set>": [{"image_id", "category_id", "bbox", "score"}, …]}, or JSON Lines where they are very long.`,
      { file },
      cause,
    );
  };
  let found: unknown;
  try {
    found = JSON.parse(readFileSync(file, 'utf8'));
  } catch (error) {
    return refuse('is no JSON text that can be read', error);
  }
  const lists = Array.isArray(found) ? [[null, found] as const] : Object.entries(Object(found) as object);
  return lists.map(([set, list]) => {
    const isList = Array.isArray(list) && list.every((one) => typeof one === 'object' && one !== null);
    return [
      set,
      isList ? (list as Values[]) : refuse(`has no list of boxes${set === null ? '' : ` of ${set}`}`),
    ];
  });
}

/** A hold-out image by its number in `holdout.coco.json`, its sha256 or its path. */
function placeIn(
  values: Values,
  { holdout }: Wanted,
  placeOf: (name: string) => number | undefined,
  refuse: (problem: string) => never,
): number {
  const number = values['image_id'];
  if (typeof number === 'number')
    return Number.isInteger(number) && number >= 1 && number <= holdout.length
      ? number - 1
      : refuse(`image_id ${number} is no hold-out image: holdout.coco.json numbers them from 1.`);
  const image = textIn(values, ['image', 'sha256', 'path', 'file_name', 'image_id']) ?? refuse(NO_IMAGE);
  return placeOf(image) ?? refuse(noImage(image));
}

function detectionIn(
  values: Values,
  classes: readonly string[],
  refuse: (problem: string) => never,
): Detection {
  const score = Number(textIn(values, ['score', 'confidence']) ?? Number.NaN);
  if (!Number.isFinite(score))
    refuse('there is no score. Put the confidence of the box in a column `score`.');
  return { class: classIn(values, classes, refuse), box: boxIn(values['bbox'], refuse), score };
}

function classIn(values: Values, classes: readonly string[], refuse: (problem: string) => never): number {
  const number = values['category_id'];
  if (typeof number === 'number')
    return Number.isInteger(number) && number >= 1 && number <= classes.length
      ? number - 1
      : refuse(`category_id ${number} is no class: holdout.coco.json numbers them from 1.`);
  const label =
    textIn(values, ['class', 'label', 'category', 'category_name', 'category_id']) ??
    refuse('there is no class. Put its name in a column `class`.');
  const k = classes.indexOf(label);
  return k >= 0 ? k : refuse(`there is no class ${label}. Classes are ${listed(classes)}.`);
}

/** Left, top, width and height, as a list or as text. */
function boxIn(value: unknown, refuse: (problem: string) => never): [number, number, number, number] {
  const parts = Array.isArray(value)
    ? (value as unknown[])
    : typeof value === 'string'
      ? value
          .replaceAll(/[[\]]/g, '')
          .trim()
          .split(/[\s,;]+/)
      : [];
  const box = parts.map((part) => (part === '' || part === null ? Number.NaN : Number(part)));
  if (box.length !== 4 || !box.every(Number.isFinite) || box[2]! < 0 || box[3]! < 0)
    refuse('bbox is not left, top, width and height in pixels. Write it as [x, y, width, height].');
  return box as [number, number, number, number];
}
