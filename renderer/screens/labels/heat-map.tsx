import { useId, useRef, useState, type CSSProperties, type KeyboardEvent } from 'react';
import type { LabelReport } from '../../../rpc/contract/scores.ts';
import { counted, integer, percent } from '../../parts/format.ts';
import { MiddleText } from '../../parts/middle-text.tsx';
import bits from '../../parts/bits.module.css';
import page from '../../parts/page.module.css';
import { mostConfused, type Pair } from './pairs.ts';
import classes from './labels.module.css';

/** More rows and columns than this are no longer read at a glance. */
const MOST_CLASSES = 24;

interface HeatMapProps {
  report: LabelReport;
  cells: readonly Pair[];
  pairs: readonly Pair[];
  names: readonly string[];
  onSee: (given: number, predicted: number) => void;
}

const STEPS: Record<string, (at: number, last: number) => number> = {
  Next: (at, last) => Math.min(last, at + 1),
  Previous: (at) => Math.max(0, at - 1),
  Home: () => 0,
  End: (_, last) => last,
};

const KEYS: Record<string, { axis: 'row' | 'column'; step: string }> = {
  ArrowRight: { axis: 'column', step: 'Next' },
  ArrowLeft: { axis: 'column', step: 'Previous' },
  ArrowDown: { axis: 'row', step: 'Next' },
  ArrowUp: { axis: 'row', step: 'Previous' },
  Home: { axis: 'column', step: 'Home' },
  End: { axis: 'column', step: 'End' },
  PageUp: { axis: 'row', step: 'Home' },
  PageDown: { axis: 'row', step: 'End' },
};

/** Given classes by predicted ones, as a grid with one tab stop: arrows walk, Enter opens the images of a cell. */
export function HeatMap({ report, cells, pairs, names, onSee }: HeatMapProps) {
  const hint = useId();
  const table = useRef<HTMLTableElement>(null);
  const [at, setAt] = useState({ row: 0, column: 0 });
  const shown = mostConfused(pairs, names.length, MOST_CLASSES);
  const images = new Map(cells.map((cell) => [cell.given * names.length + cell.predicted, cell.images]));
  const onKeyDown = (event: KeyboardEvent<HTMLTableElement>): void => {
    const key = KEYS[event.key];
    if (!key || event.altKey || event.ctrlKey || event.metaKey) return;
    event.preventDefault();
    const to = { ...at, [key.axis]: STEPS[key.step]!(at[key.axis], shown.length - 1) };
    setAt(to);
    table.current?.querySelector<HTMLElement>(`[data-cell="${to.row} ${to.column}"]`)?.focus();
  };
  return (
    <div className={classes.side}>
      <p id={hint} className={page.hint}>
        Rows: the given label. Columns: what the model finds most likely. Arrow keys walk, Enter shows the
        images.
        {names.length > shown.length &&
          ` Of ${integer(names.length)} classes the ${shown.length} that are confused most; the others are among the pairs.`}
      </p>
      <div className={classes.scroll}>
        <table
          ref={table}
          className={classes.map}
          role="grid"
          aria-label="Given by predicted class"
          aria-describedby={hint}
          onKeyDown={onKeyDown}
        >
          <thead>
            <tr>
              <th scope="col" className={classes.corner}>
                Given
              </th>
              {shown.map((k) => (
                <th key={k} scope="col" className={classes.column}>
                  <span>
                    <MiddleText text={names[k]!} />
                  </span>
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {shown.map((given, row) => (
              <tr key={given}>
                <th scope="row" className={classes.rowHead}>
                  <MiddleText text={names[given]!} />
                </th>
                {shown.map((predicted, column) => (
                  <Cell
                    key={predicted}
                    place={`${row} ${column}`}
                    isStop={at.row === row && at.column === column}
                    isSame={given === predicted}
                    images={images.get(given * names.length + predicted) ?? 0}
                    of={report.classes[given]!.given}
                    name={`given ${names[given]}, predicted ${names[predicted]}`}
                    onStop={() => setAt({ row, column })}
                    onSee={() => onSee(given, predicted)}
                  />
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </div>
  );
}

interface CellProps {
  place: string;
  isStop: boolean;
  isSame: boolean;
  images: number;
  of: number;
  name: string;
  onStop: () => void;
  onSee: () => void;
}

/** The colour follows the square root of the share: one wrong image in a hundred is what it is about. */
function Cell({ place, isStop, isSame, images, of, name, onStop, onSee }: CellProps) {
  const share = of > 0 ? images / of : 0;
  const isOpenable = images > 0;
  const see = isOpenable ? onSee : undefined;
  return (
    <td
      role="gridcell"
      data-cell={place}
      data-same={isSame}
      data-some={isOpenable}
      tabIndex={isStop ? 0 : -1}
      className={classes.cell}
      style={{ '--share': `${Math.round(Math.min(0.9, Math.sqrt(share) * 1.3) * 100)}%` } as CSSProperties}
      title={isOpenable ? `${counted(images, 'image')} ${name}: ${percent(share)} of its class` : name}
      aria-label={`${counted(images, 'image')}, ${name}`}
      onFocus={onStop}
      onClick={see}
      onKeyDown={(event) => {
        if (event.key !== 'Enter' && event.key !== ' ') return;
        event.preventDefault();
        see?.();
      }}
    >
      {images === 0 ? <span className={bits.dimmed}>·</span> : integer(images)}
    </td>
  );
}
