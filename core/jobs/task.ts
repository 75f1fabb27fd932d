import type { DecodePool } from '../../imaging/decode-pool.ts';
import type { InferenceProcess } from '../../models/inference-process.ts';
import type { ModelPack } from '../../models/types.ts';
import type { TaskInput, TaskKind, TaskResult } from '../../rpc/contract/jobs.ts';
import type { TaskContext } from '../../rpc/progress.ts';
import type { Project, WritableProject } from '../project/project.ts';
import type { AutomaticRerank } from './automatic-rerank.ts';

/** What tasks need of the workbench. An interface, so that the workbench may import the tasks and not the reverse. */
export interface TaskHost {
  readonly pool: DecodePool;
  readonly reranks: Pick<AutomaticRerank, 'decided'>;
  inference(): Promise<InferenceProcess>;
  packOf(kind: ModelPack['manifest']['kind'], name: string | null): Promise<ModelPack>;
  open(path: string, mode: 'write'): WritableProject;
  open(path: string, mode: 'read' | 'write'): Project;
  /** The embedder named, else the one that the project works with. */
  embedderOf(project: Project, name: string | null): Promise<ModelPack>;
  /** Makes a project that works with a pack. */
  create(path: string, actor: string, embedder: ModelPack): WritableProject;
}

/**
 * How a task's project is opened before it begins. `keep`: for writing so that what is derived can be kept, and for
 * reading where another process writes. `none`: it has no project, or opens it by itself.
 */
type Mode = 'read' | 'write' | 'keep' | 'none';

type ProjectOf<M extends Mode> = M extends 'none' ? null : M extends 'write' ? WritableProject : Project;

/** What a task runs with: its opened project, how it reports and is stopped, and the workbench. */
export interface TaskRun<M extends Mode, K extends TaskKind = TaskKind> extends TaskContext {
  project: ProjectOf<M>;
  host: TaskHost;
  /** Runs the task's `work` on the same input; `extra` is what else it needs, as structured clone takes it. */
  inThread: (extra?: unknown) => Promise<TaskResult<K>>;
}

/** The same in a thread: a project with a connection of its own, and kernels for large choices. */
interface TaskWork<M extends Mode> extends TaskContext {
  project: ProjectOf<M>;
  kernels: () => Promise<InferenceProcess>;
}

export interface TaskDefinition<K extends TaskKind = TaskKind, M extends Mode = Mode> {
  kind: K;
  mode: M;
  /**
   * What it refuses to run beside in the same project. `project`: every other task that says so, since they change the
   * record or read it over a long time. `kind`: another one of its kind. `none`: nothing.
   */
  exclusive: 'project' | 'kind' | 'none';
  /** What it does, as a phrase for people: `Importing night-drive`. */
  title: (input: TaskInput<K>) => string;
  run: (run: TaskRun<M, K>, input: TaskInput<K>) => Promise<TaskResult<K>>;
  /** What would hold the core for too long, where there is such: `run` starts it by `inThread`. */
  work?: (work: TaskWork<M>, input: TaskInput<K>, extra: unknown) => Promise<TaskResult<K>>;
  /** What came of it, in a sentence. */
  outcome: (result: TaskResult<K>) => string;
  /** Further lines for its log. */
  notes?: (result: TaskResult<K>) => string[];
  /** Whether a task that ran to its end found everything as it should be; it did where this is left out. */
  isSound?: (result: TaskResult<K>) => boolean;
  /** It measures what the project keeps: asked again, it answers at once, so a job of it keeps no result. */
  isMeasurement?: true;
}

/** Defines the long task of one kind of `TASKS` (rpc/contract/jobs.ts). Its file in core/jobs/tasks/ exports it as default. */
export function defineTask<K extends TaskKind, M extends Mode>(
  definition: TaskDefinition<K, M>,
): TaskDefinition<K, M> & { id: K } {
  return { ...definition, id: definition.kind };
}
