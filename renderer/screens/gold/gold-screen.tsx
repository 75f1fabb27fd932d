import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { core } from '../../client.ts';
import { errorCode } from '../../../rpc/errors.ts';
import { Empty, Failure, Loading } from '../../parts/states.tsx';
import { useProject } from '../../project.tsx';
import { NoQueue, QueuePicker, useQueues } from '../review/queue-picker.tsx';
import { Button } from '@mantine/core';
import page from '../../parts/page.module.css';
import { figures, TableHead } from '../../parts/table-head.tsx';
import classes from './gold-screen.module.css';
import type { Agreement, GoldAnswer } from '../../../rpc/contract/reviews.ts';
import { dateTime, integer, percent } from '../../parts/format.ts';
import { useState } from 'react';
import { PictureViewer } from '../../parts/picture-viewer.tsx';
import { Thumb } from '../../parts/thumb.tsx';

/** For the quality lead: how each reviewer did on items with a known answer. */
export default function GoldScreen() {
  const { folder, by } = useProject();
  const { queues, asked } = useQueues();
  const client = useQueryClient();
  const withGold = queues.data?.filter(({ goldRate }) => goldRate > 0) ?? [];
  const chosen = withGold.find(({ id }) => id === asked) ?? withGold[0];
  const queue = chosen?.id ?? null;
  const agreement = useQuery({
    queryKey: ['agreement', folder, by, queue],
    queryFn: () => core.reviews.agreement({ project: folder, by: by || 'unnamed', queue }),
    enabled: queue !== null,
  });
  const gold = useQuery({
    queryKey: ['gold', folder, by, queue],
    queryFn: () => core.reviews.gold({ project: folder, by: by || 'unnamed', queue }),
    enabled: queue !== null,
  });
  const resume = useMutation({
    mutationFn: (of: { queue: number; reviewer: string }) =>
      core.reviews.resume({ project: folder, by, ...of }),
    onSuccess: () => client.invalidateQueries({ queryKey: ['agreement', folder] }),
  });
  const failed = [queues, agreement, gold].find(({ isError }) => isError);
  if (failed && errorCode(failed.error) === 'NOT_READY')
    return <Empty title="Closed while you review" body={failed.error!.message} />;
  if (failed) return <Failure error={failed.error} retry={() => void failed.refetch()} />;
  if (queues.isPending) return <Loading label="Loading the queues" />;
  if (!chosen)
    return (
      <NoQueue
        title="No queue has gold items"
        body="Gold items have a known answer. Mixed in unseen, they show how reliable each reviewer is: give a gold rate when you make a queue."
      />
    );
  return (
    <div className={page.page} data-page>
      <header className={page.spread}>
        <h1 className={page.title}>Gold items of queue {chosen.id}</h1>
        <QueuePicker queues={withGold} chosen={chosen.id} />
      </header>
      {!agreement.data || !gold.data ? (
        <Loading label="Loading the answers" />
      ) : (
        <>
          <Reviewers
            reviewers={agreement.data.reviewers}
            threshold={chosen.goldThreshold}
            by={by}
            resuming={resume.isPending ? resume.variables.reviewer : null}
            onResume={(reviewer) => resume.mutate({ queue: chosen.id, reviewer })}
          />
          {resume.isError && <Failure error={resume.error} retry={() => resume.mutate(resume.variables)} />}
          <Answers answers={gold.data} />
        </>
      )}
    </div>
  );
}

interface ReviewersProps {
  reviewers: Agreement['reviewers'];
  threshold: number;
  by: string;
  resuming: string | null;
  onResume: (reviewer: string) => void;
}

