import { expect, test } from 'vitest';
import { laplacianSpread } from './sharpness.ts';

const SIDE = 32;
const picture = (of: (x: number, y: number) => number): Uint8Array =>
  Uint8Array.from({ length: SIDE * SIDE * 3 }, (_, i) => {
    const pixel = Math.floor(i / 3);
    return of(pixel % SIDE, Math.floor(pixel / SIDE));
  });

test('flat pictures and even slopes have none', () => {
  expect(laplacianSpread(picture(() => 77))).toBeCloseTo(0, 10);
  expect(laplacianSpread(picture((x, y) => 3 * x + 2 * y))).toBeCloseTo(0, 10);
});

test('a chessboard has the most: its Laplacian is 4 times 255 up and down', () => {
  const board = picture((x, y) => ((x + y) % 2) * 255);
  expect(laplacianSpread(board)).toBeCloseTo(4 * 255, 6);
});

test('one bright point of 100: 5 of 900 places answer', () => {
  const point = picture((x, y) => (x === 10 && y === 10 ? 100 : 0));
  // 400 at the point and -100 at its four neighbours: the mean is 0.
  expect(laplacianSpread(point)).toBeCloseTo(Math.sqrt((400 ** 2 + 4 * 100 ** 2) / 900), 10);
});

test('blur takes it away', () => {
  const wave = (length: number): number =>
    laplacianSpread(picture((x) => Math.round(127 + 100 * Math.sin((2 * Math.PI * x) / length))));
  expect(wave(4)).toBeGreaterThan(5 * wave(16));
});
