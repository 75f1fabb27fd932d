import type { ReviewItem, Together } from '../../../../rpc/contract/reviews.ts';
import { counted } from '../../../parts/format.ts';
import { MiddleText } from '../../../parts/middle-text.tsx';
import { useReasonWords } from '../../../parts/reason-words.ts';
import { useKeyLabel } from '../../../parts/use-keys.ts';
import { KeyButton } from '../key-button.tsx';
import classes from './grid.module.css';

interface GridHeadProps {
  items: readonly ReviewItem[];
  marked: number;
  together: Together;
  /** How many at once are asked for; there may be fewer of a kind. */
  count: number;
  isLarge: boolean;
  onGather: () => void;
  onResize: (steps: number) => void;
  onLarge: () => void;
  onLeave: () => void;
}

/** What the items share, and how they are shown. */
export function GridHead(props: GridHeadProps) {
  const { items, marked, together, count, isLarge, onGather, onResize, onLarge, onLeave } = props;
  const keyLabel = useKeyLabel();
  const wordsOf = useReasonWords();
  const [first] = items;
  const [reason] = first?.reasons ?? [];
  const shared =
    together === 'class' ? (first?.givenLabel ?? 'No label') : reason ? wordsOf(reason.reason).words : 'None';
  return (
    <div className={classes.head} role="toolbar" aria-label="Grid">
      <span className={classes.shared}>
        {first && (
          <>
            {counted(items.length, 'image')} of one {together}:{' '}
            <b>
              <MiddleText text={shared} />
            </b>
            {marked > 0 && <span>· {marked} marked</span>}
          </>
        )}
      </span>
      <KeyButton keyLabel={keyLabel('gather-by')} onPress={onGather}>
        {together === 'class' ? 'By reason' : 'By class'}
      </KeyButton>
      <KeyButton keyLabel={keyLabel('zoom-out')} onPress={() => onResize(-1)}>
        Fewer
      </KeyButton>
      <span className={classes.count}>{count} at once</span>
      <KeyButton keyLabel={keyLabel('zoom-in')} onPress={() => onResize(1)}>
        More
      </KeyButton>
      <KeyButton keyLabel={isLarge ? 'Escape' : 'Enter'} disabled={!first} onPress={onLarge}>
        {isLarge ? 'Smaller' : 'Enlarge'}
      </KeyButton>
      <KeyButton keyLabel={keyLabel('grid')} onPress={onLeave}>
        One by one
      </KeyButton>
    </div>
  );
}
