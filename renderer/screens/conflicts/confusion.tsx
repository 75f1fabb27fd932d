import { VisuallyHidden } from '@mantine/core';
import type { CSSProperties } from 'react';
import type { Agreement } from '../../../rpc/contract/reviews.ts';
import { integer, percent } from '../../parts/format.ts';
import { readingOf } from './reading.ts';
import bits from '../../parts/bits.module.css';
import page from '../../parts/page.module.css';
import classes from './agreement-panel.module.css';

/** Two reviewers: kappa, and which answers they mistake for each other. */
export function Confusion({ pair }: { pair: Agreement['pairs'][number] }) {
  const { a, b, items, agreed, kappa, answers, confusion } = pair;
  const most = Math.max(1, ...confusion.flat());
  return (
    <section className={classes.pair}>
      <h2>
        {a} and {b}
      </h2>
      <p>
        Cohen’s kappa <b>{kappa === null ? 'undefined (no variation)' : kappa.toFixed(3)}</b>. They agreed on{' '}
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
                      {count === 0 ? <span className={bits.dimmed}>0</span> : integer(count)}
                    </td>
                  );
                })}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </section>
  );
}
