import { counted } from '../../../rpc/format.ts';
import { isCrowd, toRelative, type Box } from '../../base/boxes.ts';
import { clipBox, ClipCounter } from './clip.ts';
import type { ExportItem, LossCounter } from './define.ts';

/** Names the images that readers take for backgrounds, although they have a label or had boxes. */
export const WITHOUT_BOXES = 'without-boxes.txt';

/** What a label file says of each object behind its class. */
export interface YoloTask {
  /** Numbers of an object whose box, clipped to its image, is `clipped`. */
  numbers(box: Box, clipped: Box, item: ExportItem): number[];
}

/** Boxes alone, as centre and size. */
export const DETECT: YoloTask = {
  numbers: (_, clipped, { width, height }) => toRelative(clipped, width, height),
};

/** The lines of the objects that stay, by class and what readers tell objects apart by, and how many there were of them. */
function linesOf(
  item: ExportItem,
  task: YoloTask,
): { lines: Map<string, [label: string, ...number[]]>; boxes: number } {
  const lines = new Map<string, [string, ...number[]]>();
  let boxes = 0;
  for (const box of item.boxes ?? []) {
    if (isCrowd(box)) continue;
    const clipped = clipBox(box, item);
    if (!clipped) continue;
    boxes += 1;
    const values = task.numbers(box, clipped, item);
    // Ultralytics and YOLOv5 read 32-bit numbers before they drop repeated lines.
    const key = JSON.stringify([box.label, ...values.map(Math.fround)]);
    if (!lines.has(key)) lines.set(key, [box.label, ...values]);
  }
  return { lines, boxes };
}

/**
 * The label file of an image, one line per object; null where nobody looked for boxes. Boxes are clipped to the image, and
 * those with nothing inside it left out: Ultralytics drops the whole image of either. One that repeats another is written
 * once.
 */
export function labelFile(
  item: ExportItem,
  indices: ReadonlyMap<string, number>,
  task: YoloTask,
): string | null {
  if (!item.boxes) return null;
  const lines = [...linesOf(item, task).lines.values()];
  return lines.map(([label, ...values]) => `${[indices.get(label)!, ...values].join(' ')}\n`).join('');
}

/** Whether readers will take an image with a label, or with boxes of which none stays, for one that shows nothing. */
export function isFalseBackground(item: ExportItem): boolean {
  const boxes = item.boxes ?? [];
  return (
    (item.label !== null || boxes.length > 0) && !boxes.some((box) => !isCrowd(box) && clipBox(box, item))
  );
}

/** Counts what a detection dataset changes of its images, and how readers will mistake them. */
export class YoloBoxCounter implements LossCounter {
  readonly #clips = new ClipCounter();
  readonly #task: YoloTask;
  #repeated = 0;
  #falseBackgrounds = 0;
  #unchecked = 0;

  constructor(task: YoloTask) {
    this.#task = task;
  }

  add(item: ExportItem): void {
    this.#clips.add(item);
    if (isFalseBackground(item)) this.#falseBackgrounds += 1;
    else if (!item.boxes) this.#unchecked += 1;
    const { lines, boxes } = linesOf(item, this.#task);
    this.#repeated += boxes - lines.size;
  }

  result(): string[] {
    const found = this.#clips.result();
    const say = (count: number, one: string, several: string): void => {
      if (count > 0) found.push(counted(count, one, several));
    };
    say(
      this.#repeated,
      'box that repeats another of its image: written once',
      'boxes that repeat another of their image: written once',
    );
    say(
      this.#falseBackgrounds,
      `image with a label or boxes and no box left, listed in ${WITHOUT_BOXES}: readers take it for a background`,
      `images with a label or boxes and no box left, listed in ${WITHOUT_BOXES}: readers take them for backgrounds`,
    );
    say(
      this.#unchecked,
      'image without a label in which nobody looked for boxes: no label file, and readers take it for a background',
      'images without a label in which nobody looked for boxes: no label files, and readers take them for backgrounds',
    );
    return found;
  }
}
