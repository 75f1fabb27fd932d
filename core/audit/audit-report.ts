import { percent } from '../../rpc/format.ts';
import type { AuditBreakdown, AuditReport } from '../../rpc/contract/audit.ts';
import { readCandidates } from '../queue/candidates.ts';
import { scoreColumns } from '../measure/score-columns.ts';
import type { RecordedQueuePolicy } from '../ledger/events.ts';
import type { Project } from '../project/project.ts';
import { confidenceOfLook, pooledAt, type AuditEvidence } from './audit.ts';
import { countsOf, stratifiedEstimate } from './audit-strata.ts';
import { auditLooks, restEvidence, type QueueWave, type RestEvidence } from './evidence.ts';
import { boardOf } from '../review/board.ts';
import { checking, goldAnswers, isRight, reviewersOfGold } from '../review/gold.ts';
import { estimateOfRest, sentenceOfRest } from './rest.ts';
import { rateInterval, rateUpperBound } from '../base/numeric/special.ts';

const RISK_PARTS = 10;

/** Bounds and estimates for unreviewed images, from the audits of all queues. */
export async function auditReport(project: Project): Promise<AuditReport> {
  const { store } = project;
  const evidence = restEvidence(store);
  const estimate = estimateOfRest(store, evidence);
  const text = sentenceOfRest(estimate);
  if (!evidence || !estimate)
    return { estimate, text, breakdowns: [], faults: null, queueRecallLower: null, reviewers: null };
  const { rate, unseen, sampled, errors, unsure } = estimate;
  const doubtful = (errors + unsure) / sampled;
  const found = [...evidence.reviews.values()].filter(({ finding }) => finding !== 'sound').length;
  const newest = evidence.waves.at(-1)!.queue;
  const ranked = auditLooks(store, newest.id).filter(({ stratum }) => stratum !== 'audit');
  const audited = new Set(evidence.waves.flatMap(({ drawn }) => [...drawn]));
  const foundByRank = [...evidence.reviews].filter(
    ([imageId, { finding }]) => finding === 'wrong' && !audited.has(imageId),
  ).length;
  return {
    estimate,
    text,
    breakdowns: await breakdowns(project, evidence),
    faults: {
      total: found + unseen * doubtful,
      standardError: unseen * Math.sqrt((doubtful * (1 - doubtful)) / Math.max(1, sampled - 1)),
      rate,
      found,
    },
    // Faults found by rank over these plus the most that the rest may hold.
    queueRecallLower: ranked.every(({ finding }) => finding !== null)
      ? foundByRank / Math.max(1, foundByRank + estimate.countUpper)
      : null,
    reviewers: ofReviewers(project, newest.id, estimate),
  };
}

/** The audits by class, by batch, and by tenths of label risk: what each part's share of every pooled audit shows. */
async function breakdowns(project: Project, evidence: RestEvidence): Promise<AuditBreakdown[]> {
  const { store } = project;
  const answered = evidence.waves.filter(({ sampled }) => sampled > 0);
  const waves = pooledAt(answered, answered.length - 1);
  const newest = evidence.waves.at(-1)!;
  const run = store.scores.run(newest.queue.runId)!;
  const { roles = ['synthetic'] } = JSON.parse(newest.queue.policy) as RecordedQueuePolicy;
  const set = readCandidates(project, run, roles, null);
  // Only the shown item of a near-duplicate group in the audit was drawn; the others belong to the rest.
  const decidedBefore = new Set(store.decisions.decidedBefore(newest.queue.seq));
  const isUnseen = (id: number): boolean =>
    !newest.reviewOf(id) && !decidedBefore.has(id) && newest.contains(id);
  const shown = [...set.open, ...set.decided].filter(
    ({ id }) => isUnseen(id) || waves.some(({ contains }) => contains(id)),
  );
  const names = store.batches.labelNames();
  const [columns] = await scoreColumns(project.store, run.id, ['label-risk'], [shown.map(({ id }) => id)]);
  const tenths = tenthsOf(columns!.get('label-risk')!);
  const keys: [AuditBreakdown['by'], (row: number) => string][] = [
    ['class', (row) => names.get(shown[row]!.labelId ?? -1) ?? 'without a label'],
    ['batch', (row) => shown[row]!.batch],
    ['risk', (row) => tenths[row]!],
  ];
  return keys.map(([by, keyOf]) => {
    const rowsOf = Map.groupBy(shown.keys(), keyOf);
    const parts = [...rowsOf]
      .map(([name, rows]) => ({
        name,
        ...partOf(
          rows.map((row) => shown[row]!.id),
          waves,
          isUnseen,
        ),
      }))
      .filter((part) => countsOf(part).population > 0)
      .sort((a, b) => a.name.localeCompare(b.name, 'en', { numeric: true }));
    const together = stratifiedEstimate(parts, confidenceOfLook(waves.length));
    return {
      by,
      parts: parts.map((part, i) => {
        const { population, sampled, errors } = countsOf(part);
        return {
          name: part.name,
          population,
          sampled,
          wrong: errors,
          rate: sampled === 0 ? null : errors / sampled,
          rateUpper: together.upper[i]! / population,
        };
      }),
      rate: together.rate,
      standardError: together.standardError,
      rateUpper: together.rateUpper,
    };
  });
}

