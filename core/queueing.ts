import type { HomeRow } from '../db/queries/images.ts';
import type { RunRow } from '../db/queries/scores.ts';
import type { QueueSummary } from '../rpc/contract/queue.ts';
import type { Role } from '../rpc/contract/terms.ts';
import { AssayError } from '../rpc/errors.ts';
import { canonicalJson } from './ledger/canonical.ts';
import { record } from './ledger/ledger.ts';
import type { Project } from './project.ts';
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
  actor: string;
}

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

/** Fills a queue from the newest run by the policy, and records it with every item's reasons and probability. */
export function makeQueue(project: Project, options: QueueOptions): QueueSummary {
  const { store } = project;
  const run = newestRun(project);
  const flags = store.scores.flags(run.id);
  const settled = new Set(flags.filter((flag) => SETTLED.has(flag.rule)).map((flag) => flag.imageId));
  const roles = new Set<Role>(options.roles);
  const candidates: HomeRow[] = [];
  const seedIds: number[] = [];
  let flagged = 0;
  for (const image of store.images.homes()) {
    if (image.role === 'real' && image.labelId !== null) seedIds.push(image.id);
    if (!roles.has(image.role)) continue;
    if (settled.has(image.id)) flagged++;
    else if (!store.decisions.verdict(image.id)) candidates.push(image);
  }
  if (candidates.length === 0)
    throw new AssayError(
      'NOT_READY',
      `There is nothing to queue: no ${options.roles.join(' or ')} image is left without a decision. Import a batch first (assay import).`,
    );
  const policy: Policy = { ...DEFAULT_POLICY, shares: { ...DEFAULT_POLICY.shares, ...options.shares } };
  const { priorities, reasons } = prioritise(
    candidates.length,
    columns(
      project,
      run.id,
      candidates.map((image) => image.id),
    ),
    columns(project, run.id, seedIds),
  );
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

function itemsOf(budget: Budget, candidates: number): number {
  return 'items' in budget ? budget.items : Math.max(1, Math.round(budget.share * candidates));
}

/** Every score's values for the given images, in their order. */
function columns(project: Project, run: number, imageIds: number[]): ScoreColumns {
  const rowOf = new Map(imageIds.map((id, row) => [id, row]));
  const found = new Map<string, Float64Array>();
  for (const id of scores.keys()) {
    const column = new Float64Array(imageIds.length).fill(Number.NaN);
    for (const { imageId, value } of project.store.scores.column(run, id)) {
      const row = rowOf.get(imageId);
      if (row !== undefined) column[row] = value;
    }
    found.set(id, column);
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
  queue: Queue,
  policy: Policy,
  options: QueueOptions,
  flagged: number,
): QueueSummary {
  const { store } = project;
  const sha = (id: number): string => store.images.byId(id)!.sha256;
  const shares = Object.fromEntries(
    Object.entries(policy.shares).map(([stratum, share]) => [stratum, String(share)]),
  );
  record(store, options.actor, 'queue.made', {
    run,
    policy: canonicalJson({
      shares,
      diverse: policy.diverse,
      roles: options.roles,
      budget: JSON.stringify(options.budget),
    }),
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
