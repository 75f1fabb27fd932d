import { eventIterator, oc, type } from '@orpc/contract';
import * as z from 'zod';
import type { ErrorCode } from '../errors.ts';
import type { Progress } from '../progress.ts';
import { SampleInput, type SampleSummary } from './catalog.ts';
import { ImportInput, type ImportSummary } from './imports.ts';
import { VerifyInput, type VerifyReport } from './ledger.ts';
import { LayoutInput, type LayoutSummary } from './maps.ts';
import { ReleaseInput, type ReleaseSummary } from './releases.ts';
import { ScoreInput, type RunSummary } from './scores.ts';
import { Actor, ProjectPath } from './terms.ts';

/** Everything long that a window can start and then leave. */
const TaskSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('import'), input: ImportInput }),
  z.object({ kind: z.literal('score'), input: ScoreInput }),
  z.object({ kind: z.literal('release'), input: ReleaseInput }),
  z.object({ kind: z.literal('verify'), input: VerifyInput }),
  z.object({ kind: z.literal('layout'), input: LayoutInput }),
  z.object({ kind: z.literal('sample-set'), input: SampleInput }),
  /** The whole first run: renders the set, makes the project, imports, scores and queues. */
  z.object({ kind: z.literal('sample-project'), input: z.object({ project: ProjectPath, by: Actor }) }),
]);
export type Task = z.infer<typeof TaskSchema>;
export type TaskKind = Task['kind'];

export interface TaskResults {
  import: ImportSummary;
  score: RunSummary;
  release: ReleaseSummary;
  verify: VerifyReport;
  layout: LayoutSummary;
  'sample-set': SampleSummary;
  'sample-project': { project: string };
}

export interface Job {
  id: string;
  kind: TaskKind;
  /** A phrase for people: `Importing night-drive`. */
  title: string;
  project: string | null;
  by: string | null;
  task: Task;
  /** `interrupted`: the core ended while it ran; starting it again goes on where it stood. */
  state: 'running' | 'done' | 'failed' | 'cancelled' | 'interrupted';
  startedAt: string;
  endedAt: string | null;
  progress: Progress | null;
  /** Of the present stage; null until two reports are there. */
  perSecond: number | null;
  secondsLeft: number | null;
  result: TaskResults[TaskKind] | null;
  error: { code: ErrorCode; message: string } | null;
  /** Stages and notes with their times, oldest first. */
  log: { at: string; line: string }[];
}

export const jobs = {
  /** Starts a task that goes on whatever becomes of the window. */
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
