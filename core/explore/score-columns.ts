import type { Store } from '../../db/store.ts';
import { AssayError } from '../../rpc/errors.ts';
import { argsort } from './argsort.ts';
import { eachValue, inPages } from '../base/pages.ts';

/** One score over all images of a run. */
export interface ScoreColumn {
  /** By image number; NaN where there is no value. Images that came later have no entry. */
  values: Float64Array;
  /** Numbers of the images with a value, ascending by it, equal ones in the order of import. */
  order: Uint32Array;
  /** 1 by place in `order` where the value equals the one before. */
  tied: Uint8Array;
  min: number;
  max: number;
}

/** 13 bytes per image and score: 25 scores of a million images. */
const BYTES_PER_IMAGE = 13;
const KEPT_BYTES = 320 * 2 ** 20;

/** Scores of the newest run, each read on first use; the least recently used are dropped. */
export class ScoreColumns {
  readonly #store: Store;
  readonly #kept = new Map<string, Promise<ScoreColumn>>();
  #run = 0;

  constructor(store: Store) {
    this.#store = store;
  }

  /**
   * A score's values in a run. Throws `NOT_READY` if nothing was scored yet, `INVALID_INPUT` if the run has no
   * values of this score.
   */
  get(run: number, score: string): Promise<ScoreColumn> {
    if (run === 0)
      throw new AssayError(
        'NOT_READY',
        `There is no score ${score} yet: score the project first (assay score).`,
      );
    if (run !== this.#run) this.#kept.clear();
    this.#run = run;
    const column = this.#kept.get(score) ?? this.#load(run, score);
    this.#kept.delete(score);
    this.#kept.set(score, column);
    if (this.#kept.size > this.room()) this.#kept.delete(this.#kept.keys().next().value!);
    // A failed read is not kept: the next question reads again.
    column.catch(() => this.#kept.delete(score));
    return column;
  }

  /** How many scores can be kept at a time. */
  room(): number {
    return Math.max(4, Math.floor(KEPT_BYTES / BYTES_PER_IMAGE / (this.#store.explore.images() + 1)));
  }

  /** Scores that a run has values for. */
  namesOf(run: number): string[] {
    const { explore, scores } = this.#store;
    return scores.names().flatMap(({ id, name }) => (explore.hasScore(run, id) ? [name] : []));
  }

  /** The id of a score's name, 0 if the project has no such name. */
  idOf(score: string): number {
    return this.#store.scores.names().find(({ name }) => name === score)?.id ?? 0;
  }

  async #load(run: number, score: string): Promise<ScoreColumn> {
    const { explore } = this.#store;
    const id = this.idOf(score);
    if (!explore.hasScore(run, id))
      throw new AssayError('INVALID_INPUT', `Run ${run} has no values of a score named ${score}.`, { score });
    const n = explore.images();
    const values = new Float64Array(n + 1).fill(Number.NaN);
    await inPages(0, n, (after, upTo) => {
      eachValue(
        [after, upTo],
        explore.score(run, id, after, upTo),
        () => explore.scoreIds(run, id, after, upTo),
        (image, value) => (values[image] = value),
      );
    });
    const order = await argsort(values);
    const tied = new Uint8Array(order.length);
    for (let i = 1; i < order.length; i++) if (values[order[i]!] === values[order[i - 1]!]) tied[i] = 1;
    return { values, order, tied, min: values[order[0]!]!, max: values[order.at(-1)!]! };
  }
}
