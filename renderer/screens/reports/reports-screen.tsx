import { Button, NativeSelect } from '@mantine/core';
import { useMutation, useQuery, type UseQueryResult } from '@tanstack/react-query';
import { Link, useNavigate, useSearch } from '@tanstack/react-router';
import { errorCode } from '../../../rpc/errors.ts';
import { core } from '../../client.ts';
import page from '../../parts/page.module.css';
import { Empty, Failure, Loading } from '../../parts/states.tsx';
import { projectParams, useProject } from '../../project.tsx';
import { BatchView } from './batch-view.tsx';
import type { Progress } from '../../../rpc/progress.ts';
import { Measuring } from '../../parts/measuring.tsx';
import { followTask, runTask } from '../../../rpc/run-task.ts';
import { CopyText } from '../../parts/copy-text.tsx';
import { useState } from 'react';
import type { TaskKind, TaskRequest, TaskResult } from '../../../rpc/contract/jobs.ts';

const BEFORE = '';

/** How the batches stand against the real images, and where the generator goes. */
export default function ReportsScreen() {
  const { folder } = useProject();
  const navigate = useNavigate();
  const search = useSearch({ strict: false }) as { batch?: unknown; against?: unknown };
  const status = useQuery({
    queryKey: ['status', folder],
    queryFn: () => core.projects.status({ project: folder }),
  });
  if (status.isPending) return <Loading label="Reading the batches" />;
  if (status.isError) return <Failure error={status.error} retry={() => void status.refetch()} />;
  const names = status.data.batches.filter(({ role }) => role === 'synthetic').map(({ name }) => name);
  if (names.length === 0 || status.data.run === null)
    return (
      <Empty
        title={names.length === 0 ? 'There is no synthetic batch yet' : 'The images are not scored yet'}
        body="A report holds a synthetic batch against the real images: what it misses, what it copies, and what to generate next."
        action={
          <Link
            to={names.length === 0 ? '/p/$folder/import' : '/p/$folder/overview'}
            params={projectParams(folder)}
          >
            {names.length === 0 ? 'Import a batch' : 'Score the images on the overview'}
          </Link>
        }
      />
    );
  const batch = names.find((name) => name === search.batch) ?? names.at(-1)!;
  const against = names.find((name) => name === search.against && name !== batch) ?? null;
  const go = (to: Record<string, unknown>): void =>
    void navigate({ to: '.', search: { batch, against, ...to } as never, replace: true });
  return (
    <div className={page.page} data-page>
      <div className={page.spread}>
        <h1 className={page.title}>Reports</h1>
        <div className={page.row}>
          <NativeSelect
            aria-label="Batch"
            value={batch}
            data={names}
            onChange={({ currentTarget }) => go({ batch: currentTarget.value })}
          />
          <NativeSelect
            aria-label="Compared with"
            value={against ?? BEFORE}
            data={[
              { value: BEFORE, label: 'against the batch before' },
              ...names
                .filter((name) => name !== batch)
                .map((name) => ({ value: name, label: `against ${name}` })),
            ]}
            onChange={({ currentTarget }) => go({ against: currentTarget.value || null })}
          />
          <Link to="/p/$folder/strategy" params={projectParams(folder)} search={{ card: 'watch' } as never}>
            Batch after batch
          </Link>
        </div>
      </div>
      <OneBatch key={`${batch} ${against}`} folder={folder} batch={batch} against={against} />
    </div>
  );
}

function OneBatch({ folder, batch, against }: { folder: string; batch: string; against: string | null }) {
  const { query, progress } = useMeasured(['report', folder, batch, against], 'report', {
    project: folder,
    batch,
    against,
  });
  if (query.isPending) return <Measuring progress={progress} />;
  if (query.isError) return <Refusal error={query.error} retry={() => void query.refetch()} />;
  return (
    <>
      <BatchView report={query.data.report} />
      <div className={page.row}>
        <SaveReport folder={folder} batch={batch} against={against} />
      </div>
    </>
  );
}

/** Too few images are a state of the project, not a failure. */
function Refusal({ error, retry }: { error: Error; retry: () => void }) {
  if (errorCode(error) === 'NOT_READY')
    return <Empty title="Not enough to measure yet" body={error.message} />;
  return <Failure error={error} retry={retry} />;
}

interface SaveReportProps {
  folder: string;
  batch: string;
  against: string | null;
}

/** Writes the report into the project's folder, for those who have no Assay. */
function SaveReport({ folder, batch, against }: SaveReportProps) {
  const save = useMutation({
    mutationFn: () => runTask(core, 'report', { project: folder, batch, against, also: 'files' }),
  });
  return (
    <>
      <Button variant="default" loading={save.isPending} onClick={() => save.mutate()}>
        Save as page and JSON
      </Button>
      {save.isError && <Failure error={save.error} />}
      {save.data?.files[0] !== undefined && <CopyText label="Saved" text={save.data.files[0]} />}
    </>
  );
}

/** A measurement, and how far it is. It is a background job, which goes on when the screen is left. */
function useMeasured<K extends TaskKind>(
  queryKey: readonly unknown[],
  kind: K,
  input: TaskRequest<K> & { project: string },
): { query: UseQueryResult<TaskResult<K>>; progress: Progress | null } {
  const [progress, setProgress] = useState<Progress | null>(null);
  const query = useQuery({
    queryKey,
    queryFn: ({ signal }) => followTask(core, kind, input, { signal, report: setProgress }),
    retry: false,
    staleTime: 60_000,
  });
  return { query, progress: query.isPending ? progress : null };
}
