import type { UndoResult } from '../../../rpc/contract/reviews.ts';
import { answerWords, inSentence } from './answers.ts';

/** What an undo took back, in words, and whether its item stands in this queue, to be shown again. */
export function undoWords(undone: UndoResult, here: number): { notice: string; isHere: boolean } {
  const { applied, was, purpose, queue, position } = undone;
  const words =
    applied > 1
      ? `all ${applied} decisions of one act, the first of them shown`
      : inSentence(answerWords(was));
  if (purpose !== 'adjudication' && queue === here && position !== null)
    return { notice: `Undone: ${words}.`, isHere: true };
  const where =
    purpose === 'adjudication'
      ? 'a judgement in Conflicts'
      : queue === null
        ? 'decided outside the queues'
        : `in queue ${queue}`;
  return { notice: `Undone: ${words} (${where}).`, isHere: false };
}
