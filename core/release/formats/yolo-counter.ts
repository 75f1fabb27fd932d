import { counted } from '../../../rpc/format.ts';
import { partOf } from '../../base/splits.ts';
import { ClassFolderCounter } from './class-folder-counter.ts';
import type { ExportItem, LossCounter } from './define.ts';
import { YoloBoxCounter, type YoloTask } from './yolo-boxes.ts';
import { classFoldersOf, foldersOf } from './yolo-data.ts';

/** Ultralytics leaves out images with a shorter side, in pixels. */
const LEAST_SIDE = 10;
/** Folders in which classifiers look for images. */
const LOOKED_INTO = new Set(['train', 'val', 'test']);

/** Counts for a detection dataset or, where no image was looked at for boxes, for class folders. */
export class YoloCounter implements LossCounter {
  readonly #hasBoxes: boolean;
  readonly #layout: LossCounter;
  readonly #images = new Map<string | null, number>();
  #tiny = 0;

  constructor(hasBoxes: boolean, task: YoloTask) {
    this.#hasBoxes = hasBoxes;
    this.#layout = hasBoxes
      ? new YoloBoxCounter(task)
      : new ClassFolderCounter((splits) => classFoldersOf(splits).folders, 'in _unlabelled/');
  }

  add(item: ExportItem): void {
    this.#layout.add(item);
    if (Math.min(item.width, item.height) < LEAST_SIDE) this.#tiny += 1;
    this.#images.set(item.split, (this.#images.get(item.split) ?? 0) + 1);
  }

  result(): string[] {
    const splits = [...this.#images.keys()].sort((a, b) => ((a ?? '') < (b ?? '') ? -1 : 1));
    const found = [
      ...this.#layout.result(),
      ...(this.#hasBoxes ? this.#unlisted(splits) : this.#unseen(splits)),
    ];
    if (this.#tiny > 0)
      found.push(`${counted(this.#tiny, 'image')} under ${LEAST_SIDE} pixels: Ultralytics passes over them`);
    if (this.#hasBoxes && !splits.some((split) => partOf(split) === 'val'))
      found.push('No validation split: `val` repeats `train`, since Ultralytics wants one');
    return found;
  }

  /** Splits that data.yaml lists for nothing, and those that it lists together. */
  #unlisted(splits: (string | null)[]): string[] {
    const folders = foldersOf(splits);
    const named = splits.filter((split) => split !== null);
    const unlisted = named
      .filter((split) => partOf(split) === undefined)
      .map(
        (split) =>
          `${this.#imagesOf(split)}: in images/${folders.get(split)!}, which data.yaml names for nothing; to use it, add it to train, val or test there`,
      );
    const together = (['train', 'val', 'test'] as const).flatMap((part) => {
      const same = named.filter((split) => partOf(split) === part).map((split) => JSON.stringify(split));
      return same.length > 1
        ? [`The splits ${same.join(', ')}: data.yaml names all of them for ${part}`]
        : [];
    });
    return [...unlisted, ...together];
  }

  /** Splits whose folder classifiers do not open by themselves. */
  #unseen(splits: (string | null)[]): string[] {
    const { folders } = classFoldersOf(splits);
    return splits.flatMap((split) => {
      const folder = folders.get(split)!;
      if (split === null || LOOKED_INTO.has(folder)) return [];
      return [
        `${this.#imagesOf(split)}: in ${folder}/, where readers look for nothing; to use it, open that folder by its name`,
      ];
    });
  }

  #imagesOf(split: string): string {
    return `${counted(this.#images.get(split)!, 'image')} of the split ${JSON.stringify(split)}`;
  }
}
