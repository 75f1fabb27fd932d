import type { KeyObject } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { basisSentence } from '../../rpc/contract/counts.ts';
import type { ReleaseSummary } from '../../rpc/contract/releases.ts';
import { AssayError, errorCode } from '../../rpc/errors.ts';
import type { TaskContext } from '../../rpc/progress.ts';
import type { Export, ExportJob } from './formats/define.ts';
import { isShared } from '../base/private.ts';
import { OutputFolder } from './formats/output.ts';
import { exports } from './formats/registry.ts';
import { readme } from './readme.ts';
import { JudgementCount } from './judgements.ts';
import { lossesOf } from './losses.ts';
import { workstationKey } from '../base/workstation-key.ts';
import { leaveCheckpoint } from '../ledger/anchor.ts';
import { originOf, projectKey } from '../ledger/checkpoint.ts';
import { proveEvent } from '../ledger/event-proof.ts';
import { record } from '../ledger/ledger.ts';
import { verifierKey } from '../ledger/signed-note.ts';
import type { Project, WritableProject } from '../project/project.ts';
import { ReleaseSelection, type ReleaseChoice, type ReleaseSurvey } from './selection.ts';
import { MANIFEST, manifestHash, PROOF, VERIFIERS } from './manifest.ts';
import { APP_VERSION } from '../base/version.ts';
import { counted } from '../../rpc/format.ts';

export interface ReleaseOptions extends ReleaseChoice {
  format: string;
  /** Folder to create. */
  to: string;
  licence: string;
  actor: string;
}

/** Why an empty release is refused. */
export const NOTHING =
  'Nothing would be exported: every image is left out. See assay status, and the options --roles, --undecided and --include.';

/** The export format with an id. Throws `USAGE` listing the known ones. */
export function formatOf(id: string): Export {
  const format = exports.get(id);
  if (format) return format;
  throw new AssayError(
    'USAGE',
    `There is no export format "${id}". Known: ${[...exports.keys()].join(', ')}.`,
  );
}

/** Why a format must not have the hold-out, or null: nothing may be trained on it by accident. */
export function mixedHoldout(format: Export, { roles }: Pick<ReleaseSurvey, 'roles'>): string | null {
  if (!format.mixesSplits || roles.holdout === 0) return null;
  return `${format.title} cannot keep ${counted(roles.holdout, 'hold-out image')} apart from the images that are trained on. Leave the hold-out out, or choose a format with splits: ${[...exports.values()].flatMap(({ id, mixesSplits }) => (mixesSplits ? [] : [id])).join(', ')}.`;
}

/**
 * Writes a release and records it. The target folder appears complete or not at all, and not before it is on record; if
 * the process ends in between, `finishRelease` goes on.
 */
export async function exportRelease(
  project: WritableProject,
  options: ReleaseOptions,
  task: TaskContext,
): Promise<ReleaseSummary> {
  const format = formatOf(options.format);
  const key = workstationKey();
  const selection = new ReleaseSelection(project, options);
  const { head } = selection;
  const survey = await selection.survey(task.signal);
  const { count, origins, basis, leftOut, hasBoxes } = survey;
  if (count === 0) throw new AssayError('NOT_READY', NOTHING);
  const mixed = mixedHoldout(format, survey);
  if (mixed !== null) throw new AssayError('EXPORT_REFUSED', mixed);
  const loses = await lossesOf(project, format, selection, survey, task.signal);
  const folder = resolve(options.to);
  const output = await OutputFolder.create(folder, isShared(project.folder)).catch((error: unknown) => {
    throw errorCode(error) === 'ALREADY_EXISTS' ? takenBy(project, folder, error) : error;
  });
  try {
    const dataset: ExportJob['dataset'] = {
      name: project.name,
      description: `${counted(count, 'image')} released with Assay: ${basisSentence(basis)}.`,
      licence: options.licence,
      creator: options.actor,
      createdAt: new Date().toISOString(),
      version: `1.0.${head.seq}`,
      appVersion: APP_VERSION,
      hasBoxes,
      counts: origins,
    };
    const job: ExportJob = {
      ...task,
      output,
      items: selection,
      count,
      classes: project.store.batches.labels().map((label) => label.name),
      dataset,
    };
    await format.write(job);
    const warnings = output.jpegEnds.warnings(format);
    await output.writeText(
      'README.md',
      readme(format, job, { loses, warnings, roles: survey.roles, holdout: selection.holdout(survey) }),
    );
    for (const name of VERIFIERS)
      await output.writeBytes(name, await readFile(new URL(name, import.meta.url)));
    const text = manifest(project, options, selection, output, survey, key);
    await output.writeText(MANIFEST, text);
    const manifestSha256 = manifestHash(text);
    await output.flush();
    task.signal.throwIfAborted();
    await project.store.whenFree();
    const seq = record(project.store, options.actor, 'release.exported', {
      format: options.format,
      folder,
      images: count,
      manifestSha256,
      options: { roles: options.roles, undecided: options.undecided, include: options.include },
    });
    try {
      const event = project.store.events.next(seq - 1, 'release.exported')!;
      await output.writeText(PROOF, proveEvent(project.store, event, key));
      await output.commit();
    } catch (error) {
      await project.store.whenFree();
      record(project.store, options.actor, 'release.withdrawn', {
        manifestSha256,
        folder,
        reason: (error as Error).message,
      });
      throw error;
    }
    leaveCheckpoint(project.folder, project.store);
    return {
      folder,
      format: options.format,
      images: count,
      origins,
      basis,
      leftOut,
      holdout: selection.holdout(survey),
      loses,
      warnings,
      manifestSha256,
    };
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
  options: ReleaseOptions,
  selection: ReleaseSelection,
  output: OutputFolder,
  { count, origins, basis, leftOut }: ReleaseSurvey,
  key: KeyObject,
): string {
  const run = project.store.scores.runs().at(-1);
  const judgements = new JudgementCount();
  const { uid } = project.store.batches.project()!;
  const images = [...selection].map((item) => ({
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
  const document = {
    format: 'assay-manifest-1',
    project: project.store.batches.project(),
    assay: APP_VERSION,
    exportFormat: options.format,
    options: { roles: options.roles, undecided: options.undecided, include: options.include },
    ledger: { events: selection.head.seq, head: selection.head.hash },
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
