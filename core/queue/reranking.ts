import { record } from '../ledger/ledger.ts';
import type { Project, WritableProject } from '../project/project.ts';
import type { Store } from '../../db/store.ts';
import type { Reranking } from '../../rpc/contract/queue.ts';

/** After how many answers a queue of the project is ranked again without being asked. */
export function rerankingOf({ store }: Project): Reranking {
  return { after: store.batches.project()!.rerankAfter };
}

/** Sets it, for every queue of the project. Recorded only where it changes anything. */
export function setReranking(project: WritableProject, actor: string, after: number): Reranking {
  if (after !== rerankingOf(project).after) record(project.store, actor, 'reranking.set', { after });
  return { after };
}

/**
 * Answers in a queue since it was last ranked, where they are enough to rank it again without being asked; else null.
 * `tried` of them did not lead to it before: as many more as the project asks for are waited for.
 */
export function dueAnswers(store: Store, queueId: number, tried = 0): number | null {
  const { rerankAfter } = store.batches.project()!;
  if (rerankAfter === 0) return null;
  const answers = store.decisions.answersSince(store.queue.byId(queueId)!.rankedSeq, queueId);
  return answers >= rerankAfter + tried ? answers : null;
}
