import type { Conflict } from '../../../rpc/contract/reviews.ts';
import { dateTime } from '../../parts/format.ts';
import { labelAction, type ActionId } from '../../parts/keys.ts';
import { answerWords } from '../review/answers.ts';
import bits from '../../parts/bits.module.css';
import classes from './conflicts-screen.module.css';

interface AnswerCardsProps {
  conflict: Conflict;
  isBlind: boolean;
  keyLabel: (action: ActionId) => string;
  onPick: (index: number, pressedAt: number) => void;
}

/** What each reviewer said, side by side; the most common answer stands out, except where the queue is blind. */
export function AnswerCards({ conflict, isBlind, keyLabel, onPick }: AnswerCardsProps) {
  const { majority } = conflict;
  return (
    <ul className={classes.cards} aria-label="Answers of the reviewers">
      {conflict.answers.map((answer, i) => {
        const isCommon = !isBlind && answer.verdict === majority?.verdict && answer.label === majority.label;
        const action = labelAction(i);
        return (
          <li key={answer.reviewer}>
            <button
              type="button"
              className={classes.card}
              data-common={isCommon}
              onMouseDown={(event) => event.preventDefault()}
              onClick={(event) => onPick(i, event.timeStamp)}
            >
              <span className={classes.said}>
                {answerWords(answer)}
                {action && (
                  <kbd className={bits.key} aria-hidden>
                    {isCommon ? `${keyLabel(action)}, Enter` : keyLabel(action)}
                  </kbd>
                )}
              </span>
              <span className={bits.small}>
                {answer.reviewer}, {dateTime(answer.at)}
                {answer.comment !== null && ` · “${answer.comment}”`}
                {isCommon && ' · most common'}
              </span>
            </button>
          </li>
        );
      })}
    </ul>
  );
}
