import { unpackPatches, patchDimensions } from '../../../models/patches.ts';
import type { PatchGrid } from '../../../models/types.ts';
import { sampleWithoutReplacement, streamOf } from '../../base/numeric/random.ts';
import type { ScoreRun } from '../block.ts';
import type { ImageObjects, PixelBox } from './objects.ts';

/** Real images that show what objects look like, of each half. */
const MOST_IMAGES = 400;
/** With fewer images in a half nothing is learnt. */
const FEWEST = 20;
const LAMBDA = 1e-3;

/** How much of each cell of a grid over a picture boxes cover, row by row, 0..1. */
export function coverage(
  objects: readonly { box: PixelBox }[],
  { width, height }: Pick<ImageObjects, 'width' | 'height'>,
  { rows, columns }: Pick<PatchGrid, 'rows' | 'columns'>,
): Float64Array {
  const covered = new Float64Array(rows * columns);
  const [tall, wide] = [height / rows, width / columns];
  for (const {
    box: [x, y, w, h],
  } of objects)
    for (let row = Math.max(0, Math.floor(y / tall)); row < rows && row * tall < y + h; row++)
      for (
        let column = Math.max(0, Math.floor(x / wide));
        column < columns && column * wide < x + w;
        column++
      ) {
        const down = Math.min(y + h, (row + 1) * tall) - Math.max(y, row * tall);
        const across = Math.min(x + w, (column + 1) * wide) - Math.max(x, column * wide);
        const at = row * columns + column;
        covered[at] = Math.min(1, covered[at]! + (Math.max(0, down) * Math.max(0, across)) / (tall * wide));
      }
  return covered;
}

/** Tells parts of pictures that show an object from those that show none. */
export class Foreground {
  readonly #run: ScoreRun;
  readonly #grid: PatchGrid;
  readonly #mean: Float64Array;
  readonly #spread: Float64Array;
  /** One per half; an image is judged by the one that has not seen it. */
  readonly #weights: Float64Array[];

  private constructor(
    run: ScoreRun,
    grid: PatchGrid,
    scale: { mean: Float64Array; spread: Float64Array },
    weights: Float64Array[],
  ) {
    this.#run = run;
    this.#grid = grid;
    this.#mean = scale.mean;
    this.#spread = scale.spread;
    this.#weights = weights;
  }

  /** Null where the embedder has no patches, or too few real images have some. */
  static async learn(run: ScoreRun, images: readonly ImageObjects[]): Promise<Foreground | null> {
    const { manifest } = run.embedder;
    const grid = manifest.kind === 'embedder' ? manifest.patches : undefined;
    if (!grid) return null;
    const random = streamOf(run.seed, 'foreground');
    const halves = ([0, 1] as const).map((half) => {
      const own = images.filter(
        ({ imageId }) => imageId % 2 === half && run.store.patches.has(run.model, imageId),
      );
      return [...sampleWithoutReplacement(random, own.length, Math.min(own.length, MOST_IMAGES))].map(
        (i) => own[i]!,
      );
    });
    if (halves.some((own) => own.length < FEWEST)) return null;
    const raw = halves.map((own) => own.map((image) => featuresOf(run, grid, image.imageId)));
    const scale = momentsOf(raw.flat(), featureCount(grid));
    const weights: Float64Array[] = [];
    for (const half of [0, 1]) {
      run.task.signal.throwIfAborted();
      weights.push(await fitHalf(run, grid, halves[half]!, raw[half]!, scale));
    }
    return new Foreground(run, grid, scale, weights);
  }

  get grid(): PatchGrid {
    return this.#grid;
  }

