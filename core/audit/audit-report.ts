import { percent } from '../../rpc/format.ts';
import type { AuditBreakdown, AuditReport } from '../../rpc/contract/audit.ts';
import { readCandidates } from '../queue/candidates.ts';
import { scoreColumns } from '../measure/score-columns.ts';
import type { RecordedQueuePolicy } from '../ledger/events.ts';
import type { Project } from '../project/project.ts';
import { stratifiedEstimate } from './audit-strata.ts';
import { boardOf } from '../review/board.ts';
import { goldAnswers, isRight, reviewersOfGold } from '../review/gold.ts';
import { auditLooks, estimateOfRest, sentenceOfRest, type AuditLook } from './rest.ts';
import { rateInterval, rateUpperBound } from '../base/numeric/special.ts';
import { AssayError } from '../../rpc/errors.ts';

const RISK_PARTS = 10;

type Finding = AuditLook['finding'];

/** Bounds and estimates for unreviewed images, from the newest queue's audit. */
export async function auditReport(project: Project): Promise<AuditReport> {
  const { store } = project;
  const estimate = estimateOfRest(store);
  const text = sentenceOfRest(estimate);
  const queue = store.queue.last();
  if (!queue || !estimate)
    return { estimate, text, breakdowns: [], faults: null, queueRecallLower: null, reviewers: null };
  const items = auditLooks(store, queue.id);
  const findings = new Map<number, Finding>(
    items.filter(({ stratum }) => stratum === 'audit').map(({ imageId, finding }) => [imageId, finding]),
  );
  const { confidence } = estimate;
  const looks = items.flatMap(({ finding, inclusionProbability }) =>
    finding === null ? [] : [{ probability: inclusionProbability, wrong: finding !== 'sound' }],
  );
  const weighted = weightedEstimate(looks);
  const ranked = items.filter(({ stratum }) => stratum !== 'audit');
  const foundByRank = ranked.filter(({ finding }) => finding === 'wrong').length;
  const reviewers = ofReviewers(project, queue.id, estimate, confidence);
  return {
    estimate,
    text,
    breakdowns: await breakdowns(project, queue.id, findings, confidence),
    faults: {
      total: weighted.total,
      standardError: Math.sqrt(weighted.variance),
      rate: weighted.rate,
      found: looks.filter(({ wrong }) => wrong).length,
    },
    // Faults found by rank over these plus the most that the rest may hold.
    queueRecallLower: ranked.every(({ finding }) => finding !== null)
      ? foundByRank / Math.max(1, foundByRank + estimate.countUpper)
      : null,
    reviewers,
  };
}

/** The audit by class, by batch, and by tenths of label risk. */
async function breakdowns(
  project: Project,
  queueId: number,
  findings: ReadonlyMap<number, Finding>,
  confidence: number,
): Promise<AuditBreakdown[]> {
  const { store } = project;
  const queue = store.queue.byId(queueId)!;
  const run = store.scores.run(queue.runId)!;
  const { roles = ['synthetic'] } = JSON.parse(queue.policy) as RecordedQueuePolicy;
  const set = readCandidates(project, run, roles, null);
  const outside = new Set([
    ...store.queue.rankedWithGroups(queueId),
    ...store.decisions.decidedBefore(queue.seq),
  ]);
  // Only the shown item of a near-duplicate group in the audit was drawn; the others belong to the rest.
  const rest = [...set.open, ...set.decided].filter(({ id }) => !outside.has(id));
  const names = store.batches.labelNames();
  const [columns] = await scoreColumns(project.store, run.id, ['label-risk'], [rest.map(({ id }) => id)]);
  const tenths = tenthsOf(columns!.get('label-risk')!);
  const keys: [AuditBreakdown['by'], (row: number) => string][] = [
    ['class', (row) => names.get(rest[row]!.labelId ?? -1) ?? 'without a label'],
    ['batch', (row) => rest[row]!.batch],
    ['risk', (row) => tenths[row]!],
  ];
  return keys.map(([by, keyOf]) => {
    const parts = new Map<string, { population: number; sampled: number; errors: number }>();
    rest.forEach(({ id }, row) => {
      const key = keyOf(row);
      const part = parts.get(key) ?? { population: 0, sampled: 0, errors: 0 };
      part.population++;
      const finding = findings.get(id) ?? null;
      if (finding !== null) part.sampled++;
      if (finding === 'wrong' || finding === 'unsure') part.errors++;
      parts.set(key, part);
    });
    const rows = [...parts].sort(([a], [b]) => a.localeCompare(b, 'en', { numeric: true }));
    const together = stratifiedEstimate(
      rows.map(([, part]) => part),
      confidence,
    );
    return {
      by,
      parts: rows.map(([name, { population, sampled, errors }], i) => ({
        name,
        population,
        sampled,
        wrong: errors,
        rate: sampled === 0 ? null : errors / sampled,
        rateUpper: together.upper[i]! / population,
      })),
      rate: together.rate,
      standardError: together.standardError,
      rateUpper: together.rateUpper,
    };
  });
}

/** Groups rows by the tenth that their value falls in; rows without a value are separate. */
function tenthsOf(values: Float64Array): string[] {
  const order = [...values.keys()]
    .filter((i) => !Number.isNaN(values[i]!))
    .sort((a, b) => values[a]! - values[b]!);
  const names = Array<string>(values.length).fill('without label risk');
  order.forEach((row, position) => {
    const tenth = Math.floor((position * RISK_PARTS) / order.length);
    names[row] = `${tenth * 10}–${(tenth + 1) * 10} % by risk`;
  });
  return names;
}

