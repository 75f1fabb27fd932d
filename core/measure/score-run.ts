import type { WritableStore } from '../../db/store.ts';
import type { DecodePool } from '../../imaging/decode-pool.ts';
import type { InferenceProcess } from '../../models/inference-process.ts';
import type { Device, ModelPack } from '../../models/types.ts';
import type { RunSummary } from '../../rpc/contract/scores.ts';
import type { Role } from '../../rpc/contract/terms.ts';
import { AssayError } from '../../rpc/errors.ts';
import type { TaskContext } from '../../rpc/progress.ts';
import { LabelledCollector, labelReport } from '../labels/quality/report.ts';
import { withRisk } from '../labels/quality/wrong-share.ts';
import type { LabelReport } from '../../rpc/contract/scores.ts';
import { teachesClasses } from '../labels/model/seed.ts';
import { runAttests, runDigest } from '../ledger/digests.ts';
import { record } from '../ledger/ledger.ts';
import type { WritableProject } from '../project/project.ts';
import { AutomaticSearch } from './automatic-search.ts';
import { Block, BLOCK_ROWS, readFrame, type ScoreRun } from './block.ts';
import { Embedder, embedMissing } from './embedding.ts';
import { promptsFor } from './facts/anchors.ts';
import type { FactName, Facts } from './facts/define.ts';
import { kindsOfFacts, RunFacts } from './run-facts.ts';
import { scoreColumns } from './score-columns.ts';
import { valuesOf, type Estimate, type FactScore, type LateScore } from './scores/define.ts';
import { scores } from './scores/registry.ts';
import { NO_PROMPTS, type PromptOptions } from './prompts.ts';

/** What a run stores besides scores is made from these: predictions, maps, and reports on the labels. */
const OWN_NEEDS = ['probabilities', 'given', 'artefactMap'] as const satisfies FactName[];

export interface RunOptions {
  embedder: ModelPack;
  /** Takes the place of the project's own label model. */
  classifier: ModelPack | null;
  device: Device;
  /** Prompts for the classes, for an embedder with a text tower; the default prompt if left out. */
  prompts?: PromptOptions;
  /** Draws folds and halves of the label model. */
  seed: number;
  actor: string;
}

/**
 * Scores every image with every registered score and records the run. Rows are written block by block under the run's
 * number before the event that makes them count, so an interrupted run leaves nothing that is ever read.
 */
