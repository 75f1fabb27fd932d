import { expect, test } from 'vitest';
import { Random } from '../../imaging/random.ts';
import { errsAsModel, WeakEye, type Small } from './annotators.ts';

const at = (label: string, ...pixels: number[]): Small => ({ label, pixels: Float64Array.from(pixels) });

// Two classes near each other and one far away.
const real = [at('cat', 0, 0), at('cat', 2, 0), at('dog', 4, 0), at('dog', 6, 0), at('tree', 1, 90)];
const eye = new WeakEye(real);

test('classes look alike where their means are near', () => {
  expect(eye.alike('cat')).toBe('dog');
  expect(eye.alike('dog')).toBe('cat');
});

test('a picture nearer to another class is a mistake, by as much as it is nearer', () => {
  expect(eye.mistake(at('cat', 5, 0))).toMatchObject({ label: 'dog' });
  expect(eye.mistake(at('cat', 5, 0)).gain).toBeGreaterThan(0);
  expect(eye.mistake(at('cat', 1, 0)).gain).toBeLessThan(0);
});

test('an annotator errs where the eye does, then where it nearly does', () => {
  const pictures = [at('cat', 1, 0), at('cat', 5, 0), at('dog', 5, 0), at('cat', 2.9, 0), at('dog', 1, 0)];
  const two = errsAsModel(eye, pictures, 2, new Random('two'));
  expect(new Set(two)).toEqual(
    new Set([
      [1, 'dog'],
      [4, 'cat'],
    ]),
  );
  expect([...errsAsModel(eye, pictures, 3, new Random('three'))].at(-1)).toEqual([3, 'dog']);
});
