import type { Role } from '../../rpc/contract/terms.ts';
import type { TaskContext } from '../../rpc/progress.ts';
import { encodeSimulation } from '../labels/risk/codec.ts';
import { EVIDENCE, evidenceRows, logMargin, type Evidence } from '../labels/risk/evidence.ts';
import { riskWithoutDecisions, type Simulation } from '../labels/risk/risk-model.ts';
import { storedEvidence } from '../labels/risk/stored-evidence.ts';
import { drawWrongLabels } from '../labels/risk/wrong-labels.ts';
import { sampleWithoutReplacement, streamOf } from '../base/numeric/random.ts';
import type { WritableProject } from '../project/project.ts';
import { distanceRatio } from './scores/class-distance.ts';
import { distanceGap } from './scores/relative-mahalanobis.ts';
import type { Frame } from './blocks.ts';
import type { NeighbourPool } from './pool.ts';
import type { ProbabilitySource } from './probabilities.ts';
import type { Reference } from './reference.ts';
import { readVectors } from './vectors.ts';

/** Real images that are put under wrong labels. */
const MOST_IMAGES = 5000;
const BLOCK_ROWS = 1024;
const ROLES: Role[] = ['real', 'holdout', 'synthetic'];

interface RiskTask {
  project: WritableProject;
  run: number;
  model: string;
  dimensions: number;
  frame: Frame;
  source: ProbabilitySource | null;
  reference: Reference | null;
  pool: NeighbourPool;
  classes: number;
  seed: number;
}

/**
 * Writes the score `label-risk` of every image that has a label, from the scores that the run has written before: a
 * model of how wrong labels show, trained on the real images put under wrong labels. Returns what the run's record says
 * of it, or null where there is nothing to train it on.
 */
export async function writeLabelRisk(
  task: RiskTask,
  { signal, progress }: TaskContext,
): Promise<Record<string, string | number> | null> {
  const { project, run, frame, source, reference } = task;
  const { store } = project;
  if (!source || !reference) return null;
  progress({ stage: 'label risk', done: 0, total: 1, unit: 'steps' });
  const simulation = await simulate(task, source, reference, signal);
  if (!simulation) return null;
  const groups: Float64Array[] = [];
  for (const role of ROLES)
    groups.push(evidenceRows(await storedEvidence(project, run, frame.idsByRole[role])));
  const { risks, rates, model } = riskWithoutDecisions(simulation, groups);
  signal.throwIfAborted();
  const scoreId = store.scores.ensureName('label-risk');
  store.transaction(() => {
    store.scores.insertSimulation(run, encodeSimulation(simulation));
    for (const [g, role] of ROLES.entries())
      for (const [i, imageId] of frame.idsByRole[role].entries())
        if (Number.isFinite(risks[g]![i]!)) store.scores.insertScore(run, scoreId, imageId, risks[g]![i]!);
  });
  progress({ stage: 'label risk', done: 1, total: 1, unit: 'steps' });
  const known = (g: number): number => (groups[g]!.length === 0 ? Number.NaN : rates[g]!);
  return {
    images: simulation.images,
    coefficients: [...model.coefficients]
      .slice(1, 1 + EVIDENCE.length)
      .map((b) => b.toFixed(4))
      .join(' '),
    ...(Number.isNaN(known(0)) ? {} : { realRate: known(0).toFixed(4) }),
    ...(Number.isNaN(known(2)) ? {} : { syntheticRate: known(2).toFixed(4) }),
  };
}

/** The seed, or 5,000 of it, under its own labels and under wrong ones. Null where only one class has images. */
async function simulate(
  { project, model, dimensions, frame, pool, classes, seed }: RiskTask,
  source: ProbabilitySource,
  reference: Reference,
  signal: AbortSignal,
): Promise<Simulation | null> {
  const present = [...new Set(frame.seedLabels)].filter((label) => source.knows(label)).sort((a, b) => a - b);
  if (present.length < 2) return null;
  const random = streamOf(seed, 'label risk');
  const drawn = [...sampleWithoutReplacement(random, frame.seedIds.length, MOST_IMAGES)]
    .sort((a, b) => a - b)
    .filter((row) => source.knows(frame.seedLabels[row]!));
  const rows: Float64Array[] = [];
  const wrong: Uint8Array[] = [];
  for (let start = 0; start < drawn.length; start += BLOCK_ROWS) {
    signal.throwIfAborted();
    const part = drawn.slice(start, start + BLOCK_ROWS);
    const ids = part.map((row) => frame.seedIds[row]!);
    const own = Int32Array.from(part, (row) => frame.seedLabels[row]!);
    const self = Int32Array.from(part);
    const vectors = readVectors(project.store, model, dimensions, ids);
    const { probabilities } = source.seed(part);
    const around = await pool.neighbours(ids, vectors);
    const nearest = await reference.neighbours(vectors, self);
    const whitened = pool.clouds?.whiten(vectors.unit);
    const whole = pool.clouds?.toAll(vectors.unit);
    const unknown = new Float64Array(part.length).fill(Number.NaN);
    const trials = [own, ...drawWrongLabels(own, probabilities, classes, present, random)];
    for (const [t, given] of trials.entries()) {
      const distances = await reference.distances(nearest, vectors, given, self);
      const { agreement, rivalAgreement } = pool.vote(around, given);
      const cloud =
        whitened && pool.clouds!.toClasses(whitened, given, (i) => pool.holds(ids[i]!, given[i]!));
      const evidence: Evidence = {
        n: part.length,
        margin: Float64Array.from(given, (label, i) =>
          marginOf(probabilities.subarray(i * classes, (i + 1) * classes), label),
        ),
        agreement,
        rivalAgreement,
        classDistance: distances.ofGivenClass.map((distance, i) =>
          distanceRatio(distance, distances.ofRivals[i]!),
        ),
        cloudDistance: cloud?.own.map((distance, i) => distanceGap(distance, whole![i]!)) ?? unknown,
        discriminant: cloud?.own.map((distance, i) => distanceGap(distance, cloud.rival[i]!)) ?? unknown,
        kernelMargin: pool.margins(ids, vectors, given) ?? unknown,
      };
      rows.push(evidenceRows(evidence));
      wrong.push(new Uint8Array(part.length).fill(t === 0 ? 0 : 1));
    }
  }
  return {
    rows: join(rows),
    wrong: Uint8Array.from(wrong.flatMap((part) => [...part])),
    images: drawn.length,
  };
}

function marginOf(probabilities: Float64Array, label: number): number {
  let rival = 0;
  probabilities.forEach((p, k) => {
    if (k !== label && p > rival) rival = p;
  });
  return Number.isNaN(probabilities[label]!) ? Number.NaN : logMargin(probabilities[label]!, rival);
}

function join(parts: Float64Array[]): Float64Array {
  const whole = new Float64Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}
