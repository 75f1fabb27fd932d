import { notifications } from '@mantine/notifications';
import { useMutation } from '@tanstack/react-query';
import { runTask } from '../../../rpc/run-task.ts';
import { core } from '../../client.ts';
import { counted } from '../../parts/format.ts';
import { reportFailure } from '../../parts/report-failure.ts';
import { useProject } from '../../project.tsx';
import classes from './rerank.module.css';

/** Lets the answers so far say what comes next; the sitting starts again where the reviewer is. */
export function Rerank({ onDone }: { onDone: () => void }) {
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
