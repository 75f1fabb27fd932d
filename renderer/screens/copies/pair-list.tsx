import { useEffect, useRef } from 'react';
import type { CopyPair } from '../../../rpc/contract/copies.ts';
import { CERTAINTY_WORDS, COPY_ANSWER_WORDS } from '../../../rpc/contract/terms.ts';
import { Thumb } from '../../parts/thumb.tsx';
import { idOf } from './use-copies.ts';
import classes from './copies.module.css';

const THUMB_PX = 58;

interface PairListProps {
  pairs: readonly CopyPair[];
  at: number;
  onGo: (at: number) => void;
}

/** The pairs in order, each with both pictures, and what was said of it. */
export function PairList({ pairs, at, onGo }: PairListProps) {
  const shown = useRef<HTMLButtonElement>(null);
  useEffect(() => {
    shown.current?.scrollIntoView({ block: 'nearest' });
  }, [at]);
  return (
    <ol className={classes.list} aria-label="Pairs">
      {pairs.map((pair, i) => (
        <li key={idOf(pair)}>
          <button
            type="button"
            ref={i === at ? shown : null}
            className={classes.pair}
            aria-current={i === at || undefined}
            tabIndex={i === at ? 0 : -1}
            onMouseDown={(event) => event.preventDefault()}
            onClick={() => onGo(i)}
          >
            <Thumb sha256={pair.image.sha256} alt={pair.image.path} size={THUMB_PX} />
            <Thumb sha256={pair.other.sha256} alt={`beside ${pair.other.path}`} size={THUMB_PX} />
            <span className={classes.caption}>
              {pair.answer
                ? COPY_ANSWER_WORDS[pair.answer.answer].title
                : CERTAINTY_WORDS[pair.certainty].title}
            </span>
          </button>
        </li>
      ))}
    </ol>
  );
}
