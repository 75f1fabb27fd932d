import { counted, integer, percent } from '../../rpc/format.ts';
import type { Estimate, ProjectStatus } from '../../rpc/contract/projects.ts';
import type { Store } from '../../db/store.ts';
import { estimateRest } from './audit.ts';
import { auditLooks, restEvidence, type RestEvidence } from './evidence.ts';

/** Counts items of a queue by stratum. Only the queue's own review decides an audit item; any verdict decides others. */
export function strataOf(store: Store, queueId: number): NonNullable<ProjectStatus['queue']>['strata'] {
  const found = auditLooks(store, queueId).filter(({ stratum }) => stratum === 'audit');
  const changed = found.filter(({ finding }) => finding === 'wrong').length;
  const decided = changed + found.filter(({ finding }) => finding === 'sound').length;
  return store.queue
    .strata(queueId)
    .map((row) => (row.stratum === 'audit' ? { ...row, decided, changed } : row));
}

/**
 * The one statement about the images that nobody has reviewed, from the audits of all queues; null until an audit item
 * is reviewed. Items are shown in the random order of the draw, so those answered so far are a random sample too. But a
 * reviewer could stop when the result looks good, so the estimate is preliminary until all are answered.
 */
export function estimateOfRest(
  store: Store,
  evidence: RestEvidence | null = restEvidence(store),
): Estimate | null {
  if (!evidence?.waves.some(({ sampled }) => sampled > 0)) return null;
  const { waves, returned, later, open, apart } = evidence;
  const found = estimateRest(evidence);
  const audited = waves.reduce((sum, { sampled }) => sum + sampled, 0);
  return {
    ...found,
    planned: found.sampled + open,
    returned,
    later,
    apart,
    earlier: audited - found.sampled,
  };
}

/** Formats per cent with the decimals that a bound needs, rounded up: a bound must not be rounded down. */
export function percentAtMost(share: number): string {
  const digits = share < 0.001 ? 3 : share < 0.1 ? 1 : 0;
  const factor = 10 ** digits;
  return `${(Math.ceil(100 * share * factor - 1e-9) / factor).toFixed(digits)} %`;
}

/** The estimate in a few sentences, for people. */
export function sentenceOfRest(estimate: Estimate | null): string {
  if (!estimate)
    return 'Nothing can be said yet of the images that nobody reviewed: decide the audit items of the queue.';
  const { unseen, unseenUpper, sampled, planned, errors, unsure, looks, boundLooks, confidence } = estimate;
  const { returned, later, earlier, apart } = estimate;
  const said =
    unseen === 0
      ? 'Every image outside the ranked queue was looked at.'
      : `Of ${counted(unseen, 'image')} nobody reviewed, at most ${percentAtMost(unseenUpper / unseen)} ${unseen === 1 ? 'is' : 'are'} wrong: ${integer(unseenUpper)} (${percent(confidence, 2)}).`;
  const doubt = unsure === 0 ? '' : `, ${integer(unsure)} undecided, which counts as wrong`;
  const audits = looks === 1 ? '' : ` in ${integer(looks)} audits`;
  const parts = [
    said,
    `A random ${integer(sampled)} beside them ${sampled === 1 ? 'was' : 'were'} looked at${audits}: ${integer(errors)} wrong${doubt}.`,
  ];
  if (sampled < planned)
    parts.push(`Preliminary: ${counted(planned - sampled, 'audit item is', 'audit items are')} left.`);
  if (boundLooks < looks)
    parts.push(
      `The bound is what ${boundLooks === 1 ? 'the first audit' : `the first ${integer(boundLooks)} audits`} showed: later ones, which are held to more because they look again, do not lower it.`,
    );
  else if (looks > 1)
    parts.push(
      'A bound from several audits is held to more than 95 %: looking again until it pleases proves nothing.',
    );
  if (earlier > 0)
    parts.push(
      `${counted(earlier, 'image')} audited before ${earlier === 1 ? 'is' : 'are'} not counted here: more than a quarter of the images came after.`,
    );
  if (returned > 0)
    parts.push(
      `${counted(returned, 'image')} among them ${returned === 1 ? 'was' : 'were'} ranked by an earlier queue and not answered, so that queue's audit does not speak for ${returned === 1 ? 'it' : 'them'}.`,
    );
  if (later > 0)
    parts.push(
      `${counted(later, 'image')} came later, and no audit speaks for ${later === 1 ? 'it' : 'them'}: fill a new queue.`,
    );
  if (apart > 0)
    parts.push(`${counted(apart, 'audit item')} of queues limited to other images are not counted.`);
  return parts.join(' ');
}
