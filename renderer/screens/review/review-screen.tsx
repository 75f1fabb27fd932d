import { VisuallyHidden } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { type ReactNode, useEffect, useMemo, useRef, useState } from 'react';
import { core, fileUrl } from '../../client.ts';
import { Failure } from '../../parts/states.tsx';
import { projectParams, useProject } from '../../project.tsx';
import { Done } from './done.tsx';
import { Messages } from './messages.tsx';
import { PictureCache } from './pictures.ts';
import { ProgressLine } from './progress-line.tsx';
import { NoQueue, QueuePicker, useQueues } from './queue-picker.tsx';
import { SessionStore } from './session-store.ts';
import { useReview } from './use-review.ts';
import { Workplace } from './workplace.tsx';
import classes from './review-screen.module.css';
import { notifications } from '@mantine/notifications';
import { runTask } from '../../../rpc/run-task.ts';
import { counted, percent } from '../../parts/format.ts';
import { reportFailure } from '../../parts/report-failure.ts';
import type { ReviewSession } from '../../../rpc/contract/reviews.ts';

/** The queue of the address, else the newest one. */
export default function ReviewScreen() {
  const { queues, asked } = useQueues();
  if (queues.isPending)
    return (
      <div className={classes.screen}>
        <Skeleton />
      </div>
    );
  if (queues.isError) return <Failure error={queues.error} retry={() => void queues.refetch()} />;
  const [newest] = queues.data;
  if (!newest)
    return (
      <NoQueue
        title="There is no queue yet"
        body="A queue holds the few per cent that are worth a look, and the audit. Score the batches and make one."
      />
    );
  const chosen = queues.data.find(({ id }) => id === asked) ?? newest;
  const picker = <QueuePicker queues={queues.data} chosen={chosen.id} />;
  return (
    <div className={classes.screen}>
      <VisuallyHidden component="h1">Review</VisuallyHidden>
      <Sitting key={chosen.id} queue={chosen.id} isNewest={chosen === newest} picker={picker} />
    </div>
  );
}

/** One reviewer at one queue. */
function Sitting({ queue, isNewest, picker }: { queue: number; isNewest: boolean; picker: ReactNode }) {
  const { folder, by, key } = useProject();
  const client = useQueryClient();
  const [store, setStore] = useState<SessionStore | null>(null);
  const [failure, setFailure] = useState<unknown>(null);
  const [attempt, setAttempt] = useState(0);
  // The key changes whenever the core restarts: images are requested with the current one.
  const held = useRef(key);
  held.current = key;
  const urlOf = useMemo(() => (sha256: string) => fileUrl(held.current, 'image', sha256), []);
  const pictures = useMemo(() => new PictureCache(urlOf), [urlOf]);
  useEffect(() => () => pictures.close(), [pictures]);

  useEffect(() => {
    let opened: SessionStore | null = null;
    let isCurrent = true;
    const of = { project: folder, by };
    SessionStore.open({
      session: () => core.reviews.session({ ...of, queue }),
      items: (from, count) => core.reviews.items({ ...of, queue, from, count }),
      decide: (decision) =>
        core.reviews.decide({ ...of, context: { kind: 'review', queue }, decisions: [decision] }),
      undo: () => core.reviews.undo(of),
    }).then(
      (ready) => {
        opened = ready;
        if (isCurrent) setStore(ready);
      },
      (error: unknown) => isCurrent && setFailure(error),
    );
    return () => {
      isCurrent = false;
      opened?.close();
      setStore(null);
      for (const changed of ['overview', 'queues', 'facets', 'explore-view', 'conflicts', 'agreement'])
        void client.invalidateQueries({ queryKey: [changed] });
    };
  }, [folder, by, queue, attempt, client]);

  const again = () => {
    setFailure(null);
    setAttempt(attempt + 1);
  };
  if (failure !== null) return <Failure error={failure} retry={again} />;
  if (!store) return <Skeleton />;
  return (
    <Open
      store={store}
      pictures={pictures}
      urlOf={urlOf}
      picker={
        <>
          {picker}
          {isNewest && <Rerank onDone={again} />}
        </>
      }
    />
  );
}

interface OpenProps {
  store: SessionStore;
  pictures: PictureCache;
  urlOf: (sha256: string) => string;
  picker: ReactNode;
}

function Open({ store, pictures, urlOf, picker }: OpenProps) {
  const session = useReview(store, (state) => state.session);
  const isDone = useReview(store, (state) => state.item === null);
  if (session.gold?.paused)
    return (
      <div className={classes.done}>
        <ProgressLine store={store} picker={picker} />
        <Paused gold={session.gold} queue={session.queue} onCheck={() => store.goOn()} />
      </div>
    );
  if (!isDone) return <Workplace store={store} pictures={pictures} urlOf={urlOf} picker={picker} />;
  return (
    <div className={classes.done}>
      <ProgressLine store={store} picker={picker} />
      <Done store={store} />
      <Messages store={store} />
    </div>
  );
}

/** Lets the answers so far say what comes next; the sitting starts again where the reviewer is. */
function Rerank({ onDone }: { onDone: () => void }) {
  const { folder, by } = useProject();
  const rerank = useMutation({
    mutationFn: () => runTask(core, 'rerank', { project: folder, by }),
    onSuccess: ({ decisions, wrong, moved }) => {
      notifications.show({
        title: moved === 0 ? 'Nothing changed its place' : `${counted(moved, 'item')} moved`,
        message: `Learnt from ${counted(decisions, 'decision')}, ${wrong} of them on a wrong label. Audit items keep their places.`,
      });
      onDone();
    },
    onError: (error) => reportFailure('Not ranked again', error),
  });
  return (
    <button
      type="button"
      className={classes.button}
      disabled={rerank.isPending}
      title="Rank what is left again by what the answers so far have taught"
      onClick={() => rerank.mutate()}
    >
      {rerank.isPending ? 'Ranking …' : 'Re-rank'}
    </button>
  );
}

interface PausedProps {
  gold: NonNullable<ReviewSession['gold']>;
  queue: number;
  onCheck: () => void;
}

/** Says which score was reached and which was needed, and who can lift the pause; never which items were checks. */
function Paused({ gold, queue, onCheck }: PausedProps) {
  const { folder, by } = useProject();
  return (
    <div className={classes.paused} role="alert">
      <h2>Your queue is paused</h2>
      <p>
        Some items in queue {queue} have a known answer. {by} answered {percent(gold.accuracy)} of them as
        known; {percent(gold.threshold)} is required. Everything that you have answered is kept.
      </p>
      <p>
        Talk to the person who leads the quality work. Somebody else can let you go on, on the Gold screen;
        that goes on the record.
      </p>
      <div className={classes.next}>
        <button type="button" onClick={onCheck}>
          Check again
        </button>
        <Link to="/p/$folder/gold" params={projectParams(folder)}>
          Gold
        </Link>
      </div>
    </div>
  );
}

/** The layout of a review before its first item is there. */
function Skeleton() {
  return (
    <div className={classes.skeleton} role="status" aria-label="Loading the queue">
      <div className={classes.line} />
      <div className={classes.middle}>
        <div className={classes.stage} />
        <div className={classes.rail} />
      </div>
      <div className={classes.strip} />
      <div className={classes.bar} />
    </div>
  );
}
