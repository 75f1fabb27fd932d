import type { ClassifierManifest, ModelPack } from '../../../models/types.ts';
import { AssayError } from '../../../rpc/errors.ts';
import { softmaxRows } from '../../base/numeric/softmax.ts';
import { encodeLabelModel, predict, type Predictions } from '../../labels/model/model.ts';
import { teachesClasses } from '../../labels/model/seed.ts';
import { answeredShares, softLabelsOf } from '../../labels/soft-labels.ts';
import { trainLabelModel } from '../../labels/model/train.ts';
import { vectorsOf, type ScoreRun } from '../block.ts';
import { readVectors } from '../vectors.ts';
import {
  classIndices,
  classRows,
  classRowsByMember,
  defineFacts,
  ofClasses,
  type ColumnsOf,
} from './define.ts';

const columns = {
  /** Calibrated and out of sample; missing without an embedding. */
  probabilities: classRows,
  /** The same by each member of the ensemble: of a real image, by those that have not seen it. */
  ensemble: classRowsByMember,
  /** Class of the label; missing where there is none, or one that the model never learnt. */
  given: classIndices,
  /** 1 for the classes that the model has learnt. */
  knownClasses: ofClasses,
};
declare module './define.ts' {
  interface Facts extends ColumnsOf<typeof columns> {}
}

/** What a label model says: the project's own, trained on the seed, or a classifier in its place. */
export default defineFacts({
  id: 'label-model',
  columns,
  mayRefuse: true,
  async prepare(run) {
    const source = run.classifier
      ? classifierSource(run, run.classifier)
      : teachesClasses(run.frame.seedLabels)
        ? await trainedSource(run)
        : null;
    if (!source) return null;
    const { stored } = source;
    return {
      block(block) {
        const predictions = block.once(source, () =>
          block.seedRows ? source.seed(block.seedRows) : source.others(block.ids, block.vectors.raw),
        );
        return {
          ...predictions,
          given: block.given.map((label) => (source.knows(label) ? label : -1)),
          knownClasses: Float64Array.from(run.names, (_, label) => Number(source.knows(label))),
        };
      },
      keep: (store, id) => {
        if (stored) store.scores.insertLabelModel(id, stored);
      },
      record: { labelModel: source.description },
    };
  },
});

/** Where a run's class probabilities come from: out of sample for every image. */
interface ProbabilitySource {
  /** Of the images that are not in the seed: block of n x dimensions raw embeddings with their ids. */
  others(imageIds: number[], raw: Float32Array): Predictions;
  /** Of seed rows, from models that have not seen them. */
  seed(rows: number[]): Predictions;
  /** Whether it can tell a class: one that it never learnt has no probability, which is not a probability of 0. */
  knows(label: number): boolean;
  /** JSON that is stored with the run, or null where there is nothing to store. */
  stored: string | null;
  /** For the record: what it is and how good, as text. */
  description: Record<string, string | number>;
}

/** The project's own label model, trained on the seed now. */
async function trainedSource(run: ScoreRun): Promise<ProbabilitySource> {
  const { frame, names, seed, task } = run;
  const classes = names.length;
  const { raw } = vectorsOf(run, frame.seedIds);
  const shown = new Set(frame.seedLabels);
  const soft = softLabelsOf(
    answeredShares(run.store),
    frame.seedIds,
    frame.seedLabels,
    (label) => (shown.has(names.indexOf(label)) ? names.indexOf(label) : -1),
    classes,
  );
  const trained = await trainLabelModel({
    ...task,
    embeddings: raw,
    labels: frame.seedLabels,
    soft,
    classes,
    kernels: run.inference,
    seed,
  });
  return {
    others: (imageIds, embeddings) => predict(trained, embeddings, imageIds.length),
    seed: (rows) => ({
      probabilities: pick(trained.seedProbabilities, classes, rows),
      ensemble: trained.seedEnsemble.map((member) => pick(member, classes, rows)),
    }),
    knows: (label) => trained.present.includes(label),
    stored: encodeLabelModel(trained),
    description: {
      kind: 'label-model',
      lambda: trained.lambda,
      temperature: trained.temperature,
      accuracy: trained.accuracy,
      calibrationError: trained.ece,
      seedImages: frame.seedIds.length,
      softLabels: soft.size,
    },
  };
}

/** A user's classifier pack, whose outputs are stored like embeddings. Its classes must all be classes of the project. */
function classifierSource({ store, names: labels, frame }: ScoreRun, pack: ModelPack): ProbabilitySource {
  const manifest = pack.manifest as ClassifierManifest;
  const classOfOutput = manifest.classes.map((name) => labels.indexOf(name));
  if (classOfOutput.every((label) => label < 0))
    throw new AssayError(
      'MODEL_REFUSED',
      `None of the classes of ${manifest.id} (${manifest.classes.slice(0, 5).join(', ')} …) is a class of this project (${labels.slice(0, 5).join(', ')} …).`,
    );
  const read = (imageIds: number[]): Predictions => {
    const { raw } = readVectors(store, pack.fingerprint, manifest.classes.length, imageIds);
    const outputs = Float64Array.from(raw);
    const rows =
      manifest.activation === 'logits' ? softmaxRows(outputs, manifest.classes.length, 1) : outputs;
    const probabilities = new Float64Array(imageIds.length * labels.length);
    for (let i = 0; i < imageIds.length; i++)
      for (const [c, label] of classOfOutput.entries())
        if (label >= 0) probabilities[i * labels.length + label] = rows[i * classOfOutput.length + c]!;
    return { probabilities, ensemble: [] };
  };
  return {
    others: (imageIds) => read(imageIds),
    seed: (rows) => read(rows.map((row) => frame.seedIds[row]!)),
    knows: (label) => classOfOutput.includes(label),
    stored: null,
    description: {
      kind: 'classifier',
      id: manifest.id,
      version: manifest.version,
      fingerprint: pack.fingerprint,
    },
  };
}

function pick(matrix: Float64Array, width: number, rows: number[]): Float64Array {
  const picked = new Float64Array(rows.length * width);
  for (const [i, row] of rows.entries())
    picked.set(matrix.subarray(row * width, (row + 1) * width), i * width);
  return picked;
}
