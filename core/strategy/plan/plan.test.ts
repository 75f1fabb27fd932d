import { describe, expect, test } from 'vitest';
import type { DecidedRow } from '../../../db/queries/plans.ts';
import type { CompositionRow } from '../../../db/queries/reports.ts';
import type {
  ArmResult,
  DesignVerdict,
  Experiment,
  LearnerResult,
} from '../../../rpc/contract/experiments.ts';
import { stockOf, type ClassStock } from '../stock.ts';
import { changedSince, duesByExperiment, paysOf } from './pays.ts';
import { planOf, type Aim } from './plan.ts';
import { holm, lorasOf, settingValues, yieldOf } from './yields.ts';

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

test('what there is of each class and batch counts what people decided and what rules keep out', () => {
  const stock = stockOf(
    [
      row({ batchId: 1, role: 'real', givenId: 1, images: 50 }),
      row({ batchId: 1, role: 'real', givenId: 2, images: 50 }),
      row({ batchId: 1, role: 'real', givenId: 2, verdict: 'reject', images: 5 }),
      row({ givenId: 1, images: 80 }),
      row({ givenId: 1, verdict: 'accept', images: 8 }),
      row({ givenId: 1, verdict: 'relabel', labelId: 2, images: 2 }),
      row({ givenId: 1, settled: 1, images: 7 }),
      row({ givenId: 2, images: 20 }),
      row({ givenId: 2, verdict: 'reject', images: 10 }),
    ],
    names,
  );
  expect(stock.real).toBe(100);
  expect(stock.batches.get(2)).toEqual({ images: 127, accepted: 10, rejected: 10, left: 110 });
  expect(stock.classes).toEqual([
    { name: 'screw', real: 50, usable: 88 },
    { name: 'nail', real: 50, usable: 22 },
    { name: 'bolt', real: 0, usable: 0 },
  ]);
});

/** An image that was decided. */
const decided = (part: Partial<DecidedRow> = {}): DecidedRow => ({
  imageId: 1,
  sha256: 'a',
  path: 'a.png',
  labelId: 1,
  isKept: 1,
  generator: null,
  generatorVersion: null,
  modelName: null,
  loras: null,
  prompt: null,
  negativePrompt: null,
  seed: null,
  sampler: null,
  steps: null,
  cfg: null,
  ...part,
});
const many = (count: number, part: (i: number) => Partial<DecidedRow>): DecidedRow[] =>
  Array.from({ length: count }, (_, i) => decided({ imageId: i, sha256: `${i}`, ...part(i) }));
const keptOf = (kept: number, of: number) => yieldOf(many(of, (i) => ({ isKept: i < kept ? 1 : 0 })));
const none = keptOf(0, 0);

