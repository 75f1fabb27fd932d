import { Button } from '@mantine/core';
import { useState } from 'react';
import { UNTOLD_WORDS, type LabelReport, type WrongShare } from '../../../rpc/contract/scores.ts';
import { capitalised, integer, percent } from '../../parts/format.ts';
import { Card } from '../../parts/card.tsx';
import bits from '../../parts/bits.module.css';
import page from '../../parts/page.module.css';
import { useSeeImages } from './use-see-images.ts';
import classes from './labels.module.css';

type ClassRow = LabelReport['classes'][number];
type Column = 'name' | 'given' | 'trueShare' | 'wrong' | 'noise';

/** Before everything is asked for. */
const FIRST_ROWS = 50;

const COLUMNS: { id: Column; title: string }[] = [
  { id: 'name', title: 'Class' },
  { id: 'given', title: 'Given' },
  { id: 'trueShare', title: 'Truly, estimated' },
  { id: 'noise', title: 'Counted as another class' },
  { id: 'wrong', title: 'Labels wrong, estimated' },
];

const valueOf = (row: ClassRow, by: Exclude<Column, 'name'>): number =>
  (by === 'wrong' ? row.wrong?.share : row[by]) ?? -1;

/** What is unknown comes last. */
function inOrder(rows: readonly ClassRow[], by: Column): ClassRow[] {
  if (by === 'name') return rows.toSorted((a, b) => a.name.localeCompare(b.name));
  return rows.toSorted((a, b) => valueOf(b, by) - valueOf(a, by) || a.name.localeCompare(b.name));
}

/** How many images each class has, how many of them are surely taken for another, and how many labels are wrong. */
export function ClassTable({ report }: { report: LabelReport }) {
  const [by, setBy] = useState<Column>('wrong');
  const [isWhole, setWhole] = useState(false);
  const seeImages = useSeeImages();
  const rows = inOrder(report.classes, by);
  const shown = isWhole ? rows : rows.slice(0, FIRST_ROWS);
  const scale = Math.max(0.05, ...report.classes.map(({ wrong }) => wrong?.interval?.[1] ?? 0)) * 1.1;
  return (
    <Card id="classes" title="Class by class">
      <p className={page.hint}>
        Two estimates. <i>Counted as another class</i> looks only at images that the label model is confident
        about. <i>Wrong</i> is the mean chance that a label is wrong, which allows for the way this batch
        differs from the real images; the line is the range that fits both. Where the two contradict each
        other, nothing is claimed.
      </p>
      <table className={`${page.table} ${classes.table}`}>
        <thead>
          <tr>
            {COLUMNS.map(({ id, title }) => (
              <th
                key={id}
                scope="col"
                className={isNumber(id) ? page.number : undefined}
                aria-sort={by === id ? (id === 'name' ? 'ascending' : 'descending') : 'none'}
              >
                <button type="button" className={classes.sort} data-on={by === id} onClick={() => setBy(id)}>
                  {title}
                  <span aria-hidden>{by === id && (id === 'name' ? ' ↑' : ' ↓')}</span>
                </button>
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {shown.map((row) => (
            <tr key={row.name}>
              <th scope="row">
                <button
                  type="button"
                  className={classes.see}
                  aria-label={`See the images given ${row.name}`}
                  onClick={() => seeImages({ roles: [report.role], labels: [row.name] })}
                >
                  {row.name}
                </button>
              </th>
              <td className={page.number}>{integer(row.given)}</td>
              <td className={page.number}>{percent(row.trueShare)}</td>
              <td className={page.number}>{row.noise === null ? '–' : percent(row.noise)}</td>
              <td>
                <WrongBar wrong={row.wrong} scale={Math.min(1, scale)} />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
      {shown.length < rows.length && (
        <Button variant="default" mt="sm" onClick={() => setWhole(true)}>
          Show all {integer(rows.length)} classes
        </Button>
      )}
    </Card>
  );
}

const isNumber = (id: Column): boolean => id === 'given' || id === 'trueShare' || id === 'noise';

interface WrongBarProps {
  wrong: WrongShare | null;
  /** The share at full width; anything beyond is cut off. */
  scale: number;
}

const width = (share: number, scale: number): string => `${100 * Math.min(1, share / scale)}%`;

/** A share as a bar with its interval as a line over it, and in words. */
function WrongBar({ wrong, scale }: WrongBarProps) {
  if (!wrong) return <span className={bits.dimmed}>Not estimated in this run</span>;
  const { share, interval, untold } = wrong;
  if (untold || !interval)
    return <span className={bits.dimmed}>{untold && asSentence(UNTOLD_WORDS[untold])}</span>;
  const [low, high] = interval;
  return (
    <span className={classes.noise}>
      <span className={classes.track} aria-hidden>
        <span className={classes.fill} style={{ width: width(share, scale) }} />
        <span
          className={classes.whisker}
          data-cut={high > scale}
          style={{ left: width(low, scale), right: `${100 - 100 * Math.min(1, high / scale)}%` }}
        />
      </span>
      <b>{percent(share)}</b>
      <span className={bits.dimmed}>
        {percent(low)} to {percent(high)}
      </span>
    </span>
  );
}

const asSentence = (words: string): string => `${capitalised(words)}.`;
