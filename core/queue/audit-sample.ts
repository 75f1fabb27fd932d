import { sampleWithoutReplacement, type Random } from '../base/numeric/random.ts';

export interface AuditSample {
  /** Members of the rest, in the order drawn: any first part of it is a simple random sample too. */
  drawn: number[];
  /** The same for every member of the rest: drawn / rest. */
  inclusionProbability: number;
}

/**
 * A simple random sample without replacement: every set of `size` members is equally likely, so that what is found in
 * it bounds what the rest holds (core/audit/audit.ts).
 */
export function drawAuditSample(rest: number[], size: number, random: Random): AuditSample {
  const drawn = Array.from(sampleWithoutReplacement(random, rest.length, size), (i) => rest[i]!);
  return { drawn, inclusionProbability: rest.length === 0 ? 0 : drawn.length / rest.length };
}
