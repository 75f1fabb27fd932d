import { Button } from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import type { CollectSummary, HandoutState, LeftAnswer } from '../../../rpc/contract/handouts.ts';
import type { QueueInfo } from '../../../rpc/contract/queue.ts';
import { LEFT_WORDS } from '../../../rpc/contract/terms.ts';
import { runTask } from '../../../rpc/run-task.ts';
import { core } from '../../client.ts';
import { Card } from '../../parts/card.tsx';
import { FolderField } from '../../parts/folder-field.tsx';
import { FormModal } from '../../parts/form-modal.tsx';
import { counted, dateTime, integer, percent } from '../../parts/format.ts';
import { MayButton } from '../../parts/may-button.tsx';
import page from '../../parts/page.module.css';
import { Failure } from '../../parts/states.tsx';
import { figures, TableHead } from '../../parts/table-head.tsx';
import { useProject } from '../../project.tsx';
import { useAskName } from '../../shell/name.tsx';
import { useWhyNot } from '../../who-acts.ts';
import { HandOutDialog } from './hand-out-dialog.tsx';

/** Who has what on another machine, since when and how far; where answers come back. */
export function HandoutsCard({ queues }: { queues: readonly QueueInfo[] }) {
  const { folder, writable } = useProject();
  const client = useQueryClient();
  const askName = useAskName();
  const why = useWhyNot()('manage');
  const [isCollecting, setCollecting] = useState(false);
  const [given, setGiven] = useState<HandoutState | null>(null);
  const handouts = useQuery({
    queryKey: ['handouts', folder],
    queryFn: () => core.handouts.list({ project: folder }),
    enabled: why === null,
  });
  const recall = useMutation({
    mutationFn: async (handout: string) => {
      const by = await askName();
      return by === null ? null : core.handouts.recall({ project: folder, by, handout });
    },
    onSuccess: () => void client.invalidateQueries({ queryKey: ['handouts'] }),
  });
  if (!handouts.data || handouts.data.length === 0) return null;
  const left = handouts.data.flatMap((each) => each.left);
  const queue = given && queues.find(({ id }) => id === given.queue);
  return (
    <Card id="handouts" title="Hand-outs" isStack>
      <table className={page.table}>
        <TableHead
          columns={[
            'Reviewer',
            'Queue',
            figures('Answered'),
            'Came back',
            figures('Gold'),
            figures('Agrees'),
            'Change',
          ]}
        />
        <tbody>
          {handouts.data.map((one) => (
            <tr key={one.handout}>
              <th scope="row" title={`Since ${dateTime(one.at)}, by ${one.by}`}>
                {one.reviewer}
              </th>
              <td>{one.queue}</td>
              <td className={page.number}>
                {integer(one.answered)} of {integer(one.items)}
              </td>
              <td>{stateWords(one)}</td>
              <td className={page.number}>
                {one.gold ? `${one.gold.right} of ${one.gold.seen} (${percent(one.gold.accuracy, 0)})` : '–'}
              </td>
              <td className={page.number}>
                {one.agreement ? `on ${one.agreement.alike} of ${one.agreement.items}` : '–'}
              </td>
              <td>
                <div className={page.row}>
                  <MayButton
                    needs="manage"
                    variant="default"
                    size="compact-sm"
                    disabled={!writable || one.recalled !== null}
                    aria-label={`Recall the hand-out of ${one.reviewer}`}
                    onClick={() => recall.mutate(one.handout)}
                  >
                    Recall
                  </MayButton>
                  <MayButton
                    needs="manage"
                    variant="default"
                    size="compact-sm"
                    disabled={!writable || one.answered === one.items}
                    aria-label={`Give the items of ${one.reviewer} to somebody else …`}
                    onClick={() => setGiven(one)}
                  >
                    Reassign …
                  </MayButton>
                </div>
              </td>
            </tr>
          ))}
        </tbody>
      </table>
      {recall.isError && <Failure error={recall.error} />}
      {left.length > 0 && (
        <details>
          <summary>
            {counted(left.length, 'answer was', 'answers were')} not taken: nothing decided here was
            overwritten
          </summary>
          <LeftList left={left} />
        </details>
      )}
      <div className={page.row}>
        <MayButton needs="manage" variant="default" disabled={!writable} onClick={() => setCollecting(true)}>
          Collect answers …
        </MayButton>
      </div>
      {isCollecting && <CollectDialog onClose={() => setCollecting(false)} />}
      {given && queue && (
        <HandOutDialog
          queue={queue}
          instead={{ handout: given.handout, reviewer: given.reviewer }}
          onClose={() => setGiven(null)}
        />
      )}
    </Card>
  );
}

