import { SCORE_GROUPS, type LabelReport } from '../../rpc/contract/scores.ts';
import { AssayError } from '../../rpc/errors.ts';
import { modelQuality } from '../labels/quality/model-quality.ts';
import type { Project } from '../project/project.ts';
import { newestRun } from '../queue/candidates.ts';
import type { Score } from '../measure/scores/define.ts';
import { scores as registry } from '../measure/scores/registry.ts';
import { alignmentReport } from '../fidelity/alignment-report.ts';
import { core, reading } from './router.ts';

/** The reports on the labels of the newest run. */
const reportsOf = (project: Project): LabelReport[] =>
  project.store.labelReports
    .ofRun(newestRun(project).id)
    .map(({ report }) => labelReportOf(JSON.parse(report)));

const GROUPS = Object.keys(SCORE_GROUPS);

function byGroup(a: Score, b: Score): number {
  const byQueue = Number(a.ranking === undefined) - Number(b.ranking === undefined);
  return GROUPS.indexOf(a.group) - GROUPS.indexOf(b.group) || byQueue;
}

export const scores = core.scores.router({
  list: core.scores.list.handler(() =>
    [...registry.values()].sort(byGroup).map((score) => ({
      id: score.id,
      title: score.title,
      group: score.group,
      suspect: score.suspect,
      range: score.range,
      unit: score.unit,
      needs: 'value' in score ? [...score.needs] : [...score.needsScores],
      meaning: score.meaning,
      source: score.source,
      threshold: score.threshold,
    })),
  ),
  ofImage: core.scores.ofImage.use(reading).handler(({ input, context: { project } }) => {
    const { store } = project;
    const [image, another] = store.images.startingWith(input.sha256);
    if (!image || another)
      throw new AssayError(
        'NOT_FOUND',
        `${another ? 'More than one image starts' : 'No image starts'} with ${input.sha256} in ${project.name}.`,
      );
    const run = newestRun(project).id;
    return {
      sha256: image.sha256,
      path: image.path,
      batch: image.batch,
      givenLabel: store.batches.labels().find((label) => label.id === image.labelId)?.name ?? null,
      predicted: store.scores.prediction(run, image.id) ?? null,
      scores: Object.fromEntries(store.scores.ofImage(run, image.id).map(({ name, value }) => [name, value])),
    };
  }),
  alignment: core.scores.alignment
    .use(reading)
    .handler(({ input, context, signal }) => alignmentReport(context.project, input, signal)),
  labels: core.scores.labels.use(reading).handler(({ context: { project } }) => reportsOf(project)),
  labelModel: core.scores.labelModel.use(reading).handler(({ context: { project } }) => {
    const reports = reportsOf(project);
    return (['holdout', 'real'] as const).flatMap((role) => {
      const report = reports.find((one) => one.role === role);
      return (report && modelQuality(report)) ?? [];
    });
  }),
});

/** Reports that earlier versions stored lack what came later. */
function labelReportOf(stored: LabelReport): LabelReport {
  const classes = stored.classes.map((of) => ({ ...of, wrong: of.wrong ?? null }));
  return { ...stored, predicted: stored.predicted ?? null, risk: stored.risk ?? null, classes };
}
