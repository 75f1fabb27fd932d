import { AssayError } from '../../rpc/errors.ts';
import { estimateRest, type AuditEvidence, type AuditWave } from './audit.ts';

/** Returns the smallest size, from 0 to `most`, for which something holds that holds for all larger ones; `most` if none. */
export function smallest(most: number, holds: (size: number) => boolean): number {
  let [short, enough] = [-1, most];
  while (enough - short > 1) {
    const middle = Math.floor((short + enough) / 2);
    if (holds(middle)) enough = middle;
    else short = middle;
  }
  return enough;
}

/**
 * Returns the size of a further audit, drawn from all that nobody has reviewed, that shows with `allowedErrors` errors
 * in it that no more than `maxRate` is wrong, together with what earlier audits found. Everything if nothing less
 * suffices. Throws `INVALID_INPUT` for shares outside 0 to 1.
 */
export function auditsNeeded(
  { unseen, waves }: AuditEvidence,
  maxRate: number,
  confidence: number,
  allowedErrors = 0,
): number {
  for (const [name, value] of [
    ['largest error rate', maxRate],
    ['confidence', confidence],
  ] as const)
    if (!(value > 0 && value < 1))
      throw new AssayError(
        'INVALID_INPUT',
        `The ${name} is ${value}; give a number between 0 and 1, such as 0.01.`,
      );
  return smallest(unseen, (size) => {
    if (size < allowedErrors) return false;
    const left = unseen - size;
    const next: AuditWave = {
      population: unseen,
      sampled: size,
      errors: allowedErrors,
      unsure: 0,
      foundElsewhere: 0,
      outside: 0,
      newer: 0,
    };
    const found = estimateRest(
      {
        unseen: left,
        waves: [...waves.map((wave) => ({ ...wave, outside: Math.min(wave.outside, left) })), next],
      },
      confidence,
    );
    return found.unseenUpper + allowedErrors <= maxRate * unseen + 1e-9;
  });
}