/** What the pooled audits say of one part of the images: each wave as far as it lies in the part. */
function partOf(
  ids: readonly number[],
  waves: readonly QueueWave[],
  isUnseen: (id: number) => boolean,
): AuditEvidence {
  const left = ids.filter(isUnseen);
  return {
    unseen: left.length,
    waves: waves.map(({ drawn, contains, reviewOf, newer }) => {
      const own = ids.filter((id) => contains(id) || drawn.has(id));
      const findings = own.flatMap((id) => {
        const review = reviewOf(id);
        return review ? { isDrawn: drawn.has(id), ...review } : [];
      });
      const sampled = findings.filter(({ isDrawn }) => isDrawn);
      return {
        population: own.length,
        sampled: sampled.length,
        errors: sampled.filter(({ finding }) => finding === 'wrong').length,
        unsure: sampled.filter(({ finding }) => finding === 'unsure').length,
        foundElsewhere: findings.filter(({ isDrawn, finding }) => !isDrawn && finding === 'wrong').length,
        outside: left.filter((id) => !contains(id)).length,
        newer,
      };
    }),
  };
}

/** Groups rows by the tenth that their value falls in; rows without a value are separate. */
function tenthsOf(values: Float64Array): string[] {
  const order = [...values.keys()]
    .filter((i) => !Number.isNaN(values[i]!))
    .sort((a, b) => values[a]! - values[b]!);
  const ends: Record<number, string> = { 0: ' (least likely wrong)', [RISK_PARTS - 1]: ' (likeliest wrong)' };
  const names = Array<string>(values.length).fill('not known');
  order.forEach((row, position) => {
    const tenth = Math.floor((position * RISK_PARTS) / order.length);
    names[row] = `Tenth ${tenth + 1}${ends[tenth] ?? ''}`;
  });
  return names;
}

/** The reviewers' results on gold items, and the bound corrected for them. */
function ofReviewers(
  project: Project,
  queueId: number,
  estimate: { sampled: number; errors: number; unsure: number; confidence: number },
): AuditReport['reviewers'] {
  const board = boardOf(project.store, queueId);
  const gold: GoldCounts = { wrong: 0, caught: 0, right: 0, left: 0 };
  for (const reviewer of reviewersOfGold(board))
    for (const answer of checking(project.store, goldAnswers(board, reviewer))) {
      // A blind queue shows no label, so an error there is one that would have been overlooked.
      const wasWrong = answer.shownLabelId !== answer.knownLabelId;
      if (wasWrong) gold.wrong++;
      else gold.right++;
      if (isRight(answer)) gold[wasWrong ? 'caught' : 'left']++;
    }
  if (gold.wrong + gold.right === 0) return null;
  const { rate, rateUpper, sensitivityLower } = correctForReviewers(estimate, gold, estimate.confidence);
  const text =
    gold.wrong === 0
      ? 'No gold item with a wrong label was answered yet, so it is not known what reviewers overlook.'
      : `Reviewers put ${gold.caught} of ${gold.wrong} wrong labels of gold items right (at least ${percent(sensitivityLower, 0)} of all such) and left ${gold.left} of ${gold.right} right ones alone. With that, at most ${percent(rateUpper, 0)} of the rest is wrong${rateUpper >= 1 ? ': more gold items are needed to say anything' : ''}.`;
  return { ...gold, rate, rateUpper, text };
}

/** Everything that could be queued. */
export function openImages(project: Project): number {
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
