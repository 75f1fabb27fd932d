import type { HomeRow } from '../../db/queries/images.ts';
import type { RunRow } from '../../db/queries/scores.ts';
import type { ImageFilter } from '../../rpc/contract/images.ts';
import { DEFAULT_POLICY_NAME } from '../../rpc/contract/policies.ts';
import { itemsOf, type Budget, type QueueMade } from '../../rpc/contract/queue.ts';
import type { End, Role } from '../../rpc/contract/terms.ts';
import { AssayError } from '../../rpc/errors.ts';
import { asCandidates, newestRun, prioritiesOf, readCandidates } from './candidates.ts';
import { resolveFilter } from '../explore/index.ts';
import type { RecordedRisk } from '../ledger/events.ts';
import { record } from '../ledger/ledger.ts';
import { policyOf } from './policies.ts';
import type { Project, WritableProject } from '../project/project.ts';
import { goldPool } from '../review/gold.ts';
import { chooseByMethod, methodOf, type MethodOptions } from './by-method.ts';
import type { Policy } from './policy.ts';
import { selectQueue, type Queue } from './select-queue.ts';

export interface QueueOptions {
  budget: Budget;
  /** Roles whose images can be queued: synthetic, real (the seed), or both. */
  roles: Exclude<Role, 'holdout'>[];
  seed: number;
  shares: Partial<Policy['shares']>;
  /** Only images that pass it. */
  filter: ImageFilter | null;
  /** All images that pass, in import order, whatever their scores and decisions. */
  everything: boolean;
  /** Name of the policy; null for the default one. `shares` and `method` override it for this queue. */
  policy: string | null;
  method: string | null;
  reviewers: number;
  blind: boolean;
  goldRate: number;
  goldThreshold: number;
  /** Whether reviewers may judge conflicts that their own answer is part of. */
  ownConflicts: boolean;
  /** What its items come to. */
  endsIn: End;
  actor: string;
  /** Starts the process for large choices of a selection method. */
  kernels?: MethodOptions['kernels'];
}

/** Most items in one queue: its event is one text in memory. */
const LARGEST_QUEUE = 200_000;

/** A queue filled by the policy, or one with everything that passes a filter. */
type Chosen = Omit<Queue, 'items' | 'expected'> & {
  expected?: Queue['expected'];
  items: (Omit<Queue['items'][number], 'stratum'> & {
    stratum: Queue['items'][number]['stratum'] | 'chosen';
  })[];
};

/**
 * Fills a queue from the newest run, by the policy or with everything that passes a filter, and records it with every
 * item's reasons and probability. Throws `NOT_READY` if there is nothing to queue, or no image for gold items, and `USAGE`
 * for distributions of one answer.
 */
export async function makeQueue(project: WritableProject, options: QueueOptions): Promise<QueueMade> {
  if (options.endsIn === 'distribution' && options.reviewers === 1)
    throw new AssayError(
      'USAGE',
      'A distribution takes the answers of several people: ask for two or three (--reviewers 3), or end in one label.',
    );
  const run = newestRun(project);
  const within = options.filter && new Set(await resolveFilter(project, options.filter));
  if (options.everything)
    return save(project, run.id, wholeQueue(project, options, within), null, options, 0);
  const set = readCandidates(project, run, options.roles, within);
  const { open, decided, seeds, flagged } = set;
  if (open.length === 0)
    throw new AssayError(
      'NOT_READY',
      `There is nothing to queue: no ${options.roles.join(' or ')} image${within ? ' that passes the filter' : ''} lacks a decision. Import a batch first (assay import).`,
    );
  const named = policyOf(project, options.policy ?? DEFAULT_POLICY_NAME);
  const policy: Policy = {
    ...named,
    shares: { ...named.shares, ...options.shares },
    method: options.method ?? named.method,
  };
  const budget = itemsOf(options.budget, open.length);
  if (policy.method !== null) {
    const chosen = await queueByMethod(project, run, policy.method, open, labelled(seeds), {
      budget,
      auditShare: policy.shares.audit,
      seed: options.seed,
      kernels: options.kernels,
    });
    return save(project, run.id, chosen, policy, options, flagged);
  }
  // Decided images help to define what is usual and train the label risk; they are not queued again.
  const images = [...open, ...decided];
  const { risk, ...priorities } = await prioritiesOf(project, run, images, seeds, { learn: true });
  const queue = selectQueue({
    candidates: asCandidates(project, run, open, set.pairs, priorities),
    budget,
    policy,
    seed: options.seed,
  });
  return save(project, run.id, queue, policy, options, flagged, risk);
}

/** A selection method takes the real images that have a label as learnt already. */
const labelled = (images: HomeRow[]): HomeRow[] => images.filter(({ labelId }) => labelId !== null);

