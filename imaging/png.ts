import { crc32, deflateSync } from 'node:zlib';
import { PNG_SIGNATURE, type Part } from './containers.ts';

/** A PNG of these chunks, with their lengths and checksums. */
export function pngFile(chunks: readonly Part[]): Buffer {
  return Buffer.concat([PNG_SIGNATURE, ...chunks.map(({ type, data }) => pngChunk(type, data))]);
}

/** One chunk: length, type, data, CRC-32 of type and data. */
export function pngChunk(type: string, data: Uint8Array): Buffer {
  const chunk = Buffer.alloc(data.length + 12);
  chunk.writeUInt32BE(data.length, 0);
  chunk.write(type, 4, 'latin1');
  chunk.set(data, 8);
  chunk.writeUInt32BE(crc32(chunk.subarray(4, data.length + 8)), data.length + 8);
  return chunk;
}

/**
 * A PNG whose pixels are numbers, row by row: of 8 bits, or of 16 where `values` are; with a palette (3 bytes for each
 * number) one of indices, else a grey one. The same numbers give the same bytes.
 */
export function encodeMap(
  values: Uint8Array | Uint16Array,
  width: number,
  height: number,
  palette: Uint8Array | null = null,
): Buffer {
  const bytes = values.BYTES_PER_ELEMENT;
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  header.set([bytes * 8, palette ? 3 : 0], 8);
  const row = width * bytes + 1;
  const rows = Buffer.alloc(row * height);
  for (let y = 0; y < height; y++)
    for (let x = 0; x < width; x++) {
      const value = values[y * width + x]!;
      if (bytes === 2) rows.writeUInt16BE(value, y * row + 1 + x * 2);
      else rows[y * row + 1 + x] = value;
    }
  return pngFile([
    { type: 'IHDR', data: header },
    ...(palette ? [{ type: 'PLTE', data: Buffer.from(palette) }] : []),
    { type: 'IDAT', data: deflateSync(rows) },
    { type: 'IEND', data: Buffer.alloc(0) },
  ]);
}