export async function scoreProject(
  project: WritableProject,
  decoders: DecodePool,
  inference: InferenceProcess,
  options: RunOptions,
  task: TaskContext,
): Promise<RunSummary> {
  const { store } = project;
  if (options.embedder.manifest.kind !== 'embedder')
    throw new AssayError(
      'MODEL_REFUSED',
      `${options.embedder.manifest.id} is a classifier; give it with --classifier, and an embedder with --model.`,
    );
  const labels = store.batches.labels();
  const names = labels.map((label) => label.name);
  const classOf = new Map(labels.map((label, i) => [label.id, i]));
  const notes: string[] = [];
  const prompts = promptsFor(options.embedder, names, options.prompts ?? NO_PROMPTS);

  const embedder = await Embedder.load(inference, options.embedder, options.device);
  if (embedder.note) notes.push(embedder.note);
  await embedMissing(project, embedder, decoders, task);
  if (options.classifier)
    await embedMissing(
      project,
      await Embedder.load(inference, options.classifier, options.device),
      decoders,
      task,
    );

  const model = options.embedder.fingerprint;
  const frame = readFrame(store, classOf);
  const { real, holdout, synthetic } = frame.idsByRole;
  const count = real.length + holdout.length + synthetic.length;
  if (count === 0)
    throw new AssayError('NOT_READY', `${project.name} has no images yet: import some first (assay import).`);
  if (real.length === 0)
    notes.push(
      'There are no real images, so there is no label model and no novelty. Import a seed with --role real.',
    );
  else if (!options.classifier && !teachesClasses(frame.seedLabels))
    notes.push(
      store.objects.any()
        ? 'The real images as a whole do not show two classes with two images each, so labels of whole images are not judged. Boxes are judged by themselves.'
        : 'The real images do not show two classes with two images each, so labels are not judged: there is no label model, and nothing says how likely a label is wrong. Damage, novelty, copies and reports need no labels. To judge labels, import labelled real images of two or more classes.',
    );

  const search = new AutomaticSearch(inference, count, options.seed, task);
  const run: ScoreRun = {
    project,
    store,
    decoders,
    inference,
    search,
    embedder: options.embedder,
    model,
    dimensions: options.embedder.manifest.dimensions,
    device: options.device,
    classifier: options.classifier,
    prompts,
    names,
    classOf,
    frame,
    seed: options.seed,
    task,
  };
  const firstPass = [...scores.values()].filter((score): score is FactScore => 'value' in score);
  const secondPass = [...scores.values()].filter((score): score is LateScore => 'estimate' in score);
  const facts = await RunFacts.prepare(run, [...OWN_NEEDS, ...firstPass.flatMap(({ needs }) => needs)]);
  notes.push(...facts.prepared.flatMap((prepared) => prepared.notes ?? []), ...search.notes);

  await store.whenFree();
  const id = store.scores.nextRunId();
  store.transaction(() => {
    store.scores.clearFrom(id);
    for (const prepared of facts.prepared) prepared.keep?.(store, id);
  });
  const records: Record<string, unknown> = Object.assign(
    {},
    ...facts.prepared.map((prepared) => prepared.record ?? {}),
  );
  try {
    const reports = await writeScores(
      store,
      run,
      id,
      firstPass,
      facts,
      labels.map((label) => label.id),
    );
    for (const score of secondPass) {
      const late = await writeLate(store, run, id, score, facts);
      Object.assign(records, late.record);
      notes.push(...(late.notes ?? []));
    }
    await writeReports(
      store,
      id,
      reports,
      labels.map((label) => label.id),
    );
  } finally {
    await facts.drop();
  }

  const modelId = `${options.embedder.manifest.id} ${options.embedder.manifest.version}`;
  const digest = runDigest(store, id);
  await store.whenFree();
  record(store, options.actor, 'run.finished', {
    model,
    modelId,
    device: embedder.device,
    parameters: {
      scores: [...scores.keys()],
      ...records,
      seed: options.seed,
      search: search.record,
      note: embedder.note,
    },
    images: count,
    digest,
    ...runAttests(
      store,
      id,
      [options.embedder, options.classifier].flatMap((pack) => pack?.fingerprint ?? []),
      count,
    ),
  });
  return {
    run: id,
    images: count,
    model: modelId,
    device: embedder.device,
    notes,
    labelModel: (records['labelModel'] ?? null) as RunSummary['labelModel'],
    rehearsal: (records['damageRisk'] ?? null) as RunSummary['rehearsal'],
    objects: (records['objectRisk'] ?? null) as RunSummary['objects'],
    flags: Object.fromEntries(store.scores.flagCounts(id).map(({ rule, images }) => [rule, images])),
    digest,
  };
}

