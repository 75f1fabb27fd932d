import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { InferenceProcess } from '../../../models/inference-process.ts';
import { Alignment, type Anchor } from './alignment.ts';
import type { Vectors } from '../vectors.ts';

let inference: InferenceProcess;
beforeAll(async () => {
  inference = await InferenceProcess.start({ threads: 1 });
});
afterAll(() => inference.close());

/** Vectors that are of length 1 or 0 already. */
function vectors(...rows: number[][]): Vectors {
  const unit = Float32Array.from(rows.flat());
  return { n: rows.length, dimensions: rows[0]!.length, raw: unit, unit };
}

async function align(anchors: (Anchor | null)[], block: Vectors, given: number[], isSeed = false) {
  const alignment = await Alignment.put(inference, anchors, block.dimensions);
  const columns = await alignment.of(block, Int32Array.from(given), isSeed);
  await alignment.drop();
  return { own: [...columns.own], other: [...columns.bestOther] };
}

const prompt = (...sum: number[]): Anchor => ({ sum: Float64Array.from(sum), members: null });

describe('Alignment', () => {
  test('gives the cosine with the own anchor and with the best other one', async () => {
    const anchors = [prompt(2, 0, 0), prompt(0, 3, 0), prompt(0, -1, 0)];
    const { own, other } = await align(anchors, vectors([0.6, 0.8, 0], [0, 0, 1], [-1, 0, 0]), [0, 1, 0]);
    [0.6, 0, -1].forEach((wanted, i) => expect(own[i]).toBeCloseTo(wanted, 6));
    [0.8, 0, 0].forEach((wanted, i) => expect(other[i]).toBeCloseTo(wanted, 6));
  });

  test('leaves a seed image out of the centroid of its class, and of no other', async () => {
    const [a, b, c] = [
      [1, 0],
      [0, 1],
      [0.6, 0.8],
    ];
    // Class 0 has a and b, class 1 has c.
    const anchors: Anchor[] = [
      { sum: Float64Array.of(1, 1), members: 2 },
      { sum: Float64Array.of(0.6, 0.8), members: 1 },
    ];
    const seed = await align(anchors, vectors(a, b, c), [0, 0, 1], true);
    expect(seed.own[0]).toBeCloseTo(0, 6);
    expect(seed.own[1]).toBeCloseTo(0, 6);
    expect(seed.own[2]).toBeNaN();
    expect(seed.other[0]).toBeCloseTo(0.6, 6);
    expect(seed.other[2]).toBeCloseTo(1.4 / Math.SQRT2, 6);
    const others = await align(anchors, vectors(a, c), [0, 1]);
    expect(others.own[0]).toBeCloseTo(Math.SQRT1_2, 6);
    expect(others.own[1]).toBeCloseTo(1, 6);
  });

  test('gives 0 for a vector or an anchor of zeros', async () => {
    const anchors = [prompt(1, 0), prompt(0, 0)];
    const { own, other } = await align(anchors, vectors([0, 0], [1, 0]), [0, 1]);
    expect(own).toEqual([0, 0]);
    expect(other[0]).toBe(0);
    expect(other[1]).toBeCloseTo(1, 6);
  });

  test('gives nothing without a label, an anchor, a vector or another class', async () => {
    const only = await align([prompt(1, 0), null], vectors([1, 0], [1, 0], [1, 0]), [0, 1, -1]);
    expect(only.own).toEqual([1, Number.NaN, Number.NaN]);
    expect(only.other).toEqual([Number.NaN, 1, Number.NaN]);
    const gone = await align([prompt(1, 0), prompt(0, 1)], vectors([Number.NaN, Number.NaN]), [0]);
    expect(gone).toEqual({ own: [Number.NaN], other: [Number.NaN] });
    expect(await align([null, null], vectors([1, 0]), [0])).toEqual({
      own: [Number.NaN],
      other: [Number.NaN],
    });
  });
});
