import { Button, TextInput } from '@mantine/core';
import { useDebouncedCallback } from '@mantine/hooks';
import { useEffect, useMemo, useState, type ReactNode, type Ref } from 'react';
import type { ImageFilter } from '../../../../rpc/contract/images.ts';
import type { ScoreInfo } from '../../../../rpc/contract/scores.ts';
import {
  DECISIONS,
  decisionTitle,
  CERTAINTY_WORDS,
  FINDING_WORDS,
  PAIR_CERTAINTIES,
  ROLE_WORDS,
  ROLES,
  RULES,
  STRATA,
  STRATUM_WORDS,
} from '../../../../rpc/contract/terms.ts';
import { messageOf } from '../../../parts/states.tsx';
import { tidy } from '../search.ts';
import { useFacets } from '../use-facets.ts';
import { FacetList, type Choice } from './facet-list.tsx';
import { toggled, type ListedField, type ListedValue } from './filter-words.ts';
import classes from './filters.module.css';
import { ScoreFilters } from './score-filters.tsx';

interface FilterPanelProps {
  project: string;
  filter: ImageFilter;
  scores: ReadonlyMap<string, ScoreInfo>;
  sortedBy: string;
  searchRef: Ref<HTMLInputElement>;
  onChange: (filter: ImageFilter) => void;
}

const TYPING_MS = 300;

/** Everything that images can be filtered by, with how many there are of each under all the other filters. */
export function FilterPanel({ project, filter, scores, sortedBy, searchRef, onChange }: FilterPanelProps) {
  const facets = useFacets(project, filter);
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
      tags: named(data?.tags),
      labels,
    };
  }, [data]);
  const set = <K extends keyof ImageFilter>(name: K, value: ImageFilter[K]) =>
    onChange(tidy({ ...filter, [name]: value }));
  const scored = [...scores.values()].filter(({ id }) => data?.scores.includes(id));
  const facet = <K extends ListedField>(
    title: string,
    name: K,
    all: readonly Choice<ListedValue<K>>[],
    label = title,
  ) => {
    const chosen = (filter[name] ?? []) as readonly ListedValue<K>[];
    return (
      <Section title={title} chosen={chosen.length}>
        <FacetList
          label={label}
          choices={all}
          chosen={chosen}
          onToggle={(value) => onChange(tidy({ ...filter, [name]: toggled(chosen, value) }))}
          {...(name === 'labels' && { searchRef })}
        />
      </Section>
    );
  };
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
      {facet('Label', 'labels', choices.labels, 'Labels')}
      <Section title="Scores" chosen={Object.keys(filter.scores ?? {}).length}>
        {data && scored.length === 0 && <span className={classes.none}>Nothing is scored yet.</span>}
        {scored.length > 0 && (
          <ScoreFilters
            project={project}
            filter={filter}
            scores={scored}
            sortedBy={sortedBy}
            onChange={(bounds) => set('scores', bounds)}
          />
        )}
      </Section>
      {facet(
        'Found by rule',
        'flags',
        RULES.map((rule) => ({ value: rule, text: FINDING_WORDS[rule].title, count: data?.flags[rule] })),
      )}
      {facet(
        'How sure that is',
        'certainties',
        PAIR_CERTAINTIES.map((certainty) => ({
          value: certainty,
          text: CERTAINTY_WORDS[certainty].title,
          count: data?.certainties[certainty],
        })),
      )}
      {facet(
        'Decision',
        'decisions',
        DECISIONS.map((decision) => ({
          value: decision,
          text: decisionTitle(decision),
          count: data?.decisions[decision],
        })),
      )}
      {facet(
        'Queued as',
        'strata',
        STRATA.map((stratum) => ({
          value: stratum,
          text: STRATUM_WORDS[stratum].title,
          count: data && (data.strata[stratum] ?? 0),
        })),
      )}
      {facet('Batch', 'batches', choices.batches, 'Batches')}
      {facet(
        'Role',
        'roles',
        ROLES.map((role) => ({ value: role, text: ROLE_WORDS[role].title, count: data?.roles[role] })),
      )}
      {facet('Predicted', 'predicted', choices.predicted)}
      {facet('Reviewer', 'reviewers', choices.reviewers, 'Reviewers')}
      {facet('Tag', 'tags', choices.tags, 'Tags')}
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
