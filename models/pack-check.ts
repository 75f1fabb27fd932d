import { AssayError, errorCode } from '../rpc/errors.ts';
import type { InferenceProcess } from './inference-process.ts';
import { goldenImage } from './pack-golden.ts';
import type { ModelPack } from './types.ts';

/** How far a classifier's probabilities may be from adding up to one: float32 rounding over many classes. */
const SUM_TOLERANCE = 1e-3;

function refuse(pack: ModelPack, what: string, cause?: unknown): AssayError {
  const { id, version, model } = pack.manifest;
  const data = { folder: pack.folder, file: model };
  return new AssayError(
    'MODEL_REFUSED',
    `Model pack ${id} ${version} is refused: ${model} ${what}.`,
    data,
    cause,
  );
}

/**
 * What the pack's model gives for its golden image on the CPU: what `golden.values` must hold. Leaves the pack open in
 * the process, on the CPU. Rejects with MODEL_REFUSED where the model does not load, run, keep its shape or stay finite.
 */
export async function goldenVector(pack: ModelPack, inference: InferenceProcess): Promise<Float32Array> {
  const { input, golden } = pack.manifest;
  try {
    await inference.loadPack(pack, 'cpu');
    return await inference.run(goldenImage(golden.seed, input.width, input.height), 1);
  } catch (thrown) {
    if (errorCode(thrown) !== 'INFERENCE_FAILED') throw thrown;
    throw refuse(pack, `does not run: ${thrown instanceof Error ? thrown.message : String(thrown)}`, thrown);
  }
}

/**
 * Checks by running that the model is what its pack says: the golden vector within its tolerance (largest absolute
 * difference), and, for a classifier that gives probabilities, that they are. Leaves the pack open on the CPU.
 * Rejects with MODEL_REFUSED.
 */
export async function checkPack(pack: ModelPack, inference: InferenceProcess): Promise<void> {
  const { manifest } = pack;
  const { values, tolerance } = manifest.golden;
  const found = await goldenVector(pack, inference);
  const furthest = Math.max(...values.map((value, i) => Math.abs(value - found[i]!)));
  if (!(furthest <= tolerance)) {
    throw refuse(
      pack,
      `gives another vector than pack.json's golden one: off by up to ${furthest.toPrecision(3)}, allowed ${tolerance}; ` +
        'the graph, its normalisation or its layout is not what the pack says',
    );
  }
  if (manifest.kind !== 'classifier' || manifest.activation !== 'probabilities') return;
  const sum = found.reduce((total, value) => total + value, 0);
  if (found.some((value) => value < 0 || value > 1) || Math.abs(sum - 1) > SUM_TOLERANCE) {
    throw refuse(pack, `gives no probabilities (they add up to ${sum.toPrecision(4)}); are they logits`);
  }
}
