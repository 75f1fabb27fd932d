import { NumberInput, Tooltip } from '@mantine/core';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import type { ImageFilter } from '../../../../rpc/contract/images.ts';
import type { ScoreInfo } from '../../../../rpc/contract/scores.ts';
import { core } from '../../../client.ts';
import { messageOf } from '../../../parts/states.tsx';
import { withEnd, type Bounds } from './brush-scale.ts';
import { rangeWords } from './filter-words.ts';
import classes from './filters.module.css';
import { ScoreBrush } from './score-brush.tsx';

interface ScoreFilterProps {
  project: string;
  filter: ImageFilter;
  info: ScoreInfo;
  onChange: (bounds: Bounds) => void;
}

/** One score: how its values lie, and bounds on them by brush, by key or by number. */
export function ScoreFilter({ project, filter, info, onChange }: ScoreFilterProps) {
  const [hasNumbers, setHasNumbers] = useState(false);
  const histogram = useQuery({
    queryKey: ['images', 'histogram', project, filter, info.id],
    queryFn: ({ signal }) => core.images.histogram({ project, filter, score: info.id }, { signal }),
    placeholderData: keepPreviousData,
  });
  const bounds: Bounds = filter.scores?.[info.id] ?? [null, null];
  const isBounded = bounds[0] !== null || bounds[1] !== null;
  return (
    <div className={classes.score}>
      <div className={classes.scoreHead}>
        <Tooltip
          label={`${info.meaning}; ${info.suspect} is suspect (${info.id})`}
          multiline
          w={260}
          position="right"
          events={{ hover: true, focus: true, touch: true }}
        >
          <button
            type="button"
            className={classes.scoreTitle}
            aria-expanded={hasNumbers}
            onClick={() => setHasNumbers(!hasNumbers)}
          >
            {info.title}
          </button>
        </Tooltip>
        {isBounded && (
          <button
            type="button"
            className={classes.unbound}
            aria-label={`${info.title}: any value`}
            title="Any value"
            onClick={() => onChange([null, null])}
          >
            {rangeWords(...bounds)} ×
          </button>
        )}
      </div>
      <div className={classes.histogram}>
        {histogram.data && (
          <ScoreBrush histogram={histogram.data} title={info.title} bounds={bounds} onChange={onChange} />
        )}
        {histogram.isError && <span className={classes.none}>{messageOf(histogram.error)}</span>}
      </div>
      {hasNumbers && (
        <div className={classes.numbers}>
          <Bound
            label={`${info.title}, from`}
            placeholder="from"
            value={bounds[0]}
            onChange={(value) => onChange(withEnd(bounds, 'low', value))}
          />
          <span aria-hidden>–</span>
          <Bound
            label={`${info.title}, to`}
            placeholder="to"
            value={bounds[1]}
            onChange={(value) => onChange(withEnd(bounds, 'high', value))}
          />
        </div>
      )}
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
