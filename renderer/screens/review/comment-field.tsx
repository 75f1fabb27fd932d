import { useKeyLabel } from '../../parts/use-keys.ts';
import classes from './answer-bar.module.css';
import type { Rejecting } from './use-rejecting.ts';

/** Words that go on the record with what is said next. */
export function CommentField({ rejecting }: { rejecting: Rejecting }) {
  const { comment, setComment, asksOther, field, done, drop } = rejecting;
  const keyLabel = useKeyLabel();
  return (
    <input
      ref={field}
      className={classes.comment}
      aria-label="Comment"
      placeholder={asksOther ? 'What is wrong with it? Enter rejects it' : `Comment (${keyLabel('comment')})`}
      maxLength={2000}
      value={comment}
      data-asked={asksOther}
      onChange={(event) => setComment(event.currentTarget.value)}
      onKeyDown={(event) => {
        if (event.nativeEvent.isComposing) return;
        if (event.key === 'Enter') done(event.timeStamp);
        else if (event.key === 'Escape') drop();
        else return;
        event.preventDefault();
        event.stopPropagation();
      }}
    />
  );
}