/** Returns a selection method's choice, with the audit spread evenly over it in the order drawn. */
async function queueByMethod(
  project: Project,
  run: RunRow,
  id: string,
  candidates: HomeRow[],
  seeds: HomeRow[],
  options: MethodOptions,
): Promise<Chosen> {
  const method = methodOf(id);
  const choice = await chooseByMethod(
    project,
    run,
    method,
    candidates.map((image) => image.id),
    seeds.map((image) => image.id),
    options,
  );
  const { chosen, audit, inclusionProbability, frame } = choice;
  type Item = Chosen['items'][number];
  const entries: [place: number, item: Omit<Item, 'rank'>][] = [];
  for (const [i, imageId] of chosen.entries())
    entries.push([
      (i + 0.5) / chosen.length,
      {
        imageId,
        stratum: 'chosen',
        reasons: [{ method: method.id }],
        priority: 1 - i / chosen.length,
        inclusionProbability: 1,
        groupImageIds: [],
      },
    ]);
  for (const [i, imageId] of audit.entries())
    entries.push([
      (i + 0.5) / audit.length,
      { imageId, stratum: 'audit', reasons: [], priority: 0, inclusionProbability, groupImageIds: [] },
    ]);
  entries.sort(([a], [b]) => a - b);
  return {
    items: entries.map(([, item], i) => ({ ...item, rank: i + 1 })),
    frame,
    rest: frame - chosen.length,
    audited: audit.length,
  };
}

/** Returns every image of the roles that passes the filter, each as its own item. */
function wholeQueue(project: Project, { roles }: QueueOptions, within: Set<number> | null): Chosen {
  const items: Chosen['items'] = [];
  const known = new Set<Role>(roles);
  for (const image of project.store.images.homes()) {
    if (!known.has(image.role) || (within && !within.has(image.id))) continue;
    items.push({
      imageId: image.id,
      rank: items.length + 1,
      stratum: 'chosen',
      reasons: [],
      priority: 0,
      inclusionProbability: 1,
      groupImageIds: [],
    });
  }
  if (items.length === 0)
    throw new AssayError(
      'NOT_READY',
      `There is nothing to queue: no ${roles.join(' or ')} image passes the filter. Change it, or name other roles.`,
    );
  return { items, frame: items.length, rest: 0, audited: 0 };
}

function save(
  project: WritableProject,
  run: number,
  queue: Chosen,
  policy: Policy | null,
  options: QueueOptions,
  flagged: number,
  risk: RecordedRisk | null = null,
): QueueMade {
  const { store } = project;
  if (queue.items.length > LARGEST_QUEUE)
    throw new AssayError(
      'INVALID_INPUT',
      `The queue would have ${queue.items.length} items, but at most ${LARGEST_QUEUE} are allowed: narrow the filter or lower the budget.`,
    );
  const sha = (id: number): string => store.images.byId(id)!.sha256;
  const gold = goldPool(project, {
    run,
    seed: options.seed,
    items: queue.items.length,
    goldRate: options.goldRate,
    queued: new Set(queue.items.flatMap((item) => [item.imageId, ...item.groupImageIds])),
  });
  if (options.goldRate > 0 && gold.length === 0)
    throw new AssayError(
      'NOT_READY',
      'Gold items need real images whose label a person or the label model confirmed, and there are none: import an annotated seed and score it, or leave gold items out.',
    );
  record(store, options.actor, 'queue.made', {
    run,
    policy: {
      shares: policy?.shares,
      diverse: policy?.diverse,
      roles: options.roles,
      budget: options.everything ? undefined : options.budget,
      everything: options.everything || undefined,
      ownConflicts: options.ownConflicts || undefined,
      method: policy?.method ?? undefined,
      name: options.everything ? undefined : (options.policy ?? DEFAULT_POLICY_NAME),
    },
    risk: risk ?? undefined,
    reviewers: options.reviewers,
    endsIn: options.endsIn === 'label' ? undefined : options.endsIn,
    blind: options.blind,
    goldRate: options.goldRate,
    goldThreshold: options.goldThreshold,
    filter: options.filter ?? undefined,
    gold,
    seed: options.seed,
    frame: queue.frame,
    rest: queue.rest,
    audited: queue.audited,
    items: queue.items.map((item) => ({
      sha256: sha(item.imageId),
      stratum: item.stratum,
      reasons: item.reasons,
      priority: item.priority,
      inclusionProbability: item.inclusionProbability,
      group: item.groupImageIds.map(sha),
    })),
  });
  const strata: Record<string, number> = {};
  for (const { stratum } of queue.items) strata[stratum] = (strata[stratum] ?? 0) + 1;
  return {
    queue: store.queue.last()!.id,
    run,
    items: queue.items.length,
    frame: queue.frame,
    rest: queue.rest,
    audited: queue.audited,
    strata,
    expected: queue.expected ?? null,
    flagged,
  };
}
