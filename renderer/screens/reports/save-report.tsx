import { Button } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { runTask } from '../../../rpc/run-task.ts';
import { core } from '../../client.ts';
import { CopyText } from '../../parts/copy-text.tsx';
import { Failure } from '../../parts/states.tsx';

interface SaveReportProps {
  folder: string;
  batch: string;
  against: string | null;
}

/** Writes the report into the project's folder, for those who have no Assay. */
export function SaveReport({ folder, batch, against }: SaveReportProps) {
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
