import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { relative, sep } from 'node:path';
import type { DecodePool } from '../../../imaging/decode-pool.ts';
import type { ImageFormat } from '../../../imaging/types.ts';
import { AssayError } from '../../../rpc/errors.ts';
import { systemCode } from '../../import/sources/untrusted.ts';

const CHUNK_BYTES = 1 << 18;

/** The file that an image of a release is copied from. */
export interface Original {
  sha256: string;
  format: ImageFormat;
  /** The folder that it must lie in. */
  root: string;
  /** Absolute path. */
  source: string;
  /** Whether the release has a PNG of what was shown instead: not every reader takes the file, or shows the same. */
  asPng: boolean;
  /** As the import found it, for people. */
  originalPath: string;
}

/** Reads an original and checks its hash. Throws `EXPORT_REFUSED` naming it when that fails. */
export async function readOriginal(original: Original): Promise<Uint8Array> {
  const bytes = await readFile(original.source).catch((error: unknown) => {
    throw unreadable(original, error);
  });
  if (createHash('sha256').update(bytes).digest('hex') !== original.sha256) throw changed(original);
  return bytes;
}

/** Makes PNGs of originals for a release. Throws `EXPORT_REFUSED` naming the file where that fails. */
export type PngMaker = (original: Original) => Promise<Uint8Array>;

/** Decodes originals in the pool's processes. */
export function pngMaker(pool: DecodePool): PngMaker {
  return async (original) => {
    const { root, source } = original;
    const place = { root, path: relative(root, source).split(sep).join('/') };
    const outcome = await pool.decode({ ...place, thumbs: null, objects: null, geometry: null, png: true });
    if (outcome.ok && outcome.sha256 === original.sha256) return outcome.png!;
    if (outcome.ok || (outcome.sha256 !== null && outcome.sha256 !== original.sha256))
      throw changed(original);
    throw new AssayError(
      'EXPORT_REFUSED',
      `The original ${original.originalPath} (${source}) cannot be decoded: ${outcome.detail}. Restore it and export again.`,
      { path: source, sha256: original.sha256 },
    );
  };
}

/** Streams an original without checking its hash. Throws `EXPORT_REFUSED` naming it when it cannot be read. */
export async function* chunksOf(original: Original): AsyncGenerator<Uint8Array> {
  try {
    yield* createReadStream(original.source, { highWaterMark: CHUNK_BYTES }) as AsyncIterable<Uint8Array>;
  } catch (error) {
    throw unreadable(original, error);
  }
}

/** The error for an original that no longer has its hash. */
export function changed(original: Original): AssayError {
  return new AssayError(
    'EXPORT_REFUSED',
    `The original ${original.originalPath} (${original.source}) has changed since it was imported. Restore it, or import it again.`,
    { path: original.source, sha256: original.sha256 },
  );
}

function unreadable(original: Original, error: unknown): AssayError {
  return new AssayError(
    'EXPORT_REFUSED',
    `The original ${original.originalPath} (${original.source}) cannot be read (${systemCode(error)}). Restore it and export again.`,
    { path: original.source, sha256: original.sha256 },
    error,
  );
}
