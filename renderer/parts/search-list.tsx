import { findWords } from './find-words.ts';
import { useId, useState, type ReactNode } from 'react';

interface SearchListProps {
  label: string;
  placeholder: string;
  choices: readonly string[];
  /** How many are shown at once. */
  most: number;
  /** Whether words that are not among the choices can be given too. */
  allowsOther?: boolean;
  styles: Readonly<Record<'input' | 'list' | 'option', string | undefined>>;
  onPick: (choice: string, at: number) => void;
  /** A choice is looked at, by the pointer or by the arrows; null when it no longer is. */
  onLook?: (choice: string | null) => void;
  /** What Shift+Enter does with the marked one. */
  onMark?: (choice: string) => void;
  /** How a choice is shown, where not as it is. */
  show?: (choice: string) => ReactNode;
  /** Escape, or leaving the field; without it, what is around takes care of both. */
  onCancel?: () => void;
  /** What is said below: how many more there are, or that nothing has the words in it. */
  foot: (words: string, shown: number, more: number) => ReactNode;
}

/**
 * One of many: typing narrows them down, those that begin with the words first; arrows mark, Enter takes the marked one.
 * Where it can be cancelled the choices lie side by side, and the arrows to the left and right mark too.
 */
export function SearchList(props: SearchListProps) {
  const { label, choices, most, styles, onPick, onCancel } = props;
  const [words, setWords] = useState('');
  const [marked, setMarked] = useState(0);
  const id = useId();
  const sought = words.trim().toLocaleLowerCase();
  const matching = findWords(choices, words);
  const isNew =
    props.allowsOther && sought !== '' && !choices.some((choice) => choice.toLocaleLowerCase() === sought);
  const found = [...matching.slice(0, most), ...(isNew ? [words.trim()] : [])];
  const at = Math.min(marked, found.length - 1);
  const mark = (to: number) => {
    setMarked(to);
    props.onLook?.(found[to] ?? null);
  };
  const isKey = (key: string, down: string, right: string) =>
    key === down || (onCancel !== undefined && key === right);
  return (
    <>
      <input
        className={styles.input}
        role="combobox"
        aria-label={label}
        aria-expanded
        aria-controls={id}
        aria-activedescendant={found.length > 0 ? `${id}-${at}` : undefined}
        placeholder={props.placeholder}
        autoFocus={onCancel !== undefined}
        data-autofocus
        value={words}
        onChange={(event) => {
          setWords(event.currentTarget.value);
          setMarked(0);
          props.onLook?.(null);
        }}
        onBlur={onCancel}
        onKeyDown={(event) => {
          if (event.nativeEvent.isComposing) return;
          const choice = found[at];
          if (event.key === 'Enter' && event.shiftKey && props.onMark && choice !== undefined)
            props.onMark(choice);
          else if (event.key === 'Enter' && choice !== undefined) onPick(choice, event.timeStamp);
          else if (event.key === 'Escape' && onCancel) onCancel();
          else if (isKey(event.key, 'ArrowDown', 'ArrowRight')) mark(Math.min(at + 1, found.length - 1));
          else if (isKey(event.key, 'ArrowUp', 'ArrowLeft')) mark(Math.max(at - 1, 0));
          else return;
          event.preventDefault();
        }}
      />
      <ul id={id} role="listbox" aria-label={label} className={styles.list}>
        {found.map((choice, i) => (
          <li
            key={choice}
            id={`${id}-${i}`}
            role="option"
            aria-selected={i === at}
            title={choice}
            className={styles.option}
            onMouseDown={(event) => event.preventDefault()}
            onMouseEnter={() => props.onLook?.(choice)}
            onMouseLeave={() => props.onLook?.(null)}
            onClick={(event) => onPick(choice, event.timeStamp)}
          >
            {props.show?.(choice) ?? choice}
          </li>
        ))}
      </ul>
      {props.foot(words, found.length, matching.length - most)}
    </>
  );
}
