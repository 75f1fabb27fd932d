import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { Link, useNavigate, useSearch } from '@tanstack/react-router';
import { core } from '../../client.ts';
import { Empty, Failure, Loading } from '../../parts/states.tsx';
import { projectParams, useProject } from '../../project.tsx';
import { QueuePicker } from '../review/queue-picker.tsx';
import { Answers } from './answers.tsx';
import { Reviewers } from './reviewers.tsx';
import classes from './gold-screen.module.css';

/** For the quality lead: how each reviewer did on items with a known answer. */
export default function GoldScreen() {
  const { folder, by } = useProject();
  const search = useSearch({ strict: false }) as { queue?: unknown };
  const navigate = useNavigate();
  const client = useQueryClient();
  const queues = useQuery({
    queryKey: ['queues', folder],
    queryFn: () => core.queue.list({ project: folder }),
  });
  const withGold = queues.data?.filter(({ goldRate }) => goldRate > 0) ?? [];
  const chosen = withGold.find(({ id }) => id === Number(search.queue)) ?? withGold[0];
  const queue = chosen?.id ?? null;
  const agreement = useQuery({
    queryKey: ['agreement', folder, queue],
    queryFn: () => core.reviews.agreement({ project: folder, queue }),
    enabled: queue !== null,
  });
  const gold = useQuery({
    queryKey: ['gold', folder, queue],
    queryFn: () => core.reviews.gold({ project: folder, queue }),
    enabled: queue !== null,
  });
  const resume = useMutation({
    mutationFn: (of: { queue: number; reviewer: string }) =>
      core.reviews.resume({ project: folder, by, ...of }),
    onSuccess: () => client.invalidateQueries({ queryKey: ['agreement', folder] }),
  });
  const failed = [queues, agreement, gold].find(({ isError }) => isError);
  if (failed) return <Failure error={failed.error} retry={() => void failed.refetch()} />;
  if (queues.isPending) return <Loading label="Loading the queues" />;
  if (!chosen)
    return (
      <Empty
        title="No queue has gold items"
        body="Gold items have a known answer. Mixed in unseen, they show how reliable each reviewer is: give a gold rate when you make a queue."
        action={
          <Link to="/p/$folder/overview" params={projectParams(folder)}>
            Make a queue on the overview
          </Link>
        }
      />
    );
  return (
    <div className={classes.screen}>
      <header className={classes.header}>
        <h1>Gold items of queue {chosen.id}</h1>
        {withGold.length > 1 && (
          <QueuePicker
            queues={withGold}
            chosen={chosen.id}
            onChoose={(id) => void navigate({ to: '.', search: { queue: id } as never })}
          />
        )}
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
