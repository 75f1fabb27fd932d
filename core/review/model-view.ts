import type { RunRow } from '../../db/queries/scores.ts';
import type { Store } from '../../db/store.ts';
import type { Example } from '../../rpc/contract/reviews.ts';
import { mostSimilar, readVectors } from '../measure/vectors.ts';
import { decodeLabelModel, predict, type LabelModel } from '../labels/model/model.ts';

/** Numbers kept for the examples of all classes together: 128 MiB. */
const MOST_NUMBERS = 32 * 2 ** 20;
/** Images whose probabilities are computed at once. */
const BLOCK_ROWS = 1024;
/** Real images of a class that are compared: 0.2 ms per thousand at 256 dimensions. */
const MOST_PER_CLASS = 2000;
const FEWEST_PER_CLASS = 20;

interface LabelledProbability {
  labelId: number;
  probability: number;
}

/** Unit vectors of (a sample of) the real images of one class. */
interface ClassMatrix {
  imageIds: number[];
  sha256: string[];
  /** imageIds.length x dimensions. */
  unit: Float32Array;
}

/** What a run's model says about single images: kept in memory, since a reviewer is waiting. */
export class ModelView {
  readonly #store: Store;
  readonly run: RunRow;
  /** Without the ensemble, which only the scores need. */
  readonly #model: LabelModel | null;
  readonly #realOfClass = new Map<number, { imageId: number; sha256: string }[]>();
  readonly #matrices = new Map<number, ClassMatrix>();

  constructor(store: Store, run: RunRow) {
    this.#store = store;
    this.run = run;
    const stored = store.scores.labelModel(run.id);
    this.#model = stored === undefined ? null : { ...decodeLabelModel(stored), members: [] };
    for (const { labelId, ...image } of store.review.labelledReal()) {
      const known = this.#realOfClass.get(labelId);
      if (known) known.push(image);
      else this.#realOfClass.set(labelId, [image]);
    }
  }

  /** Of every class that there is by now: more may have been added since the run. */
  #labelIds(): number[] {
    return this.#store.batches.labels().map((label) => label.id);
  }

  /** Raw and unit embedding of an image, or null where the run's model has not seen it. */
  vector(imageId: number): { raw: Float32Array; unit: Float32Array } | null {
    const bytes = this.#store.facts.embedding(this.run.model, imageId);
    if (!bytes) return null;
    return readVectors(this.#store, this.run.model, bytes.length / 4, [imageId]);
  }

  /**
   * Every class, most probable first, by the run's label model from the image's embedding. If the run used a classifier
   * or has no model, only its prediction, if any.
   */
  probabilities(imageId: number, raw: Float32Array | undefined): LabelledProbability[] {
    const model = this.#model;
    if (model && raw?.length === model.dimensions) {
      const { probabilities } = predict(model, raw, 1);
      const labelIds = this.#labelIds();
      // Classes are numbered by label id at the time of the run; labels are only ever added behind them.
      return Array.from(probabilities, (probability, c) => ({
        labelId: labelIds[c]!,
        probability,
      })).sort((a, b) => b.probability - a.probability || a.labelId - b.labelId);
    }
    const known = this.#store.scores.prediction(this.run.id, imageId);
    const labelId = known && this.#store.batches.labelId(known.label);
    return known && labelId !== undefined ? [{ labelId, probability: known.probability }] : [];
  }

  /**
   * The same for many images as n x classes, classes in the order of their ids; classes the model never learnt have 0.
   * If only the prediction is known, the rest is spread evenly over the other classes; if nothing is, all are equal.
   */
  matrix(imageIds: readonly number[]): Float64Array {
    const labelIds = this.#labelIds();
    const classes = labelIds.length;
    const matrix = new Float64Array(imageIds.length * classes).fill(1 / classes);
    const model = this.#model;
    for (let start = 0; start < imageIds.length; start += BLOCK_ROWS) {
      const part = imageIds.slice(start, start + BLOCK_ROWS);
      const known = model
        ? predict(model, readVectors(this.#store, this.run.model, model.dimensions, part).raw, part.length)
        : null;
      for (const [i, imageId] of part.entries()) {
        const row = matrix.subarray((start + i) * classes, (start + i + 1) * classes);
        if (known && model) {
          const own = known.probabilities.subarray(i * model.classes, (i + 1) * model.classes);
          if (own[0]! >= 0) row.fill(0).set(own);
        } else spreadPrediction(row, this.probabilities(imageId, undefined)[0], labelIds);
      }
    }
    return matrix;
  }

  /**
   * The nearest real images of a class by cosine, excluding the image itself. Exact up to 2,000 images of a class (fewer
   * with very many classes or very long vectors); beyond that among that many, evenly spaced by id.
   */
  examples(unit: Float32Array, labelId: number, label: string, exclude: number, count: number): Example[] {
    const matrix = this.#matrix(labelId, unit.length);
    const best = mostSimilar(unit, matrix.unit, count, (row) => matrix.imageIds[row] === exclude);
    return best.map(({ row, similarity }) => ({ sha256: matrix.sha256[row]!, label, similarity }));
  }

  #matrix(labelId: number, dimensions: number): ClassMatrix {
    let matrix = this.#matrices.get(labelId);
    if (!matrix) {
      const real = this.#realOfClass.get(labelId) ?? [];
      const room = Math.floor(MOST_NUMBERS / (dimensions * Math.max(1, this.#realOfClass.size)));
      const rows = Math.min(real.length, MOST_PER_CLASS, Math.max(FEWEST_PER_CLASS, room));
      const picked = Array.from({ length: rows }, (_, i) => real[Math.floor((i * real.length) / rows)]!);
      const imageIds = picked.map(({ imageId }) => imageId);
      matrix = {
        imageIds,
        sha256: picked.map(({ sha256 }) => sha256),
        unit: readVectors(this.#store, this.run.model, dimensions, imageIds).unit,
      };
      this.#matrices.set(labelId, matrix);
    }
    return matrix;
  }
}

/** Sets the predicted class's probability and spreads the rest of 1 evenly over the others. */
function spreadPrediction(row: Float64Array, top: LabelledProbability | undefined, labelIds: number[]): void {
  if (!top || row.length < 2) return;
  row.fill((1 - top.probability) / (row.length - 1));
  row[labelIds.indexOf(top.labelId)] = top.probability;
}

const views = new WeakMap<Store, { view: ModelView; files: number }>();

/** The view of a run. The last one asked for is kept until files are added. */
export function modelViewOf(store: Store, runId: number): ModelView {
  const files = store.explore.lastFile();
  const known = views.get(store);
  if (known?.view.run.id === runId && known.files === files) return known.view;
  const view = new ModelView(store, store.scores.run(runId)!);
  views.set(store, { view, files });
  return view;
}
