import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { mapOrdered } from '../base/parallel.ts';
import { verifyCheckpoints } from '../ledger/anchor.ts';
import { verifyChain, verifyProjection } from '../ledger/verify.ts';
import { originalPath, originalProblem } from '../project/originals.ts';
import type { Project } from '../project/project.ts';
import { MANIFEST, manifestHash, parseManifest } from '../release/manifest.ts';
import { fileProblems } from '../release/verify-release.ts';
import { runDigest } from '../measure/score-run.ts';
import type { VerifyReport } from '../../rpc/contract/ledger.ts';
import type { TaskContext } from '../../rpc/progress.ts';

export interface VerifyOptions {
  /** Re-hash every original too. */
  originals: boolean;
  /** Re-hash the releases that are still where they were written. */
  releases: boolean;
  /** A ledger head kept outside the project; it also reveals a ledger that was cut short or rewritten. */
  head: string | null;
}

/** Recomputes everything that the project claims: file integrity, chain, projection, run digests, originals, releases. */
export async function verifyProject(
  project: Project,
  options: VerifyOptions,
  task: TaskContext,
): Promise<VerifyReport> {
  // All of the database as it is at one moment: decisions may be made meanwhile.
  const report = project.store.snapshot(() => verifyDatabase(project, options, task));
  if (report.difference !== null) return report;
  if (options.originals) await checkOriginals(project, report, task);
  if (options.releases) await checkReleases(project, report, task);
  report.difference = report.originalProblems[0] ?? report.releaseProblems[0] ?? null;
  return { ...report, ok: report.difference === null };
}

function verifyDatabase(project: Project, options: VerifyOptions, task: TaskContext): VerifyReport {
  const { store } = project;
  const report: VerifyReport = {
    ok: false,
    difference: null,
    events: 0,
    head: '',
    originals: 0,
    runs: 0,
    originalProblems: [],
    checkpoints: [],
    clockJumps: [],
    releases: 0,
    releasesGone: [],
    releaseProblems: [],
  };
  const stage = (name: string): void => {
    task.signal.throwIfAborted();
    task.progress({ stage: name, done: 0, total: null, unit: 'steps' });
  };
  stage('checking the database file');
  const integrity = store.integrity();
  if (integrity !== 'ok') return { ...report, difference: `the database file: ${integrity}` };
  stage('checking the chain');
  const chain = verifyChain(store, options.head ?? undefined);
  report.events = chain.events;
  report.head = chain.head;
  report.clockJumps = chain.clockJumps;
  if (chain.difference) return { ...report, difference: chain.difference };
  stage('comparing with known checkpoints');
  const known = verifyCheckpoints(project.folder, store);
  report.checkpoints = known.checkpoints;
  if (known.difference) return { ...report, difference: known.difference };
  stage('replaying the events');
  const projection = verifyProjection(store);
  if (projection) return { ...report, difference: projection };
  stage('checking the scores');
  for (const run of store.scores.runs()) {
    task.signal.throwIfAborted();
    report.runs++;
    if (runDigest(project, run.id) !== run.digest)
      return { ...report, difference: `run ${run.id}: its scores are not the ones that were recorded` };
  }
  return report;
}

async function checkOriginals(project: Project, report: VerifyReport, task: TaskContext): Promise<void> {
  const total = Object.values(project.store.images.countsByRole()).reduce((sum, part) => sum + part, 0);
  const problems = mapOrdered(project.store.images.homes(), availableParallelism() * 2, (image) => {
    task.signal.throwIfAborted();
    return originalProblem(originalPath(project.objects, image), image.sha256, task.signal);
  });
  for await (const problem of problems) {
    report.originals++;
    if (problem) report.originalProblems.push(problem);
    task.progress({ stage: 'hashing originals', done: report.originals, total, unit: 'images' });
  }
}

/** Compares every release that is where it was written with its manifest, and that with its event. */
async function checkReleases({ store }: Project, report: VerifyReport, task: TaskContext): Promise<void> {
  for (const { folder, manifestSha256 } of store.decisions.releases()) {
    if (!existsSync(folder)) {
      report.releasesGone.push(folder);
      continue;
    }
    report.releases++;
    const bytes = await readFile(join(folder, MANIFEST)).catch(() => Buffer.of());
    const manifest = parseManifest(bytes);
    const problems =
      manifest && manifestHash(bytes) === manifestSha256
        ? await fileProblems(folder, manifest, task)
        : [`${MANIFEST}: is not the one on record`];
    report.releaseProblems.push(...problems.map((problem) => `release ${folder}: ${problem}`));
  }
}