describe('numbers by class', () => {
  const stock: ClassStock[] = [
    { name: 'cat', real: 50, usable: 25 },
    { name: 'dog', real: 50, usable: 25 },
    { name: 'yak', real: 5, usable: 3 },
  ];
  const asked = (target: Aim, of = stock, yields = new Map()): Record<string, number> =>
    Object.fromEntries(planOf(of, target, yields, new Map()).map(({ name, generate }) => [name, generate]));

  test('a seed of 50/50/5 with a batch of 25/25/3 is balanced by the rare class alone', () => {
    expect(asked({ kind: 'balanced' })).toEqual({ yak: 67, cat: 0, dog: 0 });
    expect(asked({ kind: 'real-share' })).toEqual({ cat: 0, dog: 0, yak: 0 });
    expect(asked({ kind: 'floor', images: 60 })).toEqual({ yak: 52, cat: 0, dog: 0 });
    expect(asked({ kind: 'custom', classes: [{ label: 'dog', images: 100 }] })).toEqual({
      dog: 25,
      cat: 0,
      yak: 0,
    });
  });

  test('its yield multiplies what is lacking: of audits where there are enough, at most tenfold', () => {
    const balanced = (audited: ReturnType<typeof yieldOf>, all: ReturnType<typeof yieldOf>) =>
      planOf(stock, { kind: 'balanced' }, new Map([['yak', { audited, decided: all }]]), new Map())[0]!;
    expect(balanced(keptOf(18, 20), keptOf(20, 40))).toMatchObject({ generate: 74, basis: 'audited' });
    expect(balanced(keptOf(18, 19), keptOf(20, 40))).toMatchObject({ generate: 134, basis: 'decided' });
    expect(balanced(none, keptOf(0, 4))).toMatchObject({ generate: 67, basis: null });
    expect(balanced(none, keptOf(0, 5))).toMatchObject({
      generate: 670,
      why: [
        '3 are usable of the 70 that the target asks for beside 5 real ones',
        '100 % of its decided images were rejected or relabelled',
      ],
    });
  });

  test('no images, one class, and a class without any', () => {
    const empty = stock.map(({ name }) => ({ name, real: 0, usable: 0 }));
    for (const kind of ['balanced', 'real-share'] as const)
      expect(asked({ kind }, empty)).toEqual({ cat: 0, dog: 0, yak: 0 });
    expect(asked({ kind: 'floor', images: 10 }, empty)).toEqual({ cat: 10, dog: 10, yak: 10 });
    for (const kind of ['balanced', 'real-share'] as const)
      expect(asked({ kind }, [stock[2]!])).toEqual({ yak: 0 });
    expect(planOf([], { kind: 'balanced' }, new Map(), new Map())).toEqual([]);
    expect(asked({ kind: 'balanced' }, [...stock, empty[0]!])).toMatchObject({ yak: 67, cat: 0 });
    expect(asked({ kind: 'real-share' }, [{ name: 'cat', real: 0, usable: 5 }])).toEqual({ cat: 0 });
  });

  test('a class that is covered badly needs other images rather than more, and one that is empty is said to be', () => {
    const three = ['a', 'b', 'c'].map((name) => ({ name, real: 10, usable: 100 }));
    const coverage = new Map([
      ['a', 0.9],
      ['b', 0.8],
      ['c', 0.4],
    ]);
    const rows = planOf(
      [...three, { name: 'd', real: 10, usable: 0 }],
      { kind: 'real-share' },
      new Map(),
      coverage,
    );
    expect(rows.map(({ name, generate }) => [name, generate])).toEqual([
      ['d', 75],
      ['c', 0],
      ['a', 0],
      ['b', 0],
    ]);
    expect(rows[1]!.why).toEqual([
      'only 40 % of its real images are covered: make others in their place, more varied',
    ]);
    expect(rows[0]!.why).toEqual(['none is usable of the 75 that the target asks for beside 10 real ones']);
  });
});

