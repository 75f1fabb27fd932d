import { existsSync } from 'node:fs';
import type { Job } from '../../rpc/contract/jobs.ts';
import type { Project, WritableProject } from '../project/project.ts';
import { forgetJob, jobsToldOf, tellOfJob } from './job-files.ts';

/**
 * Writes jobs down: in their project's table where that is open for writing, for people to look back on, and in a file
 * of the project for the other processes that have it open. Failing to must not fail a task.
 */
export class JobStore {
  readonly #projects: () => readonly Project[];

  constructor(projects: () => readonly Project[]) {
    this.#projects = projects;
  }

  /** The project of a job, where that is open for writing. */
  projectOf(job: Job): WritableProject | null {
    const project = this.#projects().find(({ folder }) => folder === job.project);
    return project?.isWritable() ? project : null;
  }

  /** Writes a job into its project. Throws what the database throws. */
  save(job: Job): void {
    const { id, startedAt, state } = job;
    this.projectOf(job)?.store.jobs.save({ id, startedAt, state, body: JSON.stringify(job) });
  }

  /** Tells other processes of a job, or no longer once the project itself keeps it. False where there is no project. */
  tell(job: Job): boolean {
    if (job.project === null || !existsSync(job.project)) return false;
    if (job.state !== 'running' && this.projectOf(job)) forgetJob(job.project, job.id);
    else tellOfJob(job.project, job);
    return true;
  }

  /**
   * Jobs of a project that this process does not run: what its table keeps and what other processes tell. One in the
   * table that ran under a writer that is gone was interrupted: there is only one writer.
   */
  of(project: Project, isRunningHere: (id: string) => boolean): Job[] {
    const kept = project.store.jobs.all().map((row): Job => {
      // Older entries do not say these.
      const job: Job = { outcome: null, isElsewhere: false, ...JSON.parse(row.body) };
      if (row.state !== 'running' || isRunningHere(row.id)) return job;
      if (!project.isWritable()) return { ...job, isElsewhere: true };
      const interrupted: Job = {
        ...job,
        state: 'interrupted',
        endedAt: job.log.at(-1)?.at ?? job.startedAt,
        perSecond: null,
        secondsLeft: null,
      };
      this.save(interrupted);
      forgetJob(project.folder, job.id);
      return interrupted;
    });
    // An end goes before news of a job under way.
    const ended = kept.filter(({ state }) => state !== 'running');
    return [
      ...new Map([...kept, ...jobsToldOf(project.folder), ...ended].map((job) => [job.id, job])).values(),
    ];
  }
}
