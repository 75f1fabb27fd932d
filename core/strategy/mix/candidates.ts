import { setImmediate as turn } from 'node:timers/promises';
import type { Store } from '../../../db/store.ts';
import { MIX_LEFT_OUT, type MixLeftOut, type MixPolicy } from '../../../rpc/contract/mixes.ts';
import { AssayError } from '../../../rpc/errors.ts';
import { counted, listed } from '../../../rpc/format.ts';
import { partOf } from '../../base/splits.ts';
import type { Project } from '../../project/project.ts';
import type { ExportItem } from '../../release/formats/define.ts';
import { ReleaseSelection } from '../../release/selection.ts';
import type { MixedRole, Stratum } from './plan.ts';

/** The core answers others in between. */
const TURN_ITEMS = 500;

/** How often the images of a role, or of one class of it, may be drawn. Of two statements on a class the narrower holds. */
export interface WeightRule {
  role: MixedRole;
  /** Undefined for every class. */
  label?: string | undefined;
  weight: number;
}

/** A role and class with its images. */
export interface Candidates extends Stratum {
  /** In the order of their sha256. */
  ids: number[];
}

export interface MixCandidates {
  selection: ReleaseSelection;
  strata: Candidates[];
  /** Images that a mix never has, or that its policy keeps out, by reason. */
  leftOut: Partial<Record<MixLeftOut, number>>;
}

/**
 * The images that may be in a training mix: what a release without any exception holds, less what is not trained on (the
 * hold-out, its copies, also those that nobody has answered yet, and other splits) and what the policy keeps out.
 */
export async function mixCandidates(
  project: Project,
  policy: MixPolicy,
  rules: readonly WeightRule[],
  signal: AbortSignal,
): Promise<MixCandidates> {
  const { store } = project;
  refuseUnscored(store);
  const selection = new ReleaseSelection(project, {
    roles: ['real', 'synthetic'],
    // Whether somebody looked at an image is asked below, of those that were decided unseen too.
    undecided: 'in',
    include: [],
    tag: null,
  });
  const { leftOut: withheld } = await selection.survey(signal);
  const leftOut: MixCandidates['leftOut'] = { ...withheld };
  const kin = kinOfHoldout(store);
  const strata = new Map<string, Candidates>();
  let seen = 0;
  for (const item of selection) {
    if (++seen % TURN_ITEMS === 0) {
      await turn();
      signal.throwIfAborted();
    }
    const id = store.images.idOf(item.sha256)!;
    const why = kin.has(id) ? 'holdout-kin' : reasonOut(item, policy);
    if (why !== null) {
      leftOut[why] = (leftOut[why] ?? 0) + 1;
      continue;
    }
    const role = item.role as MixedRole;
    const key = `${role} ${item.label === null ? '' : `=${item.label}`}`;
    const stratum = strata.get(key) ?? {
      role,
      label: item.label,
      images: 0,
      weight: weightOf(rules, role, item.label),
      ids: [],
    };
    stratum.ids.push(id);
    stratum.images++;
    strata.set(key, stratum);
  }
  refuseUnknown(rules, strata.values().toArray());
  return {
    selection,
    strata: [...strata].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, stratum]) => stratum),
    leftOut: Object.fromEntries(
      MIX_LEFT_OUT.flatMap((why) => (leftOut[why] === undefined ? [] : [[why, leftOut[why]]])),
    ),
  };
}

function reasonOut({ role, split, basis, generation }: ExportItem, policy: MixPolicy): MixLeftOut | null {
  if (partOf(split) !== 'train') return 'other-split';
  if (role !== 'synthetic') return null;
  if (policy.generations !== null && (generation === null || !policy.generations.includes(generation)))
    return 'other-generation';
  return !policy.unreviewed && basis !== 'verified' ? 'unseen' : null;
}

/** A rule on a class without images is a slip of the pen. */
function refuseUnknown(rules: readonly WeightRule[], strata: readonly Candidates[]): void {
  for (const { role, label, weight } of rules)
    if (label !== undefined && !strata.some((each) => each.role === role && each.label === label))
      throw new AssayError(
        'INVALID_INPUT',
        `No ${role} image that may be in the mix has the class ${label} (--weight ${role}/${label}=${weight}). There is ${listed([...new Set(strata.flatMap((each) => (each.role === role && each.label !== null ? [each.label] : [])))].sort()) || 'none with a class'}.`,
      );
}

/** Without scores nobody knows which images are copies of the hold-out. */
function refuseUnscored(store: Store): void {
  const images = Object.values(store.images.countsByRole()).reduce((sum, count) => sum + count, 0);
  const unscored = images - (store.scores.runs().at(-1)?.images ?? 0);
  if (unscored > 0)
    throw new AssayError(
      'NOT_READY',
      `${counted(unscored, 'image has', 'images have')} no scores, so that copies of hold-out images among them are not known: score the project (assay score), then mix.`,
    );
}

/** Images that are, or may be, the same picture as a hold-out image, and of which nobody said that they are not. */
export function kinOfHoldout(store: Store): Set<number> {
  const run = store.scores.runs().at(-1);
  // Without a run there are no images: whatever has none was refused.
  return new Set(run ? store.copies.ofHoldout(run.id) : []);
}

function weightOf(rules: readonly WeightRule[], role: MixedRole, label: string | null): number {
  const own = rules.filter((rule) => rule.role === role);
  const rule =
    own.findLast((each) => each.label === (label ?? undefined) && each.label !== undefined) ??
    own.findLast((each) => each.label === undefined);
  return rule?.weight ?? 1;
}