/** Each reviewer's accuracy against the threshold, and who is paused. */
function Reviewers({ reviewers, threshold, by, resuming, onResume }: ReviewersProps) {
  return (
    <section className={page.card}>
      <h2 className={page.subtitle}>Reviewers</h2>
      {reviewers.length === 0 ? (
        <p className={page.hint}>No answers in this queue yet.</p>
      ) : (
        <div className={page.wide}>
          <table className={page.table}>
            <caption>Accuracy by reviewer; {percent(threshold)} is required</caption>
            <TableHead
              columns={['Reviewer', figures('Gold answers'), figures('Right'), 'Accuracy', 'State']}
            />
            <tbody>
              {reviewers.map(({ reviewer, gold }) => (
                <tr key={reviewer}>
                  <td>{reviewer}</td>
                  <td className={page.number}>{gold ? integer(gold.seen) : 'none yet'}</td>
                  <td className={page.number}>{gold ? integer(gold.right) : '–'}</td>
                  <td>{gold ? <Gauge accuracy={gold.accuracy} threshold={threshold} /> : '–'}</td>
                  <td>
                    {gold?.paused ? (
                      <Pause
                        isOwn={reviewer === by}
                        isBusy={resuming === reviewer}
                        name={reviewer}
                        onResume={() => onResume(reviewer)}
                      />
                    ) : (
                      'Working'
                    )}
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
    </section>
  );
}

function Gauge({ accuracy, threshold }: { accuracy: number; threshold: number }) {
  return (
    <span className={classes.gauge} data-low={accuracy < threshold}>
      <span className={classes.track} aria-hidden>
        <span className={classes.fill} style={{ width: `${accuracy * 100}%` }} />
        <span className={classes.mark} style={{ left: `${threshold * 100}%` }} />
      </span>
      {percent(accuracy)}
      {accuracy < threshold && ' (too low)'}
    </span>
  );
}

interface PauseProps {
  isOwn: boolean;
  isBusy: boolean;
  name: string;
  onResume: () => void;
}

function Pause({ isOwn, isBusy, name, onResume }: PauseProps) {
  return (
    <span className={classes.pause}>
      <b>Paused</b>
      {isOwn ? (
        <span>somebody else must let you go on</span>
      ) : (
        <Button variant="default" size="compact-sm" loading={isBusy} onClick={onResume}>
          Let {name} go on
        </Button>
      )}
    </span>
  );
}

const PAGE = 200;

/** Every answer to a gold item, the newest first. */
function Answers({ answers }: { answers: readonly GoldAnswer[] }) {
  const [onlyWrong, setOnlyWrong] = useState(false);
  const [shown, setShown] = useState(PAGE);
  const [at, setAt] = useState<number | null>(null);
  const wrong = answers.filter(({ right }) => !right).length;
  const rows = answers.filter(({ right }) => !onlyWrong || !right).toReversed();
  if (answers.length === 0)
    return <p className={page.hint}>No gold item has been answered in this queue yet.</p>;
  return (
    <section className={page.card}>
      <div className={page.spread}>
        <h2 className={page.subtitle}>Answers on the record</h2>
        <label className={classes.filter}>
          <input
            type="checkbox"
            checked={onlyWrong}
            onChange={(event) => setOnlyWrong(event.currentTarget.checked)}
          />
          Only wrong answers ({integer(wrong)} of {integer(answers.length)})
        </label>
      </div>
      <div className={page.wide}>
        <table className={`${page.table} ${classes.answers}`}>
          <TableHead columns={['Image', 'Reviewer', 'Known', 'Shown', 'Answered', 'Result', 'When']} />
          <tbody>
            {rows.slice(0, shown).map((row, i) => (
              <tr key={`${row.reviewer} ${row.sha256} ${row.at}`}>
                <td>
                  <button
                    type="button"
                    className={classes.open}
                    aria-label={`Enlarge the gold item known as ${row.known}`}
                    onClick={() => setAt(i)}
                  >
                    <Thumb sha256={row.sha256} alt="" size={40} />
                  </button>
                </td>
                <td>{row.reviewer}</td>
                <td>{row.known}</td>
                <td>{row.shown ?? 'hidden'}</td>
                <td>{row.answered}</td>
                <td className={classes.result} data-right={row.right}>
                  {row.right ? '✓ right' : '✕ wrong'}
                  {row.undone && ' (taken back)'}
                </td>
                <td>{dateTime(row.at)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      {rows.length > shown && (
        <Button variant="default" mt="sm" onClick={() => setShown(shown + PAGE)}>
          Show {integer(Math.min(PAGE, rows.length - shown))} more of {integer(rows.length)}
        </Button>
      )}
      <PictureViewer
        title="Gold answers"
        pictures={rows.slice(0, shown).map(({ sha256, known, reviewer, answered }) => ({
          sha256,
          path: sha256.slice(0, 8),
          caption: `Known as ${known}; ${reviewer} answered ${answered}.`,
        }))}
        at={at}
        onMove={setAt}
        onClose={() => setAt(null)}
      />
    </section>
  );
}
