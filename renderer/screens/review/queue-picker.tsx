import type { QueueInfo } from '../../../rpc/contract/queue.ts';
import { counted, dateTime, integer } from '../../parts/format.ts';
import classes from './queue-picker.module.css';

interface QueuePickerProps {
  queues: readonly QueueInfo[];
  chosen: number;
  onChoose: (queue: number) => void;
}

/** Which of several queues is worked on. */
export function QueuePicker({ queues, chosen, onChoose }: QueuePickerProps) {
  return (
    <label className={classes.picker}>
      Queue
      <select value={chosen} onChange={(event) => onChoose(Number(event.currentTarget.value))}>
        {queues.map((queue) => (
          <option key={queue.id} value={queue.id}>
            {nameOf(queue)}
          </option>
        ))}
      </select>
    </label>
  );
}

function nameOf({ id, at, items, done, conflicts, reviewers, blind }: QueueInfo): string {
  const parts = [`${id} of ${dateTime(at)}`, `${integer(done)} of ${integer(items)} done`];
  if (conflicts > 0) parts.push(counted(conflicts, 'conflict'));
  if (reviewers > 1) parts.push(`${reviewers} reviewers each`);
  if (blind) parts.push('blind');
  return parts.join(' · ');
}
