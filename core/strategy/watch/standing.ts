import type { Store } from '../../../db/store.ts';
import { DEFAULT_SEED } from '../../../rpc/contract/terms.ts';
import type { Measured } from '../../../rpc/contract/reports.ts';
import type { WatchStanding } from '../../../rpc/contract/watch.ts';
import { counted, listed } from '../../../rpc/format.ts';
import { alarmsOf, namesOf } from '../../fidelity/alarm.ts';
import { whyTooFew } from '../../fidelity/anchor.ts';
import { inOrder } from '../../fidelity/batch-report.ts';
import { EDITION } from '../../fidelity/measured-batches.ts';
import { fileCounts } from '../../measure/file-counts.ts';

/** A synthetic batch: what was measured of it, or why nothing can be; both null where it has not been measured yet. */
interface Watched {
  name: string;
  measures: readonly Measured[] | null;
  why: string | null;
}

const MOST_NAMED = 3;

/** Where the watch stands by the measures of batches in order. */
export function standingOf(batches: readonly Watched[]): WatchStanding {
  const known = batches.flatMap(({ name, measures }) => (measures ? [{ name, measures }] : []));
  const unmeasured = batches.filter(({ measures, why }) => !measures && why === null).map(({ name }) => name);
  const { standing } = alarmsOf(known.map(({ measures }) => measures));
  const alarm = standing && {
    since: known[standing.at]!.name,
    measures: standing.measures.map(({ id }) => id),
  };
  return {
    batches: batches.length,
    measured: known.length,
    unmeasured,
    alarm,
    sentence: [
      standing
        ? `Alarm since ${alarm!.since}: ${namesOf(standing.measures)} fell batch after batch and lie outside what real images give.`
        : known.length < 3
          ? `No alarm can be raised before the third batch; ${counted(known.length, 'is', 'are')} measured.`
          : `No alarm: no two measures keep falling outside what real images give (${counted(known.length, 'batch', 'batches')} measured).`,
      ...(unmeasured.length > 0
        ? [`Not measured yet: ${someOf(unmeasured)}.`]
        : batches.every(({ why }) => why !== null) && batches.length > 0
          ? [batches[0]!.why!]
          : []),
    ].join(' '),
  };
}

const someOf = (names: readonly string[]): string =>
  names.length > MOST_NAMED
    ? `${names.slice(0, MOST_NAMED).join(', ')} and ${names.length - MOST_NAMED} more`
    : listed(names);

/**
 * The same by what is kept, without reading any image: cheap enough for whatever asks what needs attention. Null without a
 * synthetic batch. A measurement counts as long as its batch, and the real images, have as many images as it was made
 * of.
 */
export function keptStanding(store: Store): WatchStanding | null {
  const { batches: all, images: homes } = fileCounts(store);
  const batches = inOrder(all.filter(({ role }) => role === 'synthetic'));
  if (batches.length === 0) return null;
  const run = store.scores.runs().at(-1);
  const kept = run ? store.reports.kept(run.model, DEFAULT_SEED, EDITION) : [];
  const images = new Map(homes.map((one) => [one.batch, one.images]));
  const real = homes.reduce((sum, one) => sum + (one.role === 'real' ? one.images : 0), 0);
  return standingOf(
    batches.map(({ id, name }) => {
      const own = images.get(name) ?? 0;
      const found = kept.findLast((row) => row.batchId === id && row.images === own && row.real === real);
      return {
        name,
        measures: found ? (JSON.parse(found.measures) as Measured[]) : null,
        why: whyTooFew(real, name, own),
      };
    }),
  );
}
