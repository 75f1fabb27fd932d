import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import {
  compressedTextChunk,
  internationalTextChunk,
  png,
  stealthPixels,
  textChunk,
} from '../testing/build.ts';
import { A1111, A1111_FACTS, inExif, inPng, userComment } from '../testing/metadata.ts';
import { DEFAULT_LIMITS } from '../limits.ts';
import { decodePixels } from '../pixels.ts';
import sharp from '../sharp.ts';
import { readMetadata } from './read.ts';

describe('AUTOMATIC1111', () => {
  it('reads every kind of PNG text, before and after the pixels', () => {
    const latin = A1111.replace('写真', 'xx');
    expect(inPng([textChunk('parameters', Buffer.from(latin, 'latin1'))])?.prompt).toContain('ünïcode xx');
    for (const chunk of [
      textChunk('parameters', A1111),
      compressedTextChunk('parameters', A1111),
      internationalTextChunk('parameters', A1111),
      internationalTextChunk('parameters', A1111, true),
    ]) {
      expect(inPng([chunk])).toEqual(A1111_FACTS);
      expect(inPng([], [chunk])).toEqual(A1111_FACTS);
    }
  });

  it('reads UserComment in every encoding that is met', () => {
    const utf16 = Buffer.from(A1111, 'utf16le');
    const big = Buffer.from(utf16).swap16();
    const comments = [
      userComment('UNICODE', big),
      userComment('UNICODE', utf16),
      userComment('UNICODE', Buffer.concat([Buffer.from([0xff, 0xfe]), utf16])),
      userComment('UNICODE', Buffer.concat([Buffer.from([0xfe, 0xff]), big])),
      userComment('ASCII', Buffer.from(A1111)),
      userComment('', Buffer.from(A1111)),
      Buffer.from(A1111),
    ];
    for (const comment of comments) {
      for (const order of ['II', 'MM'] as const) {
        for (const found of inExif({ 0x9286: comment }, order)) expect(found).toEqual(A1111_FACTS);
      }
    }
  });

  it('reads old files without negative prompt and model', () => {
    const old = 'a cat\nSteps: 20, Sampler: Euler a, CFG scale: 7, Seed: 1, Size: 512x512';
    expect(inPng([textChunk('parameters', old)])).toMatchObject({
      prompt: 'a cat',
      negativePrompt: null,
      modelName: null,
      modelHash: null,
      sampler: 'Euler a',
    });
    const bare = 'Steps: 20, Sampler: Euler a';
    expect(inPng([textChunk('parameters', bare)])).toMatchObject({ prompt: null, steps: 20 });
  });

  it('reads text hidden in alpha, plain and compressed', () => {
    for (const [signature, content] of [
      ['stealth_pnginfo', Buffer.from(A1111)],
      ['stealth_pngcomp', gzipSync(A1111)],
    ] as const) {
      const pixels = stealthPixels(70, 90, signature, content);
      const alpha = pixels.filter((_, at) => at % 4 === 3);
      const bytes = png({ width: 70, height: 90, colourType: 6, pixels });
      expect(readMetadata(bytes, 'png', { width: 70, height: 90, alpha }).metadata).toEqual(A1111_FACTS);
      expect(readMetadata(bytes, 'png').metadata).toBeNull();
    }
  });

  it('reads text hidden in colours, of PNG and of lossless WebP, through the decoder', async () => {
    for (const [signature, content] of [
      ['stealth_rgbinfo', Buffer.from(A1111)],
      ['stealth_rgbcomp', gzipSync(A1111)],
      ['stealth_pngcomp', gzipSync(A1111)],
    ] as const) {
      const pixels = stealthPixels(70, 90, signature, content);
      const raw = sharp(pixels, { raw: { width: 70, height: 90, channels: 4 } });
      const files = {
        png: png({ width: 70, height: 90, colourType: 6, pixels }),
        webp: await raw.webp({ lossless: true, exact: true }).toBuffer(),
      } as const;
      for (const [format, bytes] of Object.entries(files) as ['png' | 'webp', Buffer][]) {
        const read = await decodePixels(bytes, format, DEFAULT_LIMITS);
        expect(readMetadata(bytes, format, read.ok ? read.pixels : null).metadata).toEqual(A1111_FACTS);
      }
    }
  });

  it('passes over hidden text that is cut, too large or broken', () => {
    for (const [side, signature, content] of [
      [16, 'stealth_pnginfo', Buffer.alloc(4000)],
      [80, 'stealth_pngcomp', Buffer.from('not gzip')],
      [120, 'stealth_pngcomp', gzipSync(Buffer.alloc(1_200_000))],
      [3, 'stealth_pnginfo', Buffer.alloc(0)],
    ] as const) {
      const alpha = stealthPixels(side, side, signature, content).filter((_, i) => i % 4 === 3);
      const bytes = png({ width: 2, height: 2, colourType: 6 });
      expect(readMetadata(bytes, 'png', { width: side, height: side, alpha }).metadata).toBeNull();
    }
  });
});
