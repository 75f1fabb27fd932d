import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { core } from '../../client.ts';
import page from '../../parts/page.module.css';
import { Failure, Loading } from '../../parts/states.tsx';
import { useProject } from '../../project.tsx';
import { Problems } from './import-result.tsx';
import classes from './import-screen.module.css';

/** The broken files of every import, on demand. */
export function BrokenFiles({ opened }: { opened: boolean }) {
  const { folder } = useProject();
  const [isOpen, setOpen] = useState(opened);
  const found = useQuery({
    queryKey: ['flagged', folder],
    queryFn: async () => (await core.queue.show({ project: folder })).flagged,
    enabled: isOpen,
  });
  const broken = found.data?.filter(({ rule }) => rule === 'broken') ?? [];
  return (
    <details
      className={`${page.card} ${classes.details}`}
      open={isOpen}
      onToggle={(event) => setOpen(event.currentTarget.open)}
    >
      <summary>Broken files of every import</summary>
      {found.isError && <Failure error={found.error} retry={() => void found.refetch()} />}
      {isOpen && found.isPending && <Loading label="Looking for broken files" />}
      {found.data && broken.length === 0 && <p className={page.hint}>None: every file could be read.</p>}
      <Problems
        title="They are in no score and no release"
        files={broken.map(({ batch, path, detail }) => ({ path: `${batch}: ${path}`, detail }))}
      />
    </details>
  );
}
