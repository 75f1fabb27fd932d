import golden from '../../test/goldens/fidelity/metrics.json' with { type: 'json' };
import { describe, expect, test } from 'vitest';
import { gaussian, mulberry32 } from '../base/numeric/random.ts';
import {
  discrepancyOfDistances,
  frechetDistance,
  frechetExtrapolated,
  kernelDistance,
} from './discrepancy.ts';
import { distancesBetween, nearestOf } from './distances.ts';
import { effectiveRank, neighbourEntropy, vendiScore } from './diversity.ts';
import { pickRows, unitRows, type Vectors } from './image-set.ts';
import { authentic, copyingZ } from './memorisation.ts';
import { alphaBeta, prdc } from './support.ts';

const vectorsOf = (rows: number[][]): Vectors => ({
  data: Float64Array.from(rows.flat()),
  dimensions: rows[0]!.length,
});

/** The generated sets of the goldens: 40 x 4 standard normal, then 30 x 4 from the same stream, times 0.8 plus 0.3. */
function mid(): { real: Vectors; fake: Vectors } {
  const random = mulberry32(7);
  const draw = (n: number): Float64Array => Float64Array.from({ length: n * 4 }, () => gaussian(random));
  return {
    real: { data: draw(40), dimensions: 4 },
    fake: { data: draw(30).map((value) => value * 0.8 + 0.3), dimensions: 4 },
  };
}

const share = (mask: Uint8Array): number => mask.reduce((a, b) => a + b, 0) / mask.length;

const tiny = { real: vectorsOf(golden.prdc_tiny.real), fake: vectorsOf(golden.prdc_tiny.fake) };

describe('fidelity against the published implementations', () => {
  test('precision, recall, density, coverage, discrepancy', async () => {
    const { real, fake } = tiny;
    const [rr, ff, rf] = [
      await distancesBetween(real, real),
      await distancesBetween(fake, fake),
      await distancesBetween(real, fake),
    ];
    expect(prdc(rr, ff, rf, 1)).toEqual(golden.prdc_tiny.k1);
    expect(prdc(rr, ff, rf, 2)).toEqual(golden.prdc_tiny.k2);
    expect(discrepancyOfDistances(rr, ff, rf, 10)).toBeCloseTo(golden.cmmd_tiny, 5);
    expect(share(authentic(rr, rf))).toBe(golden.auth_tiny);
  });

  test('the middle-sized sets', async () => {
    const { real, fake } = mid();
    const [rr, ff, rf] = [
      await distancesBetween(real, real),
      await distancesBetween(fake, fake),
      await distancesBetween(real, fake),
    ];
    const measured = prdc(rr, ff, rf, 5);
    for (const [name, value] of Object.entries(golden.mid.prdc5))
      expect(measured[name as keyof typeof measured]).toBeCloseTo(value, 9);
    expect(frechetDistance(real, fake)).toBeCloseTo(golden.mid.fd, 8);
    expect(kernelDistance(pickRows(real, [...Array(30).keys()]), fake)).toBeCloseTo(golden.mid.kid30, 8);
    expect(discrepancyOfDistances(rr, ff, rf, 10)).toBeCloseTo(golden.mid.cmmd, 4);
    expect(vendiScore(fake)).toBeCloseTo(golden.mid.vendi_f, 8);
    expect(100 * share(authentic(rr, rf))).toBeCloseTo(golden.mid.authpct, 4);
    expect(neighbourEntropy(rr, 4, 1)).toBeCloseTo(golden.KL.mid_real, 8);
    expect(neighbourEntropy(ff, 4, 1)).toBeCloseTo(golden.KL.mid_fake, 8);
    expect(neighbourEntropy(rr, 4, 3)).toBeCloseTo(golden.KL.mid_real_k3, 8);
    expect(effectiveRank(real)).toBeCloseTo(golden.effrank.erank, 8);
  });

  test('Frechet and kernel distance', () => {
    const { real, fake } = tiny;
    expect(frechetDistance(real, fake)).toBeCloseTo(golden.fd_tiny, 9);
    expect(kernelDistance(pickRows(real, [0, 1, 2, 3]), fake)).toBeCloseTo(golden.kid_tiny, 9);
  });

  test('the Vendi score of orders 1, 2 and infinity', () => {
    const rows = vectorsOf([
      [1, 0],
      [1, 0],
      [0, 1],
    ]);
    expect(vendiScore(rows)).toBeCloseTo(golden.vendi['[[1,0],[1,0],[0,1]]'], 9);
    expect(vendiScore(rows, 2)).toBeCloseTo(golden.vendi['same q=2'], 9);
    expect(vendiScore(rows, Infinity)).toBeCloseTo(golden.vendi['same q=inf'], 9);
    expect(
      vendiScore(
        vectorsOf([
          [2, 1],
          [2, 1],
          [4, 2],
        ]),
      ),
    ).toBeCloseTo(1, 9);
  });

  test('alpha-precision and beta-recall', async () => {
    const real = vectorsOf(golden.alphaprec.real);
    const fake = vectorsOf(golden.alphaprec.synth);
    const [rr, rf] = [await distancesBetween(real, real), await distancesBetween(real, fake)];
    const { alphaPrecision, betaRecall } = alphaBeta(real, fake, rr, rf);
    expect(alphaPrecision).toBeCloseTo(golden.alphaprec.dpa, 8);
    expect(betaRecall).toBeCloseTo(golden.alphaprec.dcb, 8);
    expect(share(authentic(rr, rf))).toBe(golden.alphaprec.auth_correct);
  });
});

describe('what the measures are for', () => {
  const random = mulberry32(11);
  const normal = (n: number, d: number): Vectors => ({
    data: Float64Array.from({ length: n * d }, () => gaussian(random)),
    dimensions: d,
  });

  test('extrapolation takes the bias out that a small sample puts in', () => {
    const [a, b] = [normal(400, 16), normal(400, 16)];
    const naive = frechetDistance(a, b);
    const extrapolated = frechetExtrapolated(a, b, mulberry32(5));
    expect(naive).toBeGreaterThan(0.3);
    expect(Math.abs(extrapolated)).toBeLessThan(naive / 2);
    expect(frechetExtrapolated(normal(20, 16), b, mulberry32(5))).toBeNaN();
  });

  test('copies are not authentic, and lie nearer to what was copied', async () => {
    const train = normal(200, 8);
    const heldOut = normal(200, 8);
    const copies: Vectors = {
      data: Float64Array.from(train.data, (value) => value + 0.01 * gaussian(random)),
      dimensions: 8,
    };
    const within = await distancesBetween(train, train);
    const toCopies = await distancesBetween(train, copies);
    const toHeldOut = await distancesBetween(train, heldOut);
    expect(share(authentic(within, toCopies))).toBeLessThan(0.05);
    expect(share(authentic(within, toHeldOut))).toBeGreaterThan(0.5);
    const turned = async (other: Vectors): Promise<Float64Array> =>
      nearestOf(await distancesBetween(other, train)).distance;
    expect(copyingZ(await turned(copies), await turned(heldOut))).toBeLessThan(-10);
    expect(Math.abs(copyingZ(await turned(normal(200, 8)), await turned(heldOut)))).toBeLessThan(4);
  });

  test('stop when they are told to', async () => {
    const many = unitRows(normal(300, 8));
    await expect(distancesBetween(many, many, AbortSignal.abort(new Error('enough')))).rejects.toThrow(
      'enough',
    );
  });
});
