import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import { dueWords, queueTitle } from '../../../rpc/contract/queue.ts';
import { core } from '../../client.ts';
import { Card } from '../../parts/card.tsx';
import { integer } from '../../parts/format.ts';
import { MayButton } from '../../parts/may-button.tsx';
import page from '../../parts/page.module.css';
import { EditQueueWords } from '../../parts/queue-words-fields.tsx';
import { figures, TableHead } from '../../parts/table-head.tsx';
import { projectParams, useProject } from '../../project.tsx';

const SHOWN = 6;

/** The newest queues: how far they are, and who owes how many answers. */
export function QueuesCard() {
  const { folder, by } = useProject();
  const [edited, setEdited] = useState<number | null>(null);
  const queues = useQuery({
    queryKey: ['queues', folder, by],
    queryFn: () => core.queue.list({ project: folder, by: by || null }),
  });
  if (!queues.data || queues.data.length === 0) return null;
  return (
    <Card id="queues" title="Queues">
      <table className={page.table}>
        <TableHead columns={['Queue', figures('Done'), 'Who owes what', 'Change']} />
        <tbody>
          {queues.data.slice(0, SHOWN).map((queue) => (
            <tr key={queue.id}>
              <th scope="row">
                <Link
                  to="/p/$folder/review"
                  params={projectParams(folder)}
                  search={{ queue: queue.id } as never}
                >
                  {queueTitle(queue)}
                </Link>
              </th>
              <td className={page.number}>
                {integer(queue.done)} of {integer(queue.items)}
              </td>
              <td>{dueWords(queue) || 'Nobody is assigned'}</td>
              <td>
                <MayButton
                  needs="manage"
                  variant="default"
                  size="compact-sm"
                  aria-label={`Edit … the name, people and instructions of queue ${queue.id}`}
                  onClick={() => setEdited(queue.id)}
                >
                  Edit …
                </MayButton>
              </td>
            </tr>
          ))}
        </tbody>
      </table>
      {edited !== null && <EditQueueWords queue={edited} onClose={() => setEdited(null)} />}
    </Card>
  );
}
