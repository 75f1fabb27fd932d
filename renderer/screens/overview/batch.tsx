import { Link } from '@tanstack/react-router';
import { useId, useState } from 'react';
import { COUNT_WORDS } from '../../../rpc/contract/counts.ts';
import type { ImageFilter } from '../../../rpc/contract/images.ts';
import type { BatchOverview } from '../../../rpc/contract/projects.ts';
import { findingNoun, ROLE_WORDS, RULES, SETTLING_RULES } from '../../../rpc/contract/terms.ts';
import { projectParams } from '../../parts/folder-address.ts';
import { Fact } from '../../parts/fact.tsx';
import { counted, decimal, integer, percent } from '../../parts/format.ts';
import { Histogram } from '../../parts/histogram.tsx';
import page from '../../parts/page.module.css';
import { useScores } from '../../parts/score-names.ts';
import { useProject } from '../../project.tsx';
import classes from './batch.module.css';

/** The scores that say most of a batch; the others are a click away. */
const FIRST = [
  'normalized-margin',
  'self-confidence',
  'entropy',
  'novelty-class',
  'neighbour-agreement',
  'mutual-information',
];

/** Up to this many are shown at once. */
const FEW = 8;

export function Batch({ batch, hasRun }: { batch: BatchOverview; hasRun: boolean }) {
  const { folder } = useProject();
  const titleId = useId();
  const params = projectParams(folder);
  const filter: ImageFilter = { batches: [batch.name] };
  const flags = RULES.filter((rule) => (batch.flagged[rule] ?? 0) > 0);
  const copies = SETTLING_RULES.filter((rule) => (batch.duplicates[rule] ?? 0) > 0);
  const facts = [
    batch.generator !== null && `Generator ${batch.generator}`,
    batch.generation !== null && `generation ${batch.generation}`,
    batch.parents.length > 0 && `from ${batch.parents.join(', ')}`,
  ].filter((fact) => fact !== false);
  return (
    <article className={`${page.card} ${classes.batch}`} aria-labelledby={titleId}>
      <div className={page.stack}>
        <div>
          <h3 id={titleId} className={classes.batchName}>
            <Link to="/p/$folder/explore" params={params} search={{ filter } as never}>
              {batch.name}
            </Link>
            <span className={classes.role} data-role={batch.role}>
              {ROLE_WORDS[batch.role].title}
            </span>
          </h3>
          <p className={page.hint}>{facts.length > 0 ? facts.join(', ') : 'No generator named'}</p>
        </div>
        <dl className={classes.counts}>
          <Fact name={COUNT_WORDS.images.title} value={integer(batch.images)} />
          <Fact name={COUNT_WORDS.queued.title} value={integer(batch.queued)} />
          <Fact name={COUNT_WORDS.answered.title} value={integer(batch.reviewed)} />
          <Fact
            name="Changed"
            value={integer(batch.changed)}
            title={
              batch.reviewed > 0
                ? `${percent(batch.changed / batch.reviewed)} of the answered ones`
                : undefined
            }
          />
        </dl>
        <p className={classes.flags}>
          {flags.map((rule) => (
            <Link
              key={rule}
              className={classes.flag}
              to="/p/$folder/explore"
              params={params}
              search={{ filter: { ...filter, flags: [rule] } } as never}
            >
              {integer(batch.flagged[rule] ?? 0)} {findingNoun(rule, batch.flagged[rule] ?? 0)}
            </Link>
          ))}
          {batch.broken > 0 && (
            <Link
              className={classes.flag}
              to="/p/$folder/import"
              params={params}
              search={{ show: 'broken' } as never}
            >
              {counted(batch.broken, 'broken file')}
            </Link>
          )}
          {copies.length > 0 && (
            <span
              className={classes.flag}
              title={copies
                .map((rule) =>
                  counted(batch.duplicates[rule] ?? 0, findingNoun(rule, 1), findingNoun(rule, 2)),
                )
                .join(', ')}
            >
              {counted(
                copies.reduce((total, rule) => total + (batch.duplicates[rule] ?? 0), 0),
                'duplicate file',
              )}
            </span>
          )}
          {flags.length === 0 && copies.length === 0 && batch.broken === 0 && (
            <span className={page.hint}>{hasRun ? 'Nothing flagged by rule' : 'Not scored yet'}</span>
          )}
        </p>
      </div>
      <Distributions batch={batch} />
    </article>
  );
}

function Distributions({ batch }: { batch: BatchOverview }) {
  const { folder } = useProject();
  const scores = useScores();
  const [showsAll, setShowsAll] = useState(false);
  const first = FIRST.flatMap((id) => batch.distributions.filter(({ score }) => score === id));
  const rest = batch.distributions.filter(({ score }) => !FIRST.includes(score));
  const isFew = first.length === 0 || batch.distributions.length <= FEW;
  const shown = showsAll || isFew ? [...first, ...rest] : first;
  if (batch.distributions.length === 0) return null;
  return (
    <div className={classes.distributions}>
      {shown.map(({ score, min, max, counts }) => {
        const info = scores.get(score);
        const suspect = info?.suspect ?? 'high';
        const title = info?.title ?? score;
        return (
          <Link
            key={score}
            className={classes.distribution}
            to="/p/$folder/explore"
            params={projectParams(folder)}
            search={
              {
                filter: { batches: [batch.name] },
                sort: { by: score, order: suspect === 'high' ? 'descending' : 'ascending' },
              } as never
            }
            title={`${info?.meaning ?? score}. ${suspect === 'high' ? 'High' : 'Low'} values are suspect. Opens the batch with the most suspect first.`}
          >
            <Histogram
              counts={counts}
              width={132}
              height={36}
              label={`${title} of ${batch.name}: ${decimal(min)} to ${decimal(max)}`}
            />
            <span className={classes.ends} aria-hidden>
              <span data-suspect={suspect === 'low'}>{endOf(min, max - min)}</span>
              <span data-suspect={suspect === 'high'}>{endOf(max, max - min)}</span>
            </span>
            <span className={classes.scoreName}>{title}</span>
          </Link>
        );
      })}
      {rest.length > 0 && !isFew && (
        <button type="button" className={classes.more} onClick={() => setShowsAll(!showsAll)}>
          {showsAll ? 'Fewer scores' : `${rest.length} more scores`}
        </button>
      )}
    </div>
  );
}

/** An end of the axis: what is next to nothing on it reads 0. */
const endOf = (value: number, range: number): string =>
  Math.abs(value) < range / 1000 ? '0' : decimal(Number(value.toPrecision(3)));
