import { Button, Checkbox, SegmentedControl, Skeleton, TextInput } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { core } from '../../client.ts';
import { useStartJob } from '../../jobs.ts';
import { FolderField } from '../../parts/folder-field.tsx';
import { counted } from '../../parts/format.ts';
import { Card } from '../../parts/card.tsx';
import page from '../../parts/page.module.css';
import { Empty, Failure } from '../../parts/states.tsx';
import { useProject } from '../../project.tsx';
import { useAskName } from '../../shell/name.tsx';
import { ClassTable } from './class-table.tsx';
import { FormatField, Unclear } from './format-field.tsx';
import { GeneratorFields } from './generator-fields.tsx';
import { guessRole, taskOf, type ImportDraft } from './import-draft.ts';
import { PreviewCard } from './preview-card.tsx';
import { ReadingOptions } from './reading-options.tsx';
import classes from './import-screen.module.css';
import { ROLE_WORDS, ROLES, type Role } from '../../../rpc/contract/terms.ts';

const TYPING_MS = 350;

interface ImportFormProps {
  from: string;
  /** The role that a link asks for. */
  askedRole: unknown;
}

export function ImportForm({ from, askedRole }: ImportFormProps) {
  const { folder } = useProject();
  const askName = useAskName();
  const start = useStartJob();
  const [draft, setDraft] = useState<ImportDraft>(() => ({
    from,
    source: 'auto',
    role: ROLES.find((role) => role === askedRole) ?? guessRole(from),
    batch: '',
    generator: '',
    generatorVersion: '',
    generation: null,
    parents: [],
    classMap: {},
    copy: false,
    strict: false,
    encoding: null,
  }));
  const change = (part: Partial<ImportDraft>) => setDraft((now) => ({ ...now, ...part }));
  const changeFrom = (path: string) =>
    // The classes and the name belong to the folder that was chosen before.
    change({ from: path, source: 'auto', batch: '', classMap: {}, role: draft.role ?? guessRole(path) });

  const [asked] = useDebouncedValue(
    {
      from: draft.from.trim(),
      source: draft.source,
      batch: draft.batch.trim(),
      strict: draft.strict,
      encoding: draft.encoding,
    },
    TYPING_MS,
  );
  const preview = useQuery({
    queryKey: ['import-preview', folder, asked],
    queryFn: ({ signal }) =>
      core.imports.preview({ project: folder, ...asked, batch: asked.batch || null }, { signal }),
    enabled: asked.from !== '',
    placeholderData: (previous) => (previous?.from === asked.from ? previous : undefined),
    staleTime: 0,
  });
  const formats = useQuery({
    queryKey: ['catalog', 'formats'],
    queryFn: () => core.catalog.formats(),
    staleTime: Infinity,
  });
  const { data } = preview;
  const { role } = draft;
  const submit = async () => {
    if (!data || role === null) return;
    const by = await askName();
    if (by !== null) start.mutate(taskOf({ ...draft, role }, data, folder, by));
  };
  const fresh = data ? Math.max(0, data.files - data.unchanged) : 0;
  const isReady =
    data !== undefined && role !== null && data.files > data.missing && !preview.isPlaceholderData;

  return (
    <form
      className={classes.form}
      onSubmit={(event) => {
        event.preventDefault();
        void submit();
      }}
    >
      <section className={page.card}>
        <FolderField
          label="Folder or manifest file"
          description="Drop a folder on the window in the desktop app, choose one, or type its path. Nothing is written until you start."
          value={draft.from}
          onChange={changeFrom}
        />
      </section>
      {asked.from === '' && (
        <Empty
          title="Choose what to import"
          body={`${formats.data ? `${formats.data.imports.map(({ title }) => title).join(', ')}: it is` : 'The format is'} recognised by what is in the folder. You see what it would do first.`}
        />
      )}
      {preview.isError && <Failure error={preview.error} retry={() => void preview.refetch()} />}
      {asked.from !== '' && preview.isPending && (
        <div className={page.columns} role="status" aria-busy="true" aria-label="Looking at the folder">
          <Skeleton height={420} radius={8} />
          <Skeleton height={420} radius={8} />
        </div>
      )}
      {data && !preview.isError && <Unclear preview={data} />}
      {data && !preview.isError && (
        <div className={page.columns}>
          <Card id="how" title="How it is taken in" isStack>
            <FormatField preview={data} onChange={(source) => change({ source })} />
            <div>
              <span className={page.fieldLabel} id="role">
                What it is for
              </span>
              <SegmentedControl
                fullWidth
                aria-labelledby="role"
                data={ROLES.map((value) => ({ value, label: ROLE_WORDS[value].title }))}
                value={role ?? ''}
                onChange={(value) => change({ role: value as Role })}
              />
              <p className={page.hint}>
                {(role && ROLE_WORDS[role].meaning) ??
                  'Choose one: scores compare synthetic with real images.'}
              </p>
            </div>
            <TextInput
              label="Name of the batch"
              placeholder={data.batch}
              value={draft.batch}
              onChange={(event) => change({ batch: event.currentTarget.value })}
              autoComplete="off"
            />
            {role === 'synthetic' && (
              <GeneratorFields draft={draft} found={data.generators} onChange={change} />
            )}
            <Checkbox
              label="Copy the originals into the project"
              description="Otherwise they stay where they are, and must stay there."
              checked={draft.copy}
              onChange={(event) => change({ copy: event.currentTarget.checked })}
            />
            <ReadingOptions draft={draft} onChange={change} />
          </Card>
          {data.source && <PreviewCard preview={data} />}
          {data.classes.length > 0 && (
            <ClassTable
              classes={data.classes}
              projectClasses={data.projectClasses}
              map={draft.classMap}
              onChange={(classMap) => change({ classMap })}
            />
          )}
        </div>
      )}
      {data && !preview.isError && (
        <div className={classes.foot}>
          {start.isError && <Failure error={start.error} />}
          <span className={page.hint}>
            {role === null && 'Say what it is for. '}
            {data.unchanged > 0 && `${counted(data.unchanged, 'file')} of this batch were imported before. `}
            Re-running the same import only adds what is new.
          </span>
          <Button type="submit" size="sm" disabled={!isReady} loading={start.isPending}>
            {fresh > 0 ? `Import ${counted(fresh, 'file')}` : data.unchanged > 0 ? 'Import again' : 'Import'}
          </Button>
        </div>
      )}
    </form>
  );
}
