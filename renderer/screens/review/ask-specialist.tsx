import { useState } from 'react';
import { FLAG_WORDS } from '../../../rpc/contract/terms.ts';
import type { Answer } from './answers.ts';
import { KeyButton } from './key-button.tsx';
import classes from './answer-bar.module.css';

interface AskSpecialistProps {
  onAnswer: (answer: Answer, at: number) => void;
  onBack: () => void;
}

/** The question to a specialist; it may be left out. */
export function AskSpecialist({ onAnswer, onBack }: AskSpecialistProps) {
  const [question, setQuestion] = useState('');
  const ask = (at: number) => {
    const comment = question.trim();
    onAnswer({ verdict: 'skip', flag: true, ...(comment !== '' && { comment }) }, at);
  };
  return (
    <>
      <div className={classes.acts}>
        <span>⚑ {FLAG_WORDS.act}:</span>
        <input
          autoFocus
          className={classes.comment}
          aria-label="Question to the specialist"
          placeholder="What should they decide? (may stay empty)"
          maxLength={2000}
          value={question}
          onChange={(event) => setQuestion(event.currentTarget.value)}
          onKeyDown={(event) => {
            if (event.nativeEvent.isComposing) return;
            if (event.key === 'Enter') ask(event.timeStamp);
            else if (event.key === 'Escape') onBack();
            else return;
            event.preventDefault();
            event.stopPropagation();
          }}
        />
        <KeyButton keyLabel="Enter" onPress={(event) => ask(event.timeStamp)}>
          Ask
        </KeyButton>
        <KeyButton keyLabel="Escape" onPress={onBack}>
          Back
        </KeyButton>
      </div>
      <p className={classes.hint}>
        {FLAG_WORDS.meaning} The question waits in Conflicts, under Questions. It is neither an answer nor a
        skip.
      </p>
    </>
  );
}
