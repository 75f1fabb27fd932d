import { sampleWithoutReplacement, streamOf, type Random } from '../../base/numeric/random.ts';
import { encodeSimulation, riskWithoutDecisions } from '../../labels/risk/risk-model.ts';
import { withoutDoubted, type Trial } from '../../labels/risk/doubted.ts';
import {
  EVIDENCE,
  EVIDENCE_SCORES,
  evidenceFrom,
  evidenceRows,
  logMargin,
  type Evidence,
} from '../../labels/risk/evidence.ts';
import { drawWrongLabels } from '../../labels/risk/wrong-labels.ts';
import { Block, BLOCK_ROWS } from '../block.ts';
import { distanceRatio } from './class-distance.ts';
import { defineScore, type Scored } from './define.ts';
import { distanceGap } from './relative-mahalanobis.ts';

/** Images of each role that are put under wrong labels. */
const MOST_IMAGES = { real: 3000, synthetic: 2000 } as const;
/** Base rates are estimated of each role apart. */
const ROLES = ['real', 'holdout', 'synthetic'] as const;

export default defineScore({
  id: 'label-risk',
  title: 'Chance that the label is wrong',
  group: 'label',
  suspect: 'high',
  range: [0, 1],
  unit: 'probability',
  needsScores: EVIDENCE_SCORES,
  meaning: 'the label model, the look-alikes and the distances to the classes speak against the given label',
  source:
    'Logistic regression on label-aware scores, trained on images whose labels were made wrong; base rate by Saerens et al. 2002',
  threshold: null,
  ranking: { stratum: 'suspect-label', by: 'chance' },
  reason: 'rare',
  aboutLabel: true,
  async estimate(scored) {
    const { frame, task } = scored.run;
    task.progress({ stage: 'chance that each label is wrong', done: 0, total: 1, unit: 'steps' });
    const trials = await simulate(scored);
    if (!trials) return null;
    const simulation = withoutDoubted(trials);
    const groups: Float64Array[] = [];
    for (const role of ROLES)
      groups.push(evidenceRows(evidenceFrom(await scored.scores(frame.idsByRole[role]))));
    const { risks, rates, model } = riskWithoutDecisions(simulation, groups);
    task.signal.throwIfAborted();
    const rateOf = (role: (typeof ROLES)[number], name: string): Record<string, string> =>
      frame.idsByRole[role].length === 0 ? {} : { [name]: rates[ROLES.indexOf(role)]!.toFixed(4) };
    return {
      // Decisions are added to it later: core/labels/risk/learn.ts.
      keep: (store, run) => store.scores.insertSimulation(run, encodeSimulation(simulation)),
      *values() {
        for (const [g, role] of ROLES.entries())
          for (const [i, id] of frame.idsByRole[role].entries()) yield [id, risks[g]![i]!];
      },
      record: {
        labelRisk: {
          images: simulation.images,
          doubted: trials.length - simulation.images,
          coefficients: [...model.coefficients]
            .slice(1, 1 + EVIDENCE.length)
            .map((b) => b.toFixed(4))
            .join(' '),
          ...rateOf('real', 'realRate'),
          ...rateOf('synthetic', 'syntheticRate'),
        },
      },
    };
  },
});

/**
 * The evidence of images, real and synthetic, under their own labels and under wrong ones. Null without a label model,
 * or where it knows fewer than two classes that have real images.
 */
async function simulate(scored: Scored): Promise<Trial[] | null> {
  const { frame, seed } = scored.run;
  const { knownClasses } = await scored.facts(Block.ofSeed(scored.run, []), ['knownClasses']);
  const knows = (label: number): boolean => knownClasses?.[label] === 1;
  const present = [...new Set(frame.seedLabels)].filter(knows).sort((a, b) => a - b);
  if (present.length < 2) return null;
  const random = streamOf(seed, 'label risk');
  const trials: Trial[] = [];
  for (const role of ['real', 'synthetic'] as const) {
    const ids = role === 'real' ? frame.seedIds : frame.idsByRole.synthetic;
    const drawn = [...sampleWithoutReplacement(random, ids.length, MOST_IMAGES[role])].sort((a, b) => a - b);
    for (let start = 0; start < drawn.length; start += BLOCK_ROWS) {
      const part = drawn.slice(start, start + BLOCK_ROWS);
      await tryLabels(scored, { role, rows: part, ids, present, knows, random }, trials);
    }
  }
  return trials;
}

interface Tried {
  role: Trial['role'];
  /** Positions in `ids`; of the seed these are seed rows. */
  rows: number[];
  ids: number[];
  present: number[];
  knows: (label: number) => boolean;
  random: Random;
}

/** Adds the rows of some images, each under its own label and under wrong ones. Images without a label are left out. */
async function tryLabels(
  scored: Scored,
  { role, rows, ids, present, knows, random }: Tried,
  trials: Trial[],
): Promise<void> {
  const { run } = scored;
  run.task.signal.throwIfAborted();
  const block =
    role === 'real'
      ? Block.ofSeed(run, rows)
      : new Block(
          run,
          rows.map((row) => ids[row]!),
          null,
        );
  const { probabilities } = await scored.facts(block, ['probabilities']);
  const own = block.given.map((label) => (knows(label) ? label : -1));
  const drawn = drawWrongLabels(own, probabilities!, run.names.length, present, random);
  const made: Trial[] = block.ids.map(() => ({ role, own: new Float64Array(), wrong: [] }));
  for (const [t, given] of [own, ...drawn].entries()) {
    const evidence = evidenceRows(await evidenceUnder(scored, block.relabelled(given), probabilities!));
    for (const [i, trial] of made.entries()) {
      const row = evidence.slice(i * EVIDENCE.length, (i + 1) * EVIDENCE.length);
      if (t === 0) trial.own = row;
      else trial.wrong.push(row);
    }
  }
  trials.push(...made.filter((_, i) => own[i]! >= 0));
}

/** What the scores of the evidence would be if the block's labels were the given ones. */
async function evidenceUnder(scored: Scored, block: Block, probabilities: Float64Array): Promise<Evidence> {
  const { n, given } = block;
  const classes = block.run.names.length;
  const known = await scored.facts(block, [
    'givenClassDistance',
    'rivalClassDistance',
    'poolAgreement',
    'poolRivalAgreement',
    'ownCloudDistance',
    'rivalCloudDistance',
    'wholeCloudDistance',
    'kernelMargin',
  ]);
  const unknown: Float64Array = new Float64Array(n).fill(Number.NaN);
  const pair = (combine: (a: number, b: number) => number, a = unknown, b = unknown): Float64Array =>
    a.map((value, i) => combine(value, b[i]!));
  return {
    n,
    margin: Float64Array.from(given, (label, i) =>
      marginOf(probabilities.subarray(i * classes, (i + 1) * classes), label),
    ),
    agreement: known.poolAgreement ?? unknown,
    rivalAgreement: known.poolRivalAgreement ?? unknown,
    classDistance: pair(distanceRatio, known.givenClassDistance, known.rivalClassDistance),
    cloudDistance: pair(distanceGap, known.ownCloudDistance, known.wholeCloudDistance),
    discriminant: pair(distanceGap, known.ownCloudDistance, known.rivalCloudDistance),
    kernelMargin: known.kernelMargin ?? unknown,
  };
}

function marginOf(probabilities: Float64Array, label: number): number {
  let rival = 0;
  probabilities.forEach((p, k) => {
    if (k !== label && p > rival) rival = p;
  });
  return Number.isNaN(probabilities[label]!) ? Number.NaN : logMargin(probabilities[label]!, rival);
}
