import type { DecisionContext } from '../../rpc/contract/reviews.ts';
import { errorCode, type ErrorCode } from '../../rpc/errors.ts';
import type { WritableProject } from '../project/project.ts';
import { dueAnswers } from '../queue/reranking.ts';
import type { JobRegistry } from './registry.ts';

/** What may keep a re-rank from running at this moment: another one, the end of the core. */
const HARMLESS: ReadonlySet<ErrorCode> = new Set([
  'NOT_READY',
  'CANCELLED',
  'PROJECT_LOCKED',
  'PROJECT_READ_ONLY',
  'RECORD_DIFFERS',
]);

/**
 * Ranks queues again after as many answers as their project says, without anybody asking (core/queue/reranking.ts). The
 * answers do not wait for it, and need not have been given to this process: what a process that died left undone is done
 * after the next answer.
 */
export class AutomaticRerank {
  readonly #jobs: Pick<JobRegistry, 'finish'>;
  readonly #running = new Set<Promise<void>>();
  /** By project and queue: with how many answers since which ranking it was last tried. */
  readonly #tried = new Map<string, { rankedSeq: number; answers: number }>();

  constructor(jobs: Pick<JobRegistry, 'finish'>) {
    this.#jobs = jobs;
  }

  /** Decisions were recorded: looks, once the caller has returned, whether they call for a re-rank, and starts it. */
  decided(project: WritableProject, by: string, context: DecisionContext): void {
    if (!('queue' in context)) return;
    const running = new Promise<void>((resolve) => setImmediate(resolve))
      .then(() => this.#rankIfDue(project, by, context.queue))
      .catch((error: unknown) => {
        // A project that was closed meanwhile is ranked again after its next answer.
        if (project.isOpen && !HARMLESS.has(errorCode(error)))
          process.emitWarning(`Queue ${context.queue} was not ranked again: ${(error as Error).message}`);
      })
      .finally(() => this.#running.delete(running));
    this.#running.add(running);
  }

  /** Resolves when nothing of it is under way. */
  async idle(): Promise<void> {
    while (this.#running.size > 0) await Promise.all(this.#running);
  }

  async #rankIfDue(project: WritableProject, by: string, queue: number): Promise<void> {
    if (!project.isOpen) return;
    const key = `${queue} ${project.folder}`;
    const { rankedSeq } = project.store.queue.byId(queue)!;
    const tried = this.#tried.get(key);
    const answers = dueAnswers(project.store, queue, tried?.rankedSeq === rankedSeq ? tried.answers : 0);
    if (answers === null) return;
    this.#tried.set(key, { rankedSeq, answers });
    await this.#jobs.finish({
      kind: 'rerank',
      input: { project: project.folder, by, queue, unasked: true },
    });
  }
}
