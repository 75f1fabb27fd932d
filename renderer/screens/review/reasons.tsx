import { useState } from 'react';
import { MiddleText } from '../../parts/middle-text.tsx';
import { EditReasons } from '../../parts/reject-reasons.tsx';
import { CommentField } from './comment-field.tsx';
import { KeyButton } from './key-button.tsx';
import type { Rejecting } from './use-rejecting.ts';
import classes from './answer-bar.module.css';

/** The reasons for a reject, each a key away, and words that go with it. */
export function Reasons({ rejecting, onFocus }: { rejecting: Rejecting; onFocus: () => void }) {
  const [isEditing, setEditing] = useState(false);
  const { reasons, asksOther, pick, leave } = rejecting;
  const close = () => {
    setEditing(false);
    onFocus();
  };
  return (
    <>
      <div className={classes.acts}>
        <span>Rejected, because:</span>
        <CommentField rejecting={rejecting} />
        <KeyButton keyLabel="Escape" onPress={leave}>
          Back
        </KeyButton>
        <KeyButton keyLabel="" onPress={() => setEditing(true)}>
          Edit the list …
        </KeyButton>
      </div>
      <div role="group" aria-label="Why it is rejected" className={classes.choices}>
        {reasons.map((reason, i) => (
          <KeyButton
            key={reason.id}
            keyLabel={i === 0 ? '1, Enter' : String((i + 1) % 10)}
            isMarked={reason.id === 'other' && asksOther}
            onPress={(event) => pick(reason, event.timeStamp)}
          >
            <MiddleText text={reason.title} />
          </KeyButton>
        ))}
      </div>
      {isEditing && <EditReasons onClose={close} />}
    </>
  );
}
