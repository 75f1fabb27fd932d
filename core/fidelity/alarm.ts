import type { Alarm, Measured } from '../../rpc/contract/reports.ts';
import { listed, uncapitalised } from '../../rpc/format.ts';

/** Those that move first when a generator feeds on itself, all of them downwards (docs/strategy/watch.md). */
export const ALARMING = ['recall', 'coverage', 'rare-mass', 'entropy', 'authenticity', 'copying'];
/** As many of them, in two batches running, are an alarm: entropy alone also falls where near-copies accumulate. */
const SIGNALS = 2;
/** A fall, in half-widths of the band: what a generator that does not change shows less often from batch to batch. */
const FALL = 0.5;
/** A band may have no width, where real images all give the same. */
const LEAST_WIDTH = 1e-6;

/**
 * Whether the generator collapses. A measure is a signal in a batch where it lies outside what real images give *and*
 * fell against the batch before; two of them that are signals both here and in the batch before are an alarm. Lying
 * outside is not enough: nearly every generator does, and stays there. So the third batch is the first that can raise it.
 * Each batch is placed within its own band, since bands depend on the size of the draws.
 */
export function alarmOf(
  now: readonly Measured[],
  before: readonly Measured[] | null,
  earlier: readonly Measured[] | null,
): Alarm {
  if (before === null || earlier === null)
    return { raised: false, measures: [], text: 'No alarm can be raised before the third batch.' };
  const known = new Set(signalsIn(before, earlier).map(({ id }) => id));
  const both = signalsIn(now, before).filter(({ id }) => known.has(id));
  const raised = both.length >= SIGNALS;
  return {
    raised,
    measures: both.map(({ id }) => id),
    text: raised
      ? `Alarm: ${namesOf(both)} lie outside what real images give and fell further, in this batch and in the one before it.`
      : 'No alarm: fewer than two measures fell outside what real images give in two batches running.',
  };
}

/** An alarm that stands: at which batch it was raised, and the measures that lie lower now than before the fall. */
export interface Standing {
  at: number;
  measures: Measured[];
}

/**
 * The alarm of each of some batches in order, and the one that stands at the last of them. One that was raised stands
 * until fewer than two measures lie outside and lower than before the fall began: what has collapsed falls no further.
 */
export function alarmsOf(batches: readonly (readonly Measured[])[]): {
  alarms: Alarm[];
  standing: Standing | null;
} {
  let standing: (Standing & { sound: readonly Measured[] }) | null = null;
  const alarms = batches.map((now, i) => {
    const alarm = alarmOf(now, batches[i - 1] ?? null, batches[i - 2] ?? null);
    if (standing !== null) {
      const measures = signalsIn(now, standing.sound);
      standing = measures.length >= SIGNALS ? { ...standing, measures } : null;
    }
    if (alarm.raised && standing === null)
      standing = {
        at: i,
        measures: signalsIn(now, batches[i - 2]!),
        sound: batches[i - 2]!,
      };
    return alarm;
  });
  return { alarms, standing };
}

/** Alarming measures that lie outside their band, and lower in it than at another batch. */
function signalsIn(now: readonly Measured[], before: readonly Measured[]): Measured[] {
  return now.filter((measured) => {
    if (!measured.outside || !ALARMING.includes(measured.id)) return false;
    const [here, there] = [depthOf(measured), depthOf(before.find(({ id }) => id === measured.id))];
    return here !== null && there !== null && here - there > FALL;
  });
}

/** How far a value lies below the middle of its band, 1 being its lower end; null without a value or a band. */
function depthOf(measured: Measured | undefined): number | null {
  if (!measured || measured.value === null || measured.band === null) return null;
  const [low, middle] = measured.band;
  return (middle - measured.value) / Math.max(LEAST_WIDTH, middle - low);
}

/** `recall and nearest-neighbour entropy`. */
export const namesOf = (measures: readonly Measured[]): string =>
  listed(measures.map(({ title }) => uncapitalised(title)));
