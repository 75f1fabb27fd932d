/** The text tower of a pack, in the inference process. */
import { Tensor, type InferenceSession } from 'onnxruntime-node';
import { AssayError } from '../rpc/errors.ts';
import type { TextRequest } from './messages.ts';
import { openSession, readChecked } from './ort-session.ts';
import { TextTokenizer } from './tokenizer.ts';
import type { TextVectors } from './types.ts';

/** Texts a run, unless the graph fixes its own number: always the same, so that a text's vector is too. */
const BATCH = 8;

/**
 * Texts -> their tokens and vectors, on the CPU. The tower is opened for the call and let go after it: prompts are few,
 * and a tower may take hundreds of megabytes. Rejects with MODEL_REFUSED where a file changed since it was checked or
 * the tokenizer is none, with INFERENCE_FAILED where the output has another shape or is not finite.
 */
export async function embedTexts(
  request: TextRequest,
  texts: readonly string[],
  threads: number,
): Promise<TextVectors> {
  const { tower, width } = request;
  const tokenizer = new TextTokenizer(await readChecked(request.tokenizer.file, request.tokenizer.sha256));
  const tokens = texts.map((text) => tokenizer.encode(text));
  const bytes = await readChecked(request.graph.file, request.graph.sha256);
  const session = await openSession(bytes, { threads, provider: 'cpu' });
  try {
    const batch = fixedBatch(session, tower.ids) ?? BATCH;
    const vectors = new Float32Array(texts.length * width);
    for (let first = 0; first < texts.length; first += batch) {
      const part = tokens.slice(first, first + batch).map((ids) => tokenizer.cut(ids, tower.contextLength));
      const output = (await session.run(feedsOf(session, request, part, batch), [tower.output]))[
        tower.output
      ];
      const data = output?.data;
      if (!(data instanceof Float32Array) || data.length !== batch * width)
        throw new AssayError(
          'INFERENCE_FAILED',
          `Output ${tower.output} of the text tower is ${output?.type} [${output?.dims.join(', ')}], not ${width} floats a text.`,
        );
      vectors.set(data.subarray(0, part.length * width), first * width);
    }
    const odd = texts.findIndex(
      (_, i) => !vectors.subarray(i * width, (i + 1) * width).every(Number.isFinite),
    );
    if (odd >= 0)
      throw new AssayError('INFERENCE_FAILED', `The text tower gave NaN or infinity for "${texts[odd]}".`);
    return { tokens, vectors };
  } finally {
    await session.release();
  }
}

function metadataOf(session: InferenceSession, name: string) {
  const value = session.inputMetadata.find((input) => input.name === name);
  return value?.isTensor ? value : undefined;
}

function fixedBatch(session: InferenceSession, name: string): number | undefined {
  const size = metadataOf(session, name)?.shape[0];
  return typeof size === 'number' ? size : undefined;
}

/** The graph's inputs: ids filled up with `padId` to batch x contextLength, and 1 where there is a token. */
function feedsOf(
  session: InferenceSession,
  { tower }: TextRequest,
  tokens: readonly number[][],
  batch: number,
): Record<string, Tensor> {
  const { contextLength, padId } = tower;
  const ids = new Int32Array(batch * contextLength).fill(padId);
  const mask = new Int32Array(batch * contextLength);
  // Rows that fill up the batch read one token: a mean over none would be NaN.
  for (let row = 0; row < batch; row++) {
    const own = tokens[row] ?? [padId];
    ids.set(own, row * contextLength);
    mask.fill(1, row * contextLength, row * contextLength + own.length);
  }
  const tensorOf = (name: string, values: Int32Array): Tensor => {
    const shape = [batch, contextLength];
    return metadataOf(session, name)?.type === 'int32'
      ? new Tensor('int32', values, shape)
      : new Tensor('int64', BigInt64Array.from(values, BigInt), shape);
  };
  const feeds = { [tower.ids]: tensorOf(tower.ids, ids) };
  if (tower.mask !== undefined) feeds[tower.mask] = tensorOf(tower.mask, mask);
  return feeds;
}
