import { readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { Job } from '../../rpc/contract/jobs.ts';
import { replaceFile } from '../base/replace-file.ts';

/** A running job whose file is older died with its process: files are written every `BEAT_MS`. */
const DEAD_AFTER_MS = 30_000;
export const BEAT_MS = 1000;
const MOST_ENDED = 50;

const folderOf = (project: string): string => join(project, 'jobs');
const nameOf = (id: string): string => `${id}.json`;

/**
 * Tells other processes of a job, in a file of the project: a process that only reads may not write into the database,
 * and the one that writes there asks for no rows of others. Failing to must not fail a task.
 */
export function tellOfJob(project: string, job: Job): void {
  try {
    replaceFile(folderOf(project), nameOf(job.id), JSON.stringify({ ...job, task: null, result: null }));
    if (job.state !== 'running')
      for (const { id } of endedIn(project).slice(MOST_ENDED)) forgetJob(project, id);
  } catch {
    // The folder cannot be written.
  }
}

export function forgetJob(project: string, id: string): void {
  try {
    rmSync(join(folderOf(project), nameOf(id)), { force: true });
  } catch {
    // The folder cannot be written.
  }
}

/** Takes all but the running jobs away. */
export function forgetEnded(project: string): void {
  for (const { id } of endedIn(project)) forgetJob(project, id);
}

const endedIn = (project: string): Job[] =>
  jobsToldOf(project)
    .filter(({ state }) => state !== 'running')
    .sort((a, b) => (a.startedAt < b.startedAt ? 1 : -1));

/** Every job that has a file, as other processes' ones. One that ran under a process that is gone was interrupted. */
export function jobsToldOf(project: string): Job[] {
  return namesIn(project).flatMap((name) => {
    const file = join(folderOf(project), name);
    try {
      const job = JSON.parse(readFileSync(file, 'utf8')) as Job;
      const writtenMs = statSync(file).mtimeMs;
      const isDead = job.state === 'running' && Date.now() - writtenMs > DEAD_AFTER_MS;
      const end = isDead
        ? {
            state: 'interrupted' as const,
            endedAt: new Date(writtenMs).toISOString(),
            perSecond: null,
            secondsLeft: null,
          }
        : {};
      return [{ ...job, ...end, isElsewhere: true }];
    } catch {
      // It ended just now.
      return [];
    }
  });
}

/** Changes whenever a job's file does, or its process may be found dead. */
export function stateOfJobFiles(project: string): string {
  return namesIn(project)
    .map((name) => {
      const written = statSync(join(folderOf(project), name), { throwIfNoEntry: false })?.mtimeMs ?? 0;
      return `${name} ${written} ${Date.now() - written > DEAD_AFTER_MS}`;
    })
    .join();
}

function namesIn(project: string): string[] {
  try {
    return readdirSync(folderOf(project)).filter((name) => name.endsWith('.json'));
  } catch {
    return [];
  }
}
