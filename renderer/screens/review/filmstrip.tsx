import type { ReviewItem } from '../../../rpc/contract/reviews.ts';
import { Thumb } from '../../parts/thumb.tsx';
import { answerWords, inSentence, MARKS } from './answers.ts';
import type { SessionStore } from './session-store.ts';
import { useReview } from './use-review.ts';
import classes from './stage.module.css';

const SHOWN = 17;
/** It moves on by several items at once: less to paint with every answer, and calmer to look at. */
const STEP = 6;
const BEFORE = 3;

/** The last few items with their answers, and the next ones. */
export function Filmstrip({ store, onGo }: { store: SessionStore; onGo: (position: number) => void }) {
  const position = useReview(store, (state) => state.position);
  const total = useReview(store, (state) => state.session.total);
  useReview(store, (state) => state.loaded);
  const first = Math.max(Math.floor(position / STEP) * STEP - BEFORE, 0);
  const count = Math.max(Math.min(first + SHOWN, total) - first, 0);
  return (
    <nav className={classes.strip} aria-label="Items before and after">
      {Array.from({ length: count }, (_, i) => first + i).map((at) => (
        <Frame
          key={at}
          item={store.items.at(at)}
          position={at}
          isCurrent={at === position}
          onGo={() => onGo(at)}
        />
      ))}
    </nav>
  );
}

interface FrameProps {
  item: ReviewItem | undefined;
  position: number;
  isCurrent: boolean;
  onGo: () => void;
}

function Frame({ item, position, isCurrent, onGo }: FrameProps) {
  const said = item?.answer ? inSentence(answerWords(item.answer)) : 'not answered';
  return (
    <button
      type="button"
      className={classes.stripFrame}
      aria-label={`Item ${position + 1}, ${said}`}
      aria-current={isCurrent ? 'true' : undefined}
      tabIndex={-1}
      onMouseDown={(event) => event.preventDefault()}
      onClick={onGo}
    >
      {item && <Thumb sha256={item.sha256} alt="" size={48} />}
      {item?.answer && (
        <span className={classes.mark} data-verdict={item.answer.verdict} aria-hidden>
          {item.answer.flagged ? '⚑' : MARKS[item.answer.verdict]}
        </span>
      )}
    </button>
  );
}
