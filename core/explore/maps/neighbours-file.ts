import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { NeighbourLists } from './fuzzy-set.ts';
import { replaceFile } from '../../base/replace-file.ts';

/** The search that made the lists: they are valid while it would be the same. */
export interface SearchKey {
  model: string;
  /** Images with an embedding, and the highest of their numbers: embeddings are only ever added. */
  images: number;
  lastId: number;
  dimensions: number;
  /** Rows that are laid out; the rest are placed among them. */
  base: number;
  k: number;
  kRest: number;
}

/** Neighbours of the base rows among themselves, and of the other rows among those. */
export interface StoredNeighbours {
  base: NeighbourLists;
  rest: NeighbourLists;
}

const NAME = 'neighbours.bin';
const MAGIC = 'assay-neighbours-1';

/**
 * Keeps neighbours for the next layout. A line of JSON, padded to a multiple of 4 bytes, and the four arrays, each
 * little-endian: row numbers as int32, then distances as float32, of the base and then of the rest.
 */
export function writeNeighbours(folder: string, key: SearchKey, { base, rest }: StoredNeighbours): void {
  const head = `${JSON.stringify({ magic: MAGIC, key })}\n`;
  const padded = head.padEnd(Math.ceil(Buffer.byteLength(head) / 4) * 4, ' ');
  replaceFile(
    folder,
    NAME,
    Buffer.concat([
      Buffer.from(padded.replace(/\n( *)$/, '$1\n'), 'utf8'),
      ...[base.index, base.distance, rest.index, rest.distance].map(bytesOf),
    ]),
  );
}

/** The neighbours of exactly this search; null if missing, truncated, or of another search. */
export function readNeighbours(folder: string, key: SearchKey): StoredNeighbours | null {
  let file: Buffer;
  try {
    file = readFileSync(join(folder, NAME));
  } catch {
    return null;
  }
  const end = file.indexOf(0x0a) + 1;
  const wanted = JSON.stringify({ magic: MAGIC, key });
  if (end === 0 || file.toString('utf8', 0, end).trimEnd() !== wanted) return null;
  const baseCells = key.base * key.k;
  const restCells = (key.images - key.base) * key.kRest;
  if (file.length !== end + 8 * (baseCells + restCells)) return null;
  const buffer = file.buffer.slice(file.byteOffset + end, file.byteOffset + file.length);
  return {
    base: {
      k: key.k,
      index: new Int32Array(buffer, 0, baseCells),
      distance: new Float32Array(buffer, 4 * baseCells, baseCells),
    },
    rest: {
      k: key.kRest,
      index: new Int32Array(buffer, 8 * baseCells, restCells),
      distance: new Float32Array(buffer, 8 * baseCells + 4 * restCells, restCells),
    },
  };
}

function bytesOf(array: Int32Array | Float32Array): Uint8Array {
  return new Uint8Array(array.buffer, array.byteOffset, array.byteLength);
}