/** The reviewers' results on gold items, and the bound corrected for them. */
function ofReviewers(
  project: Project,
  queueId: number,
  estimate: { population: number; sampled: number; errors: number; unsure: number },
  confidence: number,
): AuditReport['reviewers'] {
  const board = boardOf(project.store, queueId);
  const gold: GoldCounts = { wrong: 0, caught: 0, right: 0, left: 0 };
  for (const reviewer of reviewersOfGold(board))
    for (const answer of goldAnswers(board, reviewer)) {
      // A blind queue shows no label, so an error there is one that would have been overlooked.
      const wasWrong = answer.shownLabelId !== answer.knownLabelId;
      if (wasWrong) gold.wrong++;
      else gold.right++;
      if (isRight(answer)) gold[wasWrong ? 'caught' : 'left']++;
    }
  if (gold.wrong + gold.right === 0) return null;
  const { rate, rateUpper, sensitivityLower } = correctForReviewers(estimate, gold, confidence);
  const text =
    gold.wrong === 0
      ? 'No gold item with a wrong label was answered yet, so it is not known what reviewers overlook.'
      : `Reviewers put ${gold.caught} of ${gold.wrong} wrong labels of gold items right (at least ${percent(sensitivityLower, 0)} of all such) and left ${gold.left} of ${gold.right} right ones alone. With that, at most ${percent(rateUpper, 0)} of the rest is wrong${rateUpper >= 1 ? ': more gold items are needed to say anything' : ''}.`;
  return { ...gold, rate, rateUpper, text };
}

/** Images outside the newest queue's ranked part; without a queue, everything that could be queued. */
export function restSize(project: Project): number {
  const queue = project.store.queue.last();
  if (queue) return queue.rest;
  const run = project.store.scores.runs().at(-1);
  return run
    ? readCandidates(project, run, ['synthetic'], null).open.length
    : project.store.images.countsByRole().synthetic;
}

/** How reviewers did on items with a known answer. */
interface GoldCounts {
  /** Items shown with a wrong label, and how many of them were corrected. */
  wrong: number;
  caught: number;
  /** Items shown with their own label, and how many of them were left alone. */
  right: number;
  left: number;
}

interface CorrectedRate {
  /** Shares of wrong labels caught and of right ones left alone; null if none was shown. */
  sensitivity: number | null;
  specificity: number | null;
  /** Lower bound on the share of wrong labels that reviewers catch, at half of alpha. */
  sensitivityLower: number;
  /** Rogan and Gladen 1978: (p + sp - 1) / (se + sp - 1), from 0 to 1; null if se + sp <= 1. */
  rate: number | null;
  /** Upper bound on the rate at the stated confidence, whatever the reviewers overlooked. */
  rateUpper: number;
}

/**
 * Corrects an audit's rate for reviewers who overlook errors or see false ones. The bound spends half of alpha on the
 * audit and half on the sensitivity measured by gold items (Clopper and Pearson), and assumes that everything reviewers
 * called wrong was wrong: U(p) / L(se). So few gold items make a wide bound.
 */
export function correctForReviewers(
  audit: { sampled: number; errors: number; unsure: number },
  gold: GoldCounts,
  confidence: number,
): CorrectedRate {
  const half = 1 - (1 - confidence) / 2;
  const sensitivity = gold.wrong === 0 ? null : gold.caught / gold.wrong;
  const specificity = gold.right === 0 ? null : gold.left / gold.right;
  // One-sided at `half`: the lower end of a two-sided interval with twice the tail.
  const sensitivityLower = gold.wrong === 0 ? 0 : rateInterval(gold.caught, gold.wrong, 2 * half - 1)[0];
  const { sampled, errors, unsure } = audit;
  const observed = sampled === 0 ? null : errors / sampled;
  const power = (sensitivity ?? 0) + (specificity ?? 0) - 1;
  const rate =
    observed === null || sensitivity === null || specificity === null || power <= 0
      ? null
      : Math.min(1, Math.max(0, (observed + specificity - 1) / power));
  const seen = sampled === 0 ? 1 : rateUpperBound(errors + unsure, sampled, half);
  return {
    sensitivity,
    specificity,
    sensitivityLower,
    rate,
    rateUpper: sensitivityLower === 0 ? 1 : Math.min(1, seen / sensitivityLower),
  };
}

/** The review of one item, and its inclusion probability. */
interface Look {
  /** 0 < p <= 1, recorded before anybody reviewed. */
  probability: number;
  wrong: boolean;
}

interface WeightedEstimate {
  /** Estimated wrong items among all that could have been drawn (Horvitz and Thompson 1952): sum e / p. */
  total: number;
  /** Its variance for independent draws (Poisson sampling): sum e (1 - p) / p^2. 0 without an error, which proves nothing. */
  variance: number;
  /** Share of wrong items (Hajek 1971): sum (e / p) / sum (1 / p); null without any. */
  rate: number | null;
}

/** Estimates from items of unequal probability. Throws `INVALID_INPUT` for an impossible probability. */
export function weightedEstimate(looks: Iterable<Look>): WeightedEstimate {
  let [total, variance, weights] = [0, 0, 0];
  for (const { probability, wrong } of looks) {
    if (!(probability > 0 && probability <= 1))
      throw new AssayError(
        'INVALID_INPUT',
        `The inclusion probability of an item is ${probability}; it must be above 0 and at most 1.`,
      );
    weights += 1 / probability;
    if (!wrong) continue;
    total += 1 / probability;
    variance += (1 - probability) / probability ** 2;
  }
  return { total, variance, rate: weights === 0 ? null : total / weights };
}
