import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll } from 'vitest';
import { decodeImage } from '../decode.ts';
import { DEFAULT_LIMITS } from '../limits.ts';
import sharp from '../sharp.ts';
import type { DecodedImage, DecodeOutcome, DecodeRequest } from '../types.ts';
import { patternRgb } from './build.ts';

/** A folder that no other process uses; images are imported from `root` inside it. */
export const folder = mkdtempSync(path.join(tmpdir(), 'assay-decode-'));
export const root = path.join(folder, 'images');

/** Makes the folder for one test file and removes it after it: files that share a process share this module. */
export function useFolder(): void {
  beforeAll(() => void mkdirSync(root, { recursive: true }));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));
}

/** A JPEG of 40 x 24 pixels. */
export const photo = await sharp(patternRgb(40, 24), { raw: { width: 40, height: 24, channels: 3 } })
  .jpeg({ quality: 90 })
  .toBuffer();

export function decode(name: string, extra: Partial<DecodeRequest> = {}): Promise<DecodeOutcome> {
  return decodeImage(
    { path: name, root, thumbs: null, objects: null, geometry: null, ...extra },
    DEFAULT_LIMITS,
  );
}

export async function decodeBytes(bytes: Buffer, extra: Partial<DecodeRequest> = {}): Promise<DecodeOutcome> {
  writeFileSync(path.join(root, 'case'), bytes);
  return decode('case', extra);
}

export async function decodeGood(bytes: Buffer, extra: Partial<DecodeRequest> = {}): Promise<DecodedImage> {
  const outcome = await decodeBytes(bytes, extra);
  if (!outcome.ok) throw new Error(`${outcome.code}: ${outcome.detail}`);
  return outcome;
}

export async function codeOf(outcome: Promise<DecodeOutcome>): Promise<string> {
  const settled = await outcome;
  return settled.ok ? 'ok' : settled.code;
}
