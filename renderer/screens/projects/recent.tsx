import { Button, Skeleton } from '@mantine/core';
import type { UseQueryResult } from '@tanstack/react-query';
import type { RecentProject } from '../../../rpc/contract/settings.ts';
import { dateTime } from '../../parts/format.ts';
import { Failure } from '../../parts/states.tsx';
import classes from './projects-screen.module.css';

interface RecentProps {
  recent: UseQueryResult<RecentProject[]>;
  onOpen: (folder: string) => void;
  onForget: (folder: string) => void;
}

export function Recent({ recent, onOpen, onForget }: RecentProps) {
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
        <ul className={classes.list}>
          {recent.data.map(({ folder, name, openedAt, exists }) => (
            <li key={folder} className={classes.item}>
              <button
                type="button"
                className={classes.open}
                disabled={!exists}
                onClick={() => onOpen(folder)}
              >
                <span className={classes.name}>{name}</span>
                <span className={classes.folder}>{folder}</span>
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
