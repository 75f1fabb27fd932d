import { VisuallyHidden } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { type ReactNode, useEffect, useMemo, useRef, useState } from 'react';
import { core, fileUrl } from '../../client.ts';
import { Failure } from '../../parts/states.tsx';
import { useProject } from '../../project.tsx';
import { Done } from './done.tsx';
import { KeyButton } from './key-button.tsx';
import { Messages } from './messages.tsx';
import { GridSitting } from './grid/grid-sitting.tsx';
import type { GridCore } from './grid/grid-store.ts';
import { Paused } from './paused.tsx';
import { PictureCache } from './pictures.ts';
import { ProgressLine } from './progress-line.tsx';
import { NoQueue, QueuePicker, useQueues } from './queue-picker.tsx';
import { SessionStore } from './session-store.ts';
import { useReview } from './use-review.ts';
import { Workplace } from './workplace.tsx';
import classes from './review-screen.module.css';
import { notifications } from '@mantine/notifications';
import { runTask } from '../../../rpc/run-task.ts';
import { counted } from '../../parts/format.ts';
import { reportFailure } from '../../parts/report-failure.ts';
import { useKeyLabel, useKeys } from '../../parts/use-keys.ts';

/** The queue of the address, else the newest one. */
export default function ReviewScreen() {
  const { folder } = useProject();
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
      <Sitting
        key={`${chosen.id} ${folder}`}
        queue={chosen.id}
        isNewest={chosen === newest}
        picker={picker}
      />
    </div>
  );
}

/** One reviewer at one queue. */
function Sitting({ queue, isNewest, picker }: { queue: number; isNewest: boolean; picker: ReactNode }) {
  const { folder, by, key, handout } = useProject();
  const client = useQueryClient();
  const [store, setStore] = useState<SessionStore | null>(null);
  const [failure, setFailure] = useState<unknown>(null);
  const [attempt, setAttempt] = useState(0);
  const [isGrid, setGrid] = useState(false);
  // The key changes whenever the core restarts: images are requested with the current one.
  const held = useRef(key);
  held.current = key;
  const urlOf = useMemo(() => (sha256: string) => fileUrl(held.current, 'image', sha256), []);
  const pictures = useMemo(() => new PictureCache(urlOf), [urlOf]);
  useEffect(() => () => pictures.close(), [pictures]);

  const calls = useMemo((): GridCore => {
    const of = { project: folder, by };
    const context = { kind: 'review', queue } as const;
    return {
      session: () => core.reviews.session({ ...of, queue }),
      items: (from, count) => core.reviews.items({ ...of, queue, from, count }),
      decide: (decision) => core.reviews.decide({ ...of, context, decisions: [decision] }),
      undo: () => core.reviews.undo(of),
      grid: (count, together) => core.reviews.grid({ ...of, queue, count, together }),
      decideGrid: (decisions) =>
        core.reviews.decide({ ...of, context: { ...context, grid: true }, decisions }),
    };
  }, [folder, by, queue]);

  useEffect(() => {
    // A grid has a sitting of its own; what comes after it begins anew.
    if (isGrid) return undefined;
    let opened: SessionStore | null = null;
    let isCurrent = true;
    SessionStore.open(calls).then(
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
  }, [calls, attempt, client, isGrid]);

  const again = () => {
    setFailure(null);
    setAttempt(attempt + 1);
  };
  if (failure !== null) return <Failure error={failure} retry={again} />;
  if (isGrid)
    return <GridSitting core={calls} pictures={pictures} picker={picker} onLeave={() => setGrid(false)} />;
  if (!store) return <Skeleton />;
  return (
    <Open
      store={store}
      pictures={pictures}
      urlOf={urlOf}
      onGrid={() => setGrid(true)}
      picker={
        <>
          {picker}
          {isNewest && !handout && <Rerank onDone={again} />}
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
  onGrid: () => void;
}

function Open({ store, pictures, urlOf, picker, onGrid }: OpenProps) {
  const session = useReview(store, (state) => state.session);
  const isDone = useReview(store, (state) => state.item === null);
  if (session.gold?.paused)
    return (
      <div className={classes.done}>
        <ProgressLine store={store} picker={picker} />
        <Paused gold={session.gold} queue={session.queue} onCheck={() => store.goOn()} />
      </div>
    );
  if (!isDone)
    return <Workplace store={store} pictures={pictures} urlOf={urlOf} picker={picker} onGrid={onGrid} />;
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
  const keyLabel = useKeyLabel();
  const start = () => !rerank.isPending && rerank.mutate();
  useKeys({ actions: { rerank: start } });
  return (
    <span title="Rank what is left again by what the answers so far have taught">
      <KeyButton keyLabel={keyLabel('rerank')} disabled={rerank.isPending} onPress={start}>
        {rerank.isPending ? 'Ranking …' : 'Re-rank'}
      </KeyButton>
    </span>
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