describe('what an experiment says pays', () => {
  const unknown = { value: null, interval: null };
  const arm = (realShare: number, value: number, interval: [number, number]): ArmResult => ({
    id: `${realShare}`,
    design: realShare < 1 ? 'same-real' : null,
    size: 100,
    realShare,
    source: realShare < 1 ? 'verified' : null,
    real: 100,
    synthetic: 0,
    seeds: 10,
    metrics: {
      accuracy: unknown,
      macroF1: unknown,
      worstClass: unknown,
      calibrationError: unknown,
      meanAp: unknown,
    },
    recalls: [0.9, 0.6, null],
    against:
      realShare === 1
        ? null
        : {
            differences: {
              accuracy: { value, interval },
              macroF1: unknown,
              worstClass: unknown,
              calibrationError: unknown,
              meanAp: unknown,
            },
            standing: 'not-inferior',
            p: 0,
            leastEffect: 0.01,
            holdoutNeeded: 400,
            mcnemar: { better: 0, worse: 0, p: 1, holm: 1 },
          },
  });
  const arms = [
    arm(1, 0, [0, 0]),
    arm(0.8, 0.02, [0.01, 0.03]),
    arm(0.5, 0, [-0.01, 0.01]),
    arm(0.2, -0.01, [-0.015, -0.005]),
  ];
  const verdict: DesignVerdict = {
    design: 'same-real',
    source: 'verified',
    size: 100,
    largest: 0.8,
    best: 0.2,
    end: null,
    isTooSmall: false,
  };
  const learner = (part: Partial<LearnerResult> = {}): LearnerResult => ({
    learner: 'logistic',
    isOwn: false,
    penalty: 1,
    tested: [80, 20, 0],
    arms,
    verdicts: [verdict],
    review: null,
    control: null,
    curve: { points: [], law: null, ahead: [] },
    next: { real: { images: 500, gain: { value: 0.03, interval: [0.01, 0.05] } }, synthetic: null },
    verdict: [],
    ...part,
  });
  const experiment = (...learners: LearnerResult[]): Experiment =>
    ({
      id: 3,
      results: {
        learners,
        options: { margin: 0.02 },
        data: { classes: ['cat', 'dog', 'yak'], holdout: 100 },
      },
    }) as Experiment;
  const end = (standing: 'inferior' | 'unclear', holdoutNeeded: number | null) => ({
    share: 0.2,
    standing,
    difference: { value: -0.01, interval: [-0.03, 0.01] as [number, number] },
    leastEffect: 0.03,
    holdoutNeeded,
  });

  test('is the largest share that is not inferior and does not surely lose, by the most cautious learner', () => {
    const pays = paysOf(experiment(learner()));
    expect(pays).toMatchObject({ experiment: 3, share: 0.5 });
    expect(pays.notes.join(' ')).toContain('The next 500 real labels would gain +3.0 points (+1.0 to +5.0)');
    const cautious = learner({ verdicts: [{ ...verdict, largest: 0.2, end: end('inferior', null) }] });
    expect(paysOf(experiment(learner(), cautious)).share).toBeCloseTo(0.2, 12);
    const loses = learner({ verdicts: [{ ...verdict, largest: null, end: end('inferior', null) }] });
    expect(paysOf(experiment(loses))).toMatchObject({ share: 0, experiment: 3 });
  });

  test.each([
    [[], 'no arm of it adds synthetic images'],
    [
      [{ ...verdict, largest: null, isTooSmall: true, end: end('unclear', 450) }],
      'About 450 hold-out images',
    ],
    [[{ ...verdict, largest: null, isTooSmall: true, end: end('unclear', null) }], 'more trainings'],
    [[{ ...verdict, largest: null, end: end('unclear', 90) }], 'a wider margin'],
  ])('is not told where it cannot be: %#', (verdicts, words) => {
    expect(() => paysOf(experiment(learner({ verdicts })))).toThrow(words);
  });

  test('nothing is told by an experiment that cannot see wrong labels', () => {
    const control = { arm: 'a', against: 'b', difference: unknown, loses: false };
    expect(() => paysOf(experiment(learner({ control })))).toThrow('shuffled labels do not lose');
  });

  test('the total is shared by what real images alone miss, and never above what was measured', () => {
    const pays = paysOf(experiment(learner()));
    // Missed: 8 of 80 and 8 of 20, 16 of 100 in all; two images at 16 % are added to each class.
    expect([...pays.missed!].map(([, part]) => part)).toEqual(
      [8.32 / 82, 8.32 / 22, 0.16].map((x) => expect.closeTo(x, 12)),
    );
    const stock = [
      { name: 'cat', real: 60, usable: 0 },
      { name: 'dog', real: 35, usable: 0 },
      { name: 'yak', real: 5, usable: 0 },
      { name: 'empty', real: 0, usable: 0 },
    ];
    const synthetic = (of: typeof stock) => {
      const dues = duesByExperiment(pays, of);
      return of.map(({ name, real }) => dues.get(name)! - real);
    };
    const weights = [8.32 / 82, 8.32 / 22, 0.16, 0];
    const all = weights.reduce((sum, weight) => sum + weight, 0);
    expect(synthetic(stock)).toEqual(weights.map((weight) => expect.closeTo((100 * weight) / all, 9)));
    // 70 cats are there already: the 30 that are left go to the others.
    const others = all - weights[0]!;
    expect(synthetic([{ ...stock[0]!, usable: 70 }, ...stock.slice(1)])).toEqual(
      [70, (30 * weights[1]!) / others, (30 * weights[2]!) / others, 0].map((x) => expect.closeTo(x, 9)),
    );
    const full = stock.map((item) => ({ ...item, usable: 40 }));
    expect(planOf(full, pays, new Map(), new Map()).map(({ generate }) => generate)).toEqual([0, 0, 0, 0]);
    expect(planOf(stock, pays, new Map(), new Map())[0]).toMatchObject({ name: 'dog', generate: 59 });
    // An older experiment has no recalls: the total is shared as the real images are.
    const before = learner();
    delete before.tested;
    const old = paysOf(experiment(before));
    expect(duesByExperiment(old, stock).get('cat')).toBeCloseTo(120, 9);
    expect(old.notes[0]).toContain('shared as the real ones are');
  });

  test('what changed among the real images since is said', () => {
    expect(changedSince(3, { real: 0, holdout: 0, decided: 0 })).toBeNull();
    expect(changedSince(3, { real: 2, holdout: 0, decided: 1 })).toContain(
      'Since experiment 3, 2 real images came in, 1 real or hold-out image was decided',
    );
  });
});

