import type { Random } from '../base/numeric/random.ts';

/** n embeddings, row-major, n x dimensions. */
export interface Vectors {
  data: Float32Array | Float64Array;
  dimensions: number;
}

export function countOf({ data, dimensions }: Vectors): number {
  return data.length / dimensions;
}

/** The rows with the given numbers, in that order. */
export function pickRows({ data, dimensions }: Vectors, rows: ArrayLike<number>): Vectors {
  const picked = new Float64Array(rows.length * dimensions);
  for (let i = 0; i < rows.length; i++)
    picked.set(data.subarray(rows[i]! * dimensions, (rows[i]! + 1) * dimensions), i * dimensions);
  return { data: picked, dimensions };
}

export function meanOf(vectors: Vectors): Float64Array {
  const { data, dimensions } = vectors;
  const mean = new Float64Array(dimensions);
  for (let i = 0; i < data.length; i++) mean[i % dimensions]! += data[i]!;
  const n = countOf(vectors);
  return mean.map((sum) => sum / n);
}

/** Rows of unit length; a row of zeros stays one. */
export function unitRows({ data, dimensions }: Vectors): Vectors {
  const unit = Float64Array.from(data);
  for (let start = 0; start < unit.length; start += dimensions) {
    const row = unit.subarray(start, start + dimensions);
    const norm = Math.hypot(...row);
    if (norm > 0) row.forEach((value, i) => (row[i] = value / norm));
  }
  return { data: unit, dimensions };
}

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
  /** At most `most` images, drawn at random: of one label, or of all where none is named. */
  read(random: Random, most: number, label?: string | null): ImageSet;
}

/** Images of a source. */
export function totalOf({ byLabel }: ImageSource): number {
  return byLabel.values().reduce((sum, images) => sum + images, 0);
}
