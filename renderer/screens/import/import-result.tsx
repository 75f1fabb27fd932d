import { Button } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import { importSentence } from '../../../rpc/contract/imports.ts';
import { useStartJob, type JobOf } from '../../jobs.ts';
import { projectParams } from '../../parts/folder-address.ts';
import { counted, dateTime } from '../../parts/format.ts';
import { TableHead } from '../../parts/table-head.tsx';
import page from '../../parts/page.module.css';
import { Failure } from '../../parts/states.tsx';
import { useProject } from '../../project.tsx';
import { LeftBehind } from './left-behind.tsx';
import classes from './import-screen.module.css';

const STOPPED = {
  failed: 'stopped',
  cancelled: 'was cancelled',
  interrupted: 'was interrupted: the program ended while it ran',
} as const;
const PAGE = 100;

/** What came of the newest import, and the way on from one that did not come to its end. */
export function ImportResult({ job }: { job: JobOf<'import'> }) {
  const { folder, writable } = useProject();
  const start = useStartJob();
  const { state, result, task } = job;
  if (state === 'running') return null;
  if (state !== 'done')
    return (
      <section className={`${page.card} ${page.stack}`}>
        <p className={classes.outcome}>
          <strong>{job.title}</strong> {STOPPED[state]}
          {job.endedAt !== null && ` on ${dateTime(job.endedAt)}`}. What was imported so far is kept.
        </p>
        {job.error && state === 'failed' && <p className={page.problem}>{job.error.message}</p>}
        {start.isError && <Failure error={start.error} />}
        {task && (
          <div className={page.row}>
            <Button disabled={!writable} loading={start.isPending} onClick={() => start.mutate(task)}>
              Go on with it
            </Button>
          </div>
        )}
      </section>
    );
  if (!result) return null;
  return (
    <section className={`${page.card} ${page.stack}`} aria-label="The newest import">
      <p className={classes.outcome}>
        <strong>{result.batch}</strong>: {importSentence(result)}
        {result.missing > 0 && `, ${counted(result.missing, 'listed image')} not there`}
        {result.unknownMetadata > 0 &&
          `, ${counted(result.unknownMetadata, 'image')} with text of an unknown generator, kept as it is`}
        .{' '}
        <Link
          to="/p/$folder/explore"
          params={projectParams(folder)}
          search={{ filter: { batches: [result.batch] } } as never}
        >
          Look at the batch
        </Link>
      </p>
      <LeftBehind reading={result} />
      <Problems title="Broken files: left out, with the reason" files={result.broken} />
      <Problems
        title="Changed files: recorded before with other bytes, and left as they were recorded"
        files={result.changed}
      />
    </section>
  );
}

/** Files and what is the matter with them, a page at a time. */
export function Problems({
  title,
  files,
}: {
  title: string;
  files: readonly { path: string; detail: string }[];
}) {
  const [shown, setShown] = useState(PAGE);
  if (files.length === 0) return null;
  return (
    <div className={page.stack}>
      <table className={page.table}>
        <caption>{title}</caption>
        <TableHead columns={['File', 'Reason']} />
        <tbody>
          {files.slice(0, shown).map(({ path, detail }) => (
            <tr key={path}>
              <td className={page.path}>{path}</td>
              <td>{detail}</td>
            </tr>
          ))}
        </tbody>
      </table>
      {files.length > shown && (
        <Button variant="default" onClick={() => setShown(shown + PAGE)}>
          Show {Math.min(PAGE, files.length - shown)} more of {counted(files.length, 'file')}
        </Button>
      )}
    </div>
  );
}
