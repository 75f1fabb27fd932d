import { useState } from 'react';
import type { ImageFilter } from '../../../../rpc/contract/images.ts';
import type { ScoreGroup, ScoreInfo } from '../../../../rpc/contract/scores.ts';
import { grouped } from '../../../parts/score-names.ts';
import type { Bounds } from './brush-scale.ts';
import classes from './filters.module.css';
import { ScoreFilter } from './score-filter.tsx';

interface ScoreFiltersProps {
  project: string;
  filter: ImageFilter;
  /** Those that the project has values of. */
  scores: readonly ScoreInfo[];
  /** The score that the view is sorted by: its group is open from the start. */
  sortedBy: string;
  onChange: (bounds: Record<string, Bounds>) => void;
}

/** Every score with its histogram, group by group; only the groups that are open are counted. */
export function ScoreFilters({ project, filter, scores, sortedBy, onChange }: ScoreFiltersProps) {
  const isUsed = ({ id }: ScoreInfo) => id === sortedBy || filter.scores?.[id] !== undefined;
  const used = scores.filter(isUsed);
  const [toggled, setToggled] = useState<Partial<Record<ScoreGroup, boolean>>>({});
  const groups = grouped(scores);
  const isOpen = (group: ScoreGroup) =>
    toggled[group] ??
    (used.length > 0 ? used.some((score) => score.group === group) : group === groups[0]?.group);
  return (
    <div className={classes.groups}>
      <p className={classes.key}>
        <span data-role="real">real</span> <span data-role="synthetic">synthetic</span>{' '}
        <span data-role="whole">whole project</span>
        <br />
        Heights: share of each, square root.
      </p>
      {groups.map(({ group, title, scores: own }) => (
        <section key={group}>
          <button
            type="button"
            className={classes.group}
            aria-expanded={isOpen(group)}
            onClick={() => setToggled({ ...toggled, [group]: !isOpen(group) })}
          >
            {title}
          </button>
          {isOpen(group) &&
            own.map((info) => (
              <ScoreFilter
                key={info.id}
                project={project}
                filter={filter}
                info={info}
                onChange={(bounds) => onChange({ ...filter.scores, [info.id]: bounds })}
              />
            ))}
        </section>
      ))}
    </div>
  );
}
