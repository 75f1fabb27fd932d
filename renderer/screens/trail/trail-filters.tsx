import { Button, Select, TextInput } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { core } from '../../client.ts';
import { integer } from '../../parts/format.ts';
import { useProject } from '../../project.tsx';
import { kindWords } from './kind-words.ts';
import type { TrailSearch } from './trail-search.ts';
import classes from './trail.module.css';

interface TrailFiltersProps {
  search: TrailSearch;
  onChange: (part: Partial<TrailSearch>) => void;
}

/** Who, what kind, when, and which words. */
export function TrailFilters({ search, onChange }: TrailFiltersProps) {
  const { folder } = useProject();
  const facets = useQuery({
    queryKey: ['trail', folder, 'facets'],
    queryFn: () => core.trail.facets({ project: folder }),
  });
  const { image: _, ...narrowed } = search;
  return (
    <div className={classes.filters} role="search">
      <Select
        label="Person"
        placeholder="Everybody"
        clearable
        searchable
        data={(facets.data?.actors ?? []).map(({ actor, events }) => ({
          value: actor,
          label: `${actor} (${integer(events)})`,
        }))}
        value={search.actor ?? null}
        onChange={(actor) => onChange({ actor: actor ?? '' })}
      />
      <Select
        label="Kind"
        placeholder="Every kind"
        clearable
        searchable
        data={(facets.data?.kinds ?? []).map(({ kind, events }) => ({
          value: kind,
          label: `${kindWords(kind)} (${integer(events)})`,
        }))}
        renderOption={({ option }) => <span title={option.value}>{option.label}</span>}
        value={search.kind ?? null}
        onChange={(kind) => onChange({ kind: kind ?? '' })}
      />
      <TextInput
        label="From"
        type="datetime-local"
        value={search.from ?? ''}
        onChange={(event) => onChange({ from: event.currentTarget.value })}
      />
      <TextInput
        label="To"
        type="datetime-local"
        value={search.to ?? ''}
        onChange={(event) => onChange({ to: event.currentTarget.value })}
      />
      <TextInput
        label="Words in the record"
        type="search"
        maxLength={200}
        value={search.words ?? ''}
        onChange={(event) => onChange({ words: event.currentTarget.value })}
      />
      <Button
        variant="default"
        disabled={Object.keys(narrowed).length === 0}
        onClick={() => onChange({ actor: '', kind: '', from: '', to: '', words: '' })}
      >
        Clear
      </Button>
    </div>
  );
}
