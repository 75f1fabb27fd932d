import { basisSentence } from '../../rpc/contract/counts.ts';
import type { DecodePool } from '../../imaging/decode-pool.ts';
import type { ReleaseSummary } from '../../rpc/contract/releases.ts';
import { AssayError } from '../../rpc/errors.ts';
import { counted } from '../../rpc/format.ts';
import type { TaskContext } from '../../rpc/progress.ts';
import type { WritableProject } from '../project/project.ts';
import type { Export, ExportJob } from './formats/define.ts';
import { exports } from './formats/registry.ts';
import { lossesOf } from './losses.ts';
import { readme } from './readme.ts';
import { datasetOf, writeRelease } from './seal.ts';
import { ReleaseSelection, type ReleaseChoice, type ReleaseSurvey } from './selection.ts';

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

/** Writes a release in a format, and records it. */
export async function exportRelease(
  project: WritableProject,
  options: ReleaseOptions,
  pool: DecodePool,
  task: TaskContext,
): Promise<ReleaseSummary> {
  const format = formatOf(options.format);
  const selection = new ReleaseSelection(project, options);
  const { head } = selection;
  const survey = await selection.survey(task.signal);
  const { count, origins, basis, leftOut, hasBoxes } = survey;
  if (count === 0) throw new AssayError('NOT_READY', NOTHING);
  const mixed = mixedHoldout(format, survey);
  if (mixed !== null) throw new AssayError('EXPORT_REFUSED', mixed);
  const loses = await lossesOf(project, format, selection, survey, task.signal);
  const { folder, manifestSha256, written } = await writeRelease(
    project,
    options.to,
    pool,
    task.signal,
    async (output) => {
      const dataset = datasetOf(project, head, {
        description: `${counted(count, 'image')} released with Assay: ${basisSentence(basis)}.`,
        licence: options.licence,
        creator: options.actor,
        hasBoxes,
        counts: origins,
      });
      const classes = project.store.batches.labels().map((label) => label.name);
      const job: ExportJob = { ...task, output, items: selection, count, classes, dataset };
      await format.write(job);
      const warnings = output.jpegEnds.warnings(format);
      await output.writeText(
        'README.md',
        readme(format, job, { loses, warnings, roles: survey.roles, holdout: selection.holdout(survey) }),
      );
      const { roles, undecided, include, tag } = options;
      return {
        actor: options.actor,
        event: { format: options.format, options: { roles, undecided, include, tag: tag ?? undefined } },
        head,
        images: selection,
        counts: { images: count, origins, basis, leftOut },
        warnings,
      };
    },
  );
  return {
    folder,
    format: options.format,
    images: count,
    origins,
    basis,
    leftOut,
    holdout: selection.holdout(survey),
    loses,
    warnings: written.warnings,
    manifestSha256,
  };
}
