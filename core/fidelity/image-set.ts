import type { Random } from '../base/numeric/random.ts';
import type { Vectors } from './set-vectors.ts';

/** Embedded images in memory. */
export interface ImageSet {
  vectors: Vectors;
  sha256: string[];
  path: string[];
  /** Given labels. */
  label: (string | null)[];
}

/** All embedded images of the real anchor or of a batch, of which samples are read. */
export interface ImageSource {
  name: string;
  /** Images by given label. */
  byLabel: Map<string | null, number>;
  /** At most so many, drawn at random: of one label, or of all where none is named. */
  read(random: Random, most: number, label?: string | null): ImageSet;
}

/** Images of a source. */
export function totalOf({ byLabel }: ImageSource): number {
  return byLabel.values().reduce((sum, images) => sum + images, 0);
}
