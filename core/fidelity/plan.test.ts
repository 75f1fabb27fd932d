import { expect, test } from 'vitest';
import type { CompositionRow } from '../../db/queries/reports.ts';
import { planOf } from './plan.ts';
import { stockOf } from './stock.ts';

const names = new Map([
  [1, 'screw'],
  [2, 'nail'],
  [3, 'bolt'],
]);
const row = (part: Partial<CompositionRow>): CompositionRow => ({
  batchId: 2,
  role: 'synthetic',
  givenId: 1,
  verdict: null,
  labelId: null,
  settled: 0,
  images: 1,
  ...part,
});

const rows = [
  row({ batchId: 1, role: 'real', givenId: 1, images: 50 }),
  row({ batchId: 1, role: 'real', givenId: 2, images: 50 }),
  row({ batchId: 1, role: 'real', givenId: 2, verdict: 'reject', images: 5 }),
  row({ givenId: 1, images: 80 }),
  row({ givenId: 1, verdict: 'accept', images: 8 }),
  row({ givenId: 1, verdict: 'relabel', labelId: 2, images: 2 }),
  row({ givenId: 1, settled: 1, images: 7 }),
  row({ givenId: 2, images: 20 }),
  row({ givenId: 2, verdict: 'reject', images: 10 }),
];

test('what there is of each class and batch counts what people decided and what rules keep out', () => {
  const stock = stockOf(rows, names);
  expect(stock.real).toBe(100);
  expect(stock.batches.get(2)).toEqual({ images: 127, accepted: 10, rejected: 10, left: 110 });
  expect(stock.classes).toEqual([
    { name: 'screw', real: 50, usable: 88, decided: 10, lost: 2 },
    { name: 'nail', real: 50, usable: 22, decided: 10, lost: 10 },
    { name: 'bolt', real: 0, usable: 0, decided: 0, lost: 0 },
  ]);
});

test('a class gets what its real share lacks, more where it is lost in review, at most tenfold', () => {
  const { classes } = stockOf(rows, names);
  const plan = planOf(classes, new Map());
  expect(plan[0]).toEqual({
    name: 'nail',
    real: 50,
    usable: 22,
    shares: { real: 0.5, usable: 0.2 },
    generate: 330,
    vary: false,
    lost: { share: 1, of: 10 },
    why: ['its real share would be 55', '100 % of its decided images were rejected or relabelled'],
  });
  expect(plan.find(({ name }) => name === 'screw')!.generate).toBe(0);
  expect(plan.find(({ name }) => name === 'bolt')!.generate).toBe(0);
});

test('a class that is covered badly needs other images rather than more, and one that is empty is said to be', () => {
  const stock = ['a', 'b', 'c'].map((name) => ({ name, real: 10, usable: 100, decided: 0, lost: 0 }));
  const plan = planOf(
    [...stock, { name: 'd', real: 10, usable: 0, decided: 0, lost: 0 }],
    new Map([
      ['a', 0.9],
      ['b', 0.8],
      ['c', 0.4],
    ]),
  );
  expect(plan.map(({ name, generate }) => [name, generate])).toEqual([
    ['d', 75],
    ['c', 0],
    ['a', 0],
    ['b', 0],
  ]);
  expect(plan[1]!.why).toEqual([
    'only 40 % of its real images are covered: make others in their place, more varied',
  ]);
  expect(plan[0]!.why).toEqual(['none is left of it']);
});

test('without real images nothing is asked for', () => {
  expect(planOf([{ name: 'a', real: 0, usable: 5, decided: 2, lost: 2 }], new Map())[0]!.generate).toBe(0);
});
