import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { mapOrdered } from '../base/parallel.ts';
import { verifyCheckpoints } from '../ledger/anchor.ts';
import { verifyChain, verifyProjection } from '../ledger/verify.ts';
import { verifySignatures } from '../people/signatures.ts';
import { verifyDerived } from '../ledger/verify-derived.ts';
import { verifyCollected } from '../handout/answers-file.ts';
import { handoutOf } from '../project/handout-of.ts';
import { originalPath, originalProblem } from '../project/originals.ts';
import { isMadeAgain, thumbnailPath, thumbnailState } from '../project/thumbnails.ts';
import type { Project } from '../project/project.ts';
import { MANIFEST, manifestHash, parseManifest } from '../release/manifest.ts';
import { fileProblems } from '../release/verify-release.ts';
import type { VerifyReport } from '../../rpc/contract/ledger.ts';
import { counted } from '../../rpc/format.ts';
import type { TaskContext } from '../../rpc/progress.ts';
import type { DecodePool } from '../../imaging/decode-pool.ts';

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
  if (options.originals) {
    await checkOriginals(project, report, task);
    await checkThumbnails(project, report, task);
  } else report.notCovered.push('Originals and thumbnails, which were not read');
  if (options.releases) await checkReleases(project, report, task);
  return concluded(report);
}

function concluded(report: VerifyReport): VerifyReport {
  const difference = report.originalProblems[0] ?? report.releaseProblems[0] ?? null;
  return { ...report, difference, ok: difference === null };
}

/**
 * Settles the thumbnails that are others than the imports made: they are sound if this version makes them so of the
 * originals, which takes decoders.
 */
export async function settleThumbnails(
  project: Project,
  pool: DecodePool,
  report: VerifyReport,
  { signal }: TaskContext,
): Promise<VerifyReport> {
  if (report.otherThumbnails.length === 0) return report;
  const settled: VerifyReport = { ...report, otherThumbnails: [] };
  for (const sha256 of report.otherThumbnails) {
    signal.throwIfAborted();
    if (await isMadeAgain(project, pool, project.store.images.startingWith(sha256)[0]!)) settled.thumbnails++;
    else settled.otherThumbnails.push(sha256);
  }
  settled.originalProblems = [
    ...report.originalProblems,
    ...settled.otherThumbnails.map(
      (sha256) =>
        `${thumbnailPath(project, sha256)} is not the thumbnail of its image: it was changed or damaged. Delete it, and it is made again from the original`,
    ),
  ];
  return concluded(settled);
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
    signatures: 0,
    releases: 0,
    releasesGone: [],
    releaseProblems: [],
    thumbnails: 0,
    otherThumbnails: [],
    notCovered: [],
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
  stage('checking the signatures');
  const signed = verifySignatures(store);
  report.signatures = signed.signatures;
  const difference = signed.difference ?? verifyCollected(store);
  if (difference !== null) return { ...report, difference };
  stage('checking what was derived');
  const derived = verifyDerived(store, task.signal);
  report.runs = derived.runs;
  report.notCovered = derived.notCovered;
  if (store.people.access())
    report.notCovered.push('Encrypted private keys of people: one that was changed opens nothing');
  return { ...report, difference: derived.difference };
}

async function checkOriginals(project: Project, report: VerifyReport, task: TaskContext): Promise<void> {
  const total = Object.values(project.store.images.countsByRole()).reduce((sum, part) => sum + part, 0);
  const isHandout = handoutOf(project.store) !== null;
  if (isHandout) report.notCovered.push('Originals that stayed where this hand-out was made');
  const problems = mapOrdered(project.store.images.homes(), availableParallelism() * 2, async (image) => {
    task.signal.throwIfAborted();
    if (isHandout && image.copied === 0) return null;
    return originalProblem(originalPath(project.objects, image), image.sha256, task.signal);
  });
  for await (const problem of problems) {
    report.originals++;
    if (problem) report.originalProblems.push(problem);
    task.progress({ stage: 'hashing originals', done: report.originals, total, unit: 'images' });
  }
  let gone = 0;
  for (const { root, path, sha256 } of project.store.images.furtherFiles()) {
    task.signal.throwIfAborted();
    const file = join(root, path);
    const problem = existsSync(file) ? await originalProblem(file, sha256, task.signal) : null;
    if (!existsSync(file)) gone++;
    else if (problem) report.originalProblems.push(problem);
  }
  if (gone > 0)
    report.notCovered.push(`${counted(gone, 'further file')} of images that were imported twice, now gone`);
}

/** Compares the thumbnails, which people judge by, with those that the imports made. */
async function checkThumbnails(project: Project, report: VerifyReport, task: TaskContext): Promise<void> {
  let unknown = 0;
  const states = mapOrdered(project.store.images.homes(), availableParallelism() * 2, async (image) => {
    task.signal.throwIfAborted();
    return { image, state: await thumbnailState(project, image) };
  });
  for await (const { image, state } of states) {
    if (state === 'recorded') report.thumbnails++;
    else if (state === 'unknown') unknown++;
    else if (state === 'another') report.otherThumbnails.push(image.sha256);
    task.progress({ stage: 'hashing thumbnails', done: report.thumbnails, total: null, unit: 'images' });
  }
  if (unknown > 0)
    report.notCovered.push(`${counted(unknown, 'thumbnail')} of images that an earlier version imported`);
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
