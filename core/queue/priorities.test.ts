import { describe, expect, test } from 'vitest';
import { scores as registry } from '../measure/scores/registry.ts';
import { prioritise } from './priorities.ts';

const seedOf = (from: number, to: number): Float64Array =>
  Float64Array.from({ length: 101 }, (_, i) => from + ((to - from) * i) / 100);
const columns = (facts: Record<string, number[] | Float64Array>): Map<string, Float64Array> =>
  new Map(Object.entries(facts).map(([id, values]) => [id, Float64Array.from(values)]));

describe('priorities', () => {
  test('invert label scores, so that higher is more suspect', () => {
    const { priorities } = prioritise(
      2,
      columns({ 'self-confidence': [0.9, Number.NaN], margin: [0.2, 1] }),
      new Map(),
    );
    expect(priorities['suspect-label'][0]).toBeCloseTo(0.1, 12);
    expect(priorities['suspect-label'][1]).toBeNaN();
    expect([...priorities.uncertain]).toEqual([0.8, 0]);
  });

  test('measure novelty in distances, against the real images and against the candidates', () => {
    const distances = Float64Array.from({ length: 101 }, (_, i) => 0.5 + i / 100);
    const toNovelty = (all: Float64Array): Float64Array => all.map((distance) => 1 - Math.exp(-distance));
    const ordinary = [...distances, 4];
    const seed = columns({ isolation: toNovelty(distances) });
    const { novel } = prioritise(
      102,
      columns({ isolation: toNovelty(Float64Array.from(ordinary)) }),
      seed,
    ).priorities;
    expect(novel[101]).toBeGreaterThan(0.5);
    expect(novel.slice(0, 101).every((value) => value === 0)).toBe(true);
    // A batch that is far away as a whole is a matter for its report: no image in it stands out.
    const shifted = columns({ isolation: toNovelty(distances.map((distance) => distance + 4)) });
    expect(prioritise(101, shifted, seed).priorities.novel.every((value) => value === 0)).toBe(true);
  });

  test('rank labels by the probability that they are wrong, once known', () => {
    const { priorities, reasons } = prioritise(
      3,
      columns({ 'label-risk': [0.9, 0.3, Number.NaN], 'self-confidence': [0.9, 0.1, 0.1] }),
      new Map(),
    );
    expect([...priorities['suspect-label']]).toEqual([0.9, 0, Number.NaN]);
    expect(reasons(0, 'suspect-label')[0]).toEqual({ score: 'label-risk', value: 0.9, rank: 1, of: 2 });
  });

  test('average the two label scores, or use the known one', () => {
    const scores = columns({
      'self-confidence': [0.9, 0.9, Number.NaN],
      'neighbour-agreement': [0.3, Number.NaN, 0.3],
    });
    const { priorities } = prioritise(3, scores, new Map());
    [0.4, 0.1, 0.7].forEach((doubt, i) => expect(priorities['suspect-label'][i]).toBeCloseTo(doubt, 12));
  });

  test('do not flag a project as light if its real images are light', () => {
    const white = columns({ light: [0.01, 0.1] });
    expect([...prioritise(2, white, columns({ light: seedOf(0, 0.2) })).priorities.damaged]).toEqual([0, 0]);
    const anchored = prioritise(2, white, columns({ light: seedOf(0.5, 0.9) })).priorities.damaged;
    expect(anchored[0]).toBeGreaterThan(0);
    expect(anchored[1]).toBeGreaterThan(0);
  });

  test('fall back to the published threshold with too few real images', () => {
    const { damaged } = prioritise(
      2,
      columns({ dark: [0.16, 0.4] }),
      columns({ dark: [0.9, 0.8] }),
    ).priorities;
    expect([...damaged]).toEqual([0.5, 0]);
  });

  test('judge shapes by threshold, whatever the real images look like', () => {
    const seed = columns({ 'odd-aspect-ratio': seedOf(0.99, 1) });
    const { damaged } = prioritise(2, columns({ 'odd-aspect-ratio': [0.75, 0.07] }), seed).priorities;
    expect(damaged[0]).toBe(0);
    expect(damaged[1]).toBeCloseTo(0.8, 12);
  });

  test('count the worst damage, ignoring scores that do not apply', () => {
    const { damaged } = prioritise(
      1,
      columns({ dark: [0.08], blurry: [Number.NaN], light: [0.04] }),
      new Map(),
    ).priorities;
    expect(damaged[0]).toBeCloseTo(0.75, 12);
  });

  test('rank damage by its chance, once known, and by its measures until then', () => {
    const seed = columns({ dark: seedOf(0.8, 1), 'odd-size': seedOf(0.9, 1) });
    const dark = Float64Array.from(seedOf(0.8, 1)).fill(0.1, 0, 1);
    const measured = prioritise(101, columns({ dark }), seed);
    expect(measured.priorities.damaged[0]).toBeGreaterThan(0.5);
    expect(measured.reasons(0, 'damaged')[0]).toMatchObject({ score: 'dark' });

    const chance = Float64Array.from({ length: 101 }, (_, i) => i / 1000);
    const known = prioritise(101, columns({ dark, 'damage-risk': chance }), seed);
    expect([...known.priorities.damaged]).toEqual([...chance]);
    expect([...known.chances().damaged].slice(1)).toEqual([...chance].slice(1));
    expect(known.reasons(100, 'damaged')[0]).toEqual({ score: 'damage-risk', value: 0.1, rank: 1, of: 101 });
    // The measure that tells is named beside it.
    expect(known.reasons(0, 'damaged')).toContainEqual(expect.objectContaining({ score: 'dark' }));
    // A shape is judged by its threshold, whatever the chance of damage is.
    const shaped = prioritise(
      101,
      columns({ 'odd-size': new Float64Array(101).fill(1).fill(0.1, 5, 6), 'damage-risk': chance }),
      seed,
    );
    expect(shaped.priorities.damaged[5]).toBeGreaterThan(0.5);
    expect(shaped.chances().damaged[5]).toBeGreaterThan(0.1);
  });

  test('give a chance from 0 to 1 and never NaN, whatever is known', () => {
    const some = seedOf(0, 1);
    const none = new Float64Array(101).fill(Number.NaN);
    const all = [...registry.keys()];
    for (const value of [some, none])
      for (const seed of [some, none, new Float64Array()]) {
        const { chances } = prioritise(
          101,
          columns(Object.fromEntries(all.map((id) => [id, value]))),
          columns(Object.fromEntries(all.map((id) => [id, seed]))),
        );
        for (const column of Object.values(chances()))
          expect([...column].filter((chance) => !(chance >= 0 && chance <= 1))).toEqual([]);
      }
  });

  test('are NaN without scores', () => {
    const { priorities } = prioritise(1, new Map(), new Map());
    expect(priorities['suspect-label'][0]).toBeNaN();
    expect(priorities.novel[0]).toBeNaN();
    expect(priorities.damaged[0]).toBe(0);
  });
});

