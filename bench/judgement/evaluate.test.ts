import { describe, expect, test } from 'vitest';
import { calibrationError, evaluateRound, type Seen } from './evaluate.ts';
import { worldFigures } from './figures.ts';
import { judgementTables } from './tables.ts';
import type { Truth } from './round.ts';

const fault = (name: string, family: string, origin = ''): Truth => ({
  path: `synthetic/${name}`,
  family,
  shown: 'a',
  origin,
  what: '',
});

const truth = [
  fault('wrong-1', 'label-uniform'),
  fault('wrong-2', 'label-as-model'),
  fault('dark', 'dark'),
  fault('alien', 'foreign'),
  fault('leak', 'crop', 'holdout/a/1.jpg'),
  fault('miscalled', 'crop', 'real/a/1.jpg'),
  fault('unseen', 'crop', 'real/a/2.jpg'),
  fault('twin', 'near-copy', 'synthetic/sound-0'),
];
const sound = Array.from({ length: 12 }, (_, i) => `synthetic/sound-${i}`);

/** 20 files: the 8 faults above and 12 sound ones; 4 of the 18 candidates are queued. */
const seen: Seen = {
  files: 20,
  candidates: [
    'synthetic/dark',
    ...sound,
    ...['wrong-1', 'wrong-2', 'alien', 'unseen', 'twin'].map((name) => `synthetic/${name}`),
  ],
  findings: [
    { rule: 'holdout-leak', path: 'synthetic/leak', partner: 'holdout/a/9.jpg' },
    { rule: 'holdout-leak', path: 'synthetic/miscalled', partner: 'real/a/1.jpg' },
    { rule: 'near-duplicate', path: 'synthetic/sound-0', partner: 'synthetic/twin' },
    { rule: 'near-duplicate', path: 'synthetic/sound-1', partner: 'synthetic/sound-2' },
  ],
  queues: [
    {
      share: 0.05,
      items: [{ path: 'synthetic/wrong-1', stratum: 'suspect-label', group: [] }],
    },
    {
      share: 0.1,
      items: [
        { path: 'synthetic/wrong-1', stratum: 'suspect-label', group: [] },
        { path: 'synthetic/unseen', stratum: 'novel', group: [] },
        { path: sound[3]!, stratum: 'damaged', group: [] },
        { path: sound[4]!, stratum: 'damaged', group: [] },
      ],
    },
  ],
  scores: new Map([
    [
      'label-risk',
      {
        suspect: 'high',
        values: new Map([
          ...sound.map((path): [string, number] => [path, 0.05]),
          ['synthetic/wrong-1', 0.85],
          ['synthetic/wrong-2', 0.05],
          ['synthetic/dark', 0.95],
          ['synthetic/alien', 0.95],
        ]),
      },
    ],
    // Low is suspect; most candidates have no value, and come last.
    ['brightness', { suspect: 'low', values: new Map([['synthetic/dark', 0.1]]) }],
  ]),
};
const figures = evaluateRound(seen, truth);

describe('the queue', () => {
  test('finds the faults that it holds, at each budget', () => {
    expect(figures.families['label-uniform']).toMatchObject({ put: 1, queue: [1, 1] });
    expect(figures.families['dark']).toMatchObject({ put: 1, queue: [0, 0] });
  });

  test('is compared with a random draw from the candidates', () => {
    expect(figures.families['dark']!.random.map((n) => Number(n.toFixed(9)))).toEqual(
      [1 / 18, 4 / 18].map((n) => Number(n.toFixed(9))),
    );
  });

  test('is compared with each score alone, which chooses as many from its suspect end', () => {
    expect(figures.families['dark']!.scores).toEqual({ 'label-risk': [0, 1], brightness: [1, 1] });
    expect(figures.families['label-uniform']!.scores['label-risk']).toEqual([0, 1]);
  });

  test('is precise where its items have any fault, by stratum too', () => {
    expect(figures.chosen).toEqual({
      items: [1, 4],
      faulty: [1, 2],
      strata: {
        'suspect-label': { items: 1, faulty: 1 },
        novel: { items: 1, faulty: 1 },
        damaged: { items: 2, faulty: 0 },
      },
    });
  });
});

