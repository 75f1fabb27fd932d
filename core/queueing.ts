import type { HomeRow } from '../db/queries/images.ts';
import type { RunRow } from '../db/queries/scores.ts';
import type { ImageFilter } from '../rpc/contract/images.ts';
import type { QueueSummary } from '../rpc/contract/queue.ts';
import type { Role } from '../rpc/contract/terms.ts';
import { AssayError } from '../rpc/errors.ts';
import { resolveFilter } from './explore/index.ts';
import { inPages } from './explore/pages.ts';
import { canonicalJson } from './ledger/canonical.ts';
import { record } from './ledger/ledger.ts';
import type { Project } from './project.ts';
import { goldPool } from './review/gold-pool.ts';
import { chooseByMethod, methodOf } from './sampling/by-method.ts';
import { DEFAULT_POLICY, type Policy } from './sampling/policy.ts';
import { prioritise, type ScoreColumns } from './sampling/priorities.ts';
import { selectQueue, type Queue } from './sampling/queue.ts';
import { scores } from './scores/registry.ts';

/** A share of the candidates, or a number of items. */
type Budget = { share: number } | { items: number };

export interface QueueOptions {
  budget: Budget;
  /** Which images can be queued: the synthetic ones, the real seed, or both. */
  roles: Exclude<Role, 'holdout'>[];
  seed: number;
  shares: Partial<Policy['shares']>;
  /** Only images that it lets through. */
  filter: ImageFilter | null;
  /** All of those, in the order of import, whatever their scores and whether or not somebody decided on them. */
  everything: boolean;
  /** Id of a selection method that takes the strata's place; null for the policy. */
  method: string | null;
  reviewers: number;
  blind: boolean;
  goldRate: number;
  goldThreshold: number;
  actor: string;
}

/** Items of one queue: its event is one text in memory. */
const LARGEST_QUEUE = 200_000;

/** A queue by the policy, or one that a person chose whole. */
type Chosen = Omit<Queue, 'items'> & {
  items: (Omit<Queue['items'][number], 'stratum'> & {
    stratum: Queue['items'][number]['stratum'] | 'chosen';
  })[];
};

/** Findings that settle the matter: nobody needs to look before the image is kept out. */
const SETTLED = new Set(['holdout-leak', 'seed-copy', 'exact-duplicate']);

/** The newest run, or `NOT_READY` with the remedy. */
export function newestRun(project: Project): RunRow {
  const run = project.store.scores.runs().at(-1);
  if (!run)
    throw new AssayError(
      'NOT_READY',
      `${project.name} has not been scored yet. Run: assay score ${project.folder}`,
    );
  return run;
}

/**
 * Fills a queue from the newest run, by the policy or with everything that a filter lets through, and records it with
 * every item's reasons and probability. Throws `NOT_READY` where there is nothing to queue, or nothing to make gold of.
 */
export async function makeQueue(project: Project, options: QueueOptions): Promise<QueueSummary> {
  const { store } = project;
  const run = newestRun(project);
  const within = options.filter && new Set(await resolveFilter(project, options.filter));
  if (options.everything)
    return save(project, run.id, wholeQueue(project, options, within), null, options, 0);
  const flags = store.scores.flags(run.id);
  const settled = new Set(flags.filter((flag) => SETTLED.has(flag.rule)).map((flag) => flag.imageId));
  const roles = new Set<Role>(options.roles);
  const decided = new Set(store.decisions.decided());
  const candidates: HomeRow[] = [];
  const seedIds: number[] = [];
  let flagged = 0;
  for (const image of store.images.homes()) {
    if (image.role === 'real' && image.labelId !== null) seedIds.push(image.id);
    if (!roles.has(image.role) || (within && !within.has(image.id))) continue;
    if (settled.has(image.id)) flagged++;
    else if (!decided.has(image.id)) candidates.push(image);
  }
  if (candidates.length === 0)
    throw new AssayError(
      'NOT_READY',
      `There is nothing to queue: no ${options.roles.join(' or ')} image${within ? ' that the filter lets through' : ''} is left without a decision. Import a batch first (assay import).`,
    );
  if (options.method !== null) {
    const chosen = await queueByMethod(project, run, options.method, candidates, seedIds, options);
    return save(project, run.id, chosen, null, options, flagged);
  }
  const policy: Policy = { ...DEFAULT_POLICY, shares: { ...DEFAULT_POLICY.shares, ...options.shares } };
  const [ofCandidates, ofSeed] = await columns(project, run.id, [
    candidates.map((image) => image.id),
    seedIds,
  ]);
  const { priorities, reasons } = prioritise(candidates.length, ofCandidates!, ofSeed!);
  const queue = selectQueue({
    candidates: {
      imageIds: candidates.map((image) => image.id),
      priorities,
      reasons,
      group: groups(candidates, flags),
      embedding: (i) => {
        const bytes = store.facts.embedding(run.model, candidates[i]!.id);
        return bytes ? new Float32Array(new Uint8Array(bytes).buffer) : null;
      },
    },
    budget: itemsOf(options.budget, candidates.length),
    policy,
    seed: options.seed,
  });
  return save(project, run.id, queue, policy, options, flagged);
}

