import type { RunRow } from '../../../db/queries/scores.ts';
import type { Rehearsal } from '../../../rpc/contract/rehearsal.ts';
import { damageChance, fitDamage } from './damage-model.ts';
import { SIGN_NAMES } from './signs.ts';

/** The part of a batch that is looked at. */
const LOOKED_AT = 0.1;

interface Spoilt {
  family: string;
  signs: Float64Array;
}

/**
 * Ranks spoilt copies among the batch: by models fitted on every other copy and image, asked of the rest, and by each
 * sign. A copy is found where fewer than a tenth of the batch comes before it; of equals, half do.
 */
export function rehearsalOf(spoilt: readonly Spoilt[], batch: readonly Float64Array[]): Rehearsal {
  const isFound = new Map<Spoilt, boolean>();
  for (const half of [0, 1]) {
    const other = <T>(all: readonly T[]): T[] => all.filter((_, i) => i % 2 !== half);
    const own = <T>(all: readonly T[]): T[] => all.filter((_, i) => i % 2 === half);
    if (own(spoilt).length === 0 || other(spoilt).length === 0 || other(batch).length === 0) continue;
    const model = fitDamage(
      other(spoilt).map(({ signs }) => signs),
      other(batch),
    );
    const usual = own(batch).map((signs) => damageChance(model, signs));
    for (const copy of own(spoilt)) isFound.set(copy, comesEarly(damageChance(model, copy.signs), usual));
  }
  const share = (copies: readonly Spoilt[], found: (copy: Spoilt) => boolean): number =>
    copies.length === 0 ? 0 : copies.filter(found).length / copies.length;
  const byModel = (copy: Spoilt): boolean => isFound.get(copy) === true;
  const families = Map.groupBy(spoilt, ({ family }) => family);
  const scores: Record<string, number> = {};
  for (const [s, name] of SIGN_NAMES.entries()) {
    const usual = batch.map((signs) => signs[s]!);
    const alone = share(spoilt, ({ signs }) => comesEarly(signs[s]!, usual));
    scores[name] = Math.max(scores[name] ?? 0, alone);
  }
  return {
    copies: spoilt.length,
    found: share(spoilt, byModel),
    families: Object.fromEntries([...families].map(([family, copies]) => [family, share(copies, byModel)])),
    scores,
  };
}

function comesEarly(value: number, usual: readonly number[]): boolean {
  let before = 0;
  for (const other of usual) before += other > value ? 1 : other === value ? 0.5 : 0;
  return before < LOOKED_AT * usual.length;
}

/** What the rehearsal of a run found; null where there was none, and in runs of earlier versions. */
export function recordedRehearsal({ parameters }: Pick<RunRow, 'parameters'>): Rehearsal | null {
  const { damageRisk = null } = JSON.parse(parameters) as { damageRisk?: Rehearsal };
  return damageRisk;
}
