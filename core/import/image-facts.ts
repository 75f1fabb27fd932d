import type { Store } from '../../db/store.ts';
import type { DecodedImage } from '../../imaging/types.ts';

/** Writes what a decode derived from an image's bytes: measures, and the metadata found inside where there is any. */
export function writeFacts(store: Store, image: DecodedImage): void {
  const imageId = store.images.idOf(image.sha256)!;
  store.facts.insertFacts({
    imageId,
    phash: image.phash,
    pixelSha256: image.pixelSha256,
    signature: image.signature,
    brightnessP99: image.stats.brightnessP99,
    brightnessP5: image.stats.brightnessP5,
    entropyBits: image.stats.entropyBits,
    edgeStd: image.stats.edgeStd,
    histogramStd: image.stats.histogramStd,
    singleChannel: image.stats.singleChannel ? 1 : 0,
    greyPixels: image.stats.greyPixels ? 1 : 0,
  });
  if (!image.metadata && !image.marks.digitalSourceType && !image.marks.hasC2pa) return;
  store.facts.insertGeneration({
    imageId,
    tool: image.metadata?.tool ?? null,
    prompt: image.metadata?.prompt ?? null,
    negativePrompt: image.metadata?.negativePrompt ?? null,
    seed: image.metadata?.seed ?? null,
    sampler: image.metadata?.sampler ?? null,
    steps: image.metadata?.steps ?? null,
    cfg: image.metadata?.cfg ?? null,
    modelName: image.metadata?.modelName ?? null,
    modelHash: image.metadata?.modelHash ?? null,
    raw: image.metadata?.raw ?? null,
    digitalSourceType: image.marks.digitalSourceType,
    hasC2pa: image.marks.hasC2pa ? 1 : 0,
  });
}
