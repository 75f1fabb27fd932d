import { Button, Skeleton } from '@mantine/core';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { useState } from 'react';
import { SHARD_MB, weightText, type MixInfo, type MixPolicy } from '../../../rpc/contract/mixes.ts';
import { DEFAULT_SEED } from '../../../rpc/contract/terms.ts';
import { type JobOf, useNewestJob } from '../../jobs.ts';
import { Card } from '../../parts/card.tsx';
import { besideProject, dateTime, integer, percent } from '../../parts/format.ts';
import { MayButton } from '../../parts/may-button.tsx';
import page from '../../parts/page.module.css';
import { Failure } from '../../parts/states.tsx';
import { figures, TableHead } from '../../parts/table-head.tsx';
import { useProject } from '../../project.tsx';
import { asPercent, mixStanding, NO_LICENCE } from './mix-words.ts';
import { useMixes, useMixPolicy } from './use-mix.ts';
import { type MixDraft, WriteMixDialog } from './write-mix-dialog.tsx';
import classes from './strategy.module.css';

const PAGE = 20;
/** Of a first mix. */
const BATCH_SIZE = 64;

/** The mixes on record, each beside the policy in force. */
export function MixesCard() {
  const mixes = useMixes();
  const policy = useMixPolicy();
  const [shown, setShown] = useState(PAGE);
  const { folder, writable } = useProject();
  const navigate = useNavigate();
  const job = useNewestJob('mix');
  const { dialog } = useSearch({ strict: false }) as { dialog?: unknown };
  const setDialog = (isOpen: boolean) =>
    void navigate({
      to: '.',
      search: { card: 'mix', ...(isOpen && { dialog: 'mix' }) } as never,
      replace: true,
    });
  const left = (mixes.data?.length ?? 0) - shown;
  return (
    <Card id="mixes" title="Mixes on record" isStack>
      <div className={page.row}>
        <MayButton
          needs="manage"
          disabled={!writable || !policy.data || !mixes.data || job?.state === 'running'}
          onClick={() => setDialog(true)}
        >
          Write a mix …
        </MayButton>
      </div>
      {policy.data && mixes.data && (
        <WriteMixDialog
          opened={dialog === 'mix'}
          start={firstDraft(folder, policy.data, mixes.data, job)}
          onClose={() => setDialog(false)}
        />
      )}
      {mixes.isError && <Failure error={mixes.error} retry={() => void mixes.refetch()} />}
      {mixes.isPending && <Skeleton height={60} />}
      {mixes.data?.length === 0 && (
        <p className={page.hint}>
          None yet. A mix holds real images and reviewed synthetic ones in an order in which every training
          batch keeps the floor.
        </p>
      )}
      {mixes.data && mixes.data.length > 0 && policy.data && (
        <div className={page.wide}>
          <table className={page.table}>
            <TableHead
              columns={[
                'Folder',
                'When',
                'By',
                figures('Images of an epoch'),
                figures('Real share'),
                figures('Batch size'),
                figures('Least real in a batch'),
              ]}
            />
            <tbody>
              {mixes.data.slice(0, shown).map((mix) => (
                <MixRows key={mix.id} mix={mix} policy={policy.data} />
              ))}
            </tbody>
          </table>
        </div>
      )}
      {left > 0 && (
        <div className={page.row}>
          <Button variant="default" onClick={() => setShown(shown + PAGE)}>
            Show {Math.min(PAGE, left)} more
          </Button>
        </div>
      )}
    </Card>
  );
}

/** As it was asked for last where that failed; else at the policy's target, as large as the mix before. */
function firstDraft(
  project: string,
  { target }: MixPolicy,
  mixes: readonly MixInfo[],
  job: JobOf<'mix'> | null,
): MixDraft {
  const failed = job?.state === 'failed' ? job.task.input : null;
  return {
    to: failed?.to ?? besideProject(project, `mix-${mixes.length + 1}`),
    share: asPercent(failed?.realShare ?? target),
    batchSize: failed?.batchSize ?? mixes[0]?.batchSize ?? BATCH_SIZE,
    as: failed?.as ?? ['shards'],
    images: failed?.images ?? '',
    seed: failed?.seed ?? DEFAULT_SEED,
    weights: (failed?.weights ?? []).map(weightText).join('\n'),
    shardMegabytes: failed?.shardBytes === undefined ? SHARD_MB : failed.shardBytes / 1e6,
    licence: failed?.licence ?? NO_LICENCE,
    reason: failed?.belowFloor ?? '',
  };
}

function MixRows({ mix, policy }: { mix: MixInfo; policy: MixPolicy }) {
  const { folder, at, by, images, real, batchSize, leastReal, belowFloor, manifestSha256 } = mix;
  const { isKept, words } = mixStanding(mix, policy);
  return (
    <>
      <tr>
        <td className={page.path} title={`sha256 of its manifest: ${manifestSha256}`}>
          {folder}
        </td>
        <td className={classes.short}>{dateTime(at)}</td>
        <td className={classes.short}>{by}</td>
        <td className={page.number}>{integer(images)}</td>
        <td className={page.number}>{percent(real / images)}</td>
        <td className={page.number}>{integer(batchSize)}</td>
        <td className={page.number}>{integer(leastReal)}</td>
      </tr>
      {(!isKept || belowFloor !== null) && (
        <tr>
          <td colSpan={7} className={classes.warn}>
            It {words}.{belowFloor !== null && ` ${by} gave the reason: ${belowFloor}`}
          </td>
        </tr>
      )}
    </>
  );
}
