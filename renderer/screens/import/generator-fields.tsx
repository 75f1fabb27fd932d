import { MultiSelect, NumberInput, TextInput } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import type { ImportPreview } from '../../../rpc/contract/imports.ts';
import { core } from '../../client.ts';
import { counted } from '../../parts/format.ts';
import { useProject } from '../../project.tsx';
import type { ImportDraft } from './import-draft.ts';
import bits from '../../parts/bits.module.css';
import page from '../../parts/page.module.css';
import classes from './import-screen.module.css';

interface GeneratorFieldsProps {
  draft: ImportDraft;
  /** What the files themselves say. */
  found: ImportPreview['generators'];
  onChange: (part: Partial<ImportDraft>) => void;
}

/** Where a synthetic batch comes from: what collapse and lineage are told from later. */
export function GeneratorFields({ draft, found, onChange }: GeneratorFieldsProps) {
  const { folder } = useProject();
  const status = useQuery({
    queryKey: ['status', folder],
    queryFn: () => core.projects.status({ project: folder }),
  });
  const batches = status.data?.batches.map(({ name }) => name) ?? [];
  return (
    <>
      <div className={page.pair}>
        <TextInput
          label="Generator"
          placeholder={found[0]?.name ?? 'sdxl, blender, …'}
          value={draft.generator}
          onChange={(event) => onChange({ generator: event.currentTarget.value })}
          autoComplete="off"
        />
        <TextInput
          label="Its version"
          value={draft.generatorVersion}
          onChange={(event) => onChange({ generatorVersion: event.currentTarget.value })}
          autoComplete="off"
        />
      </div>
      {found.length > 0 && (
        <div className={bits.small}>
          The files say:{' '}
          {found.map(({ name, files }) => (
            <button
              key={name}
              type="button"
              className={classes.use}
              onClick={() => onChange({ generator: name })}
            >
              {name} ({counted(files, 'file')})
            </button>
          ))}
        </div>
      )}
      <div className={page.pair}>
        <NumberInput
          label="Generation"
          description="1: made from real images"
          min={0}
          allowDecimal={false}
          value={draft.generation ?? ''}
          onChange={(value) => onChange({ generation: typeof value === 'number' ? value : null })}
        />
        <MultiSelect
          label="Made from the batches"
          description="What its generator learnt from"
          data={batches}
          value={draft.parents}
          onChange={(parents) => onChange({ parents })}
          searchable
          nothingFoundMessage="No such batch"
        />
      </div>
    </>
  );
}
