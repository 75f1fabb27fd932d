import type { DecisionInput, ReviewItem } from '../../../rpc/contract/reviews.ts';
import { FLAG_WORDS, rejectReasonTitle, VERDICT_WORDS } from '../../../rpc/contract/terms.ts';

/** What a reviewer says of the item before them. */
export type Answer = Pick<DecisionInput, 'label' | 'reason' | 'comment' | 'boxes' | 'spread' | 'flag'> & {
  verdict: 'accept' | 'relabel' | 'reject' | 'skip';
};

/** Naming the class that an image has already is to accept it. */
export function namingLabel(label: string, givenLabel: string | null): Answer {
  return label === givenLabel ? { verdict: 'accept' } : { verdict: 'relabel', label };
}

/** Whether two answers say the same, so that the second one adds nothing to the record. */
export function sameAnswer(a: Answer, b: Answer): boolean {
  return (
    a.verdict === b.verdict &&
    a.label === b.label &&
    a.reason === b.reason &&
    a.comment === b.comment &&
    (a.flag ?? false) === (b.flag ?? false) &&
    (a.spread ?? false) === (b.spread ?? false) &&
    JSON.stringify(a.boxes) === JSON.stringify(b.boxes)
  );
}

/** Whether the record holds this answer already: what an item tells of its answer leaves some parts out. */
export function isRecorded(answer: Answer, item: ReviewItem | undefined): boolean {
  const held = item?.answer;
  if (!held || answer.boxes || answer.spread || answer.flag || answer.comment) return false;
  // A plain skip takes a question back.
  if (held.flagged) return false;
  if (held.verdict !== answer.verdict) return false;
  if (answer.verdict === 'relabel') return held.label === answer.label;
  return answer.verdict !== 'reject' || held.reason === answer.reason;
}

/** The sign of each answer on a picture. */
export const MARKS: Readonly<Record<string, string>> = { accept: '✓', relabel: '⇄', reject: '✕', skip: '»' };

/** Whether an item was passed over, to come round again: a question to a specialist is not. */
export const isPassedOver = (answer: ReviewItem['answer'] | undefined): boolean =>
  answer?.verdict === 'skip' && !answer.flagged;

/** The answer as the item shows it from now on. */
export function shownAnswer(answer: Answer, givenLabel: string | null): ReviewItem['answer'] {
  const label = answer.verdict === 'accept' ? givenLabel : (answer.label ?? null);
  return { verdict: answer.verdict, label, reason: answer.reason ?? null, flagged: answer.flag === true };
}

interface Worded {
  verdict: string;
  label?: string | null | undefined;
  reason?: string | null | undefined;
  flagged?: boolean;
}

/** The words after a colon or in the middle of a sentence; names of classes keep their letters. */
export const inSentence = (words: string): string => words.charAt(0).toLowerCase() + words.slice(1);

/** `Relabelled to pear`, `Rejected: Artefact`. */
export function answerWords(answer: Worded): string {
  switch (answer.verdict) {
    case 'accept':
      return answer.label ? `Accepted as ${answer.label}` : 'Accepted';
    case 'relabel':
      return answer.label ? `Relabelled to ${answer.label}` : 'Boxes corrected';
    case 'reject':
      return answer.reason ? `Rejected: ${rejectReasonTitle(answer.reason)}` : 'Rejected';
    default:
      return answer.flagged ? FLAG_WORDS.title : VERDICT_WORDS.skip.title;
  }
}
