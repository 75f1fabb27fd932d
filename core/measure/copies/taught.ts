import type { CopyAnswerRow } from '../../../db/queries/copies.ts';
import type { Alteration } from '../../../rpc/contract/alteration.ts';
import type { PairCertainty } from '../../../rpc/contract/terms.ts';

/** A pair that a rule took for the same picture, as a person answered it. */
export interface Answered {
  isCopy: boolean;
  /** How much alike the rule found it, 0..1. */
  similarity: number;
}

/** With fewer such answers nothing is taught. */
const FEWEST_ANSWERS = 5;

/**
 * How much alike a pair must be, more than this, for the rule to call it a copy without a person, in this project; 0
 * until the answers say otherwise. It is the largest similarity s for which at least 5 pairs as much alike as s or more
 * were called "not a copy", and these outnumber the pairs that are alike as s or less and were called copies. Both
 * counts move with s, so there is one threshold; each "not a copy" can only raise it, each "copy" only lower it.
 */
export function taughtThreshold(answers: readonly Answered[]): number {
  const refused = answers
    .flatMap(({ isCopy, similarity }) => (isCopy ? [] : [similarity]))
    .sort((a, b) => b - a);
  const confirmed = answers.flatMap(({ isCopy, similarity }) => (isCopy ? [similarity] : []));
  for (const [i, similarity] of refused.entries()) {
    const asAlike = i + 1;
    if (asAlike < FEWEST_ANSWERS) continue;
    if (asAlike > confirmed.filter((each) => each <= similarity).length) return similarity;
  }
  return 0;
}

interface Pair {
  id: number;
  other: number;
}

/** What the answers about earlier pairs say of those that a run finds. */
export class Taught {
  readonly #refused: Set<string>;
  /** Thresholds of what signatures found, and of what was laid over each other: their similarities do not compare. */
  readonly #bySignature: number;
  readonly #byLaying: number;
  /** As it is recorded with the run. */
  readonly record: Record<string, unknown>;

  constructor(answers: readonly CopyAnswerRow[]) {
    const refused = answers.filter(({ answer }) => answer === 'not-a-copy');
    this.#refused = new Set(refused.map(({ imageId, otherImageId }) => `${imageId} ${otherImageId}`));
    const taught = answers.filter(({ certainty }) => certainty === 'same-picture');
    const threshold = (laid: 0 | 1): number =>
      taughtThreshold(
        taught.flatMap((each) =>
          each.laid === laid ? [{ isCopy: each.answer === 'copy', similarity: each.similarity }] : [],
        ),
      );
    this.#bySignature = threshold(0);
    this.#byLaying = threshold(1);
    this.record = {
      copies: answers.length - refused.length,
      notCopies: refused.length,
      bySignature: this.#bySignature,
      byLaying: this.#byLaying,
    };
  }

  /** Whether a person said that the two are no copies of each other. */
  isRefused({ id, other }: Pair): boolean {
    return this.#refused.has(`${id} ${other}`) || this.#refused.has(`${other} ${id}`);
  }

  /** Whether a pair is called a copy without a person. */
  isSure(
    pair: Pair & { certainty: PairCertainty; similarity: number; alteration: Alteration | null },
  ): boolean {
    if (pair.certainty === 'neighbour') return false;
    const threshold = pair.alteration ? this.#byLaying : this.#bySignature;
    return pair.certainty === 'same-pixels' || pair.similarity > threshold;
  }
}
