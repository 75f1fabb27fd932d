import { expect, test } from 'vitest';
import { gaussian, mulberry32 } from '../../base/numeric/random.ts';
import { withoutDoubted, type Trial } from './doubted.ts';
import { EVIDENCE } from './evidence.ts';
import { riskWithoutDecisions } from './risk-model.ts';

/** Images of which some have a wrong label; `apart` is how far the evidence of right and wrong labels lies apart. */
function world(n: number, noise: number, apart: number, seed: number, role: Trial['role']) {
  const random = mulberry32(seed);
  const row = (wrong: boolean): Float64Array => {
    const evidence = new Float64Array(EVIDENCE.length);
    for (const c of evidence.keys()) evidence[c] = gaussian(random);
    if (wrong) for (const c of [0, 1, 2]) evidence[c]! -= apart;
    return evidence;
  };
  const wrong = Array.from({ length: n }, (_, i) => i < noise * n);
  const trials = wrong.map((own): Trial => ({
    role,
    own: row(own),
    wrong: Array.from({ length: 5 }, () => row(true)),
  }));
  return { trials, wrong };
}

const rowsOf = (trials: Trial[]): Float64Array => Float64Array.from(trials.flatMap(({ own }) => [...own]));
const mean = (values: ArrayLike<number>): number =>
  Array.from(values).reduce((sum, value) => sum + value, 0) / values.length;

test('wrong labels of the seed are no examples of right ones', () => {
  const { trials } = world(400, 0.1, 3, 1, 'real');
  const simulation = withoutDoubted(trials);
  expect(simulation.images).toBeGreaterThan(345);
  expect(simulation.images).toBeLessThan(370);
  expect(simulation.rows).toHaveLength(simulation.images * 6 * EVIDENCE.length);
  expect(Array.from(simulation.wrong.subarray(0, 7))).toEqual([0, 1, 1, 1, 1, 1, 0]);
});

test.each([0, 0.05, 0.1])(
  'says how many labels are wrong where a share of %f of the seed is wrong',
  (noise) => {
    const real = world(400, noise, 3, 2, 'real').trials;
    const batch = world(400, 0.1, 3, 3, 'synthetic').trials;
    const { rates } = riskWithoutDecisions(withoutDoubted([...real, ...batch]), [
      rowsOf(real),
      rowsOf(batch),
    ]);
    expect(Math.abs(rates[0]! - noise)).toBeLessThan(0.015);
    expect(rates[1]).toBeGreaterThan(0.1 / 1.2);
    expect(rates[1]).toBeLessThan(0.1 * 1.2);
  },
);

test('hard images are not doubted where right and wrong look alike', () => {
  const { trials } = world(600, 0, 1, 4, 'real');
  const simulation = withoutDoubted(trials);
  expect(simulation.images).toBeGreaterThan(580);
  const [risk] = riskWithoutDecisions(simulation, [rowsOf(trials)]).risks;
  expect(mean(risk!)).toBeLessThan(0.03);
});

test('of a few images, or of none, something is left', () => {
  expect(withoutDoubted([])).toMatchObject({ images: 0 });
  const { trials } = world(3, 0.4, 3, 5, 'real');
  expect(withoutDoubted(trials).images).toBeGreaterThan(0);
});
