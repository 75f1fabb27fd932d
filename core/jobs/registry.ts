import { randomUUID } from 'node:crypto';
import type { Job, Task, TaskKind, TaskResult } from '../../rpc/contract/jobs.ts';
import { AssayError, canOnlyBeRead, errorCode } from '../../rpc/errors.ts';
import type { Progress } from '../../rpc/progress.ts';
import { clientError } from '../../rpc/transport/client-error.ts';
import { projectFolder, type Project, type WritableProject } from '../project/project.ts';
import { Changes } from './changes.ts';
import { RateMeter } from './rate.ts';
import { taskStream } from './task-stream.ts';
import type { TaskDefinition, TaskHost } from './task.ts';
import { taskOf } from './tasks/registry.ts';
import { workInThread } from './thread.ts';

const MOST_LOG_LINES = 200;
const MOST_ENDED = 200;
const WATCH_EVERY_MS = 100;
const SAVE_EVERY_MS = 5000;

/** The workbench, as far as jobs need it. */
interface JobHost extends TaskHost {
  readonly projects: Project[];
}

interface Running {
  job: Job;
  task: Task;
  /** A client waits for it: it is listed while it runs, and not kept. */
  isAwaited: boolean;
  stop: AbortController;
  meter: RateMeter;
  savedMs: number;
  /** What `jobs.run` gives: the result, or what it failed with. */
  result: Promise<TaskResult<TaskKind>>;
  ended: Promise<void>;
}

/**
 * Every long task that runs. Those in the background outlive the window that started them and are kept in their
 * project, so that after a core that died the list says what was interrupted; the same task can be started again then,
 * and imports, scoring and the sample project go on where they stood. What may run beside what, each task defines;
 * single decisions are no tasks and never wait.
 */
export class JobRegistry {
  readonly #host: JobHost;
  readonly #running = new Map<string, Running>();
  /** Jobs that ended in this session, newest last. */
  #ended: Job[] = [];
  readonly #changes = new Changes();

  constructor(host: JobHost) {
    this.#host = host;
  }

  /**
   * Starts a task in the background. Throws `NOT_READY` naming the running one where they cannot run beside each other,
   * and what opening the project throws.
   */
  start(task: Task): Job {
    return copyOf(this.#begin(task, false).job);
  }

  /**
   * Runs a task as a stream of its progress that ends with its result. Leaving the stream, or aborting `signal`, cancels
   * it. Throws what `start` throws, and what the task fails with.
   */
  run(task: Task, signal: AbortSignal | undefined): AsyncGenerator<Progress, TaskResult<TaskKind>> {
    return taskStream(async (waiting) => {
      const { stop, result } = this.#begin(task, true, waiting.progress);
      if (waiting.signal.aborted) stop.abort();
      else waiting.signal.addEventListener('abort', () => stop.abort(), { once: true });
      return result;
    }, signal);
  }

  /** Runs a task to its end, for a call that is usually too short to be one. */
  finish<K extends TaskKind>(task: Task & { kind: K }): Promise<TaskResult<K>> {
    return this.#begin(task, true).result as Promise<TaskResult<K>>;
  }

  #begin(task: Task, isAwaited: boolean, progress: (report: Progress) => void = () => {}): Running {
    const definition = taskOf(task.kind);
    const project = this.#open(definition, task);
    const folder = project
      ? project.folder
      : 'project' in task.input
        ? projectFolder(task.input.project)
        : null;
    this.#refuseBeside(definition, folder);
    const job: Job = {
      id: randomUUID(),
      kind: task.kind,
      title: definition.title(task.input),
      project: folder,
      by: 'by' in task.input ? task.input.by : null,
      task: isAwaited ? null : task,
      state: 'running',
      startedAt: new Date().toISOString(),
      endedAt: null,
      progress: null,
      perSecond: null,
      secondsLeft: null,
      result: null,
      outcome: null,
      error: null,
      log: [],
    };
    const running: Running = {
      job,
      task,
      isAwaited,
      stop: new AbortController(),
      meter: new RateMeter(),
      savedMs: performance.now(),
      result: NOT_BEGUN,
      ended: Promise.resolve(),
    };
    this.#running.set(job.id, running);
    this.#save(running);
    this.#changes.happened();
    running.result = this.#work(running, definition, project, progress);
    running.ended = this.#follow(running, definition);
    return running;
  }

