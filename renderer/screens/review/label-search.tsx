import { useState } from 'react';
import bits from '../../parts/bits.module.css';
import { MiddleText } from '../../parts/middle-text.tsx';
import { SearchList } from '../../parts/search-list.tsx';
import { ClassExamples } from './class-examples.tsx';
import classes from './answer-bar.module.css';

interface LabelSearchProps {
  labels: readonly string[];
  onPick: (label: string, at: number) => void;
  onCancel: () => void;
  /** Keeps a label at hand, or no longer. */
  onPin?: (label: string) => void;
  pinned?: readonly string[];
  /** Adds a class, where the project allows it. */
  onAdd?: ((name: string, at: number) => void) | undefined;
  /** Shows real images of the class that is looked at, other than gold items of this queue. */
  queue?: number | undefined;
}

const STYLES = { input: classes.searchInput, list: classes.labels, option: classes.label };

/** Type parts of a label, Enter picks the marked one, arrows move the mark, Escape leaves. */
export function LabelSearch(props: LabelSearchProps) {
  const { labels, onPick, onCancel, onPin, pinned = [], onAdd, queue } = props;
  const [looked, setLooked] = useState<string | null>(null);
  const known = new Set(labels);
  return (
    <div className={classes.search}>
      <SearchList
        label="Search the labels"
        placeholder="Parts of a label"
        choices={labels}
        most={10}
        allowsOther={onAdd !== undefined}
        styles={STYLES}
        onPick={(label, at) => (known.has(label) ? onPick(label, at) : onAdd?.(label, at))}
        onCancel={onCancel}
        onLook={setLooked}
        {...(onPin && { onMark: (label) => known.has(label) && onPin(label) })}
        show={(label) => (
          <>
            {!known.has(label) && 'New class: '}
            {pinned.includes(label) && (
              <span role="img" aria-label="pinned">
                ★{' '}
              </span>
            )}
            <MiddleText text={label} />
          </>
        )}
        foot={(words, shown, more) => (
          <span className={bits.dimmed}>
            {shown === 0
              ? `No label has “${words}” in it.`
              : `${more > 0 ? `${more} more. ` : ''}Enter takes the marked one${onPin ? ', Shift+Enter pins it' : ''}, Escape goes back.`}
          </span>
        )}
      />
      {queue !== undefined && looked !== null && known.has(looked) && (
        <ClassExamples label={looked} queue={queue} />
      )}
    </div>
  );
}
