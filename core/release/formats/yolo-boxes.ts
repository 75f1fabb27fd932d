import { toRelative } from '../../base/boxes.ts';
import { clipBox, ClipCounter } from './clip.ts';
import type { ExportItem, LossCounter } from './define.ts';

/** Names the images with a label that readers take for backgrounds, since they have no box. */
export const WITHOUT_BOXES = 'without-boxes.txt';

/** A line of a label file: class, and centre and size over the image's. Null if nothing of the box is in the image. */
function lineOf(
  box: NonNullable<ExportItem['boxes']>[number],
  item: ExportItem,
  index: number | string,
): string | null {
  const clipped = clipBox(box, item);
  return clipped && [index, ...toRelative(clipped, item.width, item.height)].join(' ');
}

/**
 * The label file of an image, one line per box; null where nobody looked for boxes. Boxes are clipped to the image, and
 * those with nothing inside it left out: Ultralytics drops the whole image of either. One that repeats another is written
 * once.
 */
export function labelFile(item: ExportItem, indices: ReadonlyMap<string, number>): string | null {
  if (!item.boxes) return null;
  const lines = item.boxes.map((box) => lineOf(box, item, indices.get(box.label)!));
  return [...new Set(lines)].map((line) => (line === null ? '' : `${line}\n`)).join('');
}

/** Whether readers will take an image with a label for one that shows nothing. */
export function isFalseBackground(item: ExportItem): boolean {
  return item.label !== null && !(item.boxes ?? []).some((box) => clipBox(box, item));
}

/** Counts what a detection dataset changes of its images, and how readers will mistake them. */
export class YoloBoxCounter implements LossCounter {
  readonly #clips = new ClipCounter();
  #repeated = 0;
  #falseBackgrounds = 0;
  #unchecked = 0;

  add(item: ExportItem): void {
    this.#clips.add(item);
    if (isFalseBackground(item)) this.#falseBackgrounds += 1;
    else if (!item.boxes) this.#unchecked += 1;
    const lines = (item.boxes ?? [])
      .map((box) => lineOf(box, item, JSON.stringify(box.label)))
      .filter((line) => line !== null);
    this.#repeated += lines.length - new Set(lines).size;
  }

  result(): string[] {
    const found = this.#clips.result();
    const say = (count: number, one: string, several: string): void => {
      if (count > 0) found.push(`${count.toLocaleString('en')} ${count === 1 ? one : several}`);
    };
    say(
      this.#repeated,
      'box that repeats another of its image: written once',
      'boxes that repeat another of their image: written once',
    );
    say(
      this.#falseBackgrounds,
      `image with a label and no box, listed in ${WITHOUT_BOXES}: readers take it for a background`,
      `images with a label and no box, listed in ${WITHOUT_BOXES}: readers take them for backgrounds`,
    );
    say(
      this.#unchecked,
      'image without a label in which nobody looked for boxes: no label file, and readers take it for a background',
      'images without a label in which nobody looked for boxes: no label files, and readers take them for backgrounds',
    );
    return found;
  }
}