  /** Log odds that each part of an image shows an object; null where the image has no patches. */
  logits(imageId: number, isReal: boolean): Float64Array | null {
    if (!this.#run.store.patches.has(this.#run.model, imageId)) return null;
    const features = featuresOf(this.#run, this.#grid, imageId);
    const count = featureCount(this.#grid);
    const models = isReal ? [this.#weights[1 - (imageId % 2)]!] : this.#weights;
    return Float64Array.from({ length: features.length / count }, (_, patch) => {
      let sum = 0;
      for (const weights of models) {
        let logit = weights[count * 2 + 1]! - weights[count * 2]!;
        for (let c = 0; c < count; c++) {
          const value = (features[patch * count + c]! - this.#mean[c]!) / this.#spread[c]!;
          logit += value * (weights[c * 2 + 1]! - weights[c * 2]!);
        }
        sum += logit / models.length;
      }
      return sum;
    });
  }
}

/** A patch, its neighbours' mean, and where it is: objects keep to some places. */
function featureCount(grid: PatchGrid): number {
  return 2 * patchDimensions(grid) + 4;
}

function featuresOf({ store, model }: ScoreRun, grid: PatchGrid, imageId: number): Float32Array {
  const { rows, columns } = grid;
  const dimensions = patchDimensions(grid);
  const own = unpackPatches(
    store.patches.of(model, imageId)!,
    grid,
    grid.outputs.map(() => 1),
  );
  const count = featureCount(grid);
  const features = new Float32Array(rows * columns * count);
  for (let row = 0; row < rows; row++)
    for (let column = 0; column < columns; column++) {
      const patch = row * columns + column;
      const to = patch * count;
      features.set(own.subarray(patch * dimensions, (patch + 1) * dimensions), to);
      let near = 0;
      for (let y = Math.max(0, row - 1); y <= Math.min(rows - 1, row + 1); y++)
        for (let x = Math.max(0, column - 1); x <= Math.min(columns - 1, column + 1); x++) {
          if (y === row && x === column) continue;
          near++;
          const from = (y * columns + x) * dimensions;
          for (let d = 0; d < dimensions; d++) features[to + dimensions + d]! += own[from + d]!;
        }
      for (let d = 0; d < dimensions; d++) features[to + dimensions + d]! /= Math.max(1, near);
      const [y, x] = [(row + 0.5) / rows - 0.5, (column + 0.5) / columns - 0.5];
      features.set([y, y * y, x, x * x], to + 2 * dimensions);
    }
  return features;
}

function momentsOf(
  all: readonly Float32Array[],
  count: number,
): { mean: Float64Array; spread: Float64Array } {
  const mean = new Float64Array(count);
  const squares = new Float64Array(count);
  let n = 0;
  for (const features of all)
    for (let at = 0; at < features.length; at += count) {
      n++;
      for (let c = 0; c < count; c++) {
        mean[c]! += features[at + c]!;
        squares[c]! += features[at + c]! ** 2;
      }
    }
  const spread = mean.map((sum, c) => Math.sqrt(Math.max(0, squares[c]! / n - (sum / n) ** 2)) || 1);
  return { mean: mean.map((sum) => sum / n), spread };
}

/** Every patch is an object to the share that boxes cover of it, and none to the rest. */
async function fitHalf(
  { inference }: ScoreRun,
  grid: PatchGrid,
  images: readonly ImageObjects[],
  features: readonly Float32Array[],
  { mean, spread }: { mean: Float64Array; spread: Float64Array },
): Promise<Float64Array> {
  const count = featureCount(grid);
  const labels: number[] = [];
  const weights: number[] = [];
  const x: Float32Array[] = [];
  for (const [i, image] of images.entries()) {
    const covered = coverage(image.objects, image, grid);
    const own = features[i]!.map((value, k) => (value - mean[k % count]!) / spread[k % count]!);
    for (const [patch, share] of covered.entries())
      for (const [label, weight] of [
        [0, 1 - share],
        [1, share],
      ] as const) {
        if (weight < 0.02) continue;
        x.push(own.subarray(patch * count, (patch + 1) * count));
        labels.push(label);
        weights.push(weight);
      }
  }
  const matrix = new Float32Array(x.length * count);
  x.forEach((row, i) => matrix.set(row, i * count));
  await inference.putMatrix('foreground', matrix, x.length, count);
  try {
    const fit = await inference.fitLogistic({
      x: 'foreground',
      labels: Int32Array.from(labels),
      sampleWeights: Float64Array.from(weights),
      classes: 2,
      lambda: LAMBDA,
      maxIterations: 300,
    });
    return fit.weights;
  } finally {
    await inference.dropMatrix('foreground');
  }
}
