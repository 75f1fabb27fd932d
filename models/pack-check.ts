import { AssayError, errorCode } from '../rpc/errors.ts';
import type { InferenceProcess } from './inference-process.ts';
import { goldenImage } from './pack-golden.ts';
import type { ModelPack } from './types.ts';

/** How far a classifier's probabilities may be from adding up to one: float32 rounding over many classes. */
const SUM_TOLERANCE = 1e-3;

function refuse(pack: ModelPack, file: string, what: string, cause?: unknown): AssayError {
  const { id, version } = pack.manifest;
  const message = `Model pack ${id} ${version} is refused: ${file} ${what}.`;
  return new AssayError('MODEL_REFUSED', message, { folder: pack.folder, file }, cause);
}

/** What `run` gives; that the model does not run is a reason to refuse the pack. */
async function orRefused<T>(pack: ModelPack, file: string, run: () => Promise<T>): Promise<T> {
  try {
    return await run();
  } catch (thrown) {
    const code = errorCode(thrown);
    if (code === 'MODEL_REFUSED' || code === 'INFERENCE_FAILED') {
      const why = thrown instanceof Error ? thrown.message : String(thrown);
      throw refuse(
        pack,
        file,
        code === 'MODEL_REFUSED' ? `is not usable: ${why}` : `does not run: ${why}`,
        thrown,
      );
    }
    throw thrown;
  }
}

/**
 * What the pack's model gives for its golden image on the CPU: what `golden.values` must hold. Leaves the pack open in
 * the process, on the CPU. Rejects with MODEL_REFUSED where the model does not load, run, keep its shape or stay
 * finite.
 */
export async function goldenVector(pack: ModelPack, inference: InferenceProcess): Promise<Float32Array> {
  const { input, golden, model } = pack.manifest;
  return orRefused(pack, model, async () => {
    await inference.loadPack(pack, 'cpu');
    return inference.run(goldenImage(golden.seed, input.width, input.height), 1);
  });
}

/**
 * What the pack's tokenizer and text tower give for its golden text: what `text.golden.ids` and `text.golden.values`
 * must hold; null where there is no text tower. Rejects with MODEL_REFUSED like `goldenVector`.
 */
export async function goldenText(
  pack: ModelPack,
  inference: InferenceProcess,
): Promise<{ ids: number[]; values: Float32Array } | null> {
  const tower = pack.manifest.kind === 'embedder' ? pack.manifest.text : undefined;
  if (!tower) return null;
  const { tokens, vectors } = await orRefused(pack, tower.model, () =>
    inference.embedTexts(pack, [tower.golden.text]),
  );
  return { ids: tokens[0]!, values: vectors };
}

/** Throws MODEL_REFUSED unless the vector is the golden one: `remedy` says what may be wrong. */
function compare(
  pack: ModelPack,
  file: string,
  golden: { values: number[]; tolerance: number },
  found: Float32Array,
  remedy: string,
): void {
  const furthest = Math.max(...golden.values.map((value, i) => Math.abs(value - found[i]!)));
  if (furthest <= golden.tolerance) return;
  const off = `off by up to ${furthest.toPrecision(3)}, allowed ${golden.tolerance}`;
  throw refuse(pack, file, `gives another vector than pack.json's golden one: ${off}; ${remedy}`);
}

/** Throws MODEL_REFUSED where the model says the same, to the last bit, of pictures that differ in every pixel. */
async function requireSight(
  pack: ModelPack,
  inference: InferenceProcess,
  found: Float32Array,
): Promise<void> {
  const { input, golden, model } = pack.manifest;
  for (const other of [1, 2, 3]) {
    const image = goldenImage((golden.seed + other) % 2 ** 31, input.width, input.height);
    const vector = await orRefused(pack, model, () => inference.run(image, 1));
    if (vector.some((value, i) => value !== found[i])) return;
  }
  throw refuse(pack, model, 'gives the same output for every picture, so it says nothing of any');
}

/**
 * Runs the image model to check that it is what its pack says: the golden vector within its tolerance (largest
 * absolute difference), and, for a classifier that gives probabilities, that they are. Leaves the pack open on the CPU.
 * Rejects with MODEL_REFUSED.
 */
export async function checkImageModel(pack: ModelPack, inference: InferenceProcess): Promise<void> {
  const { manifest } = pack;
  const found = await goldenVector(pack, inference);
  await requireSight(pack, inference, found);
  const remedy = 'the graph, its normalisation or its layout is not what the pack says';
  compare(pack, manifest.model, manifest.golden, found, remedy);
  if (manifest.kind !== 'classifier' || manifest.activation !== 'probabilities') return;
  const sum = found.reduce((total, value) => total + value, 0);
  if (found.some((value) => value < 0 || value > 1) || Math.abs(sum - 1) > SUM_TOLERANCE) {
    const what = `gives no probabilities (they add up to ${sum.toPrecision(4)}); are they logits`;
    throw refuse(pack, manifest.model, what);
  }
}

/**
 * Runs the text tower to check that it is what its pack says: the golden text gives the golden ids, and those the
 * golden vector. Nothing to check where there is none. Rejects with MODEL_REFUSED.
 */
export async function checkTextTower(pack: ModelPack, inference: InferenceProcess): Promise<void> {
  const found = await goldenText(pack, inference);
  if (!found || pack.manifest.kind !== 'embedder' || !pack.manifest.text) return;
  const { golden, tokenizer, model } = pack.manifest.text;
  if (found.ids.join() !== golden.ids.join()) {
    throw refuse(
      pack,
      tokenizer,
      `gives the tokens ${found.ids.join(' ')} for "${golden.text}", but pack.json says ${golden.ids.join(' ')}; ` +
        'put the tokenizer there that the text tower was trained with',
    );
  }
  const remedy = 'the graph, its padding or its mask is not what the pack says';
  compare(pack, model, golden, found.values, remedy);
}

/** Both checks: what a pack must pass to be added. Leaves the pack open on the CPU. Rejects with MODEL_REFUSED. */
export async function checkPack(pack: ModelPack, inference: InferenceProcess): Promise<void> {
  await checkImageModel(pack, inference);
  await checkTextTower(pack, inference);
}
