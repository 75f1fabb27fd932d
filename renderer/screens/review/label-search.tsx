import bits from '../../parts/bits.module.css';
import { MiddleText } from '../../parts/middle-text.tsx';
import { SearchList } from '../../parts/search-list.tsx';
import classes from './answer-bar.module.css';

interface LabelSearchProps {
  labels: readonly string[];
  onPick: (label: string, at: number) => void;
  onCancel: () => void;
  /** Keeps a label at hand, or no longer. */
  onPin?: (label: string) => void;
  pinned?: readonly string[];
}

const STYLES = { input: classes.searchInput, list: classes.labels, option: classes.label };

/** Type parts of a label, Enter picks the marked one, arrows move the mark, Escape leaves. */
export function LabelSearch({ labels, onPick, onCancel, onPin, pinned = [] }: LabelSearchProps) {
  return (
    <div className={classes.search}>
      <SearchList
        label="Search the labels"
        placeholder="Parts of a label"
        choices={labels}
        most={10}
        styles={STYLES}
        onPick={onPick}
        onCancel={onCancel}
        {...(onPin && { onMark: onPin })}
        show={(label) => (
          <>
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
    </div>
  );
}
