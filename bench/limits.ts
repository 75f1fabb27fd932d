import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { availableParallelism } from 'node:os';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { CHUNK, geometryOf } from '../core/measure/embedding.ts';
import { inChunks, mapOrdered } from '../core/base/parallel.ts';
import type { DecodePool } from '../imaging/decode-pool.ts';
import type { InferenceProcess } from '../models/inference-process.ts';
import type { ModelPack } from '../models/types.ts';
import { AssayError } from '../rpc/errors.ts';
import { timed } from './context.ts';

export interface SharpTask {
  /** Absolute paths. */
  files: string[];
  concurrencies: number[];
}

export interface SharpRate {
  concurrency: number;
  perSecond: number;
}

/** Files per second of reading and decoding to RGB with sharp and nothing else, per concurrency. */
export async function sharpRates(files: string[], signal: AbortSignal): Promise<SharpRate[]> {
  const cores = availableParallelism();
  const concurrencies = [1, 2, 4, 8, ...(cores > 8 ? [cores] : [])];
  const child = spawn(process.execPath, [fileURLToPath(new URL('sharp-decode.ts', import.meta.url))], {
    stdio: ['pipe', 'pipe', 'inherit'],
    env: { ...process.env, UV_THREADPOOL_SIZE: String(Math.max(...concurrencies)) },
    signal,
  });
  child.stdin.end(JSON.stringify({ files, concurrencies } satisfies SharpTask));
  const [output, [code]] = await Promise.all([
    text(child.stdout),
    once(child, 'exit') as Promise<[number | null]>,
  ]);
  if (code !== 0)
    throw new AssayError('INTERNAL', `The decoder that uses sharp alone ended with status ${code}.`);
  return JSON.parse(output) as SharpRate[];
}

/**
 * Files per second of the product's decode stage as an import drives it (thumbnails and tensors, with as much
 * read-ahead), without inference and without a database; and the tensors of the files that are images.
 */
export async function decodeStage(
  pool: DecodePool,
  pack: ModelPack,
  root: string,
  paths: string[],
  thumbs: string,
  signal: AbortSignal,
): Promise<{ perSecond: number; tensors: Uint8Array[] }> {
  const geometry = geometryOf(pack);
  const tensors: Uint8Array[] = [];
  const { seconds } = await timed(async () => {
    const outcomes = mapOrdered(paths, CHUNK * 3, (path) => {
      signal.throwIfAborted();
      return pool.decode({ root, path, geometry, thumbs, objects: null });
    });
    for await (const outcome of outcomes) if (outcome.ok) tensors.push(outcome.tensor!);
  });
  return { perSecond: paths.length / seconds, tensors };
}

/** Images per second of the model on ready tensors, in blocks of the size that an import uses. */
export async function inferenceRate(
  inference: InferenceProcess,
  tensors: Uint8Array[],
  signal: AbortSignal,
): Promise<number> {
  const blocks: { bytes: Buffer; n: number }[] = [];
  for await (const chunk of inChunks(
    mapOrdered(tensors, 1, async (tensor) => tensor),
    CHUNK,
  ))
    blocks.push({ bytes: Buffer.concat(chunk), n: chunk.length });
  const view = inference.withSignal(signal);
  const { seconds } = await timed(() => Promise.all(blocks.map(({ bytes, n }) => view.run(bytes, n))));
  return tensors.length / seconds;
}
