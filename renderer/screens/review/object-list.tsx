import { FAULT_WORDS, type ObjectHint } from '../../../rpc/contract/objects.ts';
import type { ReviewItem } from '../../../rpc/contract/reviews.ts';
import { percent } from '../../parts/format.ts';
import { MiddleText } from '../../parts/middle-text.tsx';
import classes from './rail.module.css';

/** Objects that are less suspicious are not listed, but walked to. */
const LISTED_FROM = 0.05;
const MOST_LISTED = 6;

/** What is suspicious of an item's objects, each a press away. */
export function ObjectList({
  item,
  at,
  onGo,
}: {
  item: ReviewItem;
  at: number | null;
  onGo: (at: number) => void;
}) {
  const listed = item.objects.slice(0, MOST_LISTED).filter(({ chance }) => chance >= LISTED_FROM);
  if (listed.length === 0) return <p className={classes.none}>None of its objects is suspicious.</p>;
  return (
    <ol className={classes.objects}>
      {listed.map((hint, i) => (
        <li key={hint.box ?? 'missing'}>
          <button
            type="button"
            className={classes.object}
            aria-current={i === at}
            onMouseDown={(event) => event.preventDefault()}
            onClick={() => onGo(i)}
          >
            <MiddleText text={wordsOf(item, hint)} />
            <span>{percent(hint.chance)}</span>
          </button>
        </li>
      ))}
    </ol>
  );
}

function wordsOf({ boxes }: ReviewItem, { box, fault, looksLike }: ObjectHint): string {
  if (box === null) return 'An object without a box';
  const label = boxes[box]?.label ?? 'Object';
  return fault === 'wrong-class' && looksLike && looksLike.label !== label
    ? `${label}: it looks like ${looksLike.label}`
    : `${label}: ${FAULT_WORDS[fault]}`;
}
