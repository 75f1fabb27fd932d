import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import { dueWords, queueTitle, type QueueInfo } from '../../../rpc/contract/queue.ts';
import { core } from '../../client.ts';
import { Card } from '../../parts/card.tsx';
import { integer } from '../../parts/format.ts';
import { MayButton } from '../../parts/may-button.tsx';
import page from '../../parts/page.module.css';
import { EditQueueWords } from '../../parts/queue-words-fields.tsx';
import { HandOutDialog } from './hand-out-dialog.tsx';
import { HandoutsCard } from './handouts-card.tsx';
import { figures, TableHead } from '../../parts/table-head.tsx';
import { projectParams, useProject } from '../../project.tsx';

const SHOWN = 6;

/** The newest queues: how far they are, and who owes how many answers. */
export function QueuesCard() {
  const { folder, by, writable } = useProject();
  const [handed, setHanded] = useState<QueueInfo | null>(null);
  const [edited, setEdited] = useState<number | null>(null);
  const queues = useQuery({
    queryKey: ['queues', folder, by],
    queryFn: () => core.queue.list({ project: folder, by: by || null }),
  });
  if (!queues.data || queues.data.length === 0) return null;
  return (
    <>
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
                  <div className={page.row}>
                    <MayButton
                      needs="manage"
                      variant="default"
                      size="compact-sm"
                      aria-label={`Edit … the name, people and instructions of queue ${queue.id}`}
                      onClick={() => setEdited(queue.id)}
                    >
                      Edit …
                    </MayButton>
                    <MayButton
                      needs="manage"
                      variant="default"
                      size="compact-sm"
                      disabled={!writable || queue.done === queue.items}
                      aria-label={`Hand out … items of queue ${queue.id} to reviewers on other machines`}
                      onClick={() => setHanded(queue)}
                    >
                      Hand out …
                    </MayButton>
                  </div>
                </td>
              </tr>
            ))}
          </tbody>
        </table>
        {handed && <HandOutDialog queue={handed} instead={null} onClose={() => setHanded(null)} />}
        {edited !== null && <EditQueueWords queue={edited} onClose={() => setEdited(null)} />}
      </Card>
      <HandoutsCard queues={queues.data} />
    </>
  );
}
