import { Popover } from '@mantine/core';
import type { ReactNode } from 'react';
import { SearchList } from '../../../parts/search-list.tsx';
import classes from './bulk-bar.module.css';

interface AskPopoverProps {
  isOpen: boolean;
  label: string;
  choices: readonly string[];
  /** Whether words that are not among the choices can be given too. */
  allowsOther: boolean;
  children: ReactNode;
  /** What else can be asked in its place. */
  foot?: ReactNode;
  onOpen: (isOpen: boolean) => void;
  onPick: (choice: string) => void;
}

const STYLES = { input: classes.askInput, list: classes.found, option: classes.option };

/** Asks for one of many: typing narrows them down, arrows mark, Enter takes the marked one, Escape leaves. */
export function AskPopover({
  isOpen,
  label,
  choices,
  allowsOther,
  children,
  foot: below,
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
        {isOpen && (
          <SearchList
            label={label}
            placeholder={allowsOther ? `${label}: choose or type` : `${label}: type to search`}
            choices={choices}
            most={10}
            allowsOther={allowsOther}
            styles={STYLES}
            onPick={onPick}
            foot={(words, shown, more) => (
              <>
                {more > 0 && <p className={classes.more}>{more} more: type to narrow them down</p>}
                {shown === 0 && words !== '' && <p className={classes.more}>Nothing has “{words}” in it.</p>}
                {below}
              </>
            )}
          />
        )}
      </Popover.Dropdown>
    </Popover>
  );
}
