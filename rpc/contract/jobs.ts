import { eventIterator, oc, type, type InferSchemaOutput } from '@orpc/contract';
import * as z from 'zod';
import type { ErrorCode } from '../errors.ts';
import type { Progress } from '../progress.ts';
import { SampleInput, type SampleSummary } from './catalog.ts';
import { ImportInput, type ImportSummary } from './imports.ts';
import { VerifyInput, type VerifyReport } from './ledger.ts';
import { LayoutInput, type LayoutSummary } from './maps.ts';
import { QueueInput, RerankInput, type QueueSummary, type RerankSummary } from './queue.ts';
import { ReleaseInput, type ReleaseSummary } from './releases.ts';
import { GenerationsInput, ReportInput, type GenerationsReport, type Report } from './reports.ts';
import { DecideInput, DecideViewInput, UndoInput, type DecisionResult, type UndoResult } from './reviews.ts';
import { ScoreInput, type RunSummary } from './scores.ts';
import { Actor, ProjectPath } from './terms.ts';

/**
 * Every long task: what it takes and what comes of it. A client starts one by its name here, to wait for it (`runTask`)
 * or to leave it to itself (`jobs.start`); what it does is one file of core/jobs/tasks/.
 */
export const TASKS = {
  import: { input: ImportInput, result: type<ImportSummary>() },
  score: { input: ScoreInput, result: type<RunSummary>() },
  queue: { input: QueueInput, result: type<QueueSummary>() },
  rerank: { input: RerankInput, result: type<RerankSummary>() },
  /** The same as `reviews.decide`, which leaves long lists to it. */
  decide: { input: DecideInput, result: type<DecisionResult>() },
  /** One decision for every image of a view; refused when the view does not hold `expected` images any more. */
  'decide-view': { input: DecideViewInput, result: type<DecisionResult>() },
  /** The same as `reviews.undo`, which leaves the taking back of a bulk action to it. */
  undo: { input: UndoInput, result: type<UndoResult>() },
  release: { input: ReleaseInput, result: type<ReleaseSummary>() },
  verify: { input: VerifyInput, result: type<VerifyReport>() },
  layout: { input: LayoutInput, result: type<LayoutSummary>() },
  report: { input: ReportInput, result: type<Report>() },
  generations: { input: GenerationsInput, result: type<GenerationsReport>() },
  'sample-set': { input: SampleInput, result: type<SampleSummary>() },
  /** The whole first run: renders the set, makes the project, imports, scores and queues. */
  'sample-project': {
    input: z.object({ project: ProjectPath, by: Actor }),
    result: type<{ project: string }>(),
  },
};
export type TaskKind = keyof typeof TASKS;

/** A task's input as its client writes it: what has a default may be left out. */
export type TaskRequest<K extends TaskKind> = z.input<(typeof TASKS)[K]['input']>;
/** The same, checked and filled up. */
export type TaskInput<K extends TaskKind> = z.output<(typeof TASKS)[K]['input']>;
export type TaskResult<K extends TaskKind> = InferSchemaOutput<(typeof TASKS)[K]['result']>;

export type Task = { [K in TaskKind]: { kind: K; input: TaskInput<K> } }[TaskKind];
type AnyRequest = { [K in TaskKind]: { kind: K; input: TaskRequest<K> } }[TaskKind];

const kinds = Object.entries(TASKS).map(([kind, { input }]) => z.object({ kind: z.literal(kind), input }));
// The table's types are lost in its entries; `Task` and `AnyRequest` say what the union is.
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
  /** What starts it again; null where a client waits for it, which is not kept and may hold very many decisions. */
  task: Task | null;
  /** `interrupted`: the core ended while it ran; starting it again goes on where it stood. */
  state: 'running' | 'done' | 'failed' | 'cancelled' | 'interrupted';
  startedAt: string;
  endedAt: string | null;
  progress: Progress | null;
  /** Of the present stage; null until two reports are there. */
  perSecond: number | null;
  secondsLeft: number | null;
  result: TaskResult<TaskKind> | null;
  /** What came of it, in a sentence; unsound where it ran to its end and found something wrong. Null until it is done. */
  outcome: { text: string; isSound: boolean } | null;
  error: { code: ErrorCode; message: string } | null;
  /** Stages and notes with their times, oldest first. */
  log: { at: string; line: string }[];
}

export const jobs = {
  /**
   * Runs a task for a client that waits for it: progress about ten times a second, and then the result. Leaving the
   * stream cancels the task. It is on the list while it runs, and not kept. See `runTask`.
   */
  run: oc.input(TaskSchema).output(eventIterator(type<Progress>(), type<TaskResult<TaskKind>>())),
  /** Starts a task in the background: it outlives the window, and is kept on the list. */
  start: oc.input(TaskSchema).output(type<Job>()),
  /** Newest first, those of earlier sessions included. */
  list: oc.input(z.object({ project: ProjectPath.nullable() })).output(type<Job[]>()),
  get: oc.input(z.object({ job: z.string() })).output(type<Job>()),
  /** The list again whenever something in it changed, at most about ten times a second. Never ends by itself. */
  watch: oc.input(z.object({ project: ProjectPath.nullable() })).output(eventIterator(type<Job[]>())),
  cancel: oc.input(z.object({ job: z.string() })).output(type<Job>()),
  /** Takes ended jobs off the list; what they did stays. */
  clear: oc.input(z.object({ project: ProjectPath.nullable() })).output(type<void>()),
};
