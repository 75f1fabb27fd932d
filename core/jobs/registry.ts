import { randomUUID } from 'node:crypto';
import { resolve } from 'node:path';
import type { Job, Task, TaskKind } from '../../rpc/contract/jobs.ts';
import { AssayError, errorCode } from '../../rpc/errors.ts';
import type { Progress } from '../../rpc/progress.ts';
import { clientError } from '../../rpc/transport/client-error.ts';
import type { Project } from '../project/project.ts';
import type { Workbench } from '../project/workbench.ts';
import { Changes } from './changes.ts';
import { RateMeter } from './rate.ts';
import { prepareTask } from './tasks.ts';
import { outcomeLines, titleOf } from './wording.ts';

/** They change the project's record, or read it over a long time as it was at one moment: one at a time. */
const EXCLUSIVE = new Set<TaskKind>(['import', 'score', 'release', 'sample-project']);
const MOST_LOG_LINES = 200;
const MOST_ENDED = 200;
const WATCH_EVERY_MS = 100;
const SAVE_EVERY_MS = 5000;

interface Running {
  job: Job;
  stop: AbortController;
  meter: RateMeter;
  savedMs: number;
  ended: Promise<void>;
}

/**
 * Long tasks that go on whatever becomes of the window that started them. Those of a project are kept in it, so that
 * after a core that died the list says what was interrupted; the same task can be started again then, and imports,
 * scoring and the sample project go on where they stood. One task at a time changes a project, and no two of a kind
 * run in it; decisions are no tasks and never wait.
 */
export class JobRegistry {
  readonly #workbench: Workbench;
  readonly #running = new Map<string, Running>();
  /** Ended in this session; newest last. */
  #ended: Job[] = [];
  readonly #changes = new Changes();

  constructor(workbench: Workbench) {
    this.#workbench = workbench;
  }