/** What a selection method chose, with the audit spread evenly over it in the order drawn. */
async function queueByMethod(
  project: Project,
  run: RunRow,
  id: string,
  candidates: HomeRow[],
  seedIds: number[],
  { budget, seed, shares }: QueueOptions,
): Promise<Chosen> {
  const method = methodOf(id);
  const choice = await chooseByMethod(
    project,
    run,
    method,
    candidates.map((image) => image.id),
    seedIds,
    {
      budget: itemsOf(budget, candidates.length),
      auditShare: shares.audit ?? DEFAULT_POLICY.shares.audit,
      seed,
    },
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
        reasons: [`chosen by ${method.title}: ${method.meaning}`],
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

/** Every image of the roles that the filter lets through, as an item of its own. */
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
      `There is nothing to queue: the filter lets no ${roles.join(' or ')} image through. Change it, or name other roles.`,
    );
  return { items, frame: items.length, rest: 0, audited: 0 };
}

function itemsOf(budget: Budget, candidates: number): number {
  return 'items' in budget ? budget.items : Math.max(1, Math.round(budget.share * candidates));
}

/** Every score's values for each of the given sets of images, in their order. Lets other calls in between pages. */
async function columns(project: Project, run: number, sets: number[][]): Promise<ScoreColumns[]> {
  const last = project.store.review.imageCount();
  const rowsOf = sets.map((ids) => {
    const rows = new Int32Array(last + 1).fill(-1);
    ids.forEach((id, row) => (rows[id] = row));
    return rows;
  });
  const names = new Map(project.store.scores.names().map((score) => [score.name, score.id]));
  const found = sets.map(() => new Map<string, Float64Array>());
  for (const id of scores.keys()) {
    const values = sets.map((ids) => new Float64Array(ids.length).fill(Number.NaN));
    const scoreId = names.get(id);
    await inPages(0, scoreId === undefined ? 0 : last, (after, upTo) => {
      for (const [imageId, value] of project.store.review.scoreRange(run, scoreId!, after, upTo))
        for (let s = 0; s < sets.length; s++) {
          const row = rowsOf[s]![imageId]!;
          if (row >= 0) values[s]![row] = value;
        }
    });
    found.forEach((columnsOfSet, s) => columnsOfSet.set(id, values[s]!));
  }
  return found;
}

/** Near-duplicates of one given label share a number: a copy under another label needs a look of its own. */
function groups(
  candidates: HomeRow[],
  flags: { imageId: number; rule: string; otherImageId: number }[],
): Int32Array {
  const rowOf = new Map(candidates.map((image, row) => [image.id, row]));
  const group = new Int32Array(candidates.length).fill(-1);
  for (const { imageId, rule, otherImageId } of flags) {
    const row = rowOf.get(imageId);
    const first = rowOf.get(otherImageId);
    if (rule !== 'near-duplicate' || row === undefined || first === undefined) continue;
    if (candidates[row]!.labelId !== candidates[first]!.labelId) continue;
    group[row] = first;
    group[first] = first;
  }
  return group;
}

function save(
  project: Project,
  run: number,
  queue: Chosen,
  policy: Policy | null,
  options: QueueOptions,
  flagged: number,
): QueueSummary {
  const { store } = project;
  if (queue.items.length > LARGEST_QUEUE)
    throw new AssayError(
      'INVALID_INPUT',
      `A queue of ${queue.items.length} items is more than one queue may hold (${LARGEST_QUEUE}): narrow the filter or lower the budget.`,
    );
  const sha = (id: number): string => store.images.byId(id)!.sha256;
  const shares = Object.entries(policy?.shares ?? {}).map(([stratum, share]) => [stratum, String(share)]);
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
      'No real image has a label that was confirmed, by a person or by the label model, so there is nothing to make gold items of: import an annotated seed and score it, or leave gold items out.',
    );
  record(store, options.actor, 'queue.made', {
    run,
    policy: canonicalJson({
      shares: Object.fromEntries(shares) as Record<string, string>,
      diverse: policy?.diverse,
      roles: options.roles,
      budget: options.everything ? undefined : JSON.stringify(options.budget),
      everything: options.everything || undefined,
      method: options.method ?? undefined,
    }),
    reviewers: options.reviewers,
    blind: options.blind,
    goldRate: String(options.goldRate),
    goldThreshold: String(options.goldThreshold),
    filter: options.filter ? JSON.stringify(options.filter) : undefined,
    gold,
    seed: options.seed,
    frame: queue.frame,
    rest: queue.rest,
    audited: queue.audited,
    items: queue.items.map((item) => ({
      sha256: sha(item.imageId),
      stratum: item.stratum,
      reasons: item.reasons,
      priority: String(item.priority),
      inclusionProbability: String(item.inclusionProbability),
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
    flagged,
  };
}
