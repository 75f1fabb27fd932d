import type { ImageFilter } from '../../../../rpc/contract/images.ts';
import type { ScoreInfo } from '../../../../rpc/contract/scores.ts';
import bits from '../../../parts/bits.module.css';
import classes from './filters.module.css';
import { chipsOf } from './filter-words.ts';

interface FilterChipsProps {
  filter: ImageFilter;
  scores: ReadonlyMap<string, ScoreInfo>;
  onChange: (filter: ImageFilter) => void;
}

/** What is filtered by, each part removable. */
export function FilterChips({ filter, scores, onChange }: FilterChipsProps) {
  const chips = chipsOf(filter, (id) => scores.get(id)?.title ?? id);
  if (chips.length === 0) return null;
  return (
    <ul className={classes.chips} aria-label="Active filters">
      {chips.map(({ key, group, text, without }) => (
        <li key={key} className={classes.chip}>
          <span className={classes.chipText}>
            <span className={bits.dimmed}>{group}</span> {text}
          </span>
          <button type="button" aria-label={`Remove ${group} ${text}`} onClick={() => onChange(without)}>
            ×
          </button>
        </li>
      ))}
      <li>
        <button type="button" className={classes.clearAll} onClick={() => onChange({})}>
          Clear all
        </button>
      </li>
    </ul>
  );
}
