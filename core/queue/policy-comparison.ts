import type { PolicyComparison } from '../../rpc/contract/policies.ts';
import { AssayError } from '../../rpc/errors.ts';
import { asCandidates, newestRun, prioritiesOf, readCandidates } from './candidates.ts';
import type { Project } from '../project/project.ts';
import { listPolicies, policyOf } from './policies.ts';
import { itemsOf, type Budget } from '../../rpc/contract/queue.ts';
import { chooseByMethod, methodOf } from './by-method.ts';
import type { Policy } from './policy.ts';
import { selectQueue } from './select-queue.ts';

interface ComparisonOptions {
  /** All policies if none is named. */
  names: string[];
  budget: Budget;
  seed: number;
}

/** A fault that people found, and how many images it represents. */
interface Fault {
  weight: number;
}

/**
 * Estimates what each policy would have found. Each fills a queue from the newest run as if nobody had decided anything;
 * people's decisions then show how good that queue would have been. Nothing is recorded. Undecided images carry no
 * information, so `found` is a lower bound; `recall` weighs every fault by 1 over the probability that its image was
 * reviewed (Horvitz and Thompson 1952), 1 for images queued by rank, so that a policy does not score well merely for
 * choosing what the policy in use chose. Throws `NOT_READY` without decisions.
 */
export async function comparePolicies(
  project: Project,
  options: ComparisonOptions,
): Promise<PolicyComparison[]> {
  const { store } = project;
  const run = newestRun(project);
  const set = readCandidates(project, run, ['synthetic'], null);
  if (set.decided.length === 0)
    throw new AssayError(
      'NOT_READY',
      'Policies are compared on decisions, and no synthetic image has one yet: review a queue first.',
    );
  const images = [...set.open, ...set.decided].toSorted((a, b) => a.id - b.id);
  const budget = itemsOf(options.budget, images.length);
  const priorities = await prioritiesOf(project, run, images, set.seeds, { learn: false });
  const candidates = asCandidates(project, run, images, set.pairs, priorities);
  const inFrame = new Set(images.map((image) => image.id));
  const decided = new Set<number>();
  const faults = new Map<number, Fault>();
  for (const { imageId, verdict, inclusionProbability } of store.decisions.labelVerdicts()) {
    if (!inFrame.has(imageId)) continue;
    decided.add(imageId);
    if (verdict !== 'accept') faults.set(imageId, { weight: 1 / (inclusionProbability || 1) });
  }
  const all = weightOf(faults.values());

  const queueBy = async (policy: Policy): Promise<number[]> => {
    if (policy.method === null) {
      const { items } = selectQueue({ candidates, budget, policy, seed: options.seed });
      return items.map((item) => item.imageId);
    }
    const { chosen, audit } = await chooseByMethod(
      project,
      run,
      methodOf(policy.method),
      images.map((image) => image.id),
      set.seeds.map((image) => image.id),
      { budget, auditShare: policy.shares.audit, seed: options.seed },
    );
    return [...chosen, ...audit];
  };
  const names = options.names.length > 0 ? options.names : listPolicies(project).map(({ name }) => name);
  const compared: PolicyComparison[] = [];
  for (const name of names) {
    const queued = await queueBy(policyOf(project, name));
    const looked = queued.filter((id) => decided.has(id));
    const found = looked.flatMap((id) => faults.get(id) ?? []);
    compared.push({
      name,
      items: queued.length,
      decided: looked.length,
      found: found.length,
      known: faults.size,
      hitRate: looked.length === 0 ? null : found.length / looked.length,
      leastHitRate: found.length / queued.length,
      recall: faults.size === 0 ? null : weightOf(found) / all,
    });
  }
  return compared;
}

function weightOf(faults: Iterable<Fault>): number {
  let sum = 0;
  for (const { weight } of faults) sum += weight;
  return sum;
}
