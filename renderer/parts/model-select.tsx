import { Select } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { core } from '../client.ts';
import { Failure } from './states.tsx';

interface ModelSelectProps {
  label: string;
  description: string;
  /** What stands there while none is chosen: what that means, or what to do. */
  unchosen: string;
  value: string | null;
  onChange: (model: string | null) => void;
}

/** Chooses among the embedders that come with Assay and the user's own. */
export function ModelSelect({ label, description, unchosen, value, onChange }: ModelSelectProps) {
  const models = useQuery({ queryKey: ['catalog', 'models'], queryFn: () => core.catalog.models() });
  if (models.isError) return <Failure error={models.error} retry={() => void models.refetch()} />;
  const embedders = (models.data?.packs ?? []).filter(({ kind }) => kind === 'embedder');
  return (
    <Select
      label={label}
      description={description}
      data={embedders.map(({ id, title }) => ({ value: id, label: `${id}: ${title}` }))}
      value={value}
      placeholder={models.isPending ? 'Looking for models' : unchosen}
      onChange={onChange}
      clearable
    />
  );
}
