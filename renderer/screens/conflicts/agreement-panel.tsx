import { useQuery } from '@tanstack/react-query';
import type { Agreement } from '../../../rpc/contract/reviews.ts';
import { core } from '../../client.ts';
import { counted, integer, percent } from '../../parts/format.ts';
import { Failure, Loading } from '../../parts/states.tsx';
import { useProject } from '../../project.tsx';
import { Confusion } from './confusion.tsx';
import { readingOf } from './reading.ts';
import page from '../../parts/page.module.css';
import { figures, TableHead } from '../../parts/table-head.tsx';
import classes from './agreement-panel.module.css';

/** How well the reviewers of a queue agree: alpha over all, kappa and a confusion table per pair. */
export function AgreementPanel({ queue }: { queue: number }) {
  const { folder, by } = useProject();
  const agreement = useQuery({
    queryKey: ['agreement', folder, by, queue],
    queryFn: () => core.reviews.agreement({ project: folder, by: by || 'unnamed', queue }),
  });
  if (agreement.isError) return <Failure error={agreement.error} retry={() => void agreement.refetch()} />;
  if (agreement.isPending) return <Loading label="Comparing the answers" />;
  const { alpha, items, pairs, reviewers } = agreement.data;
  return (
    <div className={classes.scroller}>
      <div className={page.page} data-page>
        <section className={`${page.card} ${classes.summary}`}>
          <b className={classes.figure}>{alpha === null ? 'N/A' : alpha.toFixed(3)}</b>
          <p>
            <span title="Krippendorff’s alpha: 1 is perfect agreement, 0 what chance would give">
              Agreement beyond chance
            </span>{' '}
            over {counted(items, 'item')} answered more than once.{' '}
            {alpha === null
              ? 'It is undefined while nothing was answered twice, or every answer is the same.'
              : readingOf(alpha)}
          </p>
        </section>
        <Reviewers reviewers={reviewers} />
        {pairs.map((pair) => (
          <Confusion key={`${pair.a} ${pair.b}`} queue={queue} pair={pair} />
        ))}
      </div>
    </div>
  );
}

function Reviewers({ reviewers }: { reviewers: Agreement['reviewers'] }) {
  if (reviewers.length === 0) return <p className={page.hint}>No answers in this queue yet.</p>;
  return (
    <section className={page.card}>
      <h2 className={page.subtitle}>Reviewers</h2>
      <div className={page.wide}>
        <table className={page.table}>
          <caption title="CROWDLAB">
            The quality is estimated from the other reviewers’ answers and the model’s.
          </caption>
          <TableHead
            columns={[
              'Reviewer',
              figures('Answers'),
              figures('Median time'),
              figures('Gold accuracy'),
              figures('Upheld in conflicts'),
              figures('Estimated quality'),
            ]}
          />
          <tbody>
            {reviewers.map(({ reviewer, answers, medianMs, gold, upheld, quality }) => (
              <tr key={reviewer}>
                <td>{reviewer}</td>
                <td className={page.number}>{integer(answers)}</td>
                <td className={page.number}>
                  {medianMs === null ? 'N/A' : `${(medianMs / 1000).toFixed(1)} s`}
                </td>
                <td className={page.number}>
                  {gold ? `${percent(gold.accuracy)} of ${integer(gold.seen)}` : 'N/A'}
                  {gold?.paused && ' (paused)'}
                </td>
                <td className={page.number}>
                  {upheld.items === 0 ? 'N/A' : `${integer(upheld.stood)} of ${integer(upheld.items)}`}
                </td>
                <td className={page.number}>{quality === null ? 'N/A' : percent(quality, 0)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </section>
  );
}
