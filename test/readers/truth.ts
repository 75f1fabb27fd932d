import type { MadeBox } from '../support/detection-set.ts';
import type { ReadBox } from './reading.ts';

/** What is true of an image of a release, from the makers of the set and of the decisions; no export was read for it. */
export interface TrueImage {
  sha256: string;
  width: number;
  height: number;
  role: 'real' | 'synthetic' | 'holdout';
  batch: string;
  /** That of the release: as imported, null if the set gives none; `test` or `holdout` for the hold-out. */
  split: string | null;
  givenSplit: string | null;
  /** The label that holds. */
  label: string | null;
  givenLabel: string | null;
  origin: 'given' | 'accepted' | 'relabelled';
  reviewer: string | null;
  /** Null: nobody looked for boxes. */
  boxes: MadeBox[] | null;
  originalPath: string;
  generator: string | null;
  prompt: string | null;
  seed: string | null;
}

export interface Truth {
  images: TrueImage[];
  /** In the project's order. */
  classes: string[];
}

/** A box of an image in pixels: left, top, width, height. */
export function inPixels(box: MadeBox, { width, height }: TrueImage): ReadBox {
  const { label } = box;
  if ('px' in box) return { label, box: box.px };
  const [cx, cy, w, h] = box.rel as [number, number, number, number];
  return { label, box: [(cx - w / 2) * width, (cy - h / 2) * height, w * width, h * height] };
}

/** Groups images by split; those of which it is null stand for training. */
export function bySplit<T>(
  { images }: Truth,
  splitOf: (image: TrueImage) => string | null,
  toImage: (image: TrueImage) => T,
): Record<string, T[]> {
  const splits: Record<string, T[]> = {};
  for (const image of images) (splits[splitOf(image) ?? 'train'] ??= []).push(toImage(image));
  return splits;
}
