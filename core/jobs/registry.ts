import { randomUUID } from 'node:crypto';
import type { Job, Task, TaskKind, TaskResult } from '../../rpc/contract/jobs.ts';
import { AssayError, canOnlyBeRead, errorCode } from '../../rpc/errors.ts';
import type { Progress } from '../../rpc/progress.ts';
import { clientError } from '../../rpc/transport/client-error.ts';
import { projectFolder, type Project } from '../project/project.ts';
import { Changes } from '../base/changes.ts';
import { BEAT_MS, forgetEnded, stateOfJobFiles } from './job-files.ts';
import { JobStore } from './job-store.ts';
import { RateMeter } from './rate.ts';
import { taskStream } from './task-stream.ts';
import type { TaskDefinition, TaskHost } from './task.ts';
import { taskOf } from './tasks/registry.ts';
import { workInThread } from './thread.ts';

const MOST_LOG_LINES = 200;
const MOST_ENDED = 200;
const WATCH_EVERY_MS = 100;
const SAVE_EVERY_MS = 5000;
const LOOK_EVERY_MS = 1000;

/** The workbench, as far as jobs need it. */
interface JobHost extends TaskHost {
  readonly projects: Project[];
}

interface Running {
  job: Job;
  task: Task;
  /** A client waits for it, or it measures what may be known already: it is kept only if it took more than a moment. */
  isKeptIfLong: boolean;
  /** Tells other processes of it from time to time; it has, if `wasTold`. */
  beat: NodeJS.Timeout;
  wasTold: boolean;
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
  readonly #store: JobStore;

  constructor(host: JobHost) {
    this.#host = host;
    this.#store = new JobStore(() => host.projects);
  }

  /**
   * Starts a task in the background. Throws `NOT_READY` naming the running one where they cannot run beside each other,
   * and what opening the project throws.
   */
  start(task: Task): Job {
    const same = this.#joined(task);
    if (same) return copyOf(same.job);
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
      isElsewhere: false,
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
      isKeptIfLong: isAwaited || definition.isMeasurement === true,
      beat: setInterval(() => (running.wasTold = this.#store.tell(job)), BEAT_MS).unref(),
      wasTold: false,
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
    const here = own.filter((job) => job.project === null || job.project === opened.folder);
    const others = this.#store.of(opened, (id) => this.#running.has(id));
    const byId = new Map([...others, ...here].map((job) => [job.id, job]));
    return newestFirst([...byId.values()]);
  }

  /** Throws `NOT_FOUND`. */
  get(id: string): Job {
    const own = this.#running.get(id)?.job ?? this.#ended.find((job) => job.id === id);
    if (own) return copyOf(own);
    for (const project of this.#host.projects)
      for (const job of this.#store.of(project, (other) => this.#running.has(other)))
        if (job.id === id) return job;
    throw new AssayError('NOT_FOUND', `There is no task ${id}: it was taken off the list.`, { job: id });
  }

  /** The list, and again after every change, at most ten times a second, until `signal` aborts. */
  async *watch(project: string | null, signal: AbortSignal | undefined): AsyncGenerator<Job[]> {
    const folder = project === null ? null : this.#host.open(project, 'read').folder;
    let seen = folder === null ? '' : stateOfJobFiles(folder);
    const look = setInterval(() => {
      const now = folder === null ? '' : stateOfJobFiles(folder);
      if (now !== seen) this.#changes.happened();
      seen = now;
    }, LOOK_EVERY_MS).unref();
    try {
      yield* this.#changes.follow(() => this.list(project), WATCH_EVERY_MS, signal);
    } finally {
      clearInterval(look);
    }
  }

  /**
   * Stops a task and waits for its end; one that has ended stays as it is. Throws `NOT_FOUND`, and `NOT_READY` for one
   * that runs in another process.
   */
  async cancel(id: string): Promise<Job> {
    const running = this.#running.get(id);
    const elsewhere = running ? null : this.get(id);
    if (elsewhere?.isElsewhere && elsewhere.state === 'running')
      throw new AssayError(
        'NOT_READY',
        `“${elsewhere.title}” runs in another process: stop it there (Ctrl+C in its terminal).`,
        { job: id },
      );
    if (!running) return this.get(id);
    running.stop.abort();
    await running.ended;
    return copyOf(running.job);
  }

  /**
   * Takes ended jobs off the list: those of one project, or with null those of this session; of them only those that are
   * `shown` to who asks.
   */
  clear(project: string | null, shown: (jobs: Job[]) => Job[]): void {
    const opened = project === null ? null : this.#host.open(project, 'write');
    const gone = new Set(
      shown(
        opened
          ? this.#ended.filter((job) => job.project === null || job.project === opened.folder)
          : this.#ended,
      ),
    );
    this.#ended = this.#ended.filter((job) => !gone.has(job));
    opened?.store.jobs.clear();
    if (opened) forgetEnded(opened.folder);
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

  /** The same measurement, where it is under way: two would do the same work twice. */
  #joined(task: Task): Running | undefined {
    if (!taskOf(task.kind).isMeasurement) return undefined;
    const wanted = JSON.stringify(task);
    return this.#running.values().find(({ job }) => job.task !== null && JSON.stringify(job.task) === wanted);
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
    const { job, isKeptIfLong, stop } = running;
    try {
      const result = (await running.result) as never;
      job.state = 'done';
      job.result = isKeptIfLong ? null : result;
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
    clearInterval(running.beat);
    const isKept = !isKeptIfLong || running.wasTold;
    if (isKept) await this.#store.projectOf(job)?.store.whenFree();
    this.#running.delete(job.id);
    if (isKept) this.#ended = [...this.#ended, job].slice(-MOST_ENDED);
    this.#save(running);
    if (running.wasTold) this.#store.tell(job);
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

  /** Writes a job down; failing to keep the list must not fail a task. */
  #save({ job, isKeptIfLong, wasTold }: Running): void {
    if (isKeptIfLong && (job.state === 'running' || !wasTold)) return;
    try {
      this.#store.save(job);
    } catch (error) {
      log(job, `this entry could not be kept: ${(error as Error).message}`);
    }
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
