/** Files of numbers as renderers write them. */
import { maskOf, type Mask } from '../../../core/base/mask.ts';
import { encodeMap, pngFile } from '../../../imaging/png.ts';
import { deflateSync } from 'node:zlib';

/** A table in NumPy's format, little endian: columns of `<u4`, `<i4`, `<f4`, and its rows. */
export function npy(
  columns: readonly (readonly [name: string, type: '<u4' | '<i4' | '<f4'])[],
  rows: number[][],
): Buffer {
  const descr = columns.map(([name, type]) => `('${name}', '${type}')`).join(', ');
  const header = `{'descr': [${descr}], 'fortran_order': False, 'shape': (${rows.length},), }`;
  const padded = `${header.padEnd(Math.ceil((header.length + 11) / 64) * 64 - 11)}\n`;
  const start = Buffer.from('\x93NUMPY\x01\0\0\0', 'latin1');
  start.writeUInt16LE(padded.length, 8);
  const data = Buffer.alloc(rows.length * columns.length * 4);
  rows.flat().forEach((value, i) => {
    const type = columns[i % columns.length]![1];
    if (type === '<f4') data.writeFloatLE(value, i * 4);
    else if (type === '<u4') data.writeUInt32LE(value, i * 4);
    else data.writeInt32LE(value, i * 4);
  });
  return Buffer.concat([start, Buffer.from(padded), data]);
}

/** What fills the rest of a map of 24 x 16 pixels, and rectangles of numbers: left, top, width, height. */
type Rectangles = readonly (readonly [value: number, x: number, y: number, width: number, height: number])[];

const [WIDTH, HEIGHT] = [24, 16];

function filled(rest: number, rectangles: Rectangles): number[] {
  const values = Array.from({ length: WIDTH * HEIGHT }, () => rest);
  for (const [value, left, top, width, height] of rectangles)
    for (let y = top; y < top + height; y++)
      for (let x = left; x < left + width; x++) values[y * WIDTH + x] = value;
  return values;
}

/** A map of the size of the suite's images, of 8 bits, or of 16 where a number needs them. */
export function greyMap(rest: number, ...rectangles: Rectangles): Buffer {
  const values = filled(rest, rectangles);
  const isWide = values.some((value) => value > 255);
  return encodeMap(isWide ? Uint16Array.from(values) : Uint8Array.from(values), WIDTH, HEIGHT);
}

/** A map of colours, in numbers of `colourOf`, with alpha. */
export function colourMap(rest: number, ...rectangles: Rectangles): Buffer {
  const row = WIDTH * 4 + 1;
  const data = Buffer.alloc(row * HEIGHT);
  filled(rest, rectangles).forEach((value, i) =>
    data.writeUInt32BE(value, Math.floor(i / WIDTH) * row + 1 + (i % WIDTH) * 4),
  );
  const header = Buffer.alloc(13);
  header.writeUInt32BE(WIDTH, 0);
  header.writeUInt32BE(HEIGHT, 4);
  header.set([8, 6], 8);
  return pngFile([
    { type: 'IHDR', data: header },
    { type: 'IDAT', data: deflateSync(data) },
    { type: 'IEND', data: Buffer.alloc(0) },
  ]);
}

/** The mask of these rectangles in an image of the suite. */
export function maskOver(
  ...rectangles: readonly (readonly [x: number, y: number, width: number, height: number])[]
): Mask {
  const pixels = filled(
    0,
    rectangles.map((one) => [1, ...one] as const),
  );
  return maskOf(Uint8Array.from(pixels), [HEIGHT, WIDTH], '');
}
