import { counted } from '../../../rpc/format.ts';
import { ClassFolderCounter } from './class-folder-counter.ts';
import type { ExportItem, LossCounter } from './define.ts';
import { YoloBoxCounter } from './yolo-boxes.ts';
import { partOf } from './parts.ts';

/** Ultralytics leaves out images with a shorter side, in pixels. */
const LEAST_SIDE = 10;

/** Counts for a detection dataset or, where no image was looked at for boxes, for class folders. */
export class YoloCounter implements LossCounter {
  readonly #hasBoxes: boolean;
  readonly #layout: LossCounter;
  /** Images of splits that readers do not look for. */
  readonly #unlisted = new Map<string, number>();
  #hasVal = false;
  #tiny = 0;

  constructor(hasBoxes: boolean) {
    this.#hasBoxes = hasBoxes;
    this.#layout = hasBoxes
      ? new YoloBoxCounter()
      : new ClassFolderCounter((split) => partOf(split) ?? split!, 'in _unlabelled/');
  }

  add(item: ExportItem): void {
    this.#layout.add(item);
    if (Math.min(item.width, item.height) < LEAST_SIDE) this.#tiny += 1;
    const part = partOf(item.split);
    if (part === 'val') this.#hasVal = true;
    if (part === undefined) this.#unlisted.set(item.split!, (this.#unlisted.get(item.split!) ?? 0) + 1);
  }

  result(): string[] {
    const found = this.#layout.result();
    for (const [split, count] of this.#unlisted)
      found.push(
        `${counted(count, 'image')} of the split ${JSON.stringify(split)}: readers look for training, validation and test images only`,
      );
    if (this.#tiny > 0)
      found.push(`${counted(this.#tiny, 'image')} under ${LEAST_SIDE} pixels: Ultralytics passes over them`);
    if (this.#hasBoxes && !this.#hasVal)
      found.push('No validation split: `val` repeats `train`, since Ultralytics wants one');
    return found;
  }
}
