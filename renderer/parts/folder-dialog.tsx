import { Button, Modal, Skeleton, TextInput } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import type { FolderListing } from '../../rpc/contract/files.ts';
import { core } from '../client.ts';
import { useCovers } from './form-modal.tsx';
import { counted } from './format.ts';
import { FileIcon, FolderIcon, ProjectIcon, UpIcon } from './icons.tsx';
import { Failure } from './states.tsx';
import bits from './bits.module.css';
import classes from './folder-dialog.module.css';

type FolderWanted = 'folder' | 'project' | 'handout' | 'file';

interface FolderDialogProps {
  title: string;
  opened: boolean;
  /** A project is chosen by its own folder, a hand-out and a file by themselves, anything else by standing in it. */
  wanted: FolderWanted;
  start: string | null;
  onChoose: (path: string) => void;
  onClose: () => void;
}

/** Entries that are drawn at once: a folder of a dataset may hold a million, and the filter finds the rest. */
const SHOWN = 400;

/** What is chosen by its name, rather than stood in. */
const CHOSEN: Partial<Record<FolderWanted, RegExp>> = {
  project: /\.assay[\\/]?$/,
  handout: /\.assay-handout$/,
};
/** Files that can be chosen. */
const PICKABLE: Partial<Record<FolderWanted, RegExp>> = { handout: CHOSEN.handout!, file: /./ };
const HINTS: Record<FolderWanted, string> = {
  project: 'Projects are folders whose name ends in .assay.',
  handout: 'Hand-outs are files whose name ends in .assay-handout.',
  folder: 'The folder that you stand in is chosen.',
  file: 'The file that you press is chosen.',
};

/** Chooses a folder of the machine that the core runs on, where there is no dialog of the system. */
export function FolderDialog({ title, opened, onClose, ...choice }: FolderDialogProps) {
  useCovers(opened);
  return (
    <Modal opened={opened} onClose={onClose} title={title} size="lg">
      <Choice {...choice} />
    </Modal>
  );
}

function Choice({ wanted, start, onChoose }: Pick<FolderDialogProps, 'wanted' | 'start' | 'onChoose'>) {
  const [path, setPath] = useState(start);
  const [filter, setFilter] = useState('');
  const listing = useQuery({
    queryKey: ['folder', path],
    queryFn: () => core.files.list({ path }),
    staleTime: 0,
  });
  const go = (to: string | null) => {
    setFilter('');
    setPath(to);
  };
  const { data } = listing;
  const canChoose = wanted === 'folder' && data !== undefined;
  return (
    <div className={classes.dialog}>
      <PathLine
        key={data?.path ?? ''}
        path={data?.path ?? path ?? ''}
        parent={data?.parent ?? null}
        onGo={(to) => (to !== null && CHOSEN[wanted]?.test(to) ? onChoose(to) : go(to))}
      />
      <TextInput
        aria-label="Filter the names"
        placeholder="Filter the names"
        value={filter}
        onChange={(event) => setFilter(event.currentTarget.value)}
      />
      <div className={classes.list}>
        {listing.isError && (
          <Failure
            error={listing.error}
            retry={path === null ? () => void listing.refetch() : () => go(null)}
          />
        )}
        {listing.isPending && Array.from({ length: 8 }, (_, i) => <Skeleton key={i} height={24} mb={6} />)}
        {data && (
          <Entries
            entries={data.entries}
            filter={filter}
            onPick={(entry) =>
              entry.kind === 'file' || CHOSEN[wanted]?.test(entry.path)
                ? onChoose(entry.path)
                : go(entry.path)
            }
            pickable={PICKABLE[wanted] ?? null}
          />
        )}
      </div>
      <div className={classes.foot}>
        <span className={classes.hint}>{HINTS[wanted]}</span>
        {wanted === 'folder' && (
          <Button disabled={!canChoose} onClick={() => data && onChoose(data.path)}>
            Choose this folder
          </Button>
        )}
      </div>
    </div>
  );
}

function PathLine({
  path,
  parent,
  onGo,
}: {
  path: string;
  parent: string | null;
  onGo: (to: string | null) => void;
}) {
  const [typed, setTyped] = useState(path);
  return (
    <form
      className={classes.path}
      onSubmit={(event) => {
        event.preventDefault();
        // The field that opened the dialog may stand in a form, which is not sent by this.
        event.stopPropagation();
        onGo(typed.trim() === '' ? null : typed.trim());
      }}
    >
      <Button
        variant="default"
        disabled={parent === null}
        onClick={() => onGo(parent)}
        aria-label="To the folder above"
        title="To the folder above"
      >
        <UpIcon size={14} />
      </Button>
      <TextInput
        aria-label="Folder"
        value={typed}
        onChange={(event) => setTyped(event.currentTarget.value)}
        data-autofocus
        autoComplete="off"
      />
      <Button type="submit" variant="default">
        Go
      </Button>
      <Button variant="default" onClick={() => onGo(null)}>
        Home
      </Button>
    </form>
  );
}

type Entry = FolderListing['entries'][number];
const ICONS = { folder: FolderIcon, project: ProjectIcon, file: FileIcon };

function Entries({
  entries,
  filter,
  pickable,
  onPick,
}: {
  entries: Entry[];
  filter: string;
  /** Files that can be chosen; none where it is null. */
  pickable: RegExp | null;
  onPick: (entry: Entry) => void;
}) {
  const wanted = filter.trim().toLocaleLowerCase();
  const matching = entries.filter(({ name }) => name.toLocaleLowerCase().includes(wanted));
  if (matching.length === 0)
    return (
      <p className={classes.hint}>{entries.length === 0 ? 'Nothing is in this folder.' : 'No such name.'}</p>
    );
  return (
    <ul className={bits.list}>
      {matching.slice(0, SHOWN).map((entry) => {
        const Icon = ICONS[entry.kind];
        return (
          <li key={entry.path}>
            {entry.kind === 'file' && !pickable?.test(entry.name) ? (
              <span className={classes.file}>
                <Icon size={15} />
                {entry.name}
              </span>
            ) : (
              <button type="button" className={classes.entry} onClick={() => onPick(entry)}>
                <Icon size={15} />
                {entry.name}
              </button>
            )}
          </li>
        );
      })}
      {matching.length > SHOWN && (
        <li className={classes.hint}>
          And {counted(matching.length - SHOWN, 'name')} more: filter to see them.
        </li>
      )}
    </ul>
  );
}
