import { VisuallyHidden } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState, type CSSProperties } from 'react';
import type { Agreement } from '../../../rpc/contract/reviews.ts';
import { core } from '../../client.ts';
import { counted, integer, percent } from '../../parts/format.ts';
import { Gallery } from '../../parts/gallery.tsx';
import { Failure } from '../../parts/states.tsx';
import { useProject } from '../../project.tsx';
import { readingOf } from './reading.ts';
import bits from '../../parts/bits.module.css';
import page from '../../parts/page.module.css';
import classes from './agreement-panel.module.css';

interface ConfusionProps {
  queue: number;
  pair: Agreement['pairs'][number];
}

/** Two reviewers: kappa, and which answers they mistake for each other, with the images of each. */
export function Confusion({ queue, pair }: ConfusionProps) {
  const [cell, setCell] = useState<{ saidA: string; saidB: string } | null>(null);
  const { a, b, items, agreed, kappa, answers, confusion } = pair;
  const most = Math.max(1, ...confusion.flat());
  return (
    <section className={`${page.card} ${page.stack}`}>
      <h2 className={page.subtitle}>
        {a} and {b}
      </h2>
      <p className={classes.kappa}>
        <span title="Cohen’s kappa: 1 is perfect agreement, 0 what chance would give">
          Agreement beyond chance
        </span>{' '}
        <b>{kappa === null ? 'undefined (no variation)' : kappa.toFixed(3)}</b>. They agreed on{' '}
        {integer(agreed)} of {integer(items)}
        {items > 0 && ` (${percent(agreed / items)})`}. {kappa !== null && readingOf(kappa)}
      </p>
      <div className={page.wide} tabIndex={0} role="region" aria-label={`Answers of ${a} and ${b}`}>
        <table className={classes.confusion}>
          <caption>
            Rows: {a}. Columns: {b}.
          </caption>
          <thead>
            <tr>
              <th scope="col">
                <VisuallyHidden>{a} said</VisuallyHidden>
              </th>
              {answers.map((answer) => (
                <th key={answer} scope="col">
                  {answer}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {answers.map((answer, row) => (
              <tr key={answer}>
                <th scope="row">{answer}</th>
                {answers.map((other, column) => {
                  const count = confusion[row]?.[column] ?? 0;
                  return (
                    <td
                      key={other}
                      data-same={row === column}
                      style={{ '--share': `${Math.round((count / most) * 60)}%` } as CSSProperties}
                    >
                      {count === 0 ? (
                        <span className={bits.dimmed}>0</span>
                      ) : (
                        <button
                          type="button"
                          className={classes.see}
                          aria-label={`${counted(count, 'image')}: ${a} said ${answer}, ${b} ${other}`}
                          aria-pressed={cell?.saidA === answer && cell.saidB === other}
                          onClick={() => setCell({ saidA: answer, saidB: other })}
                        >
                          {integer(count)}
                        </button>
                      )}
                    </td>
                  );
                })}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      {cell ? (
        <CellImages key={`${cell.saidA} ${cell.saidB}`} queue={queue} a={a} b={b} {...cell} />
      ) : (
        <p className={page.hint}>A number shows its images.</p>
      )}
    </section>
  );
}

interface CellImagesProps {
  queue: number;
  a: string;
  b: string;
  saidA: string;
  saidB: string;
}

/** The images behind one number. */
function CellImages({ queue, a, b, saidA, saidB }: CellImagesProps) {
  const { folder, by } = useProject();
  const images = useQuery({
    queryKey: ['agreement-images', folder, by, queue, a, b, saidA, saidB],
    queryFn: () =>
      core.reviews.agreementImages({ project: folder, by: by || 'unnamed', queue, a, b, saidA, saidB }),
  });
  if (images.isError) return <Failure error={images.error} retry={() => void images.refetch()} />;
  const title = `${a} said ${saidA}, ${b} ${saidB}`;
  return (
    <section className={classes.images} aria-label={title} aria-busy={images.isPending}>
      <p className={page.hint}>{title}</p>
      <Gallery title={title} pictures={images.data ?? []} size={64} />
    </section>
  );
}
