import type { LabelVerdict } from '../../../db/queries/decisions.ts';
import type { RunRow } from '../../../db/queries/scores.ts';
import { parseRejectReason, REJECT_REASON_WORDS } from '../../../rpc/contract/terms.ts';
import type { RecordedRisk } from '../../ledger/events.ts';
import type { Project } from '../../project/project.ts';
import {
  USUAL_RATE,
  estimateBaseRate,
  fitRiskModel,
  LEARNT,
  NOTHING_DECIDED,
  predictRisk,
  decodeSimulation,
} from './risk-model.ts';
import { evidenceFrom, evidenceRows } from './evidence.ts';

/** What is known of the images that risk is asked of, columns of n values. */
export interface Known {
  imageIds: number[];
  /** Scores of the run by id. */
  columns: ReadonlyMap<string, Float64Array>;
  /** How novel and how damaged, 0..1 (core/queue/priorities.ts). */
  novelty: Float64Array;
  damage: Float64Array;
}

/** The chance per image that its label is wrong, and what it was learnt from. */
export interface LearntRisk {
  risk: Float64Array;
  record: RecordedRisk;
}

/**
 * Label risk that has learnt from all decisions in the project; null if no decision tells whether a label is right, or
 * if the run has no label risk. An accepted label was right; one that was changed, or whose image was rejected for its
 * content, was wrong. Other rejects tell nothing about the label.
 * Decisions teach how much each piece of evidence counts, and which of a class's predicted confusions are real. An
 * image is judged by confusions that leave out its own decision.
 */
export function learnRisk(project: Project, run: RunRow, known: Known): LearntRisk | null {
  const { store } = project;
  const stored = store.scores.simulation(run.id);
  if (stored === undefined) return null;
  const rowOf = new Map(known.imageIds.map((id, row) => [id, row]));
  const rows: number[] = [];
  const wrong: number[] = [];
  for (const verdict of store.decisions.labelVerdicts()) {
    const row = rowOf.get(verdict.imageId);
    const answer = labelWasWrong(verdict);
    if (row === undefined || answer === null) continue;
    rows.push(row);
    wrong.push(answer);
  }
  if (rows.length === 0) return null;

  const simulation = decodeSimulation(stored);
  const evidence = evidenceRows(evidenceFrom(known.columns));
  const rate = estimateBaseRate(
    predictRisk(fitRiskModel(simulation, NOTHING_DECIDED, USUAL_RATE), evidence, null),
    USUAL_RATE,
  );
  const predicted = new Map<number, number>();
  for (const { imageId, labelId } of store.scores.predictions(run.id)) {
    const row = rowOf.get(imageId);
    if (row !== undefined) predicted.set(row, labelId);
  }
  const given = (row: number): number => store.images.byId(known.imageIds[row]!)?.labelId ?? -1;
  const before = known.columns.get('label-risk')!;
  const confusion = confusionOf(
    known.imageIds.length,
    (row) => `${given(row)} ${predicted.get(row) ?? -1}`,
    rows.map((row, i) => ({ row, surprise: wrong[i]! - (Number.isNaN(before[row]!) ? rate : before[row]!) })),
  );
  const learnt = new Float64Array(known.imageIds.length * LEARNT.length);
  const disagreement = known.columns.get('mutual-information');
  for (let i = 0; i < known.imageIds.length; i++)
    learnt.set(
      [disagreement?.[i] ?? 0, known.novelty[i]!, known.damage[i]!, confusion[i]!].map((value) => value || 0),
      i * LEARNT.length,
    );
  const pick = (matrix: Float64Array, columns: number): Float64Array => {
    const picked = new Float64Array(rows.length * columns);
    for (const [i, row] of rows.entries())
      picked.set(matrix.subarray(row * columns, (row + 1) * columns), i * columns);
    return picked;
  };
  const model = fitRiskModel(
    simulation,
    {
      evidence: pick(evidence, evidence.length / known.imageIds.length),
      learnt: pick(learnt, LEARNT.length),
      wrong: Uint8Array.from(wrong),
    },
    rate,
  );
  return {
    risk: predictRisk(model, evidence, learnt),
    record: {
      decisions: rows.length,
      wrong: wrong.reduce((sum, value) => sum + value, 0),
      coefficients: [...model.coefficients],
    },
  };
}

/** 1 where a verdict says that the given label was wrong, 0 where right, null where it says nothing of it. */
export function labelWasWrong({
  verdict,
  reason,
  labelId,
  givenLabelId,
}: Pick<LabelVerdict, 'verdict' | 'reason' | 'labelId' | 'givenLabelId'>): 0 | 1 | null {
  if (givenLabelId === null) return null;
  if (verdict === 'accept') return 0;
  if (verdict === 'relabel') return labelId === null || labelId === givenLabelId ? null : 1;
  const known = reason === null ? null : parseRejectReason(reason);
  return known && REJECT_REASON_WORDS[known.reason].mislabelled ? 1 : null;
}

/** Decisions that would have come out as expected, to which the real ones are added: a few surprises prove little. */
const AS_EXPECTED = 5;

/**
 * Per row the mean surprise (decided minus expected, -1..1) among the decided rows of its group, its own decision left
 * out, drawn towards 0: sum / (count + 5). 0 where nothing of the group was decided. Groups are pairs of given and
 * predicted label: a generator that draws one class for another does so again and again.
 */
export function confusionOf(
  n: number,
  groupOf: (row: number) => string,
  decided: { row: number; surprise: number }[],
): Float64Array {
  const sums = new Map<string, { sum: number; count: number }>();
  const own = new Map<number, number>();
  for (const { row, surprise } of decided) {
    const group = sums.get(groupOf(row)) ?? { sum: 0, count: 0 };
    sums.set(groupOf(row), { sum: group.sum + surprise, count: group.count + 1 });
    own.set(row, surprise);
  }
  return Float64Array.from({ length: n }, (_, row) => {
    const { sum, count } = sums.get(groupOf(row)) ?? { sum: 0, count: 0 };
    const mine = own.get(row);
    return mine === undefined ? sum / (count + AS_EXPECTED) : (sum - mine) / (count - 1 + AS_EXPECTED);
  });
}
