import { useQuery } from '@tanstack/react-query';
import { Link, useNavigate, useSearch } from '@tanstack/react-router';
import type { QueueInfo } from '../../../rpc/contract/queue.ts';
import { core } from '../../client.ts';
import { counted, dateTime, integer } from '../../parts/format.ts';
import { Empty } from '../../parts/states.tsx';
import { projectParams, useProject } from '../../project.tsx';
import classes from './review-screen.module.css';

/** The queues of the project, and the number of the one that the address asks for. */
export function useQueues() {
  const { folder, by } = useProject();
  const search = useSearch({ strict: false }) as { queue?: unknown };
  const queues = useQuery({
    queryKey: ['queues', folder, by],
    queryFn: () => core.queue.list({ project: folder, by: by || null }),
  });
  return { queues, asked: Number(search.queue) };
}

interface QueuePickerProps {
  queues: readonly QueueInfo[];
  chosen: number;
}

/** Which of several queues is worked on; nothing where there is no choice. */
export function QueuePicker({ queues, chosen }: QueuePickerProps) {
  const navigate = useNavigate();
  if (queues.length < 2) return null;
  const choose = (queue: number) => void navigate({ to: '.', search: { queue } as never });
  return (
    <label className={classes.picker}>
      Queue
      <select value={chosen} onChange={(event) => choose(Number(event.currentTarget.value))}>
        {queues.map((queue) => (
          <option key={queue.id} value={queue.id}>
            {nameOf(queue)}
          </option>
        ))}
      </select>
    </label>
  );
}

/** In place of a screen that needs a queue. */
export function NoQueue({ title, body }: { title: string; body: string }) {
  const { folder } = useProject();
  return (
    <Empty
      title={title}
      body={body}
      action={
        <Link to="/p/$folder/overview" params={projectParams(folder)}>
          Make a queue on the overview
        </Link>
      }
    />
  );
}

function nameOf({
  id,
  name,
  at,
  items,
  done,
  conflicts,
  questions,
  reviewers,
  endsIn,
  blind,
}: QueueInfo): string {
  const parts = [name ?? `${id} of ${dateTime(at)}`, `${integer(done)} of ${integer(items)} done`];
  if (conflicts > 0) parts.push(counted(conflicts, 'conflict'));
  if (questions > 0) parts.push(counted(questions, 'question'));
  if (reviewers > 1) parts.push(`${reviewers} reviewers each`);
  if (endsIn === 'distribution') parts.push('ends in distributions');
  if (blind) parts.push('blind');
  return parts.join(' · ');
}
