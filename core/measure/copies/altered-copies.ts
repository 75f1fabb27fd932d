import { setImmediate } from 'node:timers/promises';
import type { Alteration } from '../../../rpc/contract/alteration.ts';
import type { TaskContext } from '../../../rpc/progress.ts';
import { agreement } from './agreement.ts';
import { alterationOf } from './alteration.ts';
import { Candidates } from './candidates.ts';
import type { Pictures } from './pictures.ts';
import { coarseFits, fineFit, startsOf, type Found, type Registrable } from './registration.ts';
import { isUpright, verdict, type Evidence, type Reference, type Usual } from './rule.ts';

/** Nearest images by embedding, and by shape, that a query is laid over. */
const BY_EMBEDDING = 8;
export const BY_SHAPE = 4;
/** Candidates that are registered from afar, and to the end: those that fit best so far. */
const COARSE = 8;
const FINE = 4;
/** Correlation from afar under which a candidate is given up. */
const LEAST_FIT = 0.6;
/** Queries between two reports of progress. */
const REPORTED = 16;

/** A picture laid over the one that it agrees best with. */
interface Comparison extends Evidence {
  id: number;
  other: number;
  /** The other candidates; those that were laid over it, with what came of it. */
  others: number[];
  rivals: (Evidence & { other: number })[];
}

/** An image that shows the same picture as another one, changed. */
export interface AlteredCopy {
  id: number;
  other: number;
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
  readonly #pictures: Pictures;
  readonly #queries: number[];
  readonly #near: Candidates;
  readonly #alike: Candidates;
  /** What references were laid over, by their ids. */
  readonly #laid = new Map<number, Comparison | null>();

  constructor(pictures: Pictures, queries: number[]) {
    this.#pictures = pictures;
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
    for (const [row, id] of this.#queries.entries()) {
      const label = labels.get(id);
      if (label === undefined) continue;
      const best = await this.#lay(row, references.length, labels.size, task);
      this.#laid.set(id, best);
      references.push({ label, ...smallestOf(best) });
    }
    return references;
  }

  /**
   * The queries, of those that `isAsked`, that are copies. `labelOf` names an image's class, `isSame` says whether two
   * images show the same anyway.
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
    for (const [row, id] of this.#queries.entries()) {
      if (!isAsked(id)) continue;
      const laid = this.#laid.get(id);
      const best = laid === undefined ? await this.#lay(row, row, this.#queries.length, task) : laid;
      if (!best) continue;
      const { other, others, rivals, difference, alteration } = best;
      const known = usual.of(labelOf(other), alteration);
      // What shows the same as the original anyway is no rival of it: a duplicate, or another part of one photograph.
      const foreign = (each: number): boolean => !isSame(each, other);
      const alike = rivals.filter(
        (rival) =>
          foreign(rival.other) &&
          !usual.isCertain(rival) &&
          (!isUpright(alteration) || isUpright(rival.alteration)),
      );
      const rival = least(alike);
      if (verdict(best, known, rival) !== 'copy') continue;
      const ofOriginal = await this.#laidOver(other, others.filter(foreign));
      const foreigners = ofOriginal.filter((each) => !usual.isCertain(each));
      if (verdict(best, known, Math.min(rival, least(foreigners))) === 'copy')
        copies.push({ id, other, similarity: Math.min(1 - difference, 1 - Number.EPSILON), alteration });
    }
    return copies;
  }

  /** The candidate that a query agrees best with. */
  async #lay(row: number, done: number, total: number, task: TaskContext): Promise<Comparison | null> {
    if (done % REPORTED === 0) {
      task.signal.throwIfAborted();
      task.progress({ stage: 'laying pictures over each other', done, total, unit: 'images' });
    }
    // Pictures that are kept ready answer at once: the process's other work needs a turn, too.
    await setImmediate();
    return this.#best(this.#queries[row]!, [...new Set([...this.#near.of(row), ...this.#alike.of(row)])]);
  }

  async #best(id: number, others: number[]): Promise<Comparison | null> {
    const [own, ...pictures] = await Promise.all([id, ...others].map((each) => this.#pictures.get(each)));
    if (!own) return null;
    const coarse = pictures
      .flatMap((picture, i) =>
        picture ? [{ other: others[i]!, picture, starts: startsOf(own, picture) }] : [],
      )
      .sort((x, y) => y.starts[0]!.fit - x.starts[0]!.fit)
      .slice(0, COARSE)
      .map(({ other, picture, starts }) => ({ other, picture, fits: coarseFits(own, picture, starts) }))
      .filter(({ fits }) => (fits[0]?.fit ?? -1) >= LEAST_FIT)
      .sort((x, y) => y.fits[0]!.fit - x.fits[0]!.fit)
      .slice(0, FINE);
    const laid = coarse
      .flatMap(({ other, picture, fits }) => {
        const evidence = layOver(own, picture, fits);
        return evidence ? [{ ...evidence, other }] : [];
      })
      .sort((x, y) => x.difference - y.difference);
    const [best, ...rivals] = laid;
    return best ? { ...best, id, others: others.filter((each) => each !== best.other), rivals } : null;
  }

  /** What comes of laying some images over another one. */
  async #laidOver(id: number, others: number[]): Promise<Evidence[]> {
    const [own, ...pictures] = await Promise.all([id, ...others].map((each) => this.#pictures.get(each)));
    return own ? pictures.flatMap((picture) => (picture && layOver(picture, own)) ?? []) : [];
  }
}

const least = (among: readonly Evidence[]): number =>
  Math.min(1, ...among.map(({ difference }) => difference));

function smallestOf(best: Comparison | null): Omit<Reference, 'label'> {
  const laid = best ? [best, ...best.rivals] : [];
  return { upright: least(laid.filter(({ alteration }) => isUpright(alteration))), any: least(laid) };
}

/** Two pictures laid over each other and compared; null where they do not fit. */
export function layOver(
  copy: Registrable,
  original: Registrable,
  coarse: Found[] = coarseFits(copy, original, startsOf(copy, original)),
): Evidence | null {
  const fine = fineFit(copy, original, coarse);
  const found = fine && agreement(copy.plate, original.plate, fine.placement);
  if (!found) return null;
  const alteration = alterationOf(copy.plate[0], original.plate[0], fine.placement, found.changed);
  return { ...found, alteration };
}