function stateWords({ cameBack, recalled, expires }: HandoutState): string {
  if (recalled) return `Recalled ${dateTime(recalled.at)}`;
  if (expires !== null && expires <= new Date().toISOString()) return `Expired ${dateTime(expires)}`;
  return cameBack ? dateTime(cameBack) : 'Not yet';
}

/** Takes what lies in a folder: files are often kept together, and what was taken before is nothing new. */
function CollectDialog({ onClose }: { onClose: () => void }) {
  const { folder } = useProject();
  const client = useQueryClient();
  const askName = useAskName();
  const [from, setFrom] = useState('');
  const collect = useMutation({
    mutationFn: async () => {
      const by = await askName();
      return by === null ? null : runTask(core, 'collect', { project: folder, by, files: [from] });
    },
    onSuccess: () => {
      for (const key of ['handouts', 'overview', 'queues', 'explore-view', 'facets'])
        void client.invalidateQueries({ queryKey: [key] });
    },
  });
  return (
    <FormModal
      opened
      onClose={onClose}
      title="Collect answers"
      size="lg"
      returnFocus={false}
      transitionProps={{ duration: 0 }}
    >
      <form
        className={page.form}
        onSubmit={(event) => {
          event.preventDefault();
          collect.mutate();
        }}
      >
        <FolderField
          label="Folder with the files of answers"
          description="All of them are taken. What was taken before changes nothing."
          value={from}
          onChange={setFrom}
        />
        {collect.isError && <Failure error={collect.error} />}
        {collect.data && <Collected summary={collect.data} />}
        <Button type="submit" loading={collect.isPending} disabled={from === ''}>
          Collect
        </Button>
      </form>
    </FormModal>
  );
}

function Collected({ summary }: { summary: CollectSummary }) {
  return (
    <ul className={page.plain} role="status">
      {summary.files.map(({ file, reviewer, taken, before, left, refused }) => (
        <li key={file}>
          <code className={page.mono}>{file.split(/[/\\]/).at(-1)}</code>
          <br />
          {refused === null
            ? taken === 0 && left.length === 0
              ? `Nothing new of ${reviewer}; ${integer(before)} taken before.`
              : `${counted(taken, 'entry', 'entries')} of ${reviewer} taken.`
            : `Refused. ${refused}`}
          {left.length > 0 && <LeftList left={left} />}
        </li>
      ))}
    </ul>
  );
}

const MOST_LEFT = 50;

/** Answers that were not taken, each with what holds instead. */
function LeftList({ left }: { left: readonly LeftAnswer[] }) {
  const said = (of: { reviewer: string; verdict: string; label: string | null }) =>
    `${of.reviewer}: ${of.verdict}${of.label === null ? '' : ` ${of.label}`}`;
  return (
    <ul className={page.plain}>
      {left.slice(0, MOST_LEFT).map(({ sha256, why, held, ...own }) => (
        <li key={`${sha256} ${own.reviewer}`} className={page.hint}>
          <code className={page.mono}>{sha256.slice(0, 12)}</code> {said(own)}; {LEFT_WORDS[why]}
          {held && `; ${said(held)}`}
        </li>
      ))}
      {left.length > MOST_LEFT && <li className={page.hint}>And {integer(left.length - MOST_LEFT)} more.</li>}
    </ul>
  );
}
