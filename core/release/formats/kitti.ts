import { isCrowd, toPixels, type Box } from '../../base/boxes.ts';
import { clipBox, ClipCounter } from './clip.ts';
import { defineExport, lossLine, type ExportItem, type ExportJob, type LossCounter } from './define.ts';
import { copyImages, survey } from './items.ts';
import { splitFolders } from './names.ts';
import { Counters, DetailCounter } from './outlines.ts';
import { isFalseBackground } from './yolo-boxes.ts';

/** What a line has a column for. */
const ATTRIBUTES = new Set(['truncated', 'occluded', 'alpha', 'dimensions', 'location', 'rotation_y']);
const DONT_CARE = 'DontCare';

/** A class as one word that is no number: blanks, and the first sign where it needs that, as % codes. */
function wordOf(label: string): string {
  const word = label.toWellFormed().replaceAll(/[\s%]/gu, percent);
  const isTaken = Number.isFinite(Number(word)) || /^dont_?care$/i.test(word);
  // The first sign of such a word is of one unit.
  return isTaken ? percent(word[0]!) + word.slice(1) : word;
}

function percent(sign: string): string {
  return [...Buffer.from(sign, 'utf8')].map((byte) => `%${byte.toString(16).padStart(2, '0')}`).join('');
}

function numberIn(value: unknown, none: number): number {
  if (typeof value === 'boolean') return Number(value);
  return typeof value === 'number' && Number.isFinite(value) ? value : none;
}

/** So many numbers; `none` for each where they are something else. */
function numbersIn(value: unknown, count: number, none: number): number[] {
  const isList = Array.isArray(value) && value.length === count && value.every((one) => Number.isFinite(one));
  return isList ? (value as number[]) : Array.from({ length: count }, () => none);
}

/** The line of an object; null for one of which nothing is in the image. */
function lineOf(box: Box, item: ExportItem): string | null {
  const clipped = clipBox(box, item);
  if (!clipped) return null;
  const [left, top, width, height] = toPixels(clipped, item.width, item.height);
  const corners = [left, top, left + width, top + height];
  if (isCrowd(box))
    return [DONT_CARE, -1, -1, -10, ...corners, -1, -1, -1, -1000, -1000, -1000, -10].join(' ');
  const { attributes = {}, columns } = box.detail ?? {};
  const { truncated, occluded, alpha, dimensions, location, rotation_y } = attributes;
  const score = columns?.['score'];
  return [
    wordOf(box.label),
    numberIn(truncated, 0),
    numberIn(occluded, 0),
    numberIn(alpha, -10),
    ...corners,
    ...numbersIn(dimensions, 3, -1),
    ...numbersIn(location, 3, -1000),
    numberIn(rotation_y, -10),
    ...(typeof score === 'number' && Number.isFinite(score) ? [score] : []),
  ].join(' ');
}

async function write(job: ExportJob): Promise<void> {
  const folders = splitFolders(survey(job).splits);
  await copyImages(
    job,
    (item) => `${folders.get(item.split)!}/image_2/${item.fileName}`,
    async (item) => {
      const lines = (item.boxes ?? []).flatMap((box) => lineOf(box, item) ?? []);
      await job.output.writeText(
        `${folders.get(item.split)!}/label_2/${item.sha256}.txt`,
        lines.map((line) => `${line}\n`),
      );
    },
  );
}

/** Counts what KITTI's columns have no place for. */
class KittiCounter implements LossCounter {
  #crowds = 0;
  #facts = 0;
  #falseBackgrounds = 0;
  readonly #renamed = new Set<string>();

  add(item: ExportItem): void {
    if (isFalseBackground(item)) this.#falseBackgrounds += 1;
    for (const box of item.boxes ?? []) {
      const { attributes = {}, columns = {} } = box.detail ?? {};
      if (isCrowd(box)) {
        this.#crowds += 1;
        continue;
      }
      if (wordOf(box.label) !== box.label) this.#renamed.add(box.label);
      const others =
        Object.keys(attributes).some((name) => !ATTRIBUTES.has(name)) ||
        Object.keys(columns).some((name) => name !== 'score');
      if (others) this.#facts += 1;
    }
  }

  result(): string[] {
    return [
      ...lossLine(
        this.#renamed.size,
        'class whose name is no word: blanks and the like are written as % codes',
        'classes whose names are no words: blanks and the like are written as % codes',
      ),
      ...lossLine(
        this.#crowds,
        'region of a crowd: written as DontCare, without its class',
        'regions of crowds: written as DontCare, without their classes',
      ),
      ...lossLine(
        this.#facts,
        'object with attributes or values that KITTI has no column for: they are left out',
        'objects with attributes or values that KITTI has no column for: they are left out',
      ),
      ...lossLine(
        this.#falseBackgrounds,
        'image with a label or boxes and no box left: readers take it for a background',
        'images with a label or boxes and no box left: readers take them for backgrounds',
      ),
    ];
  }
}

const LOST = [
  'prompts, seeds and generators',
  'labels of images as a whole',
  'names of splits with signs other than letters, digits and _; that an image had no split: it is in `train`',
  'who decided what and when, the original names, roles and batches',
];

export default defineExport({
  id: 'kitti',
  title: 'KITTI',
  layout:
    '<split>/image_2/<sha256>.<extension> and <split>/label_2/<sha256>.txt, a line of 15 columns for each object, 16 with a score; what is not known of the box in space is -1, -1000 and -10. Corners are clipped to the image; regions of crowds are DontCare.',
  loses: {
    withBoxes: [
      ...LOST,
      'the fractions of YOLO boxes, and the last digit of the size of others: corners are written, in pixels',
      'the difference between an image without boxes and one never checked for boxes',
    ],
    withoutBoxes: LOST,
  },
  counter: () =>
    new Counters(new ClipCounter(), new KittiCounter(), new DetailCounter('crowds', 'attributes', 'columns')),
  oneLabel: true,
  source: 'kitti',
  write,
});