test('reasons name the score that decided first, then what else is rare', () => {
  const n = 100;
  const ramp = Float64Array.from({ length: n }, (_, i) => (i + 1) / n);
  const { reasons } = prioritise(
    n,
    columns({
      'self-confidence': ramp,
      margin: ramp.toReversed(),
      'seed-copy': ramp.map((v) => (v > 0.5 ? v : 0)),
    }),
    new Map(),
  );
  expect(reasons(0, 'suspect-label')).toEqual([{ score: 'self-confidence', value: 0.01, rank: 1, of: 100 }]);
  expect(reasons(1, 'uncertain')).toEqual([
    { score: 'margin', value: 0.99, rank: 99, of: 100 },
    { score: 'self-confidence', value: 0.02, rank: 2, of: 100 },
  ]);
  // A copy is judged by its threshold, whatever the others are.
  expect(reasons(98, 'suspect-label')).toEqual([
    { score: 'self-confidence', value: 0.99, rank: 99, of: 100 },
    { score: 'margin', value: 0.02, rank: 2, of: 100 },
    { score: 'seed-copy', value: 0.99, rank: 2, of: 100, threshold: registry.get('seed-copy')!.threshold },
  ]);
});

test('a reason names the threshold only if one decided', () => {
  const few = prioritise(2, columns({ dark: [0.16, 0.4] }), columns({ dark: [0.9, 0.8] }));
  expect(few.reasons(0, 'damaged')).toEqual([
    { score: 'dark', value: 0.16, rank: 1, of: 2, threshold: registry.get('dark')!.threshold },
  ]);
  const light = columns({ light: [0.01, 0.1] });
  const many = prioritise(2, light, columns({ light: seedOf(0.5, 0.9) }));
  expect(many.reasons(0, 'damaged')).toEqual([{ score: 'light', value: 0.01, rank: 1, of: 2 }]);
});
