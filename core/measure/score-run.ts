import { createHash } from 'node:crypto';
import type { DecodePool } from '../../imaging/decode-pool.ts';
import type { InferenceProcess } from '../../models/inference-process.ts';
import type { Device, ModelPack } from '../../models/types.ts';
import type { RunSummary } from '../../rpc/contract/scores.ts';
import type { Role } from '../../rpc/contract/terms.ts';
import { AssayError } from '../../rpc/errors.ts';
import type { TaskContext } from '../../rpc/progress.ts';
import { Embedder, embedMissing } from './embedding.ts';
import { canonicalJson } from '../ledger/canonical.ts';
import { LabelledCollector } from '../labels/quality/collector.ts';
import { labelReport } from '../labels/quality/report.ts';
import { record } from '../ledger/ledger.ts';
import type { Project, WritableProject } from '../project/project.ts';
import type { ScoreBlock } from './scores/define.ts';
import { scores } from './scores/registry.ts';
import { NO_PROMPTS, type PromptOptions } from './text/prompts.ts';
import { Alignment } from './alignment.ts';
import { findAnchors, promptsFor } from './anchors.ts';
import { AutomaticSearch } from './automatic-search.ts';
import { pixelFacts, readFrame, runFacts, type Frame } from './blocks.ts';
import { closest, findCopies, flagsOf, type Copies } from './copies.ts';
import { classifierSource, trainedSource, type ProbabilitySource } from './probabilities.ts';
import { writeLabelRisk } from './label-risk.ts';
import { NeighbourPool } from './pool.ts';
import { Reference } from './reference.ts';
import { readVectors } from './vectors.ts';

const BLOCK_ROWS = 1024;

export interface RunOptions {
  embedder: ModelPack;
  /** Takes the place of the project's own label model. */
  classifier: ModelPack | null;
  device: Device;
  /** What stands for the classes, where the embedder can read; the default prompt where none are given. */
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
  const { dimensions } = options.embedder.manifest;
  const frame = readFrame(store, classOf);
  const count =
    frame.idsByRole.real.length + frame.idsByRole.holdout.length + frame.idsByRole.synthetic.length;
  if (count === 0)
    throw new AssayError('NOT_READY', `${project.name} has no images yet: import some first (assay import).`);
  if (frame.seedIds.length === 0)
    notes.push(
      'There are no labelled real images, so there is no label model and no novelty. Import a seed with --role real.',
    );

  const source = options.classifier
    ? classifierSource(store, options.classifier, names, frame)
    : frame.seedIds.length > 0
      ? await trainedSource(store, inference, model, dimensions, frame, names.length, options.seed, task)
      : null;
  const search = new AutomaticSearch(inference, count, options.seed, task);
  const reference =
    frame.seedIds.length > 0
      ? await Reference.put(
          search,
          readVectors(store, model, dimensions, frame.seedIds),
          frame.seedLabels,
          names.length,
        )
      : null;
  const anchors = await findAnchors(
    inference,
    options.embedder,
    names,
    prompts,
    () => readVectors(store, model, dimensions, frame.seedIds),
    frame.seedLabels,
  );
  notes.push(...anchors.notes);
  const alignment = await Alignment.put(inference, anchors.anchors, dimensions);
  const labelOf = (imageId: number): number => classOf.get(store.images.byId(imageId)!.labelId ?? -1) ?? -1;
  const pool = await NeighbourPool.put(
    store,
    search,
    model,
    dimensions,
    frame,
    labelOf,
    names.length,
    options.seed,
    task.signal,
  );
  const copies = await findCopies(store, search, model, dimensions, frame.idsByRole, task);
  const flags = flagsOf(copies);
  notes.push(...search.notes);

  const run = store.scores.nextRunId();
  store.transaction(() => {
    store.scores.clearFrom(run);
    for (const flag of flags) store.scores.insertFlag(run, flag);
    if (source?.stored) store.scores.insertLabelModel(run, source.stored);
  });
  await writeScores(
    {
      project,
      model,
      dimensions,
      frame,
      classOf,
      labelIds: labels.map((label) => label.id),
      source,
      reference,
      pool,
      alignment,
      copies,
      run,
      count,
      names,
      seed: options.seed,
    },
    task,
  );
  const risk = await writeLabelRisk(
    {
      project,
      run,
      model,
      dimensions,
      frame,
      source,
      reference,
      pool,
      classes: names.length,
      seed: options.seed,
    },
    task,
  );
  await reference?.drop();
  await pool.drop();
  await alignment.drop();

