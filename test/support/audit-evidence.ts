import type { AuditEvidence, AuditWave } from '../../core/audit/audit.ts';

/** One audit that was drawn from everything: `sampled` of `population`. */
export function oneAudit(
  population: number,
  sampled: number,
  errors: number,
  unsure = 0,
): AuditEvidence & { waves: [AuditWave] } {
  return {
    unseen: population - sampled,
    waves: [{ population, sampled, errors, unsure, foundElsewhere: 0, outside: 0, newer: 0 }],
  };
}
