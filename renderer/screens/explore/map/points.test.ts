import { expect, test } from 'vitest';
import { NO_LABEL } from '../../../../rpc/contract/maps.ts';
import { decodePoints, ImageMask } from './points.ts';

function file(points: [x: number, y: number, id: number, role: number, verdict: number, label: number][]) {
  const view = new DataView(new ArrayBuffer(points.length * 16));
  for (const [i, [x, y, id, role, verdict, label]] of points.entries()) {
    view.setFloat32(i * 16, x, true);
    view.setFloat32(i * 16 + 4, y, true);
    view.setUint32(i * 16 + 8, id, true);
    view.setUint8(i * 16 + 12, role);
    view.setUint8(i * 16 + 13, verdict);
    view.setUint16(i * 16 + 14, label, true);
  }
  return view.buffer;
}

test('every field of every point, and the bounds', () => {
  const points = decodePoints(
    file([
      [-1.5, 2, 7, 0, 3, 0],
      [4, -0.25, 4_000_000_000, 2, 0, NO_LABEL],
    ]),
  );
  expect(points).toMatchObject({ count: 2, bounds: { minX: -1.5, minY: -0.25, maxX: 4, maxY: 2 } });
  expect([...points.x, ...points.y]).toEqual([-1.5, 4, 2, -0.25]);
  expect([...points.ids, ...points.roles, ...points.verdicts, ...points.labels]).toEqual([
    7,
    4_000_000_000,
    0,
    2,
    3,
    0,
    0,
    NO_LABEL,
  ]);
});

test('no points', () => {
  expect(decodePoints(new ArrayBuffer(0))).toMatchObject({ count: 0, bounds: { maxX: 1, maxY: 1 } });
});

test('a file that was cut short is refused', () => {
  expect(() => decodePoints(new ArrayBuffer(17))).toThrow('not a whole number of points');
});

test('a mask has the images whose bits are set, and none beyond its end', () => {
  const mask = new ImageMask(btoa(String.fromCharCode(0b0000_0101, 0b1000_0000)));
  expect([0, 1, 2, 8, 15, 16, 4000].filter((id) => mask.has(id))).toEqual([0, 2, 15]);
});
