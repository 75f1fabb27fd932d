import { eventIterator, oc, type, type InferSchemaOutput } from '@orpc/contract';
import * as z from 'zod';
import type { ErrorCode } from '../errors.ts';
import type { Progress } from '../progress.ts';
import { SampleInput, type SampleSummary } from './catalog.ts';
import {
  ExperimentAddInput,
  ExperimentExportInput,
  ExperimentInput,
  type Experiment,
  type ExperimentExport,
} from './experiments.ts';
import { CollectInput, HandoutInput, type CollectSummary, type HandoutSummary } from './handouts.ts';
import { ImportInput, type ImportSummary } from './imports.ts';
import {
  DossierInput,
  VerifyInput,
  VerifyReleaseInput,
  type DossierSummary,
  type ReleaseReport,
  type VerifyReport,
} from './ledger.ts';
import { LayoutInput, type LayoutSummary } from './maps.ts';
import { CheckBatchesInput, MixInput, type BatchesReport, type MixSummary } from './mixes.ts';
import { QueueInput, RerankInput, type QueueSummary, type RerankSummary } from './queue.ts';
import { RedrawnInput, type RedrawnSummary } from './redrawn.ts';
import { ReleaseInput, type ReleaseSummary } from './releases.ts';
import { ReportInput, type Report } from './reports.ts';
import { DecideInput, DecideViewInput, UndoInput, type DecisionResult, type UndoResult } from './reviews.ts';
import { EmbedInput, ScoreInput, type EmbedSummary, type RunSummary } from './scores.ts';
import { TagInput, TagViewInput, UndoTagInput, type TagResult } from './tags.ts';
import { Actor, ProjectPath } from './terms.ts';
import { WatchInput, type WatchReport } from './watch.ts';

/**
 * Every long task, with its input and result. A client starts one by its name here and waits for it (`runTask`), or
 * leaves it in the background (`jobs.start`). Its code is one file of core/jobs/tasks/.
 */
export const TASKS = {
  import: { input: ImportInput, result: type<ImportSummary>() },
  score: { input: ScoreInput, result: type<RunSummary>() },
  /** Embeds every image with another model from its original, and then lets the project work with it. */
  embed: { input: EmbedInput, result: type<EmbedSummary>() },
  queue: { input: QueueInput, result: type<QueueSummary>() },
  rerank: { input: RerankInput, result: type<RerankSummary>() },
  /** Like `reviews.decide`, which leaves long lists to this task. */
  decide: { input: DecideInput, result: type<DecisionResult>() },
  /** Objects that were drawn anew in an annotation tool, as decisions. */
  redrawn: { input: RedrawnInput, result: type<RedrawnSummary>() },
  /** One decision for every image of a view; refused if the view no longer holds `expected` images. */
  'decide-view': { input: DecideViewInput, result: type<DecisionResult>() },
  /** Like `reviews.undo`, which leaves undoing a bulk action to this task. */
  undo: { input: UndoInput, result: type<UndoResult>() },
  /** Like `tags.set`, which leaves long lists to this task. */
  tag: { input: TagInput, result: type<TagResult>() },
  'tag-view': { input: TagViewInput, result: type<TagResult>() },
  /** Like `tags.undo`, which leaves long lists to this task. */
  'undo-tag': { input: UndoTagInput, result: type<TagResult>() },
  /** Writes parts of a queue to files, for reviewers on other machines. */
  handout: { input: HandoutInput, result: type<HandoutSummary>() },
  /** Takes their answers back. */
  collect: { input: CollectInput, result: type<CollectSummary>() },
  release: { input: ReleaseInput, result: type<ReleaseSummary>() },
  /** Writes a release whose images have the order that training takes them in. */
  mix: { input: MixInput, result: type<MixSummary>() },
  /** Proves batches that training logged against the policy of their mix, without a project. */
  'check-batches': { input: CheckBatchesInput, result: type<BatchesReport>() },
  /** Measures ratios of real to synthetic images on the hold-out, and records what it finds. */
  experiment: { input: ExperimentInput, result: type<Experiment>() },
  /** Writes the training sets of an experiment for a network that is trained elsewhere. */
  'experiment-export': { input: ExperimentExportInput, result: type<ExperimentExport>() },
  /** Judges what such a network predicted, and records what it finds. */
  'experiment-add': { input: ExperimentAddInput, result: type<Experiment>() },
  verify: { input: VerifyInput, result: type<VerifyReport>() },
  /** Checks one release without its project. */
  'verify-release': { input: VerifyReleaseInput, result: type<ReleaseReport>() },
  /** One page for an auditor, written to a file. */
  dossier: { input: DossierInput, result: type<DossierSummary>() },
  layout: { input: LayoutInput, result: type<LayoutSummary>() },
  report: { input: ReportInput, result: type<Report>() },
  /** Puts all synthetic batches beside each other, and measures those that are not. */
  watch: { input: WatchInput, result: type<WatchReport>() },
  'sample-set': { input: SampleInput, result: type<SampleSummary>() },
  /** The whole first run: renders the set, creates the project, imports, scores and queues. */
  'sample-project': {
    input: z.object({ project: ProjectPath, by: Actor }),
    result: type<{ project: string }>(),
  },
};
export type TaskKind = keyof typeof TASKS;

