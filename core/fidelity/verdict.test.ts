import { describe, expect, test } from 'vitest';
import { isOutside, rangeWords, soundRange, tallyWords } from '../../rpc/contract/measures.ts';
import type { BatchReport, ClusterReport, Measured } from '../../rpc/contract/reports.ts';
import { adviceOf } from './advice.ts';
import type { BatchMeasures } from './measure-batch.ts';
import { MEASURES } from './measures.ts';
import { planOf } from '../strategy/plan/plan.ts';
import { verdictOf } from './verdict.ts';

/** Every measure in the middle of its band, but for those named, which lie outside. */
const measuresWith = (...outside: string[]): Measured[] =>
  MEASURES.map((info) => {
    const isBad = outside.includes(info.id);
    return {
      ...info,
      value: isBad ? (info.worse === 'high' ? 2 : 0.1) : 0.5,
      band: [0.4, 0.5, 0.6],
      why: null,
      outside: isBad,
    };
  });

const clusters: ClusterReport = {
  clusters: 20,
  rare: { clusters: 3, real: 0.05, generated: 0.1 },
  leastRatio: 1,
  g: 10,
  p: 0.4,
  permutations: 999,
  missing: [],
  frequent: [],
};
const rare = (i: number) => ({
  real: 0.015,
  generated: 0,
  p: 0.001,
  label: 'gear',
  examples: [{ sha256: `rare-${i}`, path: `rare/${i}.png` }],
});

const batch = (part: Partial<BatchMeasures> = {}): BatchMeasures => ({
  images: 1500,
  real: 600,
  sample: 200,
  draws: 20,
  read: { images: 1200, real: 600 },
  measures: measuresWith(),
  galleries: {
    vanished: { images: 0, of: 600, shown: [] },
    fresh: [],
    furthest: [],
  },
  classes: [],
  clusters,
  memorised: [],
  notes: [],
  ...part,
});

const nothing = {
  alarm: { raised: false, measures: [], text: 'No alarm from one batch alone.' },
  drift: null,
  copied: { images: 0, of: 1500, interval: [0, 0.002] } satisfies BatchReport['copied'],
  memorised: [],
  model: 'm',
};
const verdict = (part: Partial<BatchMeasures> = {}, found: Partial<typeof nothing> = {}) =>
  verdictOf('night', batch(part), { ...nothing, ...found });

describe('what lies outside', () => {
  const band = [0.4, 0.5, 0.6] as const;

  test('is one-sided: better than real images is inside, in the mark, the words and the drawing alike', () => {
    expect(isOutside(0.9, { worse: 'low', band })).toBe(false);
    expect(isOutside(0.3, { worse: 'low', band })).toBe(true);
    expect(isOutside(0.3, { worse: 'high', band })).toBe(false);
    expect(isOutside(0.9, { worse: 'both', band })).toBe(true);
    expect(soundRange({ worse: 'low', band })).toEqual({ from: 0.4, to: null });
    expect(rangeWords({ worse: 'low', band })).toBe('at least 0.4');
    expect(rangeWords({ worse: 'high', band })).toBe('at most 0.6');
    expect(rangeWords({ worse: 'both', band })).toBe('0.4 to 0.6');
    expect(rangeWords({ worse: 'both', band: null })).toBeNull();
    expect(isOutside(null, { worse: 'low', band })).toBe(false);
  });

  test('is counted alike by the groups and by the whole', () => {
    const measures = measuresWith('recall', 'coverage', 'precision', 'authenticity');
    expect(tallyWords(measures)).toBe('4 of 16');
    const said = verdict({ measures }).reasons.map(({ text }) => /(\d+) of (\d+) measures?/.exec(text)!);
    expect(said.map(([, outside]) => Number(outside)).reduce((a, b) => a + b)).toBe(4);
    expect(said.map(([, , of]) => Number(of)).reduce((a, b) => a + b)).toBe(16);
  });

  test('says what has no band, and counts it nowhere', () => {
    const measures = measuresWith().map((measured) => ({ ...measured, band: null, why: 'few' }));
    expect(tallyWords(measures)).toBe('–');
    expect(verdict({ measures }).reasons[0]!.text).toBe('There are too few real images to judge it.');
  });
});

