import type { Arm, ArmSource, Design, ExperimentResults } from '../../../rpc/contract/experiments.ts';
import { sampleWithoutReplacement, streamOf } from '../../base/numeric/random.ts';
import type { SoftLabels } from '../../base/numeric/softmax.ts';

/** Images that arms are drawn from. */
export interface Pools {
  real: number;
  generated: number;
  verified: number;
}

export interface Wish {
  /** Shares of real images. */
  ratios: readonly number[];
  /** Shares of the largest size. */
  sizes: readonly number[];
  /** Trainings of an arm below the largest size, and at it. */
  seeds: number;
  pairs: number;
}

/** Smaller training sets teach nothing. */
const FEWEST = 10;

/**
 * The grid. Both designs begin with real images alone, which are one arm. The largest same total is the one that every
 * ratio can be drawn for; the largest same real is every real image, and arms for which there are too few synthetic images
 * are listed as impossible. `sources` are the states of the synthetic images, the first of which is the one that verdicts
 * are on. The control has the most synthetic images of the same total, with shuffled labels.
 */
export function planArms(
  pools: Pools,
  { ratios, sizes, seeds, pairs }: Wish,
  sources: readonly Exclude<ArmSource, 'shuffled'>[],
): { arms: Arm[]; impossible: ExperimentResults['impossible'] } {
  const mixed = [...new Set(ratios)].filter((share) => share < 1).sort((a, b) => b - a);
  const scarce = Math.min(...sources.map((source) => pools[source]));
  const most = {
    'same-total': Math.min(
      pools.real,
      ...mixed.map((share) =>
        Math.floor(Math.min(share > 0 ? pools.real / share : Infinity, scarce / (1 - share))),
      ),
    ),
    'same-real': pools.real,
  };
  const arms = new Map<string, Arm>();
  const impossible: ExperimentResults['impossible'] = [];
  const add = (arm: Omit<Arm, 'id' | 'seeds'>, isLargest: boolean): void => {
    const id = armId(arm);
    arms.set(id, { id, ...arm, seeds: isLargest ? pairs : seeds });
  };
  for (const design of ['same-total', 'same-real'] as const)
    for (const size of sizesOf(most[design], sizes)) {
      // Of either design, so that an arm and the real images that it is compared with have the same trainings.
      const isLargest = Object.values(most).includes(size);
      add({ design: null, size, realShare: 1, source: null, real: size, synthetic: 0 }, isLargest);
      for (const realShare of mixed)
        for (const source of sources) {
          if (design === 'same-real' && realShare === 0) continue;
          const { real, synthetic } = counts(design, size, realShare);
          if (synthetic === 0) continue;
          const arm = { design, size, realShare, source, real, synthetic };
          if (synthetic > pools[source])
            impossible.push({ design, size, realShare, source, needs: synthetic, has: pools[source] });
          else add(arm, isLargest);
        }
    }
  const size = most['same-total'];
  const realShare = mixed.at(-1);
  if (realShare !== undefined && size >= FEWEST)
    add(
      { design: 'same-total', size, realShare, source: 'shuffled', ...counts('same-total', size, realShare) },
      true,
    );
  return { arms: [...arms.values()], impossible };
}

const armId = ({ design, size, realShare, source }: Omit<Arm, 'id' | 'seeds' | 'real' | 'synthetic'>) =>
  source === null
    ? `real-${size}`
    : `${design}-${size}-${Number((100 * realShare).toFixed(4))}-real-${source}`;

function sizesOf(most: number, shares: readonly number[]): number[] {
  const sizes = shares.map((share) => Math.round(most * share)).filter((size) => size >= FEWEST);
  return [...new Set(sizes)].sort((a, b) => a - b);
}

function counts(design: Design, size: number, realShare: number): { real: number; synthetic: number } {
  if (design === 'same-real')
    return { real: size, synthetic: Math.round((size * (1 - realShare)) / realShare) };
  const real = Math.round(size * realShare);
  return { real, synthetic: size - real };
}

/** The order in which a seed takes the images of a pool: smaller arms are the beginnings of larger ones. */
export const drawOrder = (seed: number, training: number, pool: 'real' | 'synthetic', images: number) =>
  sampleWithoutReplacement(streamOf(seed, `${pool} ${training}`), images, images);

/**
 * The labels that an arm learns, in the order of a seed: real images first, then synthetic ones; -1 for those that are not
 * in it. `real` and `synthetic` are the labels in that order, the latter as the arm's source has them, -1 where it has not.
 */
export function labelsOfArm(
  arm: Arm,
  real: Int32Array,
  synthetic: Int32Array,
  seed: number,
  training: number,
): Int32Array {
  const labels = new Int32Array(real.length + synthetic.length).fill(-1);
  labels.set(real.subarray(0, arm.real));
  const rows: number[] = [];
  for (let i = 0; i < synthetic.length && rows.length < arm.synthetic; i++)
    if (synthetic[i]! >= 0) rows.push(i);
  const from = arm.source === 'shuffled' ? shuffledRows(rows, seed, training) : rows;
  rows.forEach((row, i) => (labels[real.length + row] = synthetic[from[i]!]!));
  return labels;
}

/** The soft labels among the rows of an arm: of its real images, and of its synthetic ones where it has them as verified. */
export function softOfArm(
  { source }: Pick<Arm, 'source'>,
  labels: Int32Array,
  { real, synthetic }: { real: { soft: SoftLabels }; synthetic: { soft: SoftLabels } },
  [realOrder, otherOrder]: readonly [Int32Array, Int32Array],
): Map<number, Float64Array> {
  const soft = new Map<number, Float64Array>();
  const add = (from: SoftLabels, order: Int32Array, first: number): void =>
    order.forEach((place, i) => {
      const shares = from.get(place);
      if (shares && labels[first + i]! >= 0) soft.set(first + i, shares);
    });
  if (real.soft.size > 0) add(real.soft, realOrder, 0);
  if (source === 'verified' && synthetic.soft.size > 0) add(synthetic.soft, otherOrder, realOrder.length);
  return soft;
}

function shuffledRows(rows: readonly number[], seed: number, training: number): number[] {
  const order = sampleWithoutReplacement(streamOf(seed, `shuffled ${training}`), rows.length, rows.length);
  return Array.from(order, (i) => rows[i]!);
}
