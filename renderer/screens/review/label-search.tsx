import bits from '../../parts/bits.module.css';
import { SearchList } from '../../parts/search-list.tsx';
import classes from './answer-bar.module.css';

interface LabelSearchProps {
  labels: readonly string[];
  onPick: (label: string, at: number) => void;
  onCancel: () => void;
}

const STYLES = { input: classes.searchInput, list: classes.labels, option: classes.label };

/** Type a part of a label, Enter picks the marked one, arrows move the mark, Escape leaves. */
export function LabelSearch({ labels, onPick, onCancel }: LabelSearchProps) {
  return (
    <div className={classes.search}>
      <SearchList
        label="Search the labels"
        placeholder="Search the labels"
        choices={labels}
        most={8}
        styles={STYLES}
        onPick={onPick}
        onCancel={onCancel}
        foot={(words, shown) =>
          shown === 0 && <span className={bits.dimmed}>No label has “{words}” in it.</span>
        }
      />
    </div>
  );
}