  const parameters = canonicalJson({
    scores: [...scores.keys()],
    labelModel: source?.description,
    alignment: anchors.source,
    labelRisk: risk ?? undefined,
    seed: options.seed,
    search: search.record,
    note: embedder.note,
  });
  const digest = runDigest(project, run);
  record(store, options.actor, 'run.finished', {
    model,
    modelId: `${options.embedder.manifest.id} ${options.embedder.manifest.version}`,
    device: embedder.device,
    parameters,
    images: count,
    digest,
  });
  const flagCounts: Record<string, number> = {};
  for (const { rule } of flags) flagCounts[rule] = (flagCounts[rule] ?? 0) + 1;
  return {
    run,
    images: count,
    model: `${options.embedder.manifest.id} ${options.embedder.manifest.version}`,
    device: embedder.device,
    notes,
    labelModel: source?.description ?? null,
    flags: flagCounts,
    digest,
  };
}

/** sha256 over everything that a run derived, so that its event attests rows that are not in the ledger themselves. */
export function runDigest(project: Project, run: number): string {
  const hash = createHash('sha256');
  for (const row of project.store.scores.digestRows(run)) hash.update(`${JSON.stringify(row)}\n`);
  hash.update(project.store.scores.labelModel(run) ?? '');
  hash.update(project.store.scores.simulation(run) ?? '');
  return hash.digest('hex');
}

interface Writing {
  project: WritableProject;
  model: string;
  dimensions: number;
  frame: Frame;
  classOf: Map<number, number>;
  labelIds: number[];
  source: ProbabilitySource | null;
  reference: Reference | null;
  pool: NeighbourPool;
  alignment: Alignment;
  copies: Copies;
  run: number;
  count: number;
  names: string[];
  seed: number;
}

async function writeScores(writing: Writing, task: TaskContext): Promise<void> {
  const { frame, project, run } = writing;
  const best = {
    batch: closest(
      writing.copies
        .get('near-duplicate')!
        .flatMap((match) => [match, { ...match, id: match.other, other: match.id }]),
    ),
    seed: closest(writing.copies.get('seed-copy')!),
    holdout: closest(writing.copies.get('holdout-leak')!),
  };
  const facts = runFacts(frame, writing.labelIds.length, writing.reference, writing.pool);
  const scoreIds = new Map([...scores.keys()].map((id) => [id, project.store.scores.ensureName(id)]));
  const seedRow = new Map(frame.seedIds.map((id, row) => [id, row]));
  const groups: [Role, number[]][] = [
    ['real', frame.seedIds],
    ['real', frame.idsByRole.real.filter((id) => !seedRow.has(id))],
    ['holdout', frame.idsByRole.holdout],
    ['synthetic', frame.idsByRole.synthetic],
  ];
  const collectors = new Map<Role, LabelledCollector>();
  let done = 0;
  for (const [role, ids] of groups) {
    const collector = collectors.get(role) ?? new LabelledCollector(writing.names.length, writing.seed);
    collectors.set(role, collector);
    for (let start = 0; start < ids.length; start += BLOCK_ROWS) {
      task.signal.throwIfAborted();
      const part = ids.slice(start, start + BLOCK_ROWS);
      const block = await buildBlock(writing, part, seedRow, facts, best);
      project.store.transaction(() => {
        for (const [id, score] of scores) {
          const values = score.compute(block);
          for (const [i, imageId] of part.entries())
            if (Number.isFinite(values[i]))
              project.store.scores.insertScore(run, scoreIds.get(id)!, imageId, values[i]!);
        }
        writePredictions(writing, part, block);
      });
      collect(collector, block);
      done += part.length;
      task.progress({ stage: 'scoring', done, total: writing.count, unit: 'images' });
    }
  }
  for (const [role, collector] of collectors) {
    if (collector.seen === 0) continue;
    const report = labelReport(
      collector.labelled(),
      writing.names,
      role,
      collector.seen,
      collector.predicted(),
    );
    project.store.labelReports.put(run, role, JSON.stringify(report));
  }
}

