import { Button } from '@mantine/core';
import { useState } from 'react';
import type { LabelReport } from '../../../rpc/contract/scores.ts';
import { integer, percent } from '../../parts/format.ts';
import { Card } from '../../parts/card.tsx';
import bits from '../../parts/bits.module.css';
import page from '../../parts/page.module.css';
import { useSeeImages } from './use-see-images.ts';
import classes from './labels.module.css';

type ClassRow = LabelReport['classes'][number];
type Column = 'name' | 'given' | 'trueShare' | 'noise';

/** Before everything is asked for. */
const FIRST_ROWS = 50;

const COLUMNS: { id: Column; title: string }[] = [
  { id: 'name', title: 'Class' },
  { id: 'given', title: 'Given' },
  { id: 'trueShare', title: 'Truly, estimated' },
  { id: 'noise', title: 'Counted as another class' },
];

/** Unknown noise comes last. */
function inOrder(rows: readonly ClassRow[], by: Column): ClassRow[] {
  if (by === 'name') return rows.toSorted((a, b) => a.name.localeCompare(b.name));
  return rows.toSorted((a, b) => (b[by] ?? -1) - (a[by] ?? -1) || a.name.localeCompare(b.name));
}

/** How many images each class has, and how many of them are surely taken for another. */
export function ClassTable({ report }: { report: LabelReport }) {
  const [by, setBy] = useState<Column>('noise');
  const [isWhole, setWhole] = useState(false);
  const seeImages = useSeeImages();
  const rows = inOrder(report.classes, by);
  const shown = isWhole ? rows : rows.slice(0, FIRST_ROWS);
  const scale = Math.max(0.05, ...report.classes.map(({ noise }) => noise ?? 0)) * 1.6;
  return (
    <Card id="classes" title="Class by class">
      <p className={page.hint}>
        Of the images that the model counts confidently, how many it counts as another class; the line is the
        95 % interval of what chance does to that count.
      </p>
      <table className={`${page.table} ${classes.table}`}>
        <thead>
          <tr>
            {COLUMNS.map(({ id, title }) => (
              <th
                key={id}
                scope="col"
                className={id === 'given' || id === 'trueShare' ? page.number : undefined}
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
              <td>
                <NoiseBar noise={row.noise} interval={row.noiseInterval} scale={Math.min(1, scale)} />
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

interface NoiseBarProps {
  noise: number | null;
  interval: [number, number] | null;
  /** The share at full width; anything beyond is cut off. */
  scale: number;
}

const width = (share: number, scale: number): string => `${100 * Math.min(1, share / scale)}%`;

/** A share as a bar with its interval as a line over it, and in words. */
function NoiseBar({ noise, interval, scale }: NoiseBarProps) {
  if (noise === null || interval === null)
    return <span className={bits.dimmed}>No image is counted confidently</span>;
  const [low, high] = interval;
  return (
    <span className={classes.noise}>
      <span className={classes.track} aria-hidden>
        <span className={classes.fill} style={{ width: width(noise, scale) }} />
        <span
          className={classes.whisker}
          data-cut={high > scale}
          style={{ left: width(low, scale), right: `${100 - 100 * Math.min(1, high / scale)}%` }}
        />
      </span>
      <b>{percent(noise)}</b>
      <span className={bits.dimmed}>
        {percent(low)} to {percent(high)}
      </span>
    </span>
  );
}
