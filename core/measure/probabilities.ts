import type { Store } from '../../db/store.ts';
import type { ClassifierManifest, Kernels, ModelPack } from '../../models/types.ts';
import { AssayError } from '../../rpc/errors.ts';
import type { TaskContext } from '../../rpc/progress.ts';
import { softmaxRows } from '../base/numeric/softmax.ts';
import { encodeLabelModel } from '../labels/model/codec.ts';
import { predict, type Predictions } from '../labels/model/model.ts';
import { trainLabelModel } from '../labels/model/train.ts';
import type { Frame } from './blocks.ts';
import { readVectors } from './vectors.ts';

/** Where a run's class probabilities come from: out of sample for every image. */
export interface ProbabilitySource {
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
export async function trainedSource(
  store: Store,
  kernels: Kernels,
  model: string,
  dimensions: number,
  frame: Frame,
  classes: number,
  seed: number,
  task: TaskContext,
): Promise<ProbabilitySource> {
  const { raw } = readVectors(store, model, dimensions, frame.seedIds);
  const trained = await trainLabelModel({
    ...task,
    embeddings: raw,
    labels: frame.seedLabels,
    classes,
    kernels,
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
      lambda: String(trained.lambda),
      temperature: String(trained.temperature),
      accuracy: trained.accuracy.toFixed(4),
      calibrationError: trained.ece.toFixed(4),
      seedImages: frame.seedIds.length,
    },
  };
}

/** A user's classifier pack, whose outputs are stored like embeddings. Its classes must all be classes of the project. */
export function classifierSource(
  store: Store,
  pack: ModelPack,
  labels: string[],
  frame: Frame,
): ProbabilitySource {
  const manifest = pack.manifest as ClassifierManifest;
  const columns = manifest.classes.map((name) => labels.indexOf(name));
  if (columns.every((column) => column < 0))
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
      for (const [c, column] of columns.entries())
        if (column >= 0) probabilities[i * labels.length + column] = rows[i * columns.length + c]!;
    return { probabilities, ensemble: [] };
  };
  return {
    others: (imageIds) => read(imageIds),
    seed: (rows) => read(rows.map((row) => frame.seedIds[row]!)),
    knows: (label) => columns.includes(label),
    stored: null,
    description: {
      kind: 'classifier',
      id: manifest.id,
      version: manifest.version,
      fingerprint: pack.fingerprint,
    },
  };
}

function pick(matrix: Float64Array, columns: number, rows: number[]): Float64Array {
  const picked = new Float64Array(rows.length * columns);
  for (const [i, row] of rows.entries())
    picked.set(matrix.subarray(row * columns, (row + 1) * columns), i * columns);
  return picked;
}
