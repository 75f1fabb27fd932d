import type { VerdictRow } from '../../../db/queries/objects.ts';
import { sampleWithoutReplacement, streamOf } from '../../base/numeric/random.ts';
import { medianOf, type ScoreRun } from '../block.ts';
import { coverage, Foreground } from './foreground.ts';
import { objectsOf, type ImageObjects } from './objects.ts';
import {
  atOwnShares,
  chancesOf,
  fitVerdicts,
  verdictAt,
  type Examples,
  type VerdictModel,
} from './verdict.ts';

/** A part of the picture is free where boxes cover less of it. */
const FREE = 0.15;
/** Evidence of an image: the likeliest free part, and the likeliest few together. */
const FEW = 3;
/** Stands for the log odds where no part is free. */
const NOTHING = -8;
/** With fewer images that have lost an object nothing is learnt. */
const FEWEST = 20;
/** One fault: something is missing. */
const OUTCOMES = 2;
/** Position of a verdict on what is missing: it is no object of the file. */
export const MISSING_POSITION = -1;

/** Says of images whether an object is missing: learnt from real images with an object's box taken away. */
export class MissingObjects {
  readonly #run: ScoreRun;
  readonly #foreground: Foreground;
  readonly #verdict: VerdictModel;
  /** Median of each piece of evidence on real images as they are. */
  readonly #usual: number[];

  private constructor(run: ScoreRun, foreground: Foreground, verdict: VerdictModel, usual: number[]) {
    this.#run = run;
    this.#foreground = foreground;
    this.#verdict = verdict;
    this.#usual = usual;
  }

  /** Null where there is nothing to learn from. */
  static async learn(run: ScoreRun, images: readonly ImageObjects[]): Promise<MissingObjects | null> {
    const foreground = await Foreground.learn(run, images);
    if (!foreground) return null;
    const random = streamOf(run.seed, 'missing objects');
    const examples: Examples = { rows: [], of: [] };
    for (const image of images) {
      const logits = foreground.logits(image.imageId, true);
      if (!logits || image.objects.length === 0) continue;
      const without = (gone: number | null): number[] =>
        freeEvidence(logits, image, image.objects.toSpliced(gone ?? image.objects.length, 1), foreground).row;
      const [gone] = sampleWithoutReplacement(random, image.objects.length, 1);
      examples.rows.push(without(null), without(gone!));
      examples.of.push(0, 1);
    }
    if (examples.rows.length < 2 * FEWEST) return null;
    const verdict = await fitVerdicts(examples, OUTCOMES - 1, run.inference);
    const sound = examples.rows.filter((_, i) => examples.of[i] === 0);
    return new MissingObjects(run, foreground, verdict, mediansOf(sound));
  }

  /**
   * The verdicts on images of a role, and the share of them that lack an object; those that the embedder kept no patches of
   * have none.
   */
  judge(
    ids: readonly number[],
    isReal: boolean,
    classes: ReadonlyMap<string, number>,
  ): { rows: VerdictRow[]; share: number } {
    const rows: number[][] = [];
    const found: { imageId: number; area: string | null }[] = [];
    for (const imageId of ids) {
      this.#run.task.signal.throwIfAborted();
      const image = objectsOf(this.#run.store, imageId, classes);
      const logits = image && this.#foreground.logits(imageId, isReal);
      if (!logits) continue;
      const { row, patch } = freeEvidence(logits, image, image.objects, this.#foreground);
      rows.push(row);
      found.push({ imageId, area: patch < 0 ? null : this.#areaOf(patch) });
    }
    const aligned = this.#aligned(rows);
    const { chances, shares } = atOwnShares(chancesOf(this.#verdict, aligned), OUTCOMES);
    const verdicts = found.map(({ imageId, area }, i) => ({
      imageId,
      position: MISSING_POSITION,
      chance: verdictAt(chances, i, OUTCOMES).chance,
      fault: 'missing',
      labelId: null,
      confidence: null,
      area,
    }));
    return { rows: verdicts, share: shares[0]! };
  }

  /**
   * Moved so that the median image is as usual as the median real one: the look of a generator shifts what is seen in all
   * of its images, and most of them lack nothing.
   */
  #aligned(rows: number[][]): number[][] {
    if (rows.length < FEWEST) return rows;
    const medians = mediansOf(rows);
    return rows.map((row) => row.map((value, c) => value - medians[c]! + this.#usual[c]!));
  }

  #areaOf(patch: number): string {
    const { rows, columns } = this.#foreground.grid;
    return JSON.stringify([
      (patch % columns) / columns,
      Math.floor(patch / columns) / rows,
      1 / columns,
      1 / rows,
    ]);
  }
}

const mediansOf = (rows: readonly (readonly number[])[]): number[] =>
  rows[0]!.map((_, c) => medianOf(rows.map((row) => row[c]!)));

/** Of the parts of a picture that no box covers: log odds of the likeliest, mean of the likeliest few, and which is first. */
function freeEvidence(
  logits: Float64Array,
  image: ImageObjects,
  objects: ImageObjects['objects'],
  { grid }: Foreground,
): { row: number[]; patch: number } {
  const covered = coverage(objects, image, grid);
  const free = [...logits.keys()].filter((patch) => covered[patch]! < FREE);
  free.sort((a, b) => logits[b]! - logits[a]!);
  const few = free.slice(0, FEW);
  if (few.length === 0) return { row: [NOTHING, NOTHING], patch: -1 };
  const mean = few.reduce((sum, patch) => sum + logits[patch]!, 0) / few.length;
  return { row: [logits[few[0]!]!, mean], patch: few[0]! };
}
