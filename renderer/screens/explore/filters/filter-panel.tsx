import { Button, TextInput } from '@mantine/core';
import { useDebouncedCallback } from '@mantine/hooks';
import { useQuery } from '@tanstack/react-query';
import { useEffect, useMemo, useState, type ReactNode, type Ref } from 'react';
import type { ImageFilter } from '../../../../rpc/contract/images.ts';
import type { ScoreInfo } from '../../../../rpc/contract/scores.ts';
import {
  DECISIONS,
  decisionTitle,
  FINDING_WORDS,
  ROLE_WORDS,
  ROLES,
  RULES,
  STRATA,
  STRATUM_WORDS,
} from '../../../../rpc/contract/terms.ts';
import { core } from '../../../client.ts';
import { messageOf } from '../../../parts/states.tsx';
import { tidy } from '../search.ts';
import { FacetList, type Choice } from './facet-list.tsx';
import { toggled } from './filter-words.ts';
import classes from './filters.module.css';
import { ScoreFilter } from './score-filter.tsx';

interface FilterPanelProps {
  project: string;
  filter: ImageFilter;
  scores: ReadonlyMap<string, ScoreInfo>;
  sortedBy: string;
  searchRef: Ref<HTMLInputElement>;
  onChange: (filter: ImageFilter) => void;
}

const TYPING_MS = 300;

/** Everything that images can be filtered by, with how many there are of each. */
export function FilterPanel({ project, filter, scores, sortedBy, searchRef, onChange }: FilterPanelProps) {
  const facets = useQuery({
    queryKey: ['images', 'facets', project],
    queryFn: ({ signal }) => core.images.facets({ project }, { signal }),
  });
  const { data } = facets;
  const choices = useMemo(() => {
    const named = (list: readonly { name: string; images: number }[] | undefined): Choice<string>[] =>
      (list ?? []).map(({ name, images }) => ({ value: name, text: name, count: images }));
    const labels: Choice<string | null>[] = (data?.labels ?? []).map(({ name, images }) => ({
      value: name,
      text: name ?? 'No label',
      count: images,
    }));
    return {
      batches: named(data?.batches),
      predicted: named(data?.predicted),
      reviewers: named(data?.reviewers),
      labels,
    };
  }, [data]);
  const set = <K extends keyof ImageFilter>(name: K, value: ImageFilter[K]) =>
    onChange(tidy({ ...filter, [name]: value }));
  const roleCount = (role: (typeof ROLES)[number]) =>
    data?.batches.filter((batch) => batch.role === role).reduce((sum, { images }) => sum + images, 0);
  return (
    <div className={classes.panel}>
      {facets.isError && (
        <p className={classes.none} role="alert">
          {messageOf(facets.error)}{' '}
          <Button variant="subtle" onClick={() => void facets.refetch()}>
            Try again
          </Button>
        </p>
      )}
      <PromptFilter value={filter.prompt ?? ''} onChange={(prompt) => set('prompt', prompt)} />
      <Section title="Label" chosen={filter.labels?.length}>
        <FacetList
          label="Labels"
          choices={choices.labels}
          chosen={filter.labels ?? []}
          onToggle={(label) => set('labels', toggled(filter.labels, label))}
          searchRef={searchRef}
        />
      </Section>
      <Section title="Score" chosen={Object.keys(filter.scores ?? {}).length}>
        <ScoreFilter
          project={project}
          filter={filter}
          scores={scores}
          sortedBy={sortedBy}
          onChange={(bounds) => set('scores', bounds)}
        />
      </Section>
      <Section title="Found by rule" chosen={filter.flags?.length}>
        <FacetList
          label="Found by rule"
          choices={RULES.map((rule) => ({
            value: rule,
            text: FINDING_WORDS[rule].title,
            count: data?.flags[rule],
          }))}
          chosen={filter.flags ?? []}
          onToggle={(rule) => set('flags', toggled(filter.flags, rule))}
        />
      </Section>
      <Section title="Decision" chosen={filter.decisions?.length}>
        <FacetList
          label="Decision"
          choices={DECISIONS.map((decision) => ({
            value: decision,
            text: decisionTitle(decision),
            count: data?.decisions[decision],
          }))}
          chosen={filter.decisions ?? []}
          onToggle={(decision) => set('decisions', toggled(filter.decisions, decision))}
        />
      </Section>
      <Section title="Queued as" chosen={filter.strata?.length}>
        <FacetList
          label="Queued as"
          choices={STRATA.map((stratum) => ({
            value: stratum,
            text: STRATUM_WORDS[stratum].title,
            count: data && (data.strata[stratum] ?? 0),
          }))}
          chosen={filter.strata ?? []}
          onToggle={(stratum) => set('strata', toggled(filter.strata, stratum))}
        />
      </Section>
      <Section title="Batch" chosen={filter.batches?.length}>
        <FacetList
          label="Batches"
          choices={choices.batches}
          chosen={filter.batches ?? []}
          onToggle={(batch) => set('batches', toggled(filter.batches, batch))}
        />
      </Section>
      <Section title="Role" chosen={filter.roles?.length}>
        <FacetList
          label="Role"
          choices={ROLES.map((role) => ({
            value: role,
            text: ROLE_WORDS[role].title,
            count: roleCount(role),
          }))}
          chosen={filter.roles ?? []}
          onToggle={(role) => set('roles', toggled(filter.roles, role))}
        />
      </Section>
      <Section title="Predicted" chosen={filter.predicted?.length}>
        <FacetList
          label="Predicted"
          choices={choices.predicted}
          chosen={filter.predicted ?? []}
          onToggle={(label) => set('predicted', toggled(filter.predicted, label))}
        />
      </Section>
      <Section title="Reviewer" chosen={filter.reviewers?.length}>
        <FacetList
          label="Reviewers"
          choices={choices.reviewers}
          chosen={filter.reviewers ?? []}
          onToggle={(reviewer) => set('reviewers', toggled(filter.reviewers, reviewer))}
        />
      </Section>
    </div>
  );
}

interface SectionProps {
  title: string;
  chosen: number | undefined;
  children: ReactNode;
}

function Section({ title, chosen, children }: SectionProps) {
  return (
    <details className={classes.section} open>
      <summary>
        {title}
        {chosen ? <span className={classes.badge}>{chosen}</span> : null}
      </summary>
      {children}
    </details>
  );
}

function PromptFilter({ value, onChange }: { value: string; onChange: (words: string) => void }) {
  const [typed, setTyped] = useState(value);
  useEffect(() => setTyped(value), [value]);
  const later = useDebouncedCallback(onChange, TYPING_MS);
  return (
    <TextInput
      label="Words in the prompt"
      placeholder="red car night"
      value={typed}
      onChange={(event) => {
        setTyped(event.currentTarget.value);
        later(event.currentTarget.value);
      }}
    />
  );
}
