import { Button, Popover, TextInput } from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { useState, type FormEvent } from 'react';
import type { SavedView } from '../../../rpc/contract/views.ts';
import { core } from '../../client.ts';
import { projectParams } from '../../parts/folder-address.ts';
import { messageOf } from '../../parts/states.tsx';
import { useProject } from '../../project.tsx';
import { useWhyNot } from '../../who-acts.ts';
import { useAskName } from '../../shell/name.tsx';
import { linkOf, searchOf, searchParams, type ExploreSearch } from './search.ts';
import bits from '../../parts/bits.module.css';
import classes from './explore.module.css';

/** The project's named views: opens one, saves this one under a name, takes one away. */
export function SavedViews({ search }: { search: ExploreSearch }) {
  const { folder: project, writable: canWrite } = useProject();
  const writable = useWhyNot()('review') === null && canWrite;
  const navigate = useNavigate();
  const askName = useAskName();
  const client = useQueryClient();
  const [isOpen, setIsOpen] = useState(false);
  const [name, setName] = useState('');
  const key = ['views', project];
  const known = useQuery({ queryKey: key, queryFn: () => core.views.list({ project }) });
  const views = known.data ?? [];
  const link = linkOf(search);
  const current = views.find((view) => view.link === link);
  const change = useMutation({
    mutationFn: async (act: (by: string) => Promise<SavedView[]>) => {
      const by = await askName();
      return by === null ? views : act(by);
    },
    onSuccess: (list) => {
      client.setQueryData(key, list);
      setName('');
    },
  });
  const save = (event: FormEvent) => {
    event.preventDefault();
    if (name.trim() !== '') change.mutate((by) => core.views.save({ project, by, name, link }));
  };
  const open = (view: SavedView) => {
    setIsOpen(false);
    void navigate({
      to: '/p/$folder/explore',
      params: projectParams(project),
      search: searchParams(searchOf(view.link)),
    });
  };
  return (
    <Popover
      opened={isOpen}
      onChange={setIsOpen}
      position="bottom-end"
      width={280}
      trapFocus
      returnFocus
      transitionProps={{ duration: 0 }}
    >
      <Popover.Target>
        <Button
          variant="default"
          className={classes.views}
          title={current ? current.name : 'Saved views of this project'}
          onClick={() => setIsOpen(!isOpen)}
        >
          <span className={bits.ellipsis}>{current ? current.name : 'Views'}</span>
        </Button>
      </Popover.Target>
      <Popover.Dropdown>
        {known.isSuccess && views.length === 0 && (
          <p className={classes.noViews}>
            No saved view yet. A view keeps filter, order and map under a name, for everybody in the project.
          </p>
        )}
        <ul className={classes.viewList} aria-label="Saved views">
          {views.map((view) => (
            <li key={view.name}>
              <button
                type="button"
                aria-current={view === current || undefined}
                title={view.name}
                onClick={() => open(view)}
              >
                {view.name}
              </button>
              {writable && (
                <button
                  type="button"
                  aria-label={`Remove the view ${view.name}`}
                  title="Remove"
                  onClick={() => change.mutate((by) => core.views.remove({ project, by, name: view.name }))}
                >
                  ×
                </button>
              )}
            </li>
          ))}
        </ul>
        {writable && (
          <form className={classes.saveView} onSubmit={save}>
            <TextInput
              data-autofocus
              aria-label="Name of this view"
              placeholder="Name of this view"
              maxLength={80}
              value={name}
              onChange={(event) => setName(event.currentTarget.value)}
            />
            <Button type="submit" disabled={name.trim() === ''} loading={change.isPending}>
              Save
            </Button>
          </form>
        )}
        {change.isError && (
          <p className={classes.noViews} role="alert">
            {messageOf(change.error)}
          </p>
        )}
      </Popover.Dropdown>
    </Popover>
  );
}
