import { gaussian, mulberry32, randomIndex } from '../core/base/numeric/random.ts';

export const COLUMNS = 256;
export const CLASSES = 12;
export const LABEL_NOISE = 0.05;
/** Distance of class centres in standard deviations per dimension: classes touch, as real ones do. */
const SPREAD = 0.25;

/** Rows around a centre per class, and their labels, some of them wrong. */
export function gaussianClusters(rows: number, seed: number): { data: Float32Array; labels: Int32Array } {
  const random = mulberry32(seed);
  const centres = Float32Array.from({ length: CLASSES * COLUMNS }, () => SPREAD * gaussian(random));
  const data = new Float32Array(rows * COLUMNS);
  const labels = new Int32Array(rows);
  for (let row = 0; row < rows; row++) {
    const own = row % CLASSES;
    for (let j = 0; j < COLUMNS; j++)
      data[row * COLUMNS + j] = centres[own * COLUMNS + j]! + gaussian(random);
    labels[row] = random() < LABEL_NOISE ? (own + 1 + randomIndex(random, CLASSES - 1)) % CLASSES : own;
  }
  return { data, labels };
}

const LATENT = 24;
const MODES = 200;
const RESIDUAL = 0.5;

/**
 * Unit rows that vary in 24 directions around 200 modes, and a little in all: embeddings of images have far fewer
 * directions than numbers.
 */
export function embeddingLike(rows: number, columns: number, seed: number): Float32Array {
  const random = mulberry32(seed);
  const axes = Float32Array.from({ length: LATENT * columns }, () => gaussian(random));
  const modes = Float32Array.from({ length: MODES * LATENT }, () => gaussian(random));
  // A table of normal numbers from a random place: drawing each one would take longer than the measurement.
  const noise = Float32Array.from({ length: 65_536 + columns }, () => RESIDUAL * gaussian(random));
  const data = new Float32Array(rows * columns);
  for (let i = 0; i < rows; i++) {
    const row = data.subarray(i * columns, (i + 1) * columns);
    row.set(noise.subarray(randomIndex(random, 65_536)).subarray(0, columns));
    const mode = randomIndex(random, MODES);
    for (let l = 0; l < LATENT; l++) {
      const along = modes[mode * LATENT + l]! + gaussian(random);
      for (let j = 0; j < columns; j++) row[j]! += along * axes[l * columns + j]!;
    }
    let square = 0;
    for (const value of row) square += value * value;
    const scale = 1 / Math.sqrt(square);
    for (let j = 0; j < columns; j++) row[j]! *= scale;
  }
  return data;
}
