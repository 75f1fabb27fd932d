import { expect, test } from 'vitest';
import { SIGN_NAMES, SIGN_SCORES, SignReader } from './signs.ts';

const n = 101;
const even = (from: number, to: number): Float64Array =>
  Float64Array.from({ length: n }, (_, i) => from + ((to - from) * i) / (n - 1));
const images = (changed: Record<string, Float64Array> = {}, labels = new Int32Array(n)) => ({
  scores: new Map(SIGN_SCORES.map((id) => [id, changed[id] ?? even(0.2, 0.8)])),
  labels,
});
const signsOf = (name: string, read: Float64Array): number[] =>
  [...read].filter((_, s) => SIGN_NAMES[s] === name);

test('a sign is ln(1 + z) towards its end, and 0 where the image is usual', () => {
  const reader = new SignReader([images()]);
  // Brightness: median .5, quartiles .35 and .65; low is dark.
  const dark = reader.read(images({ dark: even(0.05, 0.05) }), 0);
  const [low, high] = signsOf('dark', dark);
  expect(low).toBeCloseTo(Math.log1p((0.5 - 0.05) / (0.3 / 1.349)), 12);
  expect(high).toBe(0);
  expect([...reader.read(images(), 50)].every((sign) => sign === 0)).toBe(true);
});

test('what is usual in one of two sets is usual', () => {
  const real = images();
  const batch = images({ dark: even(0, 0.1) });
  const [low] = signsOf('dark', new SignReader([real, batch]).read(batch, 50));
  expect(low).toBe(0);
  expect(signsOf('dark', new SignReader([real]).read(batch, 50))[0]).toBeGreaterThan(1);
});

test('missing values and sets too small to know what is usual say nothing', () => {
  const unknown = images(
    Object.fromEntries(SIGN_SCORES.map((id) => [id, new Float64Array(n).fill(Number.NaN)])),
  );
  expect([...new SignReader([images()]).read(unknown, 0)]).toEqual(SIGN_NAMES.map(() => 0));
  const few = { scores: new Map(SIGN_SCORES.map((id) => [id, Float64Array.of(1, 2)])), labels: [0, 0] };
  expect([...new SignReader([few]).read(images(), 0)]).toEqual(SIGN_NAMES.map(() => 0));
});
