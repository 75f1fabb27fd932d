import type { Alteration } from '../../../rpc/contract/alteration.ts';
import type { TaskContext } from '../../../rpc/progress.ts';
import { mapOrdered } from '../../base/parallel.ts';
import { Candidates } from './candidates.ts';
import { LayingThreads } from './laying-threads.ts';
import type { Comparison, Laid } from './laying.ts';
import { agrees, isUpright, least, referenceOf, type Reference, type Usual } from './rule.ts';

/** Nearest images by embedding, and by shape, that a query is laid over. */
const BY_EMBEDDING = 8;
export const BY_SHAPE = 4;
/** Queries between two reports of progress. */
const REPORTED = 16;

/** An image that shows the same picture as another one, changed, or a shot taken next to it. */
export interface AlteredCopy {
  id: number;
  other: number;
  certainty: 'same-picture' | 'neighbour';
  /** 0..1, under 1. */
  similarity: number;
  alteration: Alteration;
}

/**
 * Looks for images that show a picture of another side turned, mirrored, cropped, with a border or writing: candidates
 * are the nearest by embedding and by shape; each is laid over the query (registration.ts) and compared (agreement.ts);
 * rule.ts decides.
 */
export class AlteredCopies {
  readonly #threads: LayingThreads;
  readonly #queries: number[];
  readonly #near: Candidates;
  readonly #alike: Candidates;
  /** What references were laid over, by their ids. */
  readonly #laid = new Map<number, Comparison | null>();

  constructor(threads: LayingThreads, queries: number[]) {
    this.#threads = threads;
    this.#queries = queries;
    this.#near = new Candidates(queries.length, BY_EMBEDDING);
    this.#alike = new Candidates(queries.length, BY_SHAPE);
  }

  offerNear(query: number, id: number, distance: number): void {
    this.#near.offer(query, id, distance);
  }

  offerAlike(query: number, id: number, distance: number): void {
    this.#alike.offer(query, id, distance);
  }

  /** How different the pictures nearest to some of the queries are, named with their labels. */
  async references(labels: ReadonlyMap<number, number | null>, task: TaskContext): Promise<Reference[]> {
    const references: Reference[] = [];
    const rows = [...this.#queries.keys()].filter((row) => labels.has(this.#queries[row]!));
    for await (const { id, best } of this.#lay(rows, task)) {
      this.#laid.set(id, best);
      references.push(referenceOf(labels.get(id)!, best ? [best, ...best.rivals] : []));
    }
    return references;
  }

  /** Whether two images with like signatures are, or may be, shots next to each other; `label` is the other one's. */
  async areNeighbours(id: number, other: number, label: number | null, usual: Usual): Promise<boolean> {
    const [laid] = await this.#threads.laidOver(other, [id]);
    // Where there is nothing to lay over each other, signatures have the last word.
    return laid !== undefined && usual.isNext(laid, label);
  }

  /**
   * The queries, of those that `isAsked`, that are copies or, in a set that is not one of shots, neighbouring shots.
   * `labelOf` names an image's class, `isSame` says whether two images show the same anyway.
   */
  async find(
    usual: Usual,
    {
      isAsked,
      labelOf,
      isSame,
    }: {
      isAsked: (id: number) => boolean;
      labelOf: (id: number) => number | null;
      isSame: (id: number, other: number) => boolean;
    },
    task: TaskContext,
  ): Promise<AlteredCopy[]> {
    const copies: AlteredCopy[] = [];
    const rows = [...this.#queries.keys()].filter((row) => isAsked(this.#queries[row]!));
    for await (const { id, best } of this.#lay(rows, task)) {
      if (!best) continue;
      const { other, others, rivals, difference, alteration } = best;
      const isNext = usual.isNext(best, labelOf(other));
      if (isNext && !usual.isWorthALook(best)) continue;
      const known = usual.of(labelOf(other), alteration);
      // What shows the same as the original anyway is no rival of it: a duplicate, or another part of one photograph.
      const isRival = (each: Laid): boolean => !isSame(each.other, other) && usual.isLookAlike(each);
      const upright = isUpright(alteration);
      const alike = rivals.filter((each) => isRival(each) && (!upright || isUpright(each.alteration)));
      if (!agrees(best, known, least(alike))) continue;
      const ofOriginal = (await this.#threads.laidOver(other, others)).filter(isRival);
      if (!agrees(best, known, least([...alike, ...ofOriginal]))) continue;
      copies.push({
        id,
        other,
        certainty: isNext ? 'neighbour' : 'same-picture',
        similarity: Math.min(1 - difference, 1 - Number.EPSILON),
        alteration,
      });
    }
    return copies;
  }

  /** Lays queries over their candidates, in the order asked. */
  async *#lay(rows: number[], task: TaskContext): AsyncGenerator<{ id: number; best: Comparison | null }> {
    let done = 0;
    const lay = async (row: number): Promise<{ id: number; best: Comparison | null }> => {
      task.signal.throwIfAborted();
      const id = this.#queries[row]!;
      const laid = this.#laid.get(id);
      if (laid !== undefined) return { id, best: laid };
      const others = [...new Set([...this.#near.of(row), ...this.#alike.of(row)])];
      return { id, best: await this.#threads.bestOf(id, others) };
    };
    for await (const laid of mapOrdered(rows, LayingThreads.ahead, lay)) {
      if (done++ % REPORTED === 0)
        task.progress({ stage: 'laying pictures over each other', done, total: rows.length, unit: 'images' });
      yield laid;
    }
  }
}
