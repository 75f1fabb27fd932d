import { REJECT_REASON_WORDS, REJECT_REASONS, type RejectReason } from '../../../rpc/contract/terms.ts';
import { KeyButton } from './key-button.tsx';
import classes from './answer-bar.module.css';

/** The reasons for a reject, each a key away. */
export function Reasons({ onPick }: { onPick: (reason: RejectReason, at: number) => void }) {
  return (
    <div role="group" aria-label="Why it is rejected" className={classes.reasons}>
      <span className={classes.hint}>Rejected, because:</span>
      {REJECT_REASONS.map((reason, i) => (
        <KeyButton
          key={reason}
          keyLabel={i === 0 ? '1, Enter' : String(i + 1)}
          onPress={(event) => onPick(reason, event.timeStamp)}
        >
          {REJECT_REASON_WORDS[reason].title}
        </KeyButton>
      ))}
      <span className={classes.hint}>Escape goes back.</span>
    </div>
  );
}
