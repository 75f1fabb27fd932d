import { NumberInput, Select } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import type { ImageFilter } from '../../../../rpc/contract/images.ts';
import type { ScoreInfo } from '../../../../rpc/contract/scores.ts';
import { core } from '../../../client.ts';
import { messageOf } from '../../../parts/states.tsx';
import { withEnd, type Bounds } from './brush-scale.ts';
import classes from './filters.module.css';
import { ScoreBrush } from './score-brush.tsx';

interface ScoreFilterProps {
  project: string;
  filter: ImageFilter;
  scores: ReadonlyMap<string, ScoreInfo>;
  /** The score that is looked at when none was picked. */
  sortedBy: string;
  onChange: (bounds: Record<string, Bounds>) => void;
}

/** Picks a score, shows how its values lie, and bounds them by brush, by key or by number. */
export function ScoreFilter({ project, filter, scores, sortedBy, onChange }: ScoreFilterProps) {
  const [picked, setPicked] = useState<string | null>(null);
  const bounded = Object.keys(filter.scores ?? {});
  const first = scores.has(sortedBy) ? sortedBy : (bounded[0] ?? scores.keys().next().value ?? null);
  const score = picked ?? first;
  const histogram = useQuery({
    queryKey: ['images', 'histogram', project, filter, score],
    queryFn: ({ signal }) => core.images.histogram({ project, filter, score: score ?? '' }, { signal }),
    enabled: score !== null,
    placeholderData: (before) => (before?.score === score ? before : undefined),
  });
  const info = score === null ? undefined : scores.get(score);
  if (score === null || !info) return null;
  const bounds: Bounds = filter.scores?.[score] ?? [null, null];
  const set = (next: Bounds) => onChange({ ...filter.scores, [score]: next });
  return (
    <div className={classes.score}>
      <Select
        aria-label="Score"
        data={[...scores.values()].map(({ id, title }) => ({ value: id, label: title }))}
        value={score}
        onChange={setPicked}
        allowDeselect={false}
        searchable
        selectFirstOptionOnChange
        onClick={(event) => event.currentTarget.select()}
      />
      <p className={classes.meaning}>
        {info.meaning} ({info.suspect} is suspect)
      </p>
      <div className={classes.histogram}>
        {histogram.data && (
          <ScoreBrush histogram={histogram.data} title={info.title} bounds={bounds} onChange={set} />
        )}
        {histogram.isError && <span className={classes.none}>{messageOf(histogram.error)}</span>}
      </div>
      <div className={classes.numbers}>
        <Bound
          label={`${info.title}, from`}
          placeholder="from"
          value={bounds[0]}
          onChange={(value) => set(withEnd(bounds, 'low', value))}
        />
        <span aria-hidden>–</span>
        <Bound
          label={`${info.title}, to`}
          placeholder="to"
          value={bounds[1]}
          onChange={(value) => set(withEnd(bounds, 'high', value))}
        />
      </div>
    </div>
  );
}

interface BoundProps {
  label: string;
  placeholder: string;
  value: number | null;
  onChange: (value: number | null) => void;
}

/** A number that holds once it is entered, so that half a number does not filter. */
function Bound({ label, placeholder, value, onChange }: BoundProps) {
  const [typed, setTyped] = useState<string | number | null>(null);
  const enter = () => {
    if (typed === null) return;
    onChange(typed === '' || !Number.isFinite(Number(typed)) ? null : Number(typed));
    setTyped(null);
  };
  return (
    <NumberInput
      aria-label={label}
      placeholder={placeholder}
      value={typed ?? value ?? ''}
      onChange={setTyped}
      onBlur={enter}
      onKeyDown={(event) => event.key === 'Enter' && enter()}
      decimalScale={6}
      hideControls
    />
  );
}
