import { Checkbox, Radio, Select, TextInput } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { WITHHELD } from '../../../rpc/contract/releases.ts';
import { ROLE_WORDS, ROLES } from '../../../rpc/contract/terms.ts';
import { core } from '../../client.ts';
import { useNewestJob, useStartJob } from '../../jobs.ts';
import { FolderField } from '../../parts/folder-field.tsx';
import { besideProject, counted } from '../../parts/format.ts';
import { JobProgress } from '../../parts/job-progress.tsx';
import { NoImages, useHasNoImages } from '../../parts/no-images.tsx';
import { MayButton } from '../../parts/may-button.tsx';
import page from '../../parts/page.module.css';
import { Failure, Loading } from '../../parts/states.tsx';
import { useProject } from '../../project.tsx';
import { useAskName } from '../../shell/name.tsx';
import { FormatCards } from './format-cards.tsx';
import { LEFT_OUT_WORDS, type ReleaseDraft } from './release-draft.ts';
import { PastReleases, ReleaseResult } from './releases.tsx';
import { ReleasePreviewCard } from './release-preview.tsx';
import classes from './export-screen.module.css';

const TYPING_MS = 350;
/** Writes a release: what goes in is chosen on the left, and exactly that is shown on the right. */
export default function ExportScreen() {
  const { folder, writable } = useProject();
  const askName = useAskName();
  const hasNoImages = useHasNoImages();
  const start = useStartJob();
  const job = useNewestJob('release');
  const formats = useQuery({
    queryKey: ['catalog', 'formats'],
    queryFn: () => core.catalog.formats(),
    staleTime: Infinity,
  });
  const past = useQuery({
    queryKey: ['releases', folder],
    queryFn: () => core.releases.list({ project: folder }),
  });
  const tags = useQuery({ queryKey: ['tags', folder], queryFn: () => core.tags.list({ project: folder }) });
  const [draft, setDraft] = useState<ReleaseDraft>({
    format: null,
    to: null,
    roles: ['real', 'synthetic'],
    undecided: null,
    include: [],
    tag: null,
    licence: '',
  });
  const change = (part: Partial<ReleaseDraft>) => setDraft((now) => ({ ...now, ...part }));
  const format = draft.format ?? formats.data?.exports[0]?.id ?? '';
  const to = draft.to ?? besideProject(folder, `release-${(past.data?.length ?? 0) + 1}`);
  const { roles, undecided, include, tag } = draft;

  const [asked] = useDebouncedValue(
    { format, to: to.trim(), roles, undecided, include, tag, licence: draft.licence },
    TYPING_MS,
  );
  const isComplete =
    asked.format !== '' && asked.to !== '' && asked.undecided !== null && asked.roles.length > 0;
  const preview = useQuery({
    queryKey: ['release-preview', folder, asked],
    queryFn: ({ signal }) => core.releases.preview(inputOf(folder, asked), { signal }),
    enabled: isComplete,
    placeholderData: (previous) => previous,
    staleTime: 0,
  });
  const canWrite =
    writable &&
    isComplete &&
    preview.data?.problems.length === 0 &&
    !preview.isPlaceholderData &&
    preview.data.images > 0;

  const submit = async () => {
    const by = await askName();
    if (by === null) return;
    start.mutate(
      { kind: 'release', input: { ...inputOf(folder, asked), by } },
      // The next one goes elsewhere: what was written stays as it is.
      { onSuccess: () => change({ to: null }) },
    );
  };
  if (hasNoImages)
    return (
      <NoImages body="Import real images and synthetic ones, score and review them: a release holds what people accepted, and says who decided what." />
    );
  if (formats.isError) return <Failure error={formats.error} retry={() => void formats.refetch()} />;
  return (
    <div className={page.page} data-page>
      <h1 className={page.title}>Export</h1>
      {job?.state === 'running' && (
        <section className={page.card}>
          <JobProgress job={job} />
        </section>
      )}
      {job && job.state !== 'running' && <ReleaseResult job={job} />}
      <section className={page.card}>
        <FormatCards
          formats={formats.data?.exports}
          hasBoxes={preview.data?.hasBoxes}
          value={format}
          onChange={(id) => change({ format: id })}
        />
      </section>
      <div className={page.columns}>
        <form
          className={`${page.card} ${page.stack}`}
          onSubmit={(event) => {
            event.preventDefault();
            void submit();
          }}
        >
          <Radio.Group
            label="Synthetic images that nobody decided on"
            description="Include unreviewed images? Recorded in the release."
            value={undecided ?? ''}
            onChange={(value) => change({ undecided: value === 'in' ? 'in' : 'out' })}
          >
            <div className={classes.choices}>
              <Radio value="in" label="In: with their given label" />
              <Radio value="out" label="Out: only what people accepted or relabelled" />
            </div>
          </Radio.Group>
          <Checkbox.Group
            label="Roles"
            value={roles}
            onChange={(values) => change({ roles: values })}
            error={roles.length === 0 && 'Choose at least one.'}
          >
            <div className={classes.choices}>
              {ROLES.map((role) => (
                <Checkbox key={role} value={role} label={ROLE_WORDS[role].title} />
              ))}
            </div>
          </Checkbox.Group>
          <Checkbox.Group
            label="Left out unless you ask for them"
            value={include}
            onChange={(values) => change({ include: values })}
          >
            <div className={classes.choices}>
              {WITHHELD.map((kind) => (
                <Checkbox key={kind} value={kind} label={LEFT_OUT_WORDS[kind]} />
              ))}
            </div>
          </Checkbox.Group>
          {tags.data && tags.data.length > 0 && (
            <Select
              label="Only images with the tag"
              placeholder="All images"
              data={tags.data.map(({ name }) => name)}
              value={tag}
              onChange={(name) => change({ tag: name })}
              clearable
              searchable
            />
          )}
          <FolderField
            label="New folder"
            description="It must not be there yet, or be empty."
            value={to}
            onChange={(path) => change({ to: path })}
          />
          <TextInput
            label="Licence"
            description="Written into the release; what the images may be used for is yours to say."
            placeholder="unspecified"
            value={draft.licence}
            onChange={(event) => change({ licence: event.currentTarget.value })}
            autoComplete="off"
          />
          {start.isError && <Failure error={start.error} />}
          <div className={classes.foot}>
            <MayButton
              needs="manage"
              type="submit"
              size="sm"
              disabled={!canWrite || job?.state === 'running'}
              loading={start.isPending}
            >
              {preview.data && canWrite
                ? `Write ${counted(preview.data.images, 'image')}`
                : 'Write the release'}
            </MayButton>
          </div>
        </form>
        <section
          className={`${page.card} ${page.stack}`}
          aria-labelledby="preview"
          aria-busy={preview.isFetching}
        >
          <h2 id="preview" className={page.subtitle}>
            What will be written
          </h2>
          {!isComplete && (
            <p className={page.hint}>
              {undecided === null
                ? 'Choose on the left whether undecided images go in, to see exactly what will be written.'
                : 'Choose a format, a folder and at least one role.'}
            </p>
          )}
          {isComplete && preview.isError && (
            <Failure error={preview.error} retry={() => void preview.refetch()} />
          )}
          {isComplete && preview.isPending && <Loading label="Adding up what would be written" />}
          {isComplete && preview.data && !preview.isError && <ReleasePreviewCard preview={preview.data} />}
        </section>
      </div>
      <PastReleases past={past} />
    </div>
  );
}

function inputOf(
  project: string,
  asked: Omit<ReleaseDraft, 'format' | 'to'> & { format: string; to: string },
) {
  return {
    project,
    format: asked.format,
    to: asked.to,
    roles: asked.roles,
    undecided: asked.undecided ?? ('out' as const),
    include: asked.include,
    tag: asked.tag,
    licence: asked.licence.trim() || 'unspecified',
  };
}