  async #work(
    running: Running,
    { run }: TaskDefinition,
    project: Project | null,
    progress: (report: Progress) => void,
  ): Promise<TaskResult<TaskKind>> {
    const { stop } = running;
    const context = {
      project,
      host: this.#host,
      signal: stop.signal,
      progress: (report: Progress) => {
        this.#report(running, report);
        progress(report);
      },
    };
    const { kind, input } = running.task;
    const inThread = (extra: unknown = null): Promise<never> =>
      workInThread(kind, project!, input, extra, context) as Promise<never>;
    try {
      return await run({ ...context, inThread }, input);
    } catch (thrown) {
      // A task that is stopped may throw anything.
      throw stop.signal.aborted ? new AssayError('CANCELLED', STOPPED, {}, thrown) : thrown;
    }
  }

  /** Opens the project as the task needs it; null where it has none, or opens it by itself. */
  #open({ mode }: TaskDefinition, { input }: Task): Project | null {
    if (mode === 'none' || !('project' in input)) return null;
    if (mode !== 'keep') return this.#host.open(input.project, mode);
    try {
      return this.#host.open(input.project, 'write');
    } catch (error) {
      if (canOnlyBeRead(error)) return this.#host.open(input.project, 'read');
      throw error;
    }
  }

  /** Jobs of one project and those without any; with null, everything that this core has run. Newest first. */
  list(project: string | null): Job[] {
    const own = [...[...this.#running.values()].map(({ job }) => job), ...this.#ended];
    if (project === null) return newestFirst(own);
    const opened = this.#host.open(project, 'read');
    const known = new Set(own.map(({ id }) => id));
    const here = own.filter((job) => job.project === null || job.project === opened.folder);
    return newestFirst([...here, ...this.#kept(opened).filter(({ id }) => !known.has(id))]);
  }

  /** Throws `NOT_FOUND`. */
  get(id: string): Job {
    const own = this.#running.get(id)?.job ?? this.#ended.find((job) => job.id === id);
    if (own) return copyOf(own);
    for (const project of this.#host.projects)
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
    if (!running) return this.get(id);
    running.stop.abort();
    await running.ended;
    return copyOf(running.job);
  }

  /** Takes ended jobs off the list: those of one project, or with null those of this session. */
  clear(project: string | null): void {
    const opened = project === null ? null : this.#host.open(project, 'write');
    this.#ended = opened
      ? this.#ended.filter((job) => job.project !== null && job.project !== opened.folder)
      : [];
    opened?.store.jobs.clear();
    this.#changes.happened();
  }

  /** Whether a task is running in a project. */
  isBusy(folder: string): boolean {
    return [...this.#running.values()].some(({ job }) => job.project === folder);
  }

  /** Stops everything. What ran counts as interrupted, since nobody cancelled it. */
  async close(): Promise<void> {
    const all = [...this.#running.values()];
    for (const { stop } of all) stop.abort(INTERRUPTED);
    await Promise.all(all.map(({ ended }) => ended));
  }

  #refuseBeside({ kind, exclusive }: TaskDefinition, project: string | null): void {
    if (exclusive === 'none' || project === null) return;
    for (const { job } of this.#running.values()) {
      if (job.project !== project) continue;
      const areBothAlone = exclusive === 'project' && taskOf(job.kind).exclusive === 'project';
      if (job.kind !== kind && !areBothAlone) continue;
      throw new AssayError(
        'NOT_READY',
        `“${job.title}” is still under way in this project. Wait for its end or cancel it, then start this again.`,
        { job: job.id },
      );
    }
  }

  async #follow(running: Running, { outcome, notes, isSound }: TaskDefinition): Promise<void> {
    const { job, isAwaited, stop } = running;
    try {
      const result = (await running.result) as never;
      job.state = 'done';
      job.result = result;
      job.outcome = { text: outcome(result), isSound: isSound?.(result) ?? true };
      for (const line of [job.outcome.text, ...(notes?.(result) ?? [])]) log(job, line);
    } catch (thrown) {
      if (stop.signal.aborted) {
        job.state = stop.signal.reason === INTERRUPTED ? 'interrupted' : 'cancelled';
        job.error = { code: 'CANCELLED', message: STOPPED };
      } else {
        job.state = 'failed';
        job.error = { code: errorCode(thrown), message: clientError(thrown).message };
      }
      log(job, job.error.message);
    }
    job.endedAt = new Date().toISOString();
    job.perSecond = null;
    job.secondsLeft = null;
    if (!isAwaited) await this.#projectOf(job)?.store.whenFree();
    this.#running.delete(job.id);
    if (!isAwaited) this.#ended = [...this.#ended, job].slice(-MOST_ENDED);
    this.#save(running);
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
      this.#save(running);
    }
    this.#changes.happened();
  }

  /** Writes a job into its project, where that is open for writing; failing to keep the list must not fail a task. */
  #save({ job, isAwaited }: Pick<Running, 'job' | 'isAwaited'>): void {
    if (isAwaited) return;
    const project = this.#projectOf(job);
    if (!project) return;
    try {
      const { id, startedAt, state } = job;
      project.store.jobs.save({ id, startedAt, state, body: JSON.stringify(job) });
    } catch (error) {
      log(job, `this entry could not be kept: ${(error as Error).message}`);
    }
  }

  /** The project of a job, where that is open for writing. */
  #projectOf(job: Job): WritableProject | null {
    const project = this.#host.projects.find(({ folder }) => folder === job.project);
    return project?.isWritable() ? project : null;
  }

  /** The jobs kept in a project. One that ran under a core that is gone was interrupted: there is only one writer. */
  #kept(project: Project): Job[] {
    return project.store.jobs.all().map((row) => {
      // Older entries have no outcome.
      const job: Job = { outcome: null, ...JSON.parse(row.body) };
      if (row.state !== 'running' || !project.isWritable() || this.#running.has(row.id)) return job;
      const interrupted: Job = {
        ...job,
        state: 'interrupted',
        endedAt: job.log.at(-1)?.at ?? job.startedAt,
        perSecond: null,
        secondsLeft: null,
      };
      this.#save({ job: interrupted, isAwaited: false });
      return interrupted;
    });
  }
}

const NOT_BEGUN = new Promise<never>(() => {});
const INTERRUPTED = new Error('the core is closing');
const STOPPED = 'Stopped. What was done so far is kept; start it again to go on.';

/** Jobs change while they run; a copy does not. */
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
