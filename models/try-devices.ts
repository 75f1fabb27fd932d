/** What each device of this machine does with a model. */
import type { DeviceTrial } from '../rpc/contract/catalog.ts';
import { errorCode } from '../rpc/errors.ts';
import { canaryBatch, gpuDevices } from './devices.ts';
import type { InferenceProcess } from './inference-process.ts';
import type { ModelPack } from './types.ts';

/** Runs of the canary batch that are timed. */
const RUNS = 8;

/**
 * Opens a pack on every device that this build of ONNX Runtime knows, the CPU first, one after the other: whether its
 * results agree with the CPU's, how many images it takes a second, or why it does not start. `used` is the one that
 * `auto` takes. Rejects with CANCELLED where the caller gives up.
 */
export async function tryDevices(inference: InferenceProcess, pack: ModelPack): Promise<DeviceTrial[]> {
  const trials: DeviceTrial[] = [];
  const { images, n } = canaryBatch(pack.manifest.input);
  const { device: used } = await inference.loadPack(pack, 'auto');
  for (const device of ['cpu' as const, ...gpuDevices(inference.providers)])
    try {
      await inference.loadPack(pack, device);
      await inference.run(images, n);
      const begunMs = performance.now();
      for (let i = 0; i < RUNS; i++) await inference.run(images, n);
      const imagesPerSecond = (1000 * RUNS * n) / (performance.now() - begunMs);
      trials.push({ device, isUsed: device === used, imagesPerSecond, why: null });
    } catch (error) {
      if (errorCode(error) === 'CANCELLED') throw error;
      trials.push({ device, isUsed: false, imagesPerSecond: null, why: reasonOf((error as Error).message) });
    }
  return trials;
}

/** What ONNX Runtime says, without what was asked and where in its source it was found. */
const reasonOf = (message: string): string =>
  message
    .replace(/^Loading \S+ \S+ on \S+ failed: /, '')
    .replace(/\/onnxruntime_src\/.*? was false\. /s, '')
    .trim();
