import { Button, Skeleton } from '@mantine/core';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { useState } from 'react';
import { core } from '../../client.ts';
import { projectParams } from '../../parts/folder-address.ts';
import { FolderDialog } from '../../parts/folder-dialog.tsx';
import { whenPicked } from '../../parts/pick-path.ts';
import { reportFailure } from '../../parts/report-failure.ts';
import { Failure } from '../../parts/states.tsx';
import { host } from '../../host.ts';
import { Header } from '../../shell/header.tsx';
import { CreateDialog } from './create-dialog.tsx';
import { SampleCard } from './sample-card.tsx';
import bits from '../../parts/bits.module.css';
import classes from './projects-screen.module.css';
import type { UseQueryResult } from '@tanstack/react-query';
import type { RecentProject } from '../../../rpc/contract/settings.ts';
import { dateTime } from '../../parts/format.ts';

/** Where everything begins: the sample in one click, one's own projects, and those of before. */
export default function ProjectsScreen() {
  const navigate = useNavigate();
  const client = useQueryClient();
  const asked = useSearch({ strict: false }) as { do?: unknown };
  const [chosen, setDialog] = useState<'open' | 'create' | 'handout' | 'none' | null>(null);
  const dialog = chosen ?? (asked.do === 'create' ? 'create' : 'none');
  const recent = useQuery({ queryKey: ['recent'], queryFn: () => core.settings.recent() });
  const home = useQuery({ queryKey: ['folder', null], queryFn: () => core.files.list({ path: null }) });
  const open = (folder: string) =>
    void navigate({ to: '/p/$folder/overview', params: projectParams(folder) });
  const chooseProject = () => {
    if (!host) return setDialog('open');
    whenPicked(host.pickFolder('Open a project'), open);
  };
  const openHandout = (file: string) =>
    void navigate({ to: '/p/$folder/review', params: projectParams(file) });
  const chooseHandout = () => {
    if (!host) return setDialog('handout');
    whenPicked(host.pickFile('Open a hand-out'), openHandout);
  };
  const forget = (folder: string) =>
    core.settings.forget({ folder }).then(
      (rest) => client.setQueryData(['recent'], rest),
      (error: unknown) => reportFailure('It is still on the list', error),
    );
  return (
    <div className={classes.window}>
      <Header project={null} />
      <main className={classes.main}>
        <div className={classes.page}>
          <div>
            <h1 className={classes.title}>Assay</h1>
            <p className={classes.lead}>
              Finds the few per cent of synthetic images that people must look at, and records who looked.
              Everything stays on this machine.
            </p>
          </div>
          <div className={classes.starts}>
            <SampleCard
              home={home.data?.home ?? null}
              recent={recent.data ?? []}
              onOpen={open}
              atOnce={asked.do === 'sample'}
            />
            <section className={classes.own}>
              <h2 className={classes.heading}>Your own images</h2>
              <p className={classes.hint}>
                A project is a folder with the record, the thumbnails and the scores. Originals stay where
                they are.
              </p>
              <div className={bits.wrap}>
                <Button variant="default" onClick={() => setDialog('create')}>
                  New project …
                </Button>
                <Button variant="default" onClick={chooseProject}>
                  Open a project …
                </Button>
                <Button variant="default" onClick={chooseHandout}>
                  Open a hand-out …
                </Button>
              </div>
            </section>
          </div>
          {home.isError && <Failure error={home.error} retry={() => void home.refetch()} />}
          <Recent recent={recent} onOpen={open} onForget={(folder) => void forget(folder)} />
        </div>
      </main>
      <FolderDialog
        title="Open a project"
        wanted="project"
        start={null}
        opened={dialog === 'open'}
        onClose={() => setDialog('none')}
        onChoose={open}
      />
      <FolderDialog
        title="Open a hand-out"
        wanted="handout"
        start={null}
        opened={dialog === 'handout'}
        onClose={() => setDialog('none')}
        onChoose={openHandout}
      />
      <CreateDialog
        home={home.data?.home ?? ''}
        opened={dialog === 'create'}
        onClose={() => setDialog('none')}
        onCreated={open}
      />
    </div>
  );
}

interface RecentProps {
  recent: UseQueryResult<RecentProject[]>;
  onOpen: (folder: string) => void;
  onForget: (folder: string) => void;
}

function Recent({ recent, onOpen, onForget }: RecentProps) {
  return (
    <section className={classes.recent} aria-labelledby="recent">
      <h2 id="recent" className={classes.heading}>
        Recent
      </h2>
      {recent.isError && <Failure error={recent.error} retry={() => void recent.refetch()} />}
      {recent.isPending && <Skeleton height={106} radius={8} />}
      {recent.data?.length === 0 && (
        <p className={classes.hint}>Nothing yet. Projects that you open are listed here.</p>
      )}
      {recent.data && recent.data.length > 0 && (
        <ul className={`${bits.list} ${bits.panel}`}>
          {recent.data.map(({ folder, name, openedAt, exists }) => (
            <li key={folder} className={classes.item}>
              <button
                type="button"
                className={classes.open}
                disabled={!exists}
                onClick={() => onOpen(folder)}
              >
                <span className={classes.name}>{name}</span>
                <span className={`${bits.small} ${bits.ellipsis}`}>{folder}</span>
              </button>
              {exists ? (
                <span className={classes.when}>{dateTime(openedAt)}</span>
              ) : (
                <span className={classes.missing}>No longer there</span>
              )}
              <Button
                variant="subtle"
                color="gray"
                size="compact-xs"
                onClick={() => onForget(folder)}
                aria-label={`Forget ${name} in ${folder}`}
              >
                Forget
              </Button>
            </li>
          ))}
        </ul>
      )}
    </section>
  );
}
