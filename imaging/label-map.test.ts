import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { deflateSync } from 'node:zlib';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { encodeImage } from './encode.ts';
import { colourOf, readLabelMap, type MapReads } from './label-map.ts';
import { DEFAULT_LIMITS } from './limits.ts';
import { encodeMap } from './png.ts';
import { pngChunk, pngOf } from './testing/build.ts';

let root: string;
beforeAll(() => void (root = mkdtempSync(path.join(tmpdir(), 'assay-maps-'))));
afterAll(() => rmSync(root, { recursive: true, force: true }));

/** Rows of samples as a PNG without filters. */
function stored(bits: number, kind: number, width: number, rows: number[][], before: Buffer[] = []): Buffer {
  const raw = Buffer.concat(rows.map((row) => Buffer.from([0, ...row])));
  return pngOf(width, rows.length, kind, deflateSync(raw), before, [], bits);
}

async function read(bytes: Buffer, reads: MapReads, limits = DEFAULT_LIMITS) {
  writeFileSync(path.join(root, 'map.png'), bytes);
  const found = await readLabelMap({ root, path: 'map.png', reads }, limits);
  if (!found.ok) return `${found.code} ${found.detail}`;
  return found.regions.map(({ value, pixels, runs }) => [value, pixels, [...runs]]);
}

const TWO_BY_TWO = [
  [7, 2, [0, 2]],
  [9, 2, [2, 2]],
];

it.each<[string, MapReads, () => Buffer]>([
  [
    '8-bit grey',
    'value',
    () =>
      stored(8, 0, 2, [
        [7, 9],
        [7, 9],
      ]),
  ],
  ['4-bit grey', 'value', () => stored(4, 0, 2, [[0x79], [0x79]])],
  [
    '16-bit grey',
    'value',
    () =>
      stored(16, 0, 2, [
        [0, 7, 0, 9],
        [0, 7, 0, 9],
      ]),
  ],
  [
    'a palette, whatever its colours',
    'value',
    () =>
      stored(
        8,
        3,
        2,
        [
          [7, 9],
          [7, 9],
        ],
        [pngChunk('PLTE', Buffer.alloc(30, 5))],
      ),
  ],
  [
    'grey stored as colour',
    'value',
    () =>
      stored(8, 2, 2, [
        [7, 7, 7, 9, 9, 9],
        [7, 7, 7, 9, 9, 9],
      ]),
  ],
  [
    'the red of a colour',
    'red',
    () =>
      stored(8, 6, 2, [
        [7, 1, 0, 255, 9, 0, 3, 255],
        [7, 5, 0, 0, 9, 0, 3, 255],
      ]),
  ],
  [
    'with a gamma, which is not applied',
    'value',
    () =>
      stored(
        8,
        0,
        2,
        [
          [7, 9],
          [7, 9],
        ],
        [pngChunk('gAMA', Buffer.from([0, 0, 0x20, 0]))],
      ),
  ],
])('reads %s', async (_, reads, bytes) => {
  expect(await read(bytes(), reads)).toEqual(TWO_BY_TWO);
});

it('tells colours apart, by palette, grey and alpha too', async () => {
  const [red, clear] = [colourOf(255, 0, 0), colourOf(255, 0, 0, 0)];
  const both = [
    [clear, 1, [1, 1]],
    [red, 1, [0, 1]],
  ];
  expect(await read(stored(8, 6, 2, [[255, 0, 0, 255, 255, 0, 0, 0]]), 'colour')).toEqual(both);
  const palette = [
    pngChunk('PLTE', Buffer.from([255, 0, 0, 255, 0, 0])),
    pngChunk('tRNS', Buffer.from([255, 0])),
  ];
  expect(await read(stored(1, 3, 2, [[0b01000000]], palette), 'colour')).toEqual(both);
  expect(await read(stored(8, 0, 1, [[4]]), 'colour')).toEqual([[colourOf(4, 4, 4), 1, [0, 1]]]);
});

it('gives back what was encoded, of 8 and 16 bits and with a palette', async () => {
  for (const values of [Uint8Array.of(1, 2, 2, 250), Uint16Array.of(1, 2, 2, 65535)])
    expect(await read(encodeMap(values, 2, 2), 'value')).toEqual([
      [1, 1, [0, 1]],
      [2, 2, [1, 2]],
      [values[3], 1, [3, 1]],
    ]);
  const palette = Uint8Array.from({ length: 768 }, (_, i) => i % 256);
  expect(await read(encodeMap(Uint8Array.of(5, 6), 2, 1, palette), 'value')).toEqual([
    [5, 1, [0, 1]],
    [6, 1, [1, 1]],
  ]);
});

it('refuses what is no map, with the reason', async () => {
  const noise = Uint8Array.from({ length: 300 * 300 * 3 }, (_, i) => Math.imul(i, 2654435761) >>> 24);
  expect(await read(await encodeImage(noise, 300, 300, 'jpeg'), 'value')).toMatch(
    /FORMAT_NOT_ALLOWED .*must be a PNG/,
  );
  const png = await encodeImage(noise, 300, 300, 'png');
  expect(await read(png, 'value')).toMatch(/picture in colours/);
  expect(await read(png.subarray(0, 5000), 'colour')).toMatch(/DAMAGED .*cut off/);
  expect(await read(png, 'colour', { ...DEFAULT_LIMITS, maxPixels: 1000 })).toMatch(/TOO_MANY_PIXELS/);
  expect(await read(Buffer.from('{"a": 1}'), 'value')).toMatch(/NOT_AN_IMAGE .*JSON/);
  const colours = Uint8Array.from(
    { length: 70_000 * 3 },
    (_, i) => (i % 3 === 0 ? i / 3 : Math.floor(i / 3 / 256 ** (i % 3))) % 256,
  );
  expect(await read(await encodeImage(colours, 70_000, 1, 'png'), 'colour')).toMatch(/more than 65,536/);
});