/** Offers the block's images that have both a label that the model knows and probabilities. */
function collect(collector: LabelledCollector, { n, run, probabilities, given }: ScoreBlock): void {
  for (let i = 0; i < n; i++) {
    const row = probabilities.subarray(i * run.classes, (i + 1) * run.classes);
    if (given[i]! >= 0 && row[0]! >= 0) collector.add(row, given[i]!);
  }
}

async function buildBlock(
  writing: Writing,
  ids: number[],
  seedRow: Map<number, number>,
  run: ScoreBlock['run'],
  best: Record<'batch' | 'seed' | 'holdout', ReturnType<typeof closest>>,
): Promise<ScoreBlock> {
  const { store } = writing.project;
  const images = ids.map((id) => store.images.byId(id)!);
  const pixels = ids.map((id) => pixelFacts(store, id));
  const vectors = readVectors(store, writing.model, writing.dimensions, ids);
  const rows = ids.map((id) => seedRow.get(id) ?? -1);
  const given = Int32Array.from(images, (image) =>
    image.labelId === null ? -1 : writing.classOf.get(image.labelId)!,
  );
  const nothing = (size: number): Float64Array => new Float64Array(size).fill(Number.NaN);
  const predictions = rows[0] !== -1 ? writing.source?.seed(rows) : writing.source?.others(ids, vectors.raw);
  const { reference, pool } = writing;
  const self = Int32Array.from(rows);
  const distances =
    reference && (await reference.distances(await reference.neighbours(vectors, self), vectors, given, self));
  const around = await pool.view(ids, vectors, given);
  const clouds = pool.clouds?.toClasses(pool.clouds.whiten(vectors.unit), given, (row) =>
    pool.holds(ids[row]!, given[row]!),
  );
  const aligned = await writing.alignment.of(vectors, given, rows[0] !== -1);
  const similarity = (found: ReturnType<typeof closest>): Float64Array =>
    Float64Array.from(ids, (id) => found.get(id)?.similarity ?? 0);
  return {
    n: ids.length,
    run,
    probabilities: predictions?.probabilities ?? nothing(ids.length * run.classes),
    ensemble: predictions?.ensemble ?? [],
    given: given.map((label) => (writing.source?.knows(label) ? label : -1)),
    seedDistance: distances?.all ?? nothing(ids.length),
    givenClassDistance: distances?.ofGivenClass ?? nothing(ids.length),
    rivalClassDistance: distances?.ofRivals ?? nothing(ids.length),
    poolDistance: around.distance,
    poolNearest: around.nearest,
    poolAgreement: around.agreement,
    poolRivalAgreement: around.rivalAgreement,
    ownCloudDistance: clouds?.own ?? nothing(ids.length),
    rivalCloudDistance: clouds?.rival ?? nothing(ids.length),
    wholeCloudDistance: pool.clouds?.toAll(vectors.unit) ?? nothing(ids.length),
    kernelMargin: pool.margins(ids, vectors, given) ?? nothing(ids.length),
    labelRisk: nothing(ids.length),
    ownAlignment: aligned.own,
    bestOtherAlignment: aligned.bestOther,
    batchCopy: similarity(best.batch),
    seedCopy: similarity(best.seed),
    holdoutCopy: similarity(best.holdout),
    exactCopy: Float64Array.from(ids, (id) => (store.facts.hasTwin(id) ? 1 : 0)),
    pixels,
    signatures: pixels.map(({ signature }) => signature),
    width: Int32Array.from(images, (image) => image.width),
    height: Int32Array.from(images, (image) => image.height),
  };
}

function writePredictions({ project, run, labelIds }: Writing, ids: number[], block: ScoreBlock): void {
  const classes = labelIds.length;
  for (const [i, imageId] of ids.entries()) {
    const row = block.probabilities.subarray(i * classes, (i + 1) * classes);
    const top = row.reduce((best, value, c) => (value > row[best]! ? c : best), 0);
    if (row[top]! >= 0) project.store.scores.insertPrediction(run, imageId, labelIds[top]!, row[top]!);
  }
}
