import { readMetadata } from '../metadata/read.ts';
import sharp from '../sharp.ts';
import type { GenerationMetadata } from '../types.ts';
import { exifBlock, png, pngChunk, withChunks, withSegments } from './build.ts';

/** A text in AUTOMATIC1111's format, and what is to be read from it. */
export const A1111 = [
  'photo of a duck, ünïcode 写真',
  'second line',
  'Negative prompt: monochrome,',
  'blurry',
  'Steps: 15, Sampler: DPM++ 2M, CFG scale: 5.5, Seed: 18446744073709551615, Size: 512x400, Model hash: c0d1994c73, ' +
    'Model: realistic_v20, Lora hashes: "a: 1, b: 2", Denoising Strength: 0.4',
].join('\n');

export const A1111_FACTS = {
  tool: 'a1111',
  prompt: 'photo of a duck, ünïcode 写真\nsecond line',
  negativePrompt: 'monochrome,\nblurry',
  seed: '18446744073709551615',
  sampler: 'DPM++ 2M',
  steps: 15,
  cfg: 5.5,
  modelName: 'realistic_v20',
  modelHash: 'c0d1994c73',
  loras: 'a, b',
  raw: A1111,
};

const red = sharp({ create: { width: 4, height: 4, channels: 3, background: 'red' } });
export const jpeg = await red.clone().jpeg().toBuffer();
export const webp = await red.clone().webp().toBuffer();

/** What is read from a PNG with chunks before and after its pixels. */
export function inPng(before: Buffer[], after: Buffer[] = []): GenerationMetadata | null {
  return readMetadata(png({ width: 2, height: 2, before, after }), 'png').metadata;
}

/** EXIF UserComment: the encoding's name in eight bytes, then the text. */
export function userComment(encoding: string, text: Buffer): Buffer {
  return Buffer.concat([Buffer.from(encoding.padEnd(8, '\0')), text]);
}

/** What is read from each container that can hold the same EXIF tags. */
export function inExif(
  tags: Record<number, Buffer>,
  order: 'II' | 'MM' = 'MM',
): (GenerationMetadata | null)[] {
  const block = exifBlock(tags, order);
  const prefixed = Buffer.concat([Buffer.from('Exif\0\0'), block]);
  return [
    readMetadata(withSegments(jpeg, [[0xe1, prefixed]]), 'jpeg').metadata,
    readMetadata(withChunks(webp, [['EXIF', block]]), 'webp').metadata,
    readMetadata(withChunks(webp, [['EXIF', prefixed]]), 'webp').metadata,
    readMetadata(png({ width: 2, height: 2, before: [pngChunk('eXIf', block)] }), 'png').metadata,
  ];
}
