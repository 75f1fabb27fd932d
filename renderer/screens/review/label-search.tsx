import { useId, useState } from 'react';
import classes from './label-search.module.css';

interface LabelSearchProps {
  labels: readonly string[];
  onPick: (label: string, at: number) => void;
  onCancel: () => void;
}

const SHOWN = 8;

/** Type a part of a label, Enter picks the marked one, arrows move the mark, Escape leaves. */
export function LabelSearch({ labels, onPick, onCancel }: LabelSearchProps) {
  const [words, setWords] = useState('');
  const [marked, setMarked] = useState(0);
  const id = useId();
  const found = matching(labels, words).slice(0, SHOWN);
  const at = Math.min(marked, found.length - 1);
  return (
    <div className={classes.search}>
      <input
        className={classes.input}
        role="combobox"
        aria-label="Search the labels"
        aria-expanded
        aria-controls={id}
        aria-activedescendant={found.length > 0 ? `${id}-${at}` : undefined}
        placeholder="Search the labels"
        autoFocus
        value={words}
        onChange={(event) => {
          setWords(event.target.value);
          setMarked(0);
        }}
        onBlur={onCancel}
        onKeyDown={(event) => {
          if (event.nativeEvent.isComposing) return;
          const label = found[at];
          if (event.key === 'Enter' && label !== undefined) onPick(label, event.timeStamp);
          else if (event.key === 'Escape') onCancel();
          else if (event.key === 'ArrowDown' || event.key === 'ArrowRight')
            setMarked(Math.min(at + 1, found.length - 1));
          else if (event.key === 'ArrowUp' || event.key === 'ArrowLeft') setMarked(Math.max(at - 1, 0));
          else return;
          event.preventDefault();
        }}
      />
      <ul id={id} role="listbox" aria-label="Labels found" className={classes.found}>
        {found.map((label, i) => (
          <li
            key={label}
            id={`${id}-${i}`}
            role="option"
            aria-selected={i === at}
            className={classes.option}
            onMouseDown={(event) => event.preventDefault()}
            onClick={(event) => onPick(label, event.timeStamp)}
          >
            {label}
          </li>
        ))}
      </ul>
      {found.length === 0 && <span className={classes.none}>No label has “{words}” in it.</span>}
    </div>
  );
}

/** Labels that contain the words: those that begin with them first, each kind in the given order. */
function matching(labels: readonly string[], words: string): string[] {
  const sought = words.trim().toLocaleLowerCase();
  const found = labels.filter((label) => label.toLocaleLowerCase().includes(sought));
  const begins = (label: string) => Number(label.toLocaleLowerCase().startsWith(sought));
  return found.sort((a, b) => begins(b) - begins(a));
}
