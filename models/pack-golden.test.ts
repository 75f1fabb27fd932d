import { createHash } from 'node:crypto';
import { expect, test } from 'vitest';
import { goldenImage } from './pack-golden.ts';

test('golden images never change: packs hold vectors taken from them', () => {
  const digest = (seed: number, width: number, height: number) =>
    createHash('sha256')
      .update(goldenImage(seed, width, height))
      .digest('hex')
      .slice(0, 16);
  expect([digest(1, 32, 32), digest(2, 32, 32), digest(1, 7, 5)]).toMatchInlineSnapshot(`
    [
      "b254f32376305e4d",
      "1d4378b8c49f1629",
      "bc1b946300178e96",
    ]
  `);
});
