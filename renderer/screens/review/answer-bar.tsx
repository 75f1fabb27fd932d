import type { ReactNode } from 'react';
import type { ReviewItem } from '../../../rpc/contract/reviews.ts';
import { counted } from '../../parts/format.ts';
import { labelAction } from '../../parts/keys.ts';
import { MiddleText } from '../../parts/middle-text.tsx';
import { useKeyLabel } from '../../parts/use-keys.ts';
import { namingLabel, type Answer } from './answers.ts';
import { AskSpecialist } from './ask-specialist.tsx';
import { KeyButton } from './key-button.tsx';
import { LabelSearch } from './label-search.tsx';
import { Reasons } from './reasons.tsx';
import type { Rejecting } from './use-rejecting.ts';
import type { LabelSlots } from './use-label-slots.ts';
import classes from './answer-bar.module.css';

export type Mode = 'answer' | 'reject' | 'flag' | 'search' | 'boxes';

interface AnswerBarProps {
  item: ReviewItem | null;
  labels: readonly string[];
  slots: LabelSlots;
  isBlind: boolean;
  mode: Mode;
  onMode: (mode: Mode) => void;
  onAnswer: (answer: Answer, at: number) => void;
  onLabel: (label: string, at: number) => void;
  onUndo: () => void;
  rejecting: Rejecting;
  /** Gives the keys back to the picture. */
  onFocus: () => void;
  /** Saves or drops the boxes as they are now. */
  onBoxes: (act: 'save' | 'drop', at: number) => void;
  /** Whether the last answer is saved: beside the answers, where the eye is. */
  saved: ReactNode;
  /** Adds a class and gives it, where the project allows it. */
  onAdd?: ((name: string, at: number) => void) | undefined;
  queue: number;
  /** How many items the accept key is about; without it, the one item. */
  rest?: { count: number; onAccept: (at: number) => void };
}

/** Every answer with its key on it, in one line and two rows that keep their places whatever is asked. */
export function AnswerBar(props: AnswerBarProps) {
  const { item, labels, slots, mode, onMode, onAnswer, onLabel } = props;
  return (
    <div className={classes.bar} role="toolbar" aria-label="Answers">
      {mode === 'reject' && <Reasons rejecting={props.rejecting} onFocus={props.onFocus} />}
      {mode === 'flag' && <AskSpecialist onAnswer={onAnswer} onBack={() => onMode('answer')} />}
      {mode === 'search' && (
        <LabelSearch
          labels={labels}
          pinned={slots.pinned}
          onPick={onLabel}
          onPin={slots.togglePin}
          onAdd={props.onAdd}
          queue={props.queue}
          onCancel={() => onMode('answer')}
        />
      )}
      {(mode === 'answer' || mode === 'boxes') && (
        <>
          {mode === 'answer' ? <Verdicts {...props} /> : <BoxActs {...props} />}
          {labels.length === 0 && (
            <p className={classes.hint}>This project has no classes: an image is accepted or rejected.</p>
          )}
          <div className={classes.choices} data-wide={slots.slots.length > 10}>
            {slots.slots.map((label, i) => (
              <LabelButton
                key={label}
                label={label}
                index={i}
                isPinned={slots.pinned.includes(label)}
                item={item}
                onLabel={onLabel}
              />
            ))}
          </div>
        </>
      )}
    </div>
  );
}

function Verdicts(props: AnswerBarProps) {
  const { item, labels, slots, isBlind, mode, onMode, onAnswer, onUndo, saved, rest } = props;
  const keyLabel = useKeyLabel();
  const verdict = item?.answer?.verdict;
  const nothing = item === null;
  const give = (answer: Answer) => (event: { timeStamp: number }) => onAnswer(answer, event.timeStamp);
  return (
    <div className={classes.acts}>
      <KeyButton
        keyLabel={keyLabel('accept')}
        tone="good"
        disabled={nothing || isBlind}
        isMarked={verdict === 'accept'}
        onPress={rest ? (event) => rest.onAccept(event.timeStamp) : give({ verdict: 'accept' })}
      >
        {rest ? `Accept ${counted(rest.count, 'image')}` : 'Accept'}
      </KeyButton>
      <KeyButton
        keyLabel={keyLabel('reject')}
        tone="bad"
        disabled={nothing}
        isMarked={verdict === 'reject'}
        onPress={() => onMode(mode === 'reject' ? 'answer' : 'reject')}
      >
        Reject …
      </KeyButton>
      <KeyButton
        keyLabel={keyLabel('skip')}
        disabled={nothing}
        isMarked={verdict === 'skip' && !item?.answer?.flagged}
        onPress={give({ verdict: 'skip' })}
      >
        Skip
      </KeyButton>
      <KeyButton
        keyLabel={keyLabel('flag')}
        disabled={nothing}
        isMarked={item?.answer?.flagged === true}
        onPress={() => onMode('flag')}
      >
        ⚑ Ask …
      </KeyButton>
      <KeyButton keyLabel={keyLabel('undo')} onPress={onUndo}>
        Undo
      </KeyButton>
      {(labels.length > 0 || props.onAdd) && (
        <KeyButton keyLabel={keyLabel('search-label')} disabled={nothing} onPress={() => onMode('search')}>
          {labels.length > slots.slots.length
            ? `All ${labels.length} labels`
            : labels.length > 0
              ? 'Search'
              : 'Add a class'}
        </KeyButton>
      )}
      {slots.canBeFixed && labels.length > 1 && (
        <KeyButton keyLabel={keyLabel('fixed-labels')} isMarked={slots.isFixed} onPress={slots.toggleFixed}>
          Fixed keys
        </KeyButton>
      )}
      {saved}
    </div>
  );
}

function BoxActs({ item, onBoxes, saved }: AnswerBarProps) {
  const keyLabel = useKeyLabel();
  return (
    <div className={classes.acts}>
      <KeyButton keyLabel="Enter" tone="good" onPress={(event) => onBoxes('save', event.timeStamp)}>
        Save the boxes
      </KeyButton>
      <KeyButton keyLabel="Escape" onPress={(event) => onBoxes('drop', event.timeStamp)}>
        Drop the changes
      </KeyButton>
      <span className={classes.hint}>
        Drag, or nudge by arrows (Alt: corner, Shift: 10). Labels rename, N adds, Delete removes,{' '}
        {keyLabel('boxes')} is next
        {item && item.objects.length > 0 && `, ${keyLabel('next-object')} the next suspect`}.
        {item?.boxes.some(({ shape }) => shape) && ' Moving drops the outline.'}
      </span>
      {saved}
    </div>
  );
}

interface LabelButtonProps {
  label: string;
  index: number;
  isPinned: boolean;
  item: ReviewItem | null;
  onLabel: (label: string, at: number) => void;
}

function LabelButton({ label, index, isPinned, item, onLabel }: LabelButtonProps) {
  const keyLabel = useKeyLabel();
  const action = labelAction(index);
  return (
    <KeyButton
      keyLabel={action ? keyLabel(action) : ''}
      disabled={item === null}
      isMarked={isMarked(item, label)}
      onPress={(event) => onLabel(label, event.timeStamp)}
    >
      {isPinned && (
        <span role="img" aria-label="pinned">
          ★{' '}
        </span>
      )}
      <MiddleText text={label} />
    </KeyButton>
  );
}

/** The class that the item has: as answered, else as given. */
function isMarked(item: ReviewItem | null, label: string): boolean {
  if (!item) return false;
  if (item.answer) return item.answer.label === label;
  return namingLabel(label, item.givenLabel).verdict === 'accept';
}