/** A task's input from a client, which may omit values with a default. */
export type TaskRequest<K extends TaskKind> = z.input<(typeof TASKS)[K]['input']>;
/** The same, validated and with defaults. */
export type TaskInput<K extends TaskKind> = z.output<(typeof TASKS)[K]['input']>;
export type TaskResult<K extends TaskKind> = InferSchemaOutput<(typeof TASKS)[K]['result']>;

export type Task = { [K in TaskKind]: { kind: K; input: TaskInput<K> } }[TaskKind];
type AnyRequest = { [K in TaskKind]: { kind: K; input: TaskRequest<K> } }[TaskKind];

const kinds = Object.entries(TASKS).map(([kind, { input }]) => z.object({ kind: z.literal(kind), input }));
// The table's types are lost in its entries; `Task` and `AnyRequest` restore the union.
const TaskSchema = z.discriminatedUnion('kind', kinds as [(typeof kinds)[0]]) as unknown as z.ZodType<
  Task,
  AnyRequest
>;

export interface Job {
  id: string;
  kind: TaskKind;
  /** A phrase for people: `Importing night-drive`. */
  title: string;
  project: string | null;
  by: string | null;
  /** Run by another process, such as the command line, which alone can cancel it. */
  isElsewhere: boolean;
  /** Input to start it again; null if a client waits for it: such a one may hold very many decisions. */
  task: Task | null;
  /** `interrupted`: the core ended while it ran; starting it again continues where it was. */
  state: 'running' | 'done' | 'failed' | 'cancelled' | 'interrupted';
  startedAt: string;
  endedAt: string | null;
  progress: Progress | null;
  /** Rate of the current stage; null before two reports. */
  perSecond: number | null;
  secondsLeft: number | null;
  /** Null until it is done, where a client waits for it, and of measurements, which the project keeps: run the task. */
  result: TaskResult<TaskKind> | null;
  /** Its outcome in a sentence; unsound if it completed and found something wrong. Null until it is done. */
  outcome: { text: string; isSound: boolean } | null;
  error: { code: ErrorCode; message: string } | null;
  /** Stages and notes with their times, oldest first. */
  log: { at: string; line: string }[];
}

export const jobs = {
  /**
   * Runs a task for a waiting client: progress about ten times a second, then the result. Leaving the stream cancels the
   * task. It is listed, in every process that has the project open, and kept if it took more than a moment. See
   * `runTask`.
   */
  run: oc.input(TaskSchema).output(eventIterator(type<Progress>(), type<TaskResult<TaskKind>>())),
  /**
   * Starts a task in the background: it outlives the window and stays on the list. A measurement that is under way
   * already is joined, and kept only if it took more than a moment. See `followTask`.
   */
  start: oc.input(TaskSchema).output(type<Job>()),
  /** Newest first, including those of earlier sessions. */
  list: oc.input(z.object({ project: ProjectPath.nullable() })).output(type<Job[]>()),
  get: oc.input(z.object({ job: z.string() })).output(type<Job>()),
  /** Streams the list whenever it changes, at most about ten times a second. Never ends on its own. */
  watch: oc.input(z.object({ project: ProjectPath.nullable() })).output(eventIterator(type<Job[]>())),
  cancel: oc.input(z.object({ job: z.string() })).output(type<Job>()),
  /** Removes ended jobs from the list; their results stay. */
  clear: oc.input(z.object({ project: ProjectPath.nullable() })).output(type<void>()),
};
