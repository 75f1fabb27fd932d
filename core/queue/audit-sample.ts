import { sampleWithoutReplacement, type Random } from '../base/numeric/random.ts';

export interface AuditSample {
  /** Members of the rest, in the order drawn: any prefix is a simple random sample too. */
  drawn: number[];
  /** drawn / rest, the same for every member of the rest. */
  inclusionProbability: number;
}

/**
 * Draws a simple random sample without replacement. Every set of `size` members is equally likely, so the errors found
 * in it bound the errors in the rest (core/audit/audit.ts).
 */
export function drawAuditSample(rest: number[], size: number, random: Random): AuditSample {
  const drawn = Array.from(sampleWithoutReplacement(random, rest.length, size), (i) => rest[i]!);
  return { drawn, inclusionProbability: rest.length === 0 ? 0 : drawn.length / rest.length };
}
