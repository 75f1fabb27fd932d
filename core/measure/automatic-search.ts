import { counted, percent } from '../../rpc/format.ts';
import type { Kernels, MatrixData, Neighbours } from '../../models/types.ts';
import { errorCode } from '../../rpc/errors.ts';
import type { TaskContext } from '../../rpc/progress.ts';
import { sampleWithoutReplacement, streamOf } from '../base/numeric/random.ts';

/** The part of the kernels that searches for neighbours. */
export type Search = Pick<Kernels, 'putMatrix' | 'dropMatrix' | 'nearest'>;

/** Operations from which on exact search takes minutes rather than seconds: about 140,000 x 140,000 x 256. */
const MOST_OPERATIONS = 1e13;
/** Of fewer rows, exact search is as fast as the graph, however many queries there are. */
const FEWEST_ROWS = 50_000;
/** Rows indexed between two reports of progress and checks for cancellation. */
const INDEX_ROWS = 4096;
/** Candidates per query: the first number that finds this share of the true neighbours of a sample, or the largest. */
const BEAMS = [64, 128, 256, 512];
const WANTED_RECALL = 0.98;
/** Recall is measured on so many neighbours; queries that choose the beam, and others that measure it. */
const RECALL_K = 10;
const TRIAL_QUERIES = 200;
const RECALL_QUERIES = 1000;

/** Record of a search that was not exact. */
export interface ApproximateSearch {
  rows: number;
  /** Candidates weighed per query. */
  beam: number;
  /** Share of the true 10 nearest that were found, of `queries` rows drawn at random. */
  recall: number;
  queries: number;
}

/** Whether all queries against all rows would take so long that an index is better. */
export function isLarge(queries: number, rows: number, columns: number): boolean {
  return rows >= FEWEST_ROWS && 2 * queries * rows * columns > MOST_OPERATIONS;
}

/**
 * Searches exactly where that takes seconds, and through an index where it would take minutes or hours. The recall of
 * every index is measured against exact search on rows drawn by the run's seed.
 */
export class AutomaticSearch implements Search {
  readonly #kernels: Kernels;
  readonly #queries: number;
  readonly #seed: number;
  readonly #task: TaskContext;
  /** What each large matrix is searched with, by name; those that were dropped too. */
  readonly indexes = new Map<string, ApproximateSearch>();
  readonly notes: string[] = [];

  /** `queries` is how many rows will ask each matrix, at most. */
  constructor(kernels: Kernels, queries: number, seed: number, task: TaskContext) {
    this.#kernels = kernels;
    this.#queries = queries;
    this.#seed = seed;
    this.#task = task;
  }

  /** What the run's event records, by matrix; undefined if every search was exact. */
  get record(): Record<string, ApproximateSearch> | undefined {
    return this.indexes.size === 0 ? undefined : Object.fromEntries(this.indexes);
  }

  async putMatrix(name: string, data: MatrixData, rows: number, columns: number): Promise<void> {
    this.indexes.delete(name);
    await this.#kernels.putMatrix(name, data, rows, columns);
    if (!isLarge(this.#queries, rows, columns)) return;
    try {
      for (let done = 0; done < rows;) {
        this.#task.signal.throwIfAborted();
        this.#task.progress({ stage: 'indexing', done, total: rows, unit: 'images' });
        done = await this.#kernels.indexRows(name, INDEX_ROWS);
      }
    } catch (error) {
      if (errorCode(error) !== 'UNSUPPORTED_RUNTIME') throw error;
      this.notes.push(
        'This system has no index for approximate search: all images were compared, which takes long.',
      );
      return;
    }
    const found = await this.#measure(name, data, rows, columns);
    this.indexes.set(name, found);
    this.notes.push(
      `${counted(rows, 'image')} (${name}) were searched through an index that finds ${percent(found.recall)} of the true nearest ones (of ${counted(found.queries, 'image')} drawn at random).`,
    );
  }

  dropMatrix(name: string): Promise<void> {
    return this.#kernels.dropMatrix(name);
  }

  async nearest(query: Float32Array, base: string, k: number, exclude?: Int32Array): Promise<Neighbours> {
    const index = this.indexes.get(base);
    if (!index) return this.#kernels.nearest(query, base, k, exclude);
    return this.#kernels.nearestApproximate(query, base, k, Math.max(index.beam, 2 * k), exclude);
  }

  async #measure(name: string, data: MatrixData, rows: number, columns: number): Promise<ApproximateSearch> {
    const drawn = sampleWithoutReplacement(
      streamOf(this.#seed, `recall ${name}`),
      rows,
      TRIAL_QUERIES + RECALL_QUERIES,
    );
    const [trial, judged] = [drawn.subarray(0, TRIAL_QUERIES), drawn.subarray(TRIAL_QUERIES)];
    const compare = async (own: Int32Array): Promise<(beam: number) => Promise<number>> => {
      const query = new Float32Array(own.length * columns);
      for (const [i, row] of own.entries()) query.set(rowOf(data, row, columns), i * columns);
      const exact = await this.#kernels.nearest(query, name, RECALL_K, own);
      return async (beam) =>
        recallOf(exact, await this.#kernels.nearestApproximate(query, name, RECALL_K, beam, own));
    };
    const recallOfTrial = await compare(trial);
    let beam = BEAMS.at(-1)!;
    for (const candidate of BEAMS)
      if ((await recallOfTrial(candidate)) >= WANTED_RECALL) {
        beam = candidate;
        break;
      }
    return { rows, beam, recall: await (await compare(judged))(beam), queries: judged.length };
  }
}

function rowOf(data: MatrixData, row: number, columns: number): Float32Array {
  return data instanceof Float32Array ? data.subarray(row * columns, (row + 1) * columns) : data(row, 1);
}

/** The approximate searches recorded in a run's parameters, where earlier versions held the recall as decimal text. */
export function searchesOf(parameters: string): { of: string; images: number; recall: number }[] {
  const { search = {} } = JSON.parse(parameters) as {
    search?: Record<string, { rows: number; recall: number | string }>;
  };
  return Object.entries(search).map(([of, { rows, recall }]) => ({
    of,
    images: rows,
    recall: Number(recall),
  }));
}

/** Share of the true neighbours that were found; a row as near as the last of them counts as found. */
export function recallOf(exact: Neighbours, found: Neighbours): number {
  const { k } = exact;
  let [hits, total] = [0, 0];
  for (let start = 0; start < exact.index.length; start += k) {
    const truth = exact.index.subarray(start, start + k).filter((row) => row >= 0);
    const farthest = exact.distance[start + truth.length - 1]!;
    total += truth.length;
    for (let at = start; at < start + truth.length; at++)
      if (found.index[at]! >= 0 && found.distance[at]! <= farthest) hits++;
  }
  return total === 0 ? 1 : hits / total;
}
