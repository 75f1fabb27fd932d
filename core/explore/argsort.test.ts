import fc from 'fast-check';
import { expect, test } from 'vitest';
import { argsort } from './argsort.ts';

test('numbers come in the order of their values, equal ones in their own, NaN never', async () => {
  const value = fc.oneof(
    fc.double(),
    fc.constantFrom(0, -0, Infinity, -Infinity, Number.NaN, 5e-324, -5e-324),
    fc.integer({ min: -3, max: 3 }),
  );
  await fc.assert(
    fc.asyncProperty(fc.array(value, { maxLength: 300 }), async (list) => {
      const values = Float64Array.from([7, ...list]);
      const expected = [...values.keys()]
        .slice(1)
        .filter((id) => !Number.isNaN(values[id]))
        .sort((a, b) => (values[a]! < values[b]! ? -1 : values[a]! > values[b]! ? 1 : a - b));
      expect([...(await argsort(values))]).toEqual(expected);
    }),
  );
});
