import { REJECT_REASON_WORDS, REJECT_REASONS, type RejectReason } from '../../../rpc/contract/terms.ts';
import { MiddleText } from '../../parts/middle-text.tsx';
import { KeyButton } from './key-button.tsx';
import classes from './answer-bar.module.css';

/** The reasons for a reject, each a key away. */
export function Reasons({ onPick }: { onPick: (reason: RejectReason, at: number) => void }) {
  return (
    <>
      <div className={classes.acts}>
        <span className={classes.hint}>Rejected, because: Escape goes back.</span>
      </div>
      <div role="group" aria-label="Why it is rejected" className={classes.choices}>
        {REJECT_REASONS.map((reason, i) => (
          <KeyButton
            key={reason}
            keyLabel={i === 0 ? '1, Enter' : String(i + 1)}
            onPress={(event) => onPick(reason, event.timeStamp)}
          >
            <MiddleText text={REJECT_REASON_WORDS[reason].title} />
          </KeyButton>
        ))}
      </div>
    </>
  );
}
