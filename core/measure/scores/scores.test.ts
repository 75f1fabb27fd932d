import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import type { PixelStats } from '../../../imaging/types.ts';
import type { Score, ScoreBlock } from './define.ts';
import { sizeScore } from './odd-size.ts';
import { scores } from './registry.ts';

interface GoldenCase {
  classes?: number;
  noveltyScale?: number;
  noveltyScaleOfClass?: (number | null)[];
  sizeQ1?: number;
  sizeQ3?: number;
  probabilities?: (number | null)[];
  ensemble?: (number | null)[][];
  given?: number[];
  seedDistance?: (number | null)[];
  givenClassDistance?: (number | null)[];
  poolScale?: number;
  medianNearest?: number;
  poolNearest?: (number | null)[];
  poolDistance?: (number | null)[];
  poolAgreement?: (number | null)[];
  rivalClassDistance?: (number | null)[];
  poolRivalAgreement?: (number | null)[];
  kernelMargin?: (number | null)[];
  labelRisk?: (number | null)[];
  ownCloudDistance?: (number | null)[];
  rivalCloudDistance?: (number | null)[];
  wholeCloudDistance?: (number | null)[];
  ownAlignment?: (number | null)[];
  bestOtherAlignment?: (number | null)[];
  batchCopy?: number[];
  seedCopy?: number[];
  holdoutCopy?: number[];
  exactCopy?: number[];
  pixels?: PixelStats[];
  /** Levels of the left and right half of grey pictures. */
  signatures?: [number, number][];
  width?: number[];
  height?: number[];
  expected: (number | null)[];
  flagged?: boolean[];
}

const goldens = new URL('../../../test/goldens/scores/', import.meta.url);

function column(values: (number | null)[] | undefined, n: number): Float64Array {
  return Float64Array.from(values ?? Array<null>(n).fill(null), (value) => value ?? Number.NaN);
}

function signatureOf([left, right]: [number, number]): Uint8Array {
  return Uint8Array.from({ length: 32 * 32 * 3 }, (_, i) => (Math.floor(i / 3) % 32 < 16 ? left : right));
}

function blockOf(facts: GoldenCase): ScoreBlock {
  const n = facts.expected.length;
  const classes = facts.classes ?? 1;
  return {
    n,
    run: {
      classes,
      sizeQ1: facts.sizeQ1 ?? Number.NaN,
      sizeQ3: facts.sizeQ3 ?? Number.NaN,
      noveltyScale: facts.noveltyScale ?? Number.NaN,
      noveltyScaleOfClass: column(facts.noveltyScaleOfClass, classes),
      poolScale: facts.poolScale ?? Number.NaN,
      medianNearest: facts.medianNearest ?? Number.NaN,
    },
    probabilities: column(facts.probabilities, n * classes),
    ensemble: (facts.ensemble ?? []).map((member) => column(member, n * classes)),
    given: Int32Array.from(facts.given ?? Array<number>(n).fill(-1)),
    seedDistance: column(facts.seedDistance, n),
    givenClassDistance: column(facts.givenClassDistance, n),
    poolDistance: column(facts.poolDistance, n),
    poolNearest: column(facts.poolNearest, n),
    poolAgreement: column(facts.poolAgreement, n),
    rivalClassDistance: column(facts.rivalClassDistance, n),
    poolRivalAgreement: column(facts.poolRivalAgreement, n),
    kernelMargin: column(facts.kernelMargin, n),
    labelRisk: column(facts.labelRisk, n),
    ownCloudDistance: column(facts.ownCloudDistance, n),
    rivalCloudDistance: column(facts.rivalCloudDistance, n),
    wholeCloudDistance: column(facts.wholeCloudDistance, n),
    ownAlignment: column(facts.ownAlignment, n),
    bestOtherAlignment: column(facts.bestOtherAlignment, n),
    batchCopy: column(facts.batchCopy, n),
    seedCopy: column(facts.seedCopy, n),
    holdoutCopy: column(facts.holdoutCopy, n),
    exactCopy: column(facts.exactCopy, n),
    pixels: facts.pixels ?? [],
    signatures: (facts.signatures ?? []).map(signatureOf),
    width: Int32Array.from(facts.width ?? []),
    height: Int32Array.from(facts.height ?? []),
  };
}

function matches(value: number, wanted: number | null, tolerance: number): boolean {
  return wanted === null ? Number.isNaN(value) : Math.abs(value - wanted) <= tolerance;
}

function isFlagged({ suspect, threshold }: Score, value: number): boolean {
  if (threshold === null) return false;
  return suspect === 'low' ? value < threshold : value > threshold;
}

describe.each([...scores.values()])('score $id', (score) => {
  const url = new URL(`${score.id}.json`, goldens);
  const golden: { tolerance: number; cases: GoldenCase[] } = JSON.parse(readFileSync(url, 'utf8'));

  test.each(golden.cases.map((facts, index) => ({ facts, index })))('golden $index', ({ facts }) => {
    const values = score.compute(blockOf(facts));
    expect(values).toHaveLength(facts.expected.length);
    const wrong = facts.expected.filter((wanted, i) => !matches(values[i]!, wanted, golden.tolerance));
    expect(wrong, `values ${values.join(', ')}`).toEqual([]);
    const outside = values.filter((value) => value < score.range[0] || value > score.range[1]);
    expect([...outside]).toEqual([]);
    const flags = Array.from(values, (value) => isFlagged(score, value));
    expect(flags).toEqual(facts.flagged ?? flags);
  });

  test('takes an empty block', () => {
    expect(score.compute(blockOf({ expected: [], classes: 3 }))).toHaveLength(0);
  });
});

const fromColumns = [...scores.values()].filter(
  ({ needs }) => !needs.includes('pixels') && !needs.includes('size'),
);

test.each(fromColumns)('score $id gives no value where its facts are missing', (score) => {
  expect(score.compute(blockOf({ expected: [null], classes: 3 }))[0]).toBeNaN();
});

test('every golden belongs to a score', () => {
  expect(existsSync(goldens)).toBe(true);
  const ids = readdirSync(goldens).map((name) => name.replace(/\.json$/, ''));
  expect(ids.sort()).toEqual([...scores.keys()].sort());
});

test('the size score equals CleanVision where all sizes are alike', () => {
  expect(sizeScore(30, 100, 100)).toBeCloseTo(0.3, 12);
  expect(sizeScore(100, 100, 100)).toBe(1);
});
