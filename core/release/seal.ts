import type { KeyObject } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import type { DecodePool } from '../../imaging/decode-pool.ts';
import type { ReleaseSummary } from '../../rpc/contract/releases.ts';
import { AssayError, errorCode } from '../../rpc/errors.ts';
import { isShared } from '../base/private.ts';
import { APP_VERSION } from '../base/version.ts';
import { workstationKey } from '../base/workstation-key.ts';
import { leaveCheckpoint } from '../ledger/anchor.ts';
import { originOf, projectKey } from '../ledger/checkpoint.ts';
import { proveEvent } from '../ledger/event-proof.ts';
import type { EventBodies } from '../ledger/events.ts';
import { record } from '../ledger/ledger.ts';
import { verifierKey } from '../ledger/signed-note.ts';
import type { Project, WritableProject } from '../project/project.ts';
import type { ExportItem, ExportJob } from './formats/define.ts';
import { pngMaker } from './formats/original.ts';
import { OutputFolder } from './formats/output.ts';
import { JudgementCount } from './judgements.ts';
import { MANIFEST, manifestHash, PROOF, VERIFIERS } from './manifest.ts';

/** What is known of a release when its files are written. */
export interface Sealing {
  actor: string;
  /** As its event has it, without what follows from the manifest. */
  event: Omit<EventBodies['release.exported'], 'folder' | 'images' | 'manifestSha256'>;
  /** The newest event that it includes. */
  head: { seq: number; hash: string };
  /** Its images, each once, in sha256 order. */
  images: Iterable<ExportItem>;
  counts: { images: number; leftOut: Record<string, number> } & Pick<ReleaseSummary, 'origins' | 'basis'>;
}

/** What a release says of itself as a dataset, whichever way it is written. */
export function datasetOf(
  project: Project,
  { seq }: Sealing['head'],
  rest: Pick<ExportJob['dataset'], 'description' | 'licence' | 'creator' | 'hasBoxes' | 'counts'>,
): ExportJob['dataset'] {
  return {
    ...rest,
    name: project.name,
    createdAt: new Date().toISOString(),
    version: `1.0.${seq}`,
    appVersion: APP_VERSION,
  };
}

/**
 * Writes a release: its files by `write`, then its manifest, its event and the proof of that. The target folder appears
 * complete or not at all, and not before it is on record; if the process ends in between, `finishRelease` goes on.
 * Returns the manifest's sha256 beside what `write` returned.
 */
export async function writeRelease<T extends Sealing>(
  project: WritableProject,
  to: string,
  pool: DecodePool,
  signal: AbortSignal,
  write: (output: OutputFolder) => Promise<T>,
): Promise<{ folder: string; manifestSha256: string; written: T }> {
  const key = workstationKey();
  const folder = resolve(to);
  const output = await OutputFolder.create(folder, isShared(project.folder), pngMaker(pool)).catch(
    (error: unknown) => {
      throw errorCode(error) === 'ALREADY_EXISTS' ? takenBy(project, folder, error) : error;
    },
  );
  try {
    const written = await write(output);
    const { actor, event, counts } = written;
    for (const name of VERIFIERS)
      await output.writeBytes(name, await readFile(new URL(name, import.meta.url)));
    const text = manifest(project, written, output, key);
    await output.writeText(MANIFEST, text);
    const manifestSha256 = manifestHash(text);
    await output.flush();
    signal.throwIfAborted();
    await project.store.whenFree();
    const seq = record(project.store, actor, 'release.exported', {
      ...event,
      folder,
      images: counts.images,
      manifestSha256,
    });
    try {
      const recorded = project.store.events.next(seq - 1, 'release.exported')!;
      await output.writeText(PROOF, proveEvent(project.store, recorded, key));
      await output.commit();
    } catch (error) {
      await project.store.whenFree();
      const reason = (error as Error).message;
      record(project.store, actor, 'release.withdrawn', { manifestSha256, folder, reason });
      throw error;
    }
    leaveCheckpoint(project.folder, project.store);
    return { folder, manifestSha256, written };
  } finally {
    await output.abort();
  }
}

/** The refusal of a folder that is not empty, which says where it is a release of the project. */
function takenBy({ store }: Project, folder: string, error: unknown): unknown {
  const release = store.decisions.releases().findLast((one) => one.folder === folder);
  if (!release) return error;
  return new AssayError(
    'ALREADY_EXISTS',
    `${folder} is a release of this project already, number ${release.id} with the manifest ${release.manifestSha256}: check it with assay verify ${folder}, or choose a new or empty folder.`,
    { path: folder },
    error,
  );
}

function manifest(
  project: Project,
  { event, head, images: items, counts }: Sealing,
  output: OutputFolder,
  key: KeyObject,
): string {
  const run = project.store.scores.runs().at(-1);
  const judgements = new JudgementCount();
  const { uid } = project.store.batches.project()!;
  const images = Array.from(items, (item) => ({
    sha256: item.sha256,
    label: item.label,
    givenLabel: item.givenLabel,
    origin: item.origin,
    basis: item.basis,
    reviewer: item.reviewer,
    decidedAt: item.decidedAt,
    settled: item.settled,
    adjudicator: item.adjudicator,
    grid: item.grid,
    judgements: item.judgements,
    distribution: item.distribution,
    annotators: item.annotators,
    tags: item.tags,
    role: item.role,
    split: item.split,
    givenSplit: item.givenSplit,
    batch: item.batch,
    generator: item.generator,
    generatorVersion: item.generatorVersion,
    generation: item.generation,
    originalPath: item.originalPath,
  }));
  for (const image of images) judgements.add(image.judgements);
  const { images: count, origins, basis, leftOut } = counts;
  const document = {
    format: 'assay-manifest-1',
    project: project.store.batches.project(),
    assay: APP_VERSION,
    exportFormat: event.format,
    options: event.options,
    mix: event.mix,
    ledger: { events: head.seq, head: head.hash },
    scoreRun: run
      ? { run: run.id, model: run.modelId, fingerprint: run.model, device: run.device, digest: run.digest }
      : null,
    counts: { images: count, ...origins, basis, leftOut, judgements },
    proof: { file: PROOF, key: verifierKey(projectKey(originOf(uid), key)) },
    files: output.files,
    images,
  };
  return `${JSON.stringify(document, null, 1)}\n`;
}
