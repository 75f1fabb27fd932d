import type { CostInput, CostReport } from '../../../rpc/contract/costs.ts';
import { DEFAULT_POLICY_NAME } from '../../../rpc/contract/policies.ts';
import { AssayError, errorCode } from '../../../rpc/errors.ts';
import { counted, integer } from '../../../rpc/format.ts';
import { estimateOfRest } from '../../audit/rest.ts';
import type { Project } from '../../project/project.ts';
import { comparePolicies } from '../../queue/policy-comparison.ts';
import { costInputsOf } from './measured.ts';
import { costSettingsOf } from './settings.ts';
import { CONFIDENCE, DRAWS, simulateCosts } from './simulate.ts';

interface Question {
  /** Generated images; those of the project if null. */
  images: number | null;
  /** Months of maintenance; those of the inputs if null. */
  months: number | null;
  seed: number;
  /** Whether the policies are asked what the next per cent finds. */
  compare: boolean;
}

type Random = NonNullable<CostReport['nextPercent']['random']>;
type Ranked = NonNullable<CostReport['nextPercent']['ranked']>;

/**
 * What the three ways cost. Nothing is recorded. Throws `NOT_READY` where the project has no synthetic image and no
 * volume is asked about.
 */
export async function costReport(
  project: Project,
  { images: asked, months, seed, compare }: Question,
): Promise<CostReport> {
  const { store } = project;
  const count = asked ?? store.costs.synthetic().images;
  if (count === 0)
    throw new AssayError(
      'NOT_READY',
      'The project has no synthetic image to count: import a batch, or ask about a volume (--images).',
    );
  const inputs = costInputsOf(store).map((one): CostInput =>
    one.input === 'months' && months !== null
      ? { input: 'months', low: months, high: months, origin: 'asked', said: 'asked about' }
      : one,
  );
  const { nextPercent, ...simulated } = simulateCosts(inputs, count, seed);
  const perImage = nextPercent.images > 0 ? nextPercent.cost.middle / nextPercent.images : 0;
  return {
    currency: costSettingsOf(store).currency,
    images: { count, origin: asked === null ? 'counted' : 'asked' },
    inputs,
    ...simulated,
    nextPercent: {
      ...nextPercent,
      random: randomOf(project, nextPercent.images, perImage),
      ranked: compare
        ? await rankedOf(project, { inputs, images: nextPercent.images, perImage, seed })
        : null,
    },
    seed,
    draws: DRAWS,
    confidence: CONFIDENCE,
  };
}

/** What further images find if they are drawn at random: the audits' rate among images that nobody reviewed. */
function randomOf({ store }: Project, images: number, perImage: number): Random | null {
  const estimate = estimateOfRest(store);
  if (!estimate || estimate.rate === null || estimate.population === 0) return null;
  const { rate, countInterval, population, sampled, planned, errors } = estimate;
  const open = planned > sampled ? `; ${counted(planned - sampled, 'more is', 'more are')} still open` : '';
  return {
    rate,
    interval: [countInterval[0] / population, countInterval[1] / population],
    finds: rate * images,
    costPerFault: rate > 0 ? perImage / rate : null,
    said: `${integer(errors)} wrong of ${counted(sampled, 'audit item')}${open}`,
  };
}

/**
 * What further images find if they are the next of the default policy: what its queue of one per cent more has beyond its
 * queue of the share that is reviewed now, judged by people's decisions. Null without a decision.
 */
async function rankedOf(
  project: Project,
  {
    inputs,
    images,
    perImage,
    seed,
  }: Pick<CostReport, 'inputs' | 'seed'> & { images: number; perImage: number },
): Promise<Ranked | null> {
  const now = inputs.find(({ input }) => input === 'review-share')!;
  const share = Math.min(0.99, (now.low + now.high) / 2);
  const queueOf = async (budget: number) => {
    const compared = await comparePolicies(project, {
      names: [DEFAULT_POLICY_NAME],
      budget: { share: budget },
      seed,
    });
    return compared[0]!;
  };
  try {
    const [before, after] = [await queueOf(Math.max(share, 1e-6)), await queueOf(share + 0.01)];
    const decided = Math.max(0, after.decided - before.decided);
    const found = Math.min(decided, Math.max(0, after.found - before.found));
    const rate = decided === 0 ? null : found / decided;
    return {
      policy: DEFAULT_POLICY_NAME,
      items: Math.max(0, after.items - before.items),
      decided,
      found,
      rate,
      finds: rate === null ? null : rate * images,
      costPerFault: rate === null || rate === 0 ? null : perImage / rate,
    };
  } catch (error) {
    if (errorCode(error) === 'NOT_READY') return null;
    throw error;
  }
}