/** Computes the scores block by block and stores them with the predictions. Returns the reports on the labels. */
async function writeScores(
  store: WritableStore,
  run: ScoreRun,
  id: number,
  firstPass: FactScore[],
  facts: RunFacts,
  labelIds: number[],
): Promise<LabelReport[]> {
  const { frame, names, task } = run;
  const kinds = kindsOfFacts();
  const needs = [...new Set<FactName>([...OWN_NEEDS, ...firstPass.flatMap((score) => score.needs)])];
  // Numbered in the order of the registry, for both passes.
  const scoreIds = new Map([...scores.keys()].map((name) => [name, store.scores.ensureName(name)]));
  const isSeed = new Set(frame.seedIds);
  const groups: [Role, number[]][] = [
    ['real', frame.seedIds],
    ['real', frame.idsByRole.real.filter((image) => !isSeed.has(image))],
    ['holdout', frame.idsByRole.holdout],
    ['synthetic', frame.idsByRole.synthetic],
  ];
  const collectors = new Map<Role, LabelledCollector>();
  let done = 0;
  for (const [g, [role, ids]] of groups.entries()) {
    const collector = collectors.get(role) ?? new LabelledCollector(names.length, run.seed);
    collectors.set(role, collector);
    for (let start = 0; start < ids.length; start += BLOCK_ROWS) {
      task.signal.throwIfAborted();
      const part = ids.slice(start, start + BLOCK_ROWS);
      const block = new Block(run, part, g === 0 ? part.map((_, i) => start + i) : null);
      const known = await facts.of(block, needs);
      await store.whenFree();
      store.transaction(() => {
        for (const score of firstPass) {
          const scoreId = scoreIds.get(score.id)!;
          for (const [i, value] of valuesOf(score, known, part.length, kinds).entries())
            if (Number.isFinite(value)) store.scores.insertScore(id, scoreId, part[i]!, value);
        }
        writePredictions(store, id, part, labelIds, known);
        for (const [i, map] of Array.from(known.artefactMap ?? []).entries())
          if (map) store.patches.insertMap(id, part[i]!, map);
      });
      collect(collector, part.length, names.length, known);
      done += part.length;
      const total = groups.reduce((sum, [, all]) => sum + all.length, 0);
      task.progress({ stage: 'scoring', done, total, unit: 'images' });
    }
  }
  return [...collectors].flatMap(([role, collector]) =>
    collector.seen === 0
      ? []
      : [
          labelReport(
            collector.labelled(),
            names,
            role,
            collector.seen,
            collector.predicted(),
            collector.calibration,
          ),
        ],
  );
}

/** Stores the reports, with what label risk says of each class. */
async function writeReports(
  store: WritableStore,
  id: number,
  reports: LabelReport[],
  labelIds: number[],
): Promise<void> {
  const risks = store.scores.byClass(id, 'label-risk');
  const real = reports.find(({ role }) => role === 'real');
  await store.whenFree();
  for (const report of reports) {
    const own = risks.filter(({ role }) => role === report.role);
    const ofClass = new Map(own.map((row) => [labelIds.indexOf(row.labelId), row]));
    store.labelReports.put(id, report.role, JSON.stringify(withRisk(report, ofClass, real)));
  }
}

/** Stores a score of other scores. */
async function writeLate(
  store: WritableStore,
  run: ScoreRun,
  id: number,
  score: LateScore,
  facts: RunFacts,
): Promise<Pick<Estimate, 'record' | 'notes'>> {
  const estimated = await score.estimate({
    run,
    scores: async (ids) => (await scoreColumns(store, id, score.needsScores, [ids]))[0]!,
    facts: (block, needs) => facts.of(block, needs),
    async measured(block) {
      const needed = score.needsScores.map((name) => scores.get(name) as FactScore);
      const known = await facts.of(
        block,
        needed.flatMap(({ needs }) => needs),
      );
      const kinds = kindsOfFacts();
      return new Map(needed.map((own) => [own.id, valuesOf(own, known, block.n, kinds)]));
    },
  });
  if (!estimated) return { record: {} };
  await store.whenFree();
  const scoreId = store.scores.ensureName(score.id);
  store.transaction(() => {
    estimated.keep?.(store, id);
    for (const [imageId, value] of estimated.values())
      if (Number.isFinite(value)) store.scores.insertScore(id, scoreId, imageId, value);
  });
  return estimated;
}

/** Offers the block's images that have both a label that the model knows and probabilities. */
function collect(
  collector: LabelledCollector,
  n: number,
  classes: number,
  { probabilities, given }: Partial<Facts>,
): void {
  if (!probabilities || !given) return;
  for (let i = 0; i < n; i++) {
    const row = probabilities.subarray(i * classes, (i + 1) * classes);
    if (given[i]! >= 0 && row[0]! >= 0) collector.add(row, given[i]!);
  }
}

function writePredictions(
  store: WritableStore,
  run: number,
  ids: number[],
  labelIds: number[],
  { probabilities }: Partial<Facts>,
): void {
  if (!probabilities) return;
  const classes = labelIds.length;
  for (const [i, imageId] of ids.entries()) {
    const row = probabilities.subarray(i * classes, (i + 1) * classes);
    const top = row.reduce((best, value, c) => (value > row[best]! ? c : best), 0);
    if (row[top]! >= 0) store.scores.insertPrediction(run, imageId, labelIds[top]!, row[top]!);
  }
}