  /**
   * Starts a task. Throws `NOT_READY` naming the running one where they cannot be at the same time, and what opening
   * the project throws.
   */
  start(task: Task): Job {
    const project = this.#folderOf(task);
    this.#refuseBeside(task.kind, project);
    const run = prepareTask(this.#workbench, task.kind, task.input);
    const job: Job = {
      id: randomUUID(),
      kind: task.kind,
      title: titleOf(task),
      project,
      by: 'by' in task.input ? task.input.by : null,
      task,
      state: 'running',
      startedAt: new Date().toISOString(),
      endedAt: null,
      progress: null,
      perSecond: null,
      secondsLeft: null,
      result: null,
      error: null,
      log: [],
    };
    const running: Running = {
      job,
      stop: new AbortController(),
      meter: new RateMeter(),
      savedMs: performance.now(),
      ended: Promise.resolve(),
    };
    this.#running.set(job.id, running);
    this.#save(job);
    this.#changes.happened();
    running.ended = this.#follow(running, run);
    return copyOf(job);
  }

  /** Jobs of one project and those without any; with null, everything that this core has run. Newest first. */
  list(project: string | null): Job[] {
    const own = [...[...this.#running.values()].map(({ job }) => job), ...this.#ended];
    if (project === null) return newestFirst(own);
    const opened = this.#workbench.open(project, 'read');
    const known = new Set(own.map(({ id }) => id));
    const here = own.filter((job) => job.project === null || job.project === opened.folder);
    return newestFirst([...here, ...this.#kept(opened).filter(({ id }) => !known.has(id))]);
  }

  /** Throws `NOT_FOUND`. */
  get(id: string): Job {
    const own = this.#running.get(id)?.job ?? this.#ended.find((job) => job.id === id);
    if (own) return copyOf(own);
    for (const project of this.#workbench.projects)
      for (const job of this.#kept(project)) if (job.id === id) return job;
    throw new AssayError('NOT_FOUND', `There is no task ${id}: it was taken off the list.`, { job: id });
  }

  /** The list, and again after every change, at most ten times a second, until `signal` aborts. */
  watch(project: string | null, signal: AbortSignal | undefined): AsyncGenerator<Job[]> {
    return this.#changes.follow(() => this.list(project), WATCH_EVERY_MS, signal);
  }

  /** Stops a task and waits for its end; one that has ended stays as it is. Throws `NOT_FOUND`. */
  async cancel(id: string): Promise<Job> {
    const running = this.#running.get(id);
    running?.stop.abort();
    await running?.ended;
    return this.get(id);
  }

  /** Takes ended jobs off the list: those of one project, or with null those of this session. */
  clear(project: string | null): void {
    const opened = project === null ? null : this.#workbench.open(project, 'write');
    this.#ended = opened
      ? this.#ended.filter((job) => job.project !== null && job.project !== opened.folder)
      : [];
    opened?.store.jobs.clear();
    this.#changes.happened();
  }

  /** Whether a task is under way in a project. */
  isBusy(folder: string): boolean {
    return [...this.#running.values()].some(({ job }) => job.project === folder);
  }

  /** Stops everything. What ran counts as interrupted: nobody asked for its end. */
  async close(): Promise<void> {
    const all = [...this.#running.values()];
    for (const { stop } of all) stop.abort(INTERRUPTED);
    await Promise.all(all.map(({ ended }) => ended));
  }

  #folderOf(task: Task): string | null {
    if (task.kind === 'sample-set') return null;
    const { project } = task.input;
    if (task.kind === 'sample-project') return resolve(project).replace(/(?<!\.assay)$/, '.assay');
    return this.#workbench.open(project, EXCLUSIVE.has(task.kind) ? 'write' : 'read').folder;
  }

  #refuseBeside(kind: TaskKind, project: string | null): void {
    for (const { job } of this.#running.values()) {
      if (project === null || job.project !== project) continue;
      if (job.kind !== kind && !(EXCLUSIVE.has(kind) && EXCLUSIVE.has(job.kind))) continue;
      throw new AssayError(
        'NOT_READY',
        `“${job.title}” is still under way in this project. Wait for its end or cancel it, then start this again.`,
        { job: job.id },
      );
    }
  }

  async #follow(running: Running, run: ReturnType<typeof prepareTask<TaskKind>>): Promise<void> {
    const { job, stop } = running;
    try {
      const result = await run({ signal: stop.signal, progress: (report) => this.#report(running, report) });
      job.state = 'done';
      job.result = result;
      for (const line of outcomeLines(job.kind, result)) log(job, line);
    } catch (thrown) {
      if (stop.signal.aborted) {
        job.state = stop.signal.reason === INTERRUPTED ? 'interrupted' : 'cancelled';
        job.error = {
          code: 'CANCELLED',
          message: 'Stopped. What was done so far is kept; start it again to go on.',
        };
      } else {
        job.state = 'failed';
        job.error = { code: errorCode(thrown), message: clientError(thrown).message };
      }
      log(job, job.error.message);
    }
    job.endedAt = new Date().toISOString();
    job.perSecond = null;
    job.secondsLeft = null;
    this.#running.delete(job.id);
    this.#ended = [...this.#ended, job].slice(-MOST_ENDED);
    this.#save(job);
    this.#changes.happened();
  }

  #report(running: Running, progress: Progress): void {
    const { job, meter } = running;
    const now = performance.now();
    if (progress.stage !== job.progress?.stage) log(job, progress.stage);
    meter.add(progress, now);
    job.progress = progress;
    job.perSecond = meter.perSecond;
    job.secondsLeft = meter.secondsLeft(progress);
    if (now - running.savedMs > SAVE_EVERY_MS) {
      running.savedMs = now;
      this.#save(job);
    }
    this.#changes.happened();
  }

  /** Writes a job into its project, as far as that is open for writing; a list of tasks is not worth failing one. */
  #save(job: Job): void {
    const project = this.#workbench.projects.find(({ folder }) => folder === job.project);
    if (!project?.writable) return;
    try {
      const { id, startedAt, state } = job;
      project.store.jobs.save({ id, startedAt, state, body: JSON.stringify(job) });
    } catch (error) {
      log(job, `this entry could not be kept: ${(error as Error).message}`);
    }
  }

  /** What the project remembers. What ran under a core that is gone was interrupted: whoever writes now is alone. */
  #kept(project: Project): Job[] {
    return project.store.jobs.all().map((row) => {
      const job = JSON.parse(row.body) as Job;
      if (row.state !== 'running' || !project.writable || this.#running.has(row.id)) return job;
      const interrupted: Job = {
        ...job,
        state: 'interrupted',
        endedAt: job.log.at(-1)?.at ?? job.startedAt,
        perSecond: null,
        secondsLeft: null,
      };
      this.#save(interrupted);
      return interrupted;
    });
  }
}

const INTERRUPTED = new Error('the core is closing');

/** Jobs change while they run; what is handed out does not. */
function copyOf(job: Job): Job {
  return { ...job, log: [...job.log] };
}

function newestFirst(jobs: Job[]): Job[] {
  return jobs
    .map(copyOf)
    .sort((a, b) => (a.startedAt < b.startedAt ? 1 : a.startedAt > b.startedAt ? -1 : 0));
}

function log(job: Job, line: string): void {
  job.log.push({ at: new Date().toISOString(), line });
  if (job.log.length > MOST_LOG_LINES) job.log.splice(0, job.log.length - MOST_LOG_LINES);
}
