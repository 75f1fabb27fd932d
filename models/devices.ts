/** Which device a model runs on: a GPU is used only after it has shown that it computes what the CPU does. */
import { goldenImage } from './pack-golden.ts';
import type { Device, PackInput } from './types.ts';

export type UsedDevice = Exclude<Device, 'auto'>;

/** TensorRT comes last: it compiles each model for minutes before its first answer. */
const GPU_ORDER = ['cuda', 'dml', 'coreml', 'webgpu', 'tensorrt'] as const satisfies UsedDevice[];

const CANARY_IMAGES = 8;
const MIN_COSINE = 0.999;
/** Of the largest entry of the CPU's vector. Half-precision and TF32 arithmetic stay well below. */
const MAX_RELATIVE_DIFFERENCE = 0.02;

/** The devices that `auto` tries, in order, of what this build of ONNX Runtime offers. */
export function gpuDevices(providers: readonly string[]): UsedDevice[] {
  return GPU_ORDER.filter((device) => providers.includes(device));
}

/** By size: drawing them takes longer than opening a small model. */
const canaries = new Map<string, Uint8Array>();

/** n x HWC bytes: the images on which a device must agree with the CPU. */
export function canaryBatch({ width, height }: PackInput): { images: Uint8Array; n: number } {
  const size = `${width}x${height}`;
  let images = canaries.get(size);
  if (!images) {
    images = new Uint8Array(CANARY_IMAGES * width * height * 3);
    for (let i = 0; i < CANARY_IMAGES; i++) images.set(goldenImage(i, width, height), i * width * height * 3);
    canaries.set(size, images);
  }
  return { images, n: CANARY_IMAGES };
}

/**
 * null where every row (of `width` floats) of `found` agrees with `expected`: cosine at least 0.999 and no entry off by
 * more than 2 % of the row's largest; else one clause that says how far off it is.
 */
export function disagreement(expected: Float32Array, found: Float32Array, width: number): string | null {
  for (let start = 0; start < expected.length; start += width) {
    let dot = 0;
    let expectedSquared = 0;
    let foundSquared = 0;
    let largest = 0;
    let furthest = 0;
    for (let i = start; i < start + width; i++) {
      const a = expected[i]!;
      const b = found[i]!;
      dot += a * b;
      expectedSquared += a * a;
      foundSquared += b * b;
      largest = Math.max(largest, Math.abs(a));
      furthest = Math.max(furthest, Math.abs(a - b));
    }
    const cosine = dot / Math.sqrt(expectedSquared * foundSquared);
    // Written so that NaN disagrees.
    if (!(cosine >= MIN_COSINE && furthest <= MAX_RELATIVE_DIFFERENCE * largest)) {
      const relative = ((100 * furthest) / largest).toFixed(1);
      return `its results differ from the CPU's (cosine ${cosine.toFixed(5)}, up to ${relative} % of the largest entry)`;
    }
  }
  return null;
}
