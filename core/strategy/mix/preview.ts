import type * as z from 'zod';
import type { MixInput, MixPreview } from '../../../rpc/contract/mixes.ts';
import { errorCode } from '../../../rpc/errors.ts';
import type { Project } from '../../project/project.ts';
import { mixCandidates } from './candidates.ts';
import { planMix, type MixPlan, type MixWish } from './plan.ts';
import { mixPolicyOf } from './policy.ts';

type Wish = Pick<z.output<typeof MixInput>, 'realShare' | 'images' | 'weights'> & {
  batchSize: number | null;
};

/** Errors of a plan that say what to ask for instead. */
const REFUSALS = ['INVALID_INPUT', 'NOT_READY'];

/** What `writeMix` would make of the same wish. Throws what `mixCandidates` throws. */
export async function previewMix(
  project: Project,
  { realShare, batchSize, images, weights }: Wish,
  signal: AbortSignal = new AbortController().signal,
): Promise<MixPreview> {
  const policy = mixPolicyOf(project.store);
  const { strata, leftOut } = await mixCandidates(project, policy, weights, signal);
  const supply = { real: 0, synthetic: 0 };
  for (const each of strata) supply[each.role] += each.images;
  const found = { ...supply, leftOut, plan: null, belowFloor: null, problem: null };
  if (batchSize === null) return found;
  const { floor, target } = policy;
  const plan = (isBelowFloorAllowed: boolean): MixPlan =>
    planMix(strata, {
      realShare: realShare ?? target,
      floor,
      batchSize,
      images,
      isBelowFloorAllowed,
    } satisfies MixWish);
  try {
    return { ...found, plan: shownOf(plan(false)) };
  } catch (thrown) {
    const { message } = thrown as Error;
    if (errorCode(thrown) === 'EXPORT_REFUSED')
      return { ...found, plan: shownOf(plan(true)), belowFloor: message };
    if (REFUSALS.includes(errorCode(thrown))) return { ...found, problem: message };
    throw thrown;
  }
}

const shownOf = ({ images, real, leastReal }: MixPlan): MixPreview['plan'] => ({ images, real, leastReal });
