import type { ImageRow } from '../../../../rpc/contract/images.ts';
import {
  FINDING_WORDS,
  ROLE_WORDS,
  VERDICT_WORDS,
  type Role,
  type Rule,
} from '../../../../rpc/contract/terms.ts';
import classes from './thumb-grid.module.css';

/** The same shapes as on the map: a disc is synthetic, a ring is real, a ring with a dot is held out. */
export function RoleMark({ role }: { role: Role }) {
  return <span className={classes.role} data-role={role} role="img" aria-label={ROLE_WORDS[role].title} />;
}

const STROKES = {
  accept: 'M3.5 8.5 6.8 11.5 12.5 4.8',
  relabel: 'M3 6h9m0 0L9.5 3.5M12 6 9.5 8.5M13 10.5H4m0 0L6.5 8M4 10.5 6.5 13',
  reject: 'M4.5 4.5l7 7m0-7-7 7',
} as const;

/** What was decided, by shape and by colour. */
export function VerdictMark({ verdict }: { verdict: NonNullable<ImageRow['verdict']> }) {
  return (
    <svg
      className={classes.verdict}
      data-verdict={verdict}
      viewBox="0 0 16 16"
      role="img"
      aria-label={VERDICT_WORDS[verdict].title}
    >
      <path d={STROKES[verdict]} />
    </svg>
  );
}

/** Tags, along the foot of the picture. */
export function TagMarks({ tags }: { tags: readonly string[] }) {
  if (tags.length === 0) return null;
  const words = tags.join(', ');
  return (
    <span className={classes.tags} title={words}>
      {words}
    </span>
  );
}

/** What was found by rule, as short words. */
export function FlagMarks({ flags }: { flags: readonly Rule[] }) {
  return flags.map((rule) => (
    <abbr key={rule} className={classes.flag} title={FINDING_WORDS[rule].title}>
      {FINDING_WORDS[rule].short}
    </abbr>
  ));
}