describe('settings', () => {
  test('a prompt that rejects more than chance explains is named, with its images; others are not', () => {
    const rows = [
      ...many(40, (i) => ({ prompt: 'a gear', sampler: i % 2 ? 'euler' : 'dpm', isKept: i < 36 ? 1 : 0 })),
      ...many(20, (i) => ({
        prompt: 'a gear, melted',
        sampler: i % 2 ? 'euler' : 'dpm',
        isKept: i < 8 ? 1 : 0,
      })),
      ...many(4, () => ({ prompt: 'rare', isKept: 0 })),
    ];
    const { values, tested } = settingValues(rows);
    expect(tested).toBe(4);
    const [worst, ...others] = values;
    expect(worst).toMatchObject({ setting: 'prompt', value: 'a gear, melted', than: 'worse' });
    expect(worst!.yield).toMatchObject({ kept: 8, of: 20 });
    // By Python's math.comb: twice the chance of 12 or more of 20 lost where 20 of all 64 are.
    expect(worst!.p).toBeCloseTo(0.002608367115212601, 12);
    expect(worst!.adjusted).toBeCloseTo(worst!.p * 3, 12);
    expect(worst!.lost).toHaveLength(6);
    expect(others.find(({ setting }) => setting === 'sampler')!.than).toBeNull();
    expect(values.at(-1)).toMatchObject({ value: 'a gear', than: 'better' });
  });

  test('chance alone names a value in at most one plan of twenty', () => {
    let state = 1;
    const random = (): number => (state = (state * 48_271) % 2_147_483_647) / 2_147_483_647;
    let named = 0;
    for (let plan = 0; plan < 60; plan++) {
      const rows = many(120, (i) => ({
        prompt: `prompt ${i % 8}`,
        sampler: `sampler ${i % 3}`,
        seed: String(i * 7919),
        isKept: random() < 0.8 ? 1 : 0,
      }));
      if (settingValues(rows).values.some(({ than }) => than !== null)) named++;
    }
    expect(named).toBeLessThanOrEqual(6);
  });

  test('seeds beyond what numbers hold stand in ranges; LoRAs are read from prompts', () => {
    const rows = many(100, (i) => ({
      seed: String(18_446_744_073_709_551_000n + BigInt(i)),
      isKept: i < 10 ? 0 : 1,
      prompt: i < 10 ? 'gear <lora:rust:0.8>' : 'gear',
    }));
    const { values } = settingValues(rows);
    expect(values.filter(({ setting }) => setting === 'seed')).toHaveLength(10);
    expect(values.find(({ setting }) => setting === 'seed')).toMatchObject({
      value: '18446744073709551000 to 18446744073709551009',
      than: 'worse',
    });
    expect(values.find(({ setting }) => setting === 'lora')).toMatchObject({ value: 'rust', than: 'worse' });
    const prompt = 'a <lora:one:1> b <LORA:two three:0.5:1> <lora:>';
    expect(lorasOf({ loras: null, prompt })).toEqual(['one', 'two three']);
    expect(lorasOf({ loras: 'ink, one', prompt })).toEqual(['ink', 'one', 'two three']);
    expect(lorasOf({ loras: null, prompt: null })).toEqual([]);
  });

  test('Holm’s correction by hand', () => {
    for (const [i, value] of [0.03, 0.06, 0.06, 0.02].entries())
      expect(holm([0.01, 0.04, 0.03, 0.005])[i]).toBeCloseTo(value, 12);
    expect(holm([])).toEqual([]);
  });
});
