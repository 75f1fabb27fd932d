import { TextInput } from '@mantine/core';
import { useVirtualizer } from '@tanstack/react-virtual';
import { useMemo, useRef, useState, type Ref } from 'react';
import { compact, integer } from '../../../parts/format.ts';
import { MiddleText } from '../../../parts/middle-text.tsx';
import bits from '../../../parts/bits.module.css';
import classes from './filters.module.css';

export interface Choice<T> {
  value: T;
  text: string;
  /** Undefined while it is being counted. */
  count: number | undefined;
}

interface FacetListProps<T> {
  label: string;
  choices: readonly Choice<T>[];
  chosen: readonly T[];
  onToggle: (value: T) => void;
  searchRef?: Ref<HTMLInputElement>;
}

const SEARCHED_FROM = 12;
const ROW_PX = 26;
const SHOWN_ROWS = 9;

/** Choices with their counts; many are searched, and laid out only where they are in sight. */
export function FacetList<T extends string | null>(props: FacetListProps<T>) {
  const { label, choices, chosen, onToggle, searchRef } = props;
  const [words, setWords] = useState('');
  const scroller = useRef<HTMLDivElement>(null);
  const found = useMemo(() => {
    const sought = words.trim().toLocaleLowerCase();
    return sought === '' ? choices : choices.filter(({ text }) => text.toLocaleLowerCase().includes(sought));
  }, [choices, words]);
  const virtualizer = useVirtualizer({
    count: found.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => ROW_PX,
    overscan: 6,
  });
  const hasSearch = choices.length >= SEARCHED_FROM || searchRef !== undefined;
  return (
    <div className={classes.facet}>
      {hasSearch && (
        <TextInput
          ref={searchRef ?? null}
          aria-label={`Search: ${label}`}
          placeholder={`Search ${integer(choices.length)}`}
          value={words}
          onChange={(event) => setWords(event.currentTarget.value)}
        />
      )}
      <div
        ref={scroller}
        role="group"
        aria-label={label}
        className={classes.choices}
        style={{ height: Math.max(Math.min(found.length, SHOWN_ROWS), 1) * ROW_PX }}
      >
        <div style={{ height: virtualizer.getTotalSize() }}>
          {virtualizer.getVirtualItems().map(({ index, start }) => {
            const choice = found[index];
            if (!choice) return null;
            return (
              <label
                key={choice.value ?? '\u0000'}
                className={classes.choice}
                data-none={choice.count === 0 || undefined}
                style={{ transform: `translateY(${start}px)` }}
              >
                <input
                  type="checkbox"
                  checked={chosen.includes(choice.value)}
                  onChange={() => onToggle(choice.value)}
                />
                <span className={classes.name} data-unlabelled={choice.value === null || undefined}>
                  <MiddleText text={choice.text} />
                </span>
                <span className={bits.small}>
                  {choice.count === undefined ? '' : countWords(choice.count)}
                </span>
              </label>
            );
          })}
        </div>
        {found.length === 0 && <span className={classes.none}>None</span>}
      </div>
    </div>
  );
}

const ALL_DIGITS_BELOW = 1_000_000;
const countWords = (count: number) => (count < ALL_DIGITS_BELOW ? integer(count) : compact(count));
