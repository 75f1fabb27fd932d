import type { FactsRow } from '../../../db/queries/facts.ts';
import type { Alteration } from '../../../rpc/contract/alteration.ts';
import type { PairCertainty, Rule } from '../../../rpc/contract/terms.ts';
import {
  isNearCopy,
  isSamePicture,
  LAXEST_RULE,
  likenessIfNear,
  nearCopyRule,
  samePicture,
  type Likeness,
} from './same-picture.ts';

/** Images that show what is usual among the images of a batch. */
const MEASURED = 20_000;

/** Two images that show the same picture, or nearly. */
export interface Match {
  id: number;
  other: number;
  certainty: PairCertainty;
  /** Share of the picture that the other one explains; 1 only where the decoded pixels are equal. */
  similarity: number;
  /** What was done to the other one, where it takes more than storage and light to explain. */
  alteration: Alteration | null;
}

/** The confirmed copies per rule. */
export type Copies = Map<Rule, Match[]>;

/** How surely two images show the same picture by their signatures: 1 for equal pixels, null where they do not. */
export function isSame(a: FactsRow, b: FactsRow): number | null {
  return a.pixelSha256 === b.pixelSha256 ? 1 : samePicture(a.signature, b.signature);
}

/** Pairs with the same pixels, or that store one picture twice by their signatures. */
export class SamePictures {
  readonly #found: Match[] = [];

  compare(a: FactsRow, b: FactsRow): void {
    const explained = isSame(a, b);
    if (explained !== null) this.#found.push(matchOf(a, b, explained, 'same-picture'));
  }

  matches(): Match[] {
    return this.#found;
  }
}

/** Pairs of one batch that are more alike than is usual in it. */
export class NearCopies {
  readonly #candidates: { match: Match; likeness: Likeness | null }[] = [];
  /** The smallest residual seen, of the images that are measured. */
  readonly #smallest: Map<number, number>;

  constructor(imageIds: number[]) {
    const every = Math.ceil(imageIds.length / MEASURED);
    this.#smallest = new Map(imageIds.filter((_, i) => i % every === 0).map((id) => [id, Infinity]));
  }

  compare(a: FactsRow, b: FactsRow): void {
    if (a.pixelSha256 === b.pixelSha256) {
      this.#candidates.push({ match: matchOf(a, b, 1, 'same-pixels'), likeness: null });
      return;
    }
    const likeness = likenessIfNear(a.signature, b.signature);
    if (!likeness) return;
    const smallest = this.#smallest.get(a.imageId);
    if (smallest !== undefined && likeness.residual < smallest)
      this.#smallest.set(a.imageId, likeness.residual);
    const certainty = isSamePicture(likeness) ? 'same-picture' : 'neighbour';
    if (isNearCopy(likeness, LAXEST_RULE))
      this.#candidates.push({ match: matchOf(a, b, likeness.explained, certainty), likeness });
  }

  matches(): Match[] {
    const rule = nearCopyRule([...this.#smallest.values()]);
    return this.#candidates.flatMap(({ match, likeness }) =>
      likeness === null || isNearCopy(likeness, rule) ? [match] : [],
    );
  }
}

/** Similarity is 1 for equal pixels only; `otherwise` is how sure the match is where they are not. */
function matchOf(a: FactsRow, b: FactsRow, explained: number, otherwise: PairCertainty): Match {
  const isEqual = a.pixelSha256 === b.pixelSha256;
  return {
    id: a.imageId,
    other: b.imageId,
    certainty: isEqual ? 'same-pixels' : otherwise,
    similarity: isEqual ? 1 : Math.min(explained, 1 - Number.EPSILON),
    alteration: null,
  };
}
