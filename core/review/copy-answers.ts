import type { CopyAnswerInput } from '../../rpc/contract/copies.ts';
import { copyWords } from '../../rpc/contract/alteration.ts';
import { AssayError } from '../../rpc/errors.ts';
import type { HomeRow } from '../../db/queries/images.ts';
import type { PairRow } from '../../db/queries/copies.ts';
import type { Store } from '../../db/store.ts';
import type { EventBodies } from '../ledger/events.ts';
import { record } from '../ledger/ledger.ts';
import type { WritableProject } from '../project/project.ts';

type Recorded = EventBodies['copies.answered']['answers'][number];

/**
 * Records what a person says of pairs that a rule found: one is a copy of the other, or it is none. All of them or none,
 * as one act. Throws `DECISION_REFUSED`, naming the image, for a pair that neither the newest run nor an answer knows.
 */
export function answerCopies(
  { store }: WritableProject,
  by: string,
  answers: readonly CopyAnswerInput[],
): { applied: number; seq: number } {
  const seq = record(store, by, 'copies.answered', {
    answers: answers.map((answer) => recorded(store, answer)),
  });
  return { applied: answers.length, seq };
}

function recorded(store: Store, { image: hash, other, answer, comment }: CopyAnswerInput): Recorded {
  const image = imageCalled(store, hash);
  const original = other === undefined ? null : imageCalled(store, other);
  const run = store.scores.runs().at(-1)?.id ?? 0;
  const pairs = store.copies.ofImage(run, image.id);
  const pair = original
    ? pairs.find(({ otherImageId }) => otherImageId === original.id)
    : onlyOne(store, image, pairs);
  const before = store.copies.answerOn(image.id, pair?.otherImageId ?? original?.id ?? 0);
  if (!pair && !before)
    refuse(
      `the newest scores do not find that ${image.sha256} may be a copy${original ? ` of ${original.sha256}` : ''}.`,
    );
  const pairOf = { sha256: image.sha256, other: original?.sha256 ?? shaOf(store, pair!.otherImageId) };
  if (answer === 'withdrawn')
    return before
      ? { ...pairOf, answer, comment }
      : refuse(`nobody has said whether ${image.sha256} is a copy.`);
  return {
    ...pairOf,
    answer,
    comment,
    certainty: pair?.certainty ?? before!.certainty,
    similarity: pair?.similarity ?? before!.similarity,
    laid: (pair ? pair.alteration !== null : before!.laid === 1) || undefined,
  };
}

function onlyOne(store: Store, image: HomeRow, pairs: readonly PairRow[]): PairRow | undefined {
  const others = new Set(pairs.map(({ otherImageId }) => otherImageId));
  if (others.size > 1)
    refuse(
      `${image.sha256} may be a copy of several images (${[...others].map((id) => shaOf(store, id)).join(', ')}): say of which.`,
    );
  return pairs[0];
}

function imageCalled(store: Store, hash: string): HomeRow {
  const [image, another] = store.images.startingWith(hash);
  if (!image) return refuse(`there is no image ${hash} in this project.`);
  return another ? refuse(`${hash} is the start of more than one image's hash: give more digits.`) : image;
}

const shaOf = (store: Store, id: number): string => store.images.byId(id)!.sha256;

function refuse(why: string): never {
  const sentence = why.replace(/^[a-z]+ /, (word) => word[0]!.toUpperCase() + word.slice(1));
  throw new AssayError('DECISION_REFUSED', `${sentence} Nothing was recorded.`);
}

/** A pair that leaves an image out of queues and releases. */
export interface KeepsOut {
  other: string;
  /** `same picture as holdout/a/7.jpg, mirrored` */
  words: string;
}

/** What of a run leaves an image out of queues and releases as a copy; null where nothing does. */
export function keptOutBy(store: Store, run: number, imageId: number): KeepsOut | null {
  const [pair] = store.copies.ofImage(run, imageId);
  if (!pair?.settles) return null;
  const { sha256, batch, path } = store.images.byId(pair.otherImageId)!;
  return { other: sha256, words: copyWords(`${batch}/${path}`, pair) };
}
