import { setImmediate } from 'node:timers/promises';
import type { Alteration } from '../../../rpc/contract/alteration.ts';
import type { TaskContext } from '../../../rpc/progress.ts';
import { agreement } from './agreement.ts';
import { alterationOf } from './alteration.ts';
import { Candidates } from './candidates.ts';
import type { Pictures } from './pictures.ts';
import { coarseFits, fineFit, type Found, type Registrable } from './registration.ts';
import { isUpright, LARGEST_DIFFERENCE, verdict, type Evidence, type Reference, type Usual } from './rule.ts';

/** Nearest images by embedding, and by shape, that a query is laid over. */
const BY_EMBEDDING = 8;
export const BY_SHAPE = 4;
/** Candidates that are registered to the end: those that fit best from afar. */
const FINE = 3;
/** Correlation from afar under which a candidate is given up. */
const LEAST_FIT = 0.6;
/** Queries between two reports of progress. */
const REPORTED = 16;

/** A picture laid over the one that it agrees best with. */
export interface Comparison extends Evidence {
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

  /**
   * Lays every query, but those in `settled`, over its candidates. Returns what may show a copy, and for the queries in
   * `references` how different the others are.
   */
  async compare(
    settled: ReadonlySet<number>,
    references: ReadonlyMap<number, number | null>,
    task: TaskContext,
  ): Promise<{ close: Comparison[]; references: Reference[] }> {
    const found: { close: Comparison[]; references: Reference[] } = { close: [], references: [] };
    for (const [row, id] of this.#queries.entries()) {
      if (row % REPORTED === 0) {
        task.signal.throwIfAborted();
        task.progress({
          stage: 'laying pictures over each other',
          done: row,
          total: this.#queries.length,
          unit: 'images',
        });
      }
      if (settled.has(id)) continue;
      // Pictures that are kept ready answer at once: the process's other work needs a turn, too.
      await setImmediate();
      const best = await this.#best(id, [...new Set([...this.#near.of(row), ...this.#alike.of(row)])]);
      if (best && best.difference <= LARGEST_DIFFERENCE) found.close.push(best);
      const label = references.get(id);
      if (label !== undefined) found.references.push({ label, ...smallestOf(best) });
    }
    return found;
  }

  /**
   * The comparisons that show copies. `labelOf` names an image's class, `isSame` says whether two images show the same
   * anyway: twins of an original are no rivals of it.
   */
  async decide(
    comparisons: Iterable<Comparison>,
    usual: Usual,
    labelOf: (id: number) => number | null,
    isSame: (id: number, other: number) => boolean,
  ): Promise<AlteredCopy[]> {
    const copies: AlteredCopy[] = [];
    for (const comparison of comparisons) {
      const { id, other, others, rivals, difference, alteration } = comparison;
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
      if (verdict(comparison, known, rival) !== 'copy') continue;
      const ofOriginal = await this.#laidOver(other, others.filter(foreign));
      const foreigners = ofOriginal.filter((each) => !usual.isCertain(each));
      if (verdict(comparison, known, Math.min(rival, least(foreigners))) === 'copy')
        copies.push({ id, other, similarity: Math.min(1 - difference, 1 - Number.EPSILON), alteration });
    }
    return copies;
  }

  async #best(id: number, others: number[]): Promise<Comparison | null> {
    const [own, ...pictures] = await Promise.all([id, ...others].map((each) => this.#pictures.get(each)));
    if (!own) return null;
    const coarse = pictures
      .flatMap((picture, i) =>
        picture ? [{ other: others[i]!, picture, fits: coarseFits(own, picture) }] : [],
      )
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
  coarse: Found[] = coarseFits(copy, original),
): Evidence | null {
  const fine = fineFit(copy, original, coarse);
  const found = fine && agreement(copy.plate, original.plate, fine.placement);
  if (!found) return null;
  const alteration = alterationOf(copy.plate[0], original.plate[0], fine.placement, found.changed);
  return { ...found, alteration };
}