describe('the verdict', () => {
  test('is good where nothing shows, and one stray measure changes nothing', () => {
    expect(verdict()).toMatchObject({ level: 'good', headline: expect.stringContaining('no fault') });
    const stray = verdict({ measures: measuresWith('entropy') });
    expect(stray.level).toBe('good');
    expect(stray.reasons[1]!.text).toMatch(/^1 of 8 measures is worse .*: nearest-neighbour entropy\. One/);
  });

  test('names the doubts, and is bad where half of what was measured is outside', () => {
    const doubt = verdict({ measures: measuresWith('recall', 'coverage') });
    expect(doubt).toMatchObject({
      level: 'watch',
      headline: expect.stringMatching(/closer at its diversity/),
    });
    const bad = verdict({ measures: measuresWith('precision', 'density', 'cmmd') });
    expect(bad.level).toBe('bad');
    expect(bad.headline).toBe('night looks different from the real images.');
  });

  test('is never better than its worst reason, whatever that is', () => {
    const order = ['good', 'watch', 'bad'];
    const cases = [
      verdict(),
      verdict({ measures: measuresWith('recall', 'coverage') }),
      verdict({ measures: measuresWith('authenticity', 'copying') }),
      verdict({}, { alarm: { raised: true, measures: [], text: 'Alarm.' } }),
      verdict({ clusters: { ...clusters, missing: [rare(1)] } }),
      verdict({}, { copied: { images: 3, of: 1500, interval: [0.0004, 0.006] } }),
    ];
    for (const { level, reasons, drift } of cases)
      expect(order.indexOf(level)).toBe(
        Math.max(...[...reasons, drift].map((part) => order.indexOf(part.level))),
      );
    expect(cases.map(({ level }) => level)).toEqual(['good', 'watch', 'bad', 'bad', 'watch', 'watch']);
  });

  test('begins with memorising, and then names the other faults', () => {
    const { headline, level } = verdict(
      { measures: measuresWith('precision', 'density', 'cmmd', 'authenticity', 'copying') },
      { copied: { images: 750, of: 1500, interval: [0.47, 0.53] } },
    );
    expect(level).toBe('bad');
    expect(headline).toMatch(/^Memorised: 50 % .* night looks different from the real images\.$/);
  });

  test('says what was sampled', () => {
    expect(verdict().basis).toMatch(
      /^Measured: 1,200, drawn at random, of 1,500 generated and all 600 real images, in 20 draws of 200 each/,
    );
  });

  test('shows missing kinds first, and says them in one sentence with the share of all rare kinds', () => {
    const found = verdict({ clusters: { ...clusters, missing: [rare(1), rare(2)] } });
    expect(found.reasons[1]!.pictures.map(({ sha256 }) => sha256)).toEqual(['rare-1', 'rare-2']);
    expect(found.reasons[1]!.text).toMatch(/hardly any of 2 rare kinds\.$/);
    expect(found.kinds).toMatch(
      /hold 5 % of the real images and 10 % of the batch; 2 of them hardly occur in it\.$/,
    );
    expect(verdict().kinds).toMatch(/; none is shown to be missing\.$/);
  });
});

test('no class is asked for that has its share: it is asked for variety in place of numbers', () => {
  const stock = [
    { name: 'twice', real: 10, usable: 200, decided: 0, lost: 0 },
    { name: 'short', real: 30, usable: 100, decided: 0, lost: 0 },
    { name: 'fair', real: 60, usable: 600, decided: 0, lost: 0 },
  ];
  const coverage = new Map([
    ['twice', 0.2],
    ['short', 0.9],
    ['fair', 0.9],
  ]);
  const plan = planOf(stock, { kind: 'real-share' }, new Map(), coverage);
  const enough = plan.filter(({ shares }) => shares.usable >= shares.real);
  expect(enough.map(({ generate }) => generate)).toEqual([0, 0]);
  expect(plan[0]).toMatchObject({ name: 'short', generate: 170, shares: { real: 0.3 } });
  const advice = adviceOf({ clusters: { ...clusters, missing: [rare(1)] }, classes: [] }, plan);
  expect(advice.find((line) => line.startsWith('Generate'))).toBe('Generate about 170 more short.');
  expect(advice.find((line) => line.includes('twice'))).toMatch(/^Vary twice: there are enough/);
  expect(advice.find((line) => line.includes('rare kind'))).toMatch(/in place of common kinds\.$/);
});
