import type { ReviewItem } from '../../../rpc/contract/reviews.ts';
import { labelAction } from '../../parts/keys.ts';
import { useKeyLabel } from '../../parts/use-keys.ts';
import { namingLabel, type Answer } from './answers.ts';
import { KeyButton } from './key-button.tsx';
import { LabelSearch } from './label-search.tsx';
import { Reasons } from './reasons.tsx';
import classes from './answer-bar.module.css';

export type Mode = 'answer' | 'reject' | 'search' | 'boxes';

interface AnswerBarProps {
  item: ReviewItem | null;
  labels: readonly string[];
  isBlind: boolean;
  mode: Mode;
  onMode: (mode: Mode) => void;
  onAnswer: (answer: Answer, at: number) => void;
  onLabel: (label: string, at: number) => void;
  onUndo: () => void;
}

const KEYED_LABELS = 20;

/** Every answer with its key on it. */
export function AnswerBar(props: AnswerBarProps) {
  const { item, labels, isBlind, mode, onMode, onAnswer, onLabel, onUndo } = props;
  const keyLabel = useKeyLabel();
  const verdict = item?.answer?.verdict;
  const nothing = item === null;
  const give = (answer: Answer) => (event: { timeStamp: number }) => onAnswer(answer, event.timeStamp);
  return (
    <div className={classes.bar} role="toolbar" aria-label="Answers">
      <div className={classes.verdicts}>
        <KeyButton
          keyLabel={keyLabel('accept')}
          tone="good"
          disabled={nothing || isBlind}
          isMarked={verdict === 'accept'}
          onPress={give({ verdict: 'accept' })}
        >
          Accept
        </KeyButton>
        <KeyButton
          keyLabel={keyLabel('reject')}
          tone="bad"
          disabled={nothing}
          isMarked={verdict === 'reject' || mode === 'reject'}
          onPress={() => onMode(mode === 'reject' ? 'answer' : 'reject')}
        >
          Reject …
        </KeyButton>
        <KeyButton
          keyLabel={keyLabel('skip')}
          disabled={nothing}
          isMarked={verdict === 'skip'}
          onPress={give({ verdict: 'skip' })}
        >
          Skip
        </KeyButton>
        <KeyButton
          keyLabel={keyLabel('flag')}
          disabled={nothing}
          onPress={give({ verdict: 'skip', flag: true })}
        >
          Flag
        </KeyButton>
        <KeyButton keyLabel={keyLabel('undo')} onPress={onUndo}>
          Undo
        </KeyButton>
      </div>
      <div className={classes.choices}>
        {mode === 'reject' && (
          <Reasons onPick={(reason, at) => onAnswer({ verdict: 'reject', reason }, at)} />
        )}
        {mode === 'search' && (
          <LabelSearch labels={labels} onPick={onLabel} onCancel={() => onMode('answer')} />
        )}
        {mode === 'boxes' && (
          <p className={classes.hint}>
            Drag the corners, or nudge with the arrow keys (with Alt the lower right corner). A label key
            renames the box, N adds one, Delete removes it, {keyLabel('boxes')} goes to the next. Enter saves,
            Escape drops the changes.
          </p>
        )}
        {mode === 'answer' && (
          <>
            {labels.slice(0, KEYED_LABELS).map((label, i) => (
              <KeyButton
                key={label}
                keyLabel={keyOf(keyLabel, i)}
                disabled={nothing}
                isMarked={isMarked(item, label)}
                onPress={(event) => onLabel(label, event.timeStamp)}
              >
                {label}
              </KeyButton>
            ))}
            <KeyButton
              keyLabel={keyLabel('search-label')}
              disabled={nothing}
              onPress={() => onMode('search')}
            >
              {labels.length > KEYED_LABELS ? `All ${labels.length} labels` : 'Search'}
            </KeyButton>
          </>
        )}
      </div>
    </div>
  );
}

function keyOf(keyLabel: ReturnType<typeof useKeyLabel>, index: number): string {
  const action = labelAction(index);
  return action ? keyLabel(action) : '';
}

/** The class that the item has: as answered, else as given. */
function isMarked(item: ReviewItem | null, label: string): boolean {
  if (!item) return false;
  if (item.answer) return item.answer.label === label;
  return namingLabel(label, item.givenLabel).verdict === 'accept';
}