test('a score that is the same for all gains nothing by the order of the candidates', () => {
  const flat = new Map(seen.candidates.map((path) => [path, 1]));
  const byEntropy = { ...seen, scores: new Map([['flat', { suspect: 'high' as const, values: flat }]]) };
  const reversed = { ...byEntropy, candidates: seen.candidates.toReversed() };
  expect(evaluateRound(byEntropy, truth).families).toEqual(evaluateRound(reversed, truth).families);
});

test('a copy is found under the rule of its side, and what else it was called is said', () => {
  expect(figures.copies['crop']).toEqual({
    put: 3,
    found: 1,
    original: 0,
    queued: 1,
    as: { 'holdout-leak': 2, nothing: 1 },
  });
});

test('of two near-copies the rule may name either', () => {
  expect(figures.copies['near-copy']).toMatchObject({ put: 1, found: 1, original: 1 });
  expect(figures.alarms['near-duplicate']).toBe(1);
});

test('an alarm is false on images without a fault only', () => {
  expect(figures.sound).toBe(12);
  expect(figures.alarms['holdout-leak']).toBe(0);
});

describe('label risk', () => {
  test('is held against the share of wrong labels in ten bins, without images of no class', () => {
    const { images, bins } = figures.calibration;
    expect(images).toBe(15);
    expect(bins[0]).toMatchObject({ images: 13, wrong: 1 });
    expect(bins[8]).toEqual({ images: 1, risk: 0.85, wrong: 1 });
    expect(bins[9]).toEqual({ images: 1, risk: 0.95, wrong: 0 });
    // |13 x 0.05 - 1| + |0.85 - 1| + |0.95 - 0|, over 15 images.
    expect(calibrationError(figures.calibration)).toBeCloseTo((0.35 + 0.15 + 0.95) / 15, 12);
  });

  test('that says the truth in every bin has no error; that says nothing has none to tell', () => {
    const bins = [{ images: 10, risk: 1, wrong: 1 }];
    expect(calibrationError({ images: 10, bins })).toBe(0);
    expect(calibrationError({ images: 0, bins: [] })).toBeNull();
  });
});

describe('a world', () => {
  const rounds = [
    { noisySeed: false, figures },
    { noisySeed: true, figures },
  ];

  test('adds its rounds up, its calibration by whether the seed is right', () => {
    const world = worldFigures('drawings', rounds, false);
    expect(world.files).toBe(40);
    expect(world.sums.labels).toMatchObject({ put: 4, queue: [2, 2], labelRisk: [0, 2] });
    expect(world.sums.others).toMatchObject({ put: 4, best: { score: 'label-risk', found: [2, 4] } });
    expect(world.precision).toEqual([1, 0.5]);
    expect(world.calibration.clean).toEqual(world.calibration.noisySeed);
    expect(world.calibration.clean.shareWrong).toBeCloseTo(2 / 15, 12);
  });

  test('shows nothing of what is for report only where something is to be chosen, in sums neither', () => {
    const world = worldFigures('drawings', rounds, true);
    expect(Object.keys(world.families)).toEqual(['label-uniform', 'dark', 'foreign']);
    expect(world.sums.labels.put).toBe(2);
    expect(() => worldFigures('shoes', rounds, true)).toThrow(/"shoes" is for report only/);
  });

  test('has a cell per column in every table, its own tables apart from those of the other list', () => {
    const tables = judgementTables([
      worldFigures('shoes', rounds, false),
      worldFigures('drawings', rounds, false),
    ]);
    for (const { columns, rows } of tables) for (const row of rows) expect(row).toHaveLength(columns.length);
    const about = (world: string): string[] =>
      tables
        .filter(({ columns, rows }) => JSON.stringify([columns, rows]).includes(world))
        .map(({ title }) => title);
    expect(about('shoes').every((title) => title.endsWith('report only'))).toBe(true);
    expect(about('drawings').every((title) => title.endsWith('choose on'))).toBe(true);
  });
});
