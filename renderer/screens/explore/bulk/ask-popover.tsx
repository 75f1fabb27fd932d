import { Popover } from '@mantine/core';
import { useId, useState, type ReactNode } from 'react';
import classes from './ask-popover.module.css';

interface AskPopoverProps {
  isOpen: boolean;
  label: string;
  choices: readonly string[];
  /** Whether words that are not among the choices can be given too. */
  allowsOther: boolean;
  children: ReactNode;
  onOpen: (isOpen: boolean) => void;
  onPick: (choice: string) => void;
}

const SHOWN = 10;

/** Asks for one of many: typing narrows them down, arrows mark, Enter takes the marked one, Escape leaves. */
export function AskPopover({
  isOpen,
  label,
  choices,
  allowsOther,
  children,
  onOpen,
  onPick,
}: AskPopoverProps) {
  return (
    <Popover
      opened={isOpen}
      onChange={onOpen}
      position="top-start"
      trapFocus
      returnFocus
      transitionProps={{ duration: 0 }}
    >
      <Popover.Target>{children}</Popover.Target>
      <Popover.Dropdown className={classes.dropdown}>
        {isOpen && <Search label={label} choices={choices} allowsOther={allowsOther} onPick={onPick} />}
      </Popover.Dropdown>
    </Popover>
  );
}

type SearchProps = Pick<AskPopoverProps, 'label' | 'choices' | 'allowsOther' | 'onPick'>;

function Search({ label, choices, allowsOther, onPick }: SearchProps) {
  const [words, setWords] = useState('');
  const [marked, setMarked] = useState(0);
  const id = useId();
  const sought = words.trim().toLocaleLowerCase();
  const begins = (choice: string) => Number(choice.toLocaleLowerCase().startsWith(sought));
  const matching = choices
    .filter((choice) => choice.toLocaleLowerCase().includes(sought))
    .sort((a, b) => begins(b) - begins(a));
  const isNew =
    allowsOther && sought !== '' && !choices.some((choice) => choice.toLocaleLowerCase() === sought);
  const found = [...matching.slice(0, SHOWN), ...(isNew ? [words.trim()] : [])];
  const at = Math.min(marked, found.length - 1);
  return (
    <>
      <input
        className={classes.input}
        role="combobox"
        aria-label={label}
        aria-expanded
        aria-controls={id}
        aria-activedescendant={found.length > 0 ? `${id}-${at}` : undefined}
        placeholder={allowsOther ? `${label}: choose or type` : `${label}: type to search`}
        data-autofocus
        value={words}
        onChange={(event) => {
          setWords(event.currentTarget.value);
          setMarked(0);
        }}
        onKeyDown={(event) => {
          if (event.nativeEvent.isComposing) return;
          const choice = found[at];
          if (event.key === 'Enter' && choice !== undefined) onPick(choice);
          else if (event.key === 'ArrowDown') setMarked(Math.min(at + 1, found.length - 1));
          else if (event.key === 'ArrowUp') setMarked(Math.max(at - 1, 0));
          else return;
          event.preventDefault();
        }}
      />
      <ul id={id} role="listbox" aria-label={label} className={classes.found}>
        {found.map((choice, i) => (
          <li
            key={choice}
            id={`${id}-${i}`}
            role="option"
            aria-selected={i === at}
            className={classes.option}
            onMouseDown={(event) => event.preventDefault()}
            onClick={() => onPick(choice)}
          >
            {choice}
          </li>
        ))}
      </ul>
      {matching.length > SHOWN && (
        <p className={classes.more}>{matching.length - SHOWN} more: type to narrow them down</p>
      )}
      {found.length === 0 && <p className={classes.more}>Nothing has “{words}” in it.</p>}
    </>
  );
}
