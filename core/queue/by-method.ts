import type { RunRow } from '../../db/queries/scores.ts';
import type { Kernels } from '../../models/types.ts';
import { AssayError } from '../../rpc/errors.ts';
import { sampleWithoutReplacement, streamOf } from '../base/numeric/random.ts';
import type { Project } from '../project/project.ts';
import { readVectors } from '../measure/vectors.ts';
import { decodeLabelModel, predict } from '../labels/model/model.ts';
import { drawAuditSample } from './audit-sample.ts';
import type { SelectionMethod } from './methods/define.ts';
import { selectionMethods } from './methods/registry.ts';

/** Beyond this, a seeded random sample represents all: all vectors are held in memory. */
const MOST_CANDIDATES = 100_000;
const MOST_LABELLED = 5000;
/** Beyond this many operations (some seconds), the inference process helps. */
const MOST_OPERATIONS = 5e9;

export interface MethodChoice {
  /** Image ids, in the order chosen. */
  chosen: number[];
  /** A simple random sample of the rest, in the order drawn, and each member's inclusion probability. */
  audit: number[];
  inclusionProbability: number;
  /** Candidates with an embedding, whether chosen or not. */
  frame: number;
}

export interface MethodOptions {
  budget: number;
  auditShare: number;
  seed: number;
  /** Starts the process for large choices; called only if one is needed. */
  kernels?: (() => Promise<Kernels>) | undefined;
}

/** Returns the method with that id. Throws `INVALID_INPUT` listing the known ones. */
export function methodOf(id: string): SelectionMethod {
  const method = selectionMethods.get(id);
  if (!method)
    throw new AssayError(
      'INVALID_INPUT',
      `Unknown selection method "${id}"; use one of ${[...selectionMethods.keys()].join(', ')}.`,
    );
  return method;
}

/**
 * Chooses `budget` images by one method on the run's embeddings and label model, `auditShare` of them drawn at random
 * from the images that the method did not choose. Deterministic for the run, the candidates and the seed. Throws
 * `NOT_READY` if the run lacks something that the method needs.
 */
export async function chooseByMethod(
  project: Project,
  run: RunRow,
  method: SelectionMethod,
  candidateIds: number[],
  seedIds: number[],
  options: MethodOptions,
): Promise<MethodChoice> {
  const { store } = project;
  const { budget, auditShare, seed, kernels } = options;
  const first = store.facts.embedding(run.model, candidateIds[0] ?? seedIds[0] ?? 0);
  if (!first)
    throw new AssayError('NOT_READY', 'The images have no embeddings from the newest run: score again.');
  const dimensions = first.length / 4;
  const embedded = candidateIds.filter((id) => store.facts.embedding(run.model, id));
  const frame = sample(embedded, MOST_CANDIDATES, seed, 'candidates');
  const labelled = sample(seedIds, MOST_LABELLED, seed, 'labelled').filter((id) =>
    store.facts.embedding(run.model, id),
  );
  const candidates = readVectors(store, run.model, dimensions, frame);
  const stored = store.scores.labelModel(run.id);
  const model = stored === undefined ? null : { ...decodeLabelModel(stored), members: [] };
  const probabilities = model ? predict(model, candidates.raw, frame.length).probabilities : null;
  const audited = Math.round(Math.min(budget, frame.length) * auditShare);
  const isLarge = frame.length * (labelled.length + budget) * dimensions > MOST_OPERATIONS;
  const rows = await method.select({
    dimensions,
    candidates: candidates.unit,
    labelled: readVectors(store, run.model, dimensions, labelled).unit,
    probabilities,
    classes: probabilities ? probabilities.length / frame.length : 0,
    budget: Math.min(budget, frame.length) - audited,
    random: streamOf(seed, method.id),
    ...(isLarge && kernels ? { kernels: await kernels() } : {}),
  });
  const taken = new Set(rows);
  const rest = [...frame.keys()].filter((row) => !taken.has(row));
  const audit = drawAuditSample(rest, audited, streamOf(seed, 'audit'));
  return {
    chosen: rows.map((row) => frame[row]!),
    audit: audit.drawn.map((row) => frame[row]!),
    inclusionProbability: audit.inclusionProbability,
    frame: frame.length,
  };
}

function sample(ids: number[], most: number, seed: number, purpose: string): number[] {
  if (ids.length <= most) return ids;
  const drawn = sampleWithoutReplacement(streamOf(seed, purpose), ids.length, most).sort();
  return Array.from(drawn, (row) => ids[row]!);
}
