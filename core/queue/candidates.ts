import type { HomeRow } from '../../db/queries/images.ts';
import type { PairRow } from '../../db/queries/copies.ts';
import type { RunRow } from '../../db/queries/scores.ts';
import type { Role } from '../../rpc/contract/terms.ts';
import type { Place } from '../../rpc/contract/reasons.ts';
import { AssayError } from '../../rpc/errors.ts';
import { learnChances } from './learnt-chances.ts';
import { learnRisk } from '../labels/risk/learn.ts';
import { seedOf } from '../measure/block.ts';
import type { Score } from '../measure/scores/define.ts';
import { scoreColumns } from '../measure/score-columns.ts';
import type { RecordedRisk } from '../ledger/events.ts';
import type { Project } from '../project/project.ts';
import { prioritise, type Priorities } from './priorities.ts';
import type { Candidates } from './units.ts';
import { scores } from '../measure/scores/registry.ts';

/** The images that a queue is chosen from. */
export interface CandidateSet {
  /** Without a decision. */
  open: HomeRow[];
  /** With a decision. */
  decided: HomeRow[];
  /** The seed (core/measure/block.ts). */
  seeds: HomeRow[];
  /** Images of the roles that a rule excludes. */
  flagged: number;
  pairs: PairRow[];
}

/** Returns the newest run. Throws `NOT_READY` with the remedy. */
export function newestRun(project: Project): RunRow {
  const run = project.store.scores.runs().at(-1);
  if (!run)
    throw new AssayError(
      'NOT_READY',
      `${project.name} has not been scored yet. Run: assay score ${project.folder}`,
    );
  return run;
}

/** Returns images of the roles that no rule settles, limited to `within` if given. */
export function readCandidates(
  { store }: Project,
  run: RunRow,
  roles: readonly Role[],
  within: ReadonlySet<number> | null,
): CandidateSet {
  const pairs = store.copies.pairs(run.id);
  const settled = new Set(pairs.filter(({ settles }) => settles).map(({ imageId }) => imageId));
  const wanted = new Set(roles);
  const decided = new Set(store.decisions.decided());
  const set: CandidateSet = { open: [], decided: [], seeds: [], flagged: 0, pairs };
  const real: HomeRow[] = [];
  for (const image of store.images.homes()) {
    if (image.role === 'real') real.push(image);
    if (!wanted.has(image.role) || (within && !within.has(image.id))) continue;
    if (settled.has(image.id)) set.flagged++;
    else set[decided.has(image.id) ? 'decided' : 'open'].push(image);
  }
  set.seeds = seedOf(real);
  return set;
}

/**
 * Computes how much each of the given images is worth reviewing. With `learn`, label risk is trained by the decisions so
 * far; without, it is as before any decision.
 */
export async function prioritiesOf(
  project: Project,
  run: RunRow,
  images: HomeRow[],
  seeds: HomeRow[],
  { learn }: { learn: boolean },
): Promise<Priorities & { risk: RecordedRisk | null }> {
  const imageIds = images.map((image) => image.id);
  const [columns, ofSeed] = await scoreColumns(project.store, run.id, scores.keys(), [
    imageIds,
    seeds.map((image) => image.id),
  ]);
  const classes = { ofValues: images.map(classOf), ofReal: seeds.map(classOf) };
  const placeOf = (i: number, score: Score): Place | null =>
    score.placeOf?.(project.store, run.id, imageIds[i]!) ?? null;
  const before = prioritise(images.length, columns!, ofSeed!, classes, placeOf);
  const { novel, damaged } = before.priorities;
  const learnt = learn
    ? learnRisk(project, run, { imageIds, columns: columns!, novelty: novel, damage: damaged })
    : null;
  if (learnt) columns!.set('label-risk', learnt.risk);
  const after = learnt ? prioritise(images.length, columns!, ofSeed!, classes, placeOf) : before;
  const chances = learn ? () => learnChances(after.chances(), verdictsOn(project, imageIds)) : after.chances;
  return { ...after, chances, risk: learnt?.record ?? null };
}

/** By row whether a person found the image faulty: relabelled or rejected it. */
function verdictsOn({ store }: Project, imageIds: number[]): Map<number, boolean> {
  const rowOf = new Map(imageIds.map((id, row) => [id, row]));
  const verdicts = new Map<number, boolean>();
  for (const { imageId, verdict } of store.decisions.labelVerdicts()) {
    const row = rowOf.get(imageId);
    if (row !== undefined) verdicts.set(row, verdict !== 'accept');
  }
  return verdicts;
}

const classOf = ({ labelId }: HomeRow): number => labelId ?? -1;

/** Returns images with their priorities, to select a queue from. */
export function asCandidates(
  { store }: Project,
  run: RunRow,
  images: HomeRow[],
  pairs: PairRow[],
  { priorities, chances, reasons }: Priorities,
): Candidates {
  return {
    imageIds: images.map((image) => image.id),
    priorities,
    chances: chances(),
    reasons,
    group: groups(images, pairs),
    embedding: (i) => {
      const bytes = store.facts.embedding(run.model, images[i]!.id);
      return bytes ? new Float32Array(new Uint8Array(bytes).buffer) : null;
    },
  };
}

/** Near-duplicates with the same given label share a number: a copy under another label needs its own review. */
function groups(candidates: HomeRow[], pairs: PairRow[]): Int32Array {
  const rowOf = new Map(candidates.map((image, row) => [image.id, row]));
  const group = new Int32Array(candidates.length).fill(-1);
  for (const { imageId, rule, otherImageId, answer } of pairs) {
    const row = rowOf.get(imageId);
    const first = rowOf.get(otherImageId);
    if (rule !== 'near-duplicate' || answer !== null || row === undefined || first === undefined) continue;
    if (candidates[row]!.labelId !== candidates[first]!.labelId) continue;
    group[row] = first;
    group[first] = first;
  }
  return group;
}
