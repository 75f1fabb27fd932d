import type { Store } from '../../../db/store.ts';
import {
  answerOf,
  isContradicted,
  SUITABILITY_QUESTION_IDS,
  type AnswerOnRecord,
  type SuitabilityAnswer,
  type SuitabilityQuestion,
  type SuitabilityQuestionId,
  type SuitabilityRecord,
} from '../../../rpc/contract/suitability.ts';
import type { EventBodies } from '../../ledger/events.ts';
import { record } from '../../ledger/ledger.ts';
import type { Project, WritableProject } from '../../project/project.ts';
import { anchorOf, evidenceOf } from './evidence.ts';
import { suitabilityFacts } from './facts.ts';
import { verdictOf, type Answers } from './verdict.ts';

/** Every answer on record by its question, the oldest first. */
function answersOf(store: Store): Map<SuitabilityQuestionId, AnswerOnRecord[]> {
  const found = new Map<SuitabilityQuestionId, AnswerOnRecord[]>();
  for (const { seq, at, actor, body } of store.events.ofKind('suitability.answered')) {
    const { question, answer, reason } = JSON.parse(body) as EventBodies['suitability.answered'];
    const earlier = found.get(question) ?? [];
    found.set(question, [
      ...earlier,
      { version: earlier.length + 1, answer, reason, by: actor, at, event: seq },
    ]);
  }
  return found;
}

/** The record of a project: every answer, the evidence as it is now, and the verdict. Nothing is recorded or measured. */
export async function suitabilityRecord(project: Project, signal?: AbortSignal): Promise<SuitabilityRecord> {
  const { store } = project;
  const facts = await suitabilityFacts(project, signal);
  const given = answersOf(store);
  const evidence = evidenceOf(facts);
  const questions = SUITABILITY_QUESTION_IDS.map((id): SuitabilityQuestion => {
    const answers = given.get(id) ?? [];
    const holds = answerOf({ answers })?.answer ?? null;
    return {
      id,
      answers,
      evidence: evidence[id].map((item) => ({ ...item, contradicts: isContradicted(holds, item.supports) })),
    };
  });
  const anchor = anchorOf(facts);
  const all = questions.flatMap(({ answers }) => answers);
  return {
    project: project.name,
    version: all.length,
    changedAt: all.toSorted((a, b) => a.event - b.event).at(-1)?.at ?? null,
    verdict: verdictOf(
      Object.fromEntries(
        questions.map((question) => [question.id, answerOf(question)?.answer ?? null]),
      ) as Answers,
      anchor.stands,
    ),
    anchor,
    questions,
    event: store.events.last()!.seq,
  };
}

/** Puts an answer on record. */
export function answerQuestion(
  { store }: WritableProject,
  actor: string,
  body: { question: SuitabilityQuestionId; answer: SuitabilityAnswer; reason: string },
): void {
  record(store, actor, 'suitability.answered', body);
}
