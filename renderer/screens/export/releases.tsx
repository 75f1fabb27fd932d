import { Button, Skeleton } from '@mantine/core';
import type { UseQueryResult } from '@tanstack/react-query';
import type { ReleaseInfo } from '../../../rpc/contract/releases.ts';
import { counted, dateTime, integer } from '../../parts/format.ts';
import { figures, TableHead } from '../../parts/table-head.tsx';
import { Card } from '../../parts/card.tsx';
import { Coded } from '../../parts/coded.tsx';
import page from '../../parts/page.module.css';
import { Failure } from '../../parts/states.tsx';
import { type JobOf, useStartJob } from '../../jobs.ts';
import { CopyText } from '../../parts/copy-text.tsx';
import { useProject } from '../../project.tsx';
import { LEFT_OUT_WORDS } from './release-draft.ts';
import { ReleaseSignatures } from './release-signatures.tsx';

export function PastReleases({ past }: { past: UseQueryResult<ReleaseInfo[]> }) {
  const { accounts } = useProject();
  return (
    <Card id="past" title="Releases so far" isStack>
      {past.isError && <Failure error={past.error} retry={() => void past.refetch()} />}
      {past.isPending && <Skeleton height={60} />}
      {past.data?.length === 0 && <p className={page.hint}>None yet.</p>}
      {past.data && past.data.length > 0 && (
        <table className={page.table}>
          <TableHead
            columns={[
              'When',
              'By',
              'Format',
              figures('Images'),
              'Folder',
              'sha256 of the manifest',
              ...(accounts ? ['Signatures'] : []),
            ]}
          />
          <tbody>
            {past.data.map((release) => (
              <tr key={release.id}>
                <td>{dateTime(release.at)}</td>
                <td>{release.by}</td>
                <td>{release.format}</td>
                <td className={page.number}>{integer(release.images)}</td>
                <td className={page.path}>{release.folder}</td>
                <td className={page.mono}>{release.manifestSha256}</td>
                {accounts && (
                  <td>
                    <ReleaseSignatures release={release} />
                  </td>
                )}
              </tr>
            ))}
          </tbody>
        </table>
      )}
    </Card>
  );
}

/** What came of the newest export. */
export function ReleaseResult({ job }: { job: JobOf<'release'> }) {
  const start = useStartJob();
  const { state, result, task } = job;
  if (state !== 'done')
    return (
      <section className={`${page.card} ${page.stack}`}>
        <p className={state === 'failed' ? page.problem : page.hint}>
          {job.title}: {job.error?.message ?? state}
        </p>
        {start.isError && <Failure error={start.error} />}
        {task && (
          <div className={page.row}>
            <Button variant="default" loading={start.isPending} onClick={() => start.mutate(task)}>
              Try again
            </Button>
          </div>
        )}
      </section>
    );
  if (!result) return null;
  const left = Object.entries(result.leftOut) as [keyof typeof LEFT_OUT_WORDS, number][];
  return (
    <section className={`${page.card} ${page.stack}`} aria-label="The newest release">
      <p className={page.hint}>
        <strong>{counted(result.images, 'image')}</strong> written to{' '}
        <span className={page.path}>{result.folder}</span>
        {left.length > 0 &&
          `; left out: ${left.map(([why, count]) => `${integer(count)} ${LEFT_OUT_WORDS[why].toLowerCase()}`).join(', ')}`}
        .
      </p>
      {result.warnings.map((warning) => (
        <p key={warning} className={page.problem}>
          <Coded text={warning} />
        </p>
      ))}
      <CopyText label="sha256 of its manifest" text={result.manifestSha256} />
    </section>
  );
}
