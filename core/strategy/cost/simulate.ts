import {
  COST_LINES,
  COST_WAY_IDS,
  type Amount,
  type BreakEven,
  type CostDriver,
  type CostInput,
  type CostInputId,
  type CostReport,
  type CostWay,
  type CostWayId,
  type Range,
} from '../../../rpc/contract/costs.ts';
import { quantileSorted } from '../../base/numeric/percentile.ts';
import { streamOf } from '../../base/numeric/random.ts';
import { breakEvenAt, costsAt, partsOf, reviewCost, type CostValues } from './model.ts';

/** Draws of every input. */
export const DRAWS = 4000;
export const CONFIDENCE = 0.95;

type Totals = ReturnType<typeof costsAt>;
type Known = readonly (Range & Pick<CostInput, 'input'>)[];
type Simulated = Pick<CostReport, 'ways' | 'saving' | 'breakEven' | 'drivers' | 'curve'> & {
  nextPercent: Pick<CostReport['nextPercent'], 'images' | 'cost'>;
};

/**
 * What the three ways cost where `images` are generated, by `costsAt`. Each of `DRAWS` draws takes every input uniformly
 * and independently from its range (Metropolis and Ulam 1949); an interval holds the middle `CONFIDENCE` of the draws.
 * Each input has a stream of the seed of its own, so that another range of one leaves the draws of the others as they are.
 */
export function simulateCosts(inputs: Known, images: number, seed: number): Simulated {
  const middle = valuesOf(inputs, middleOf);
  const draws = drawsOf(inputs, seed);
  const at = costsAt(middle, images);
  const drawn = draws.map((values) => costsAt(values, images));
  /** Of the totals: in the middle, and over the draws. */
  const amount = (of: (totals: Totals) => number): Amount => amountOf(of(at), drawn.map(of));
  const saved = ({ human, hybrid }: Totals): number => human.total - hybrid.total;
  const breakEven = breakEvenOf(middle, draws);
  const isPaid = at.human.total > 0 && drawn.every(({ human }) => human.total > 0);
  return {
    ways: Object.fromEntries(
      COST_WAY_IDS.map((way) => [way, wayOf(way, inputs, images, at, amount)]),
    ) as Record<CostWayId, CostWay>,
    saving: {
      amount: amount(saved),
      share: isPaid ? amount((totals) => saved(totals) / totals.human.total) : null,
      cheaper: drawn.filter((totals) => saved(totals) > 0).length / DRAWS,
    },
    breakEven,
    nextPercent: nextPercentOf(middle, draws, images),
    drivers: driversOf(inputs, images),
    curve: volumesAround(images, breakEven.images).map((volume) => {
      const of = (way: CostWayId): Amount =>
        amount(({ [way]: { fixed, total } }) => fixed + ((total - fixed) * volume) / images);
      return { images: volume, human: of('human'), raw: of('raw'), hybrid: of('hybrid') };
    }),
  };
}

const middleOf = ({ low, high }: Range): number => (low + high) / 2;

function valuesOf(inputs: Known, pick: (range: Known[number]) => number): CostValues {
  return Object.fromEntries(inputs.map((one) => [one.input, pick(one)])) as CostValues;
}

function drawsOf(inputs: Known, seed: number): CostValues[] {
  const streams = new Map(inputs.map(({ input }) => [input, streamOf(seed, `cost ${input}`)]));
  return Array.from({ length: DRAWS }, () =>
    valuesOf(inputs, ({ input, low, high }) => low + streams.get(input)!() * (high - low)),
  );
}

function amountOf(middle: number, drawn: number[]): Amount {
  const ascending = Float64Array.from(drawn).sort();
  const end = (q: number): number => quantileSorted(ascending, q);
  return { middle, interval: [end((1 - CONFIDENCE) / 2), end((1 + CONFIDENCE) / 2)] };
}

function wayOf(
  way: CostWayId,
  inputs: Known,
  images: number,
  at: Totals,
  amount: (of: (totals: Totals) => number) => Amount,
): CostWay {
  const [least, most] = extremesOf(way, inputs, images);
  return {
    images: at[way].images,
    verified: at[way].verified,
    lines: COST_LINES.flatMap((line) => {
      const { [line.id]: middle } = at[way].lines;
      return middle === undefined ? [] : [{ ...line, least: least[line.id]!, middle, most: most[line.id]! }];
    }),
    total: amount((totals) => totals[way].total),
    perImage: at[way].images > 0 ? amount((totals) => totals[way].total / totals[way].images) : null,
    perVerified: at[way].verified > 0 ? amount((totals) => totals[way].total / totals[way].verified) : null,
  };
}

/**
 * The lines of a way at the least and at the most that the ranges allow. Every line rises or falls with each input alone,
 * so both lie at corners: what is lost makes fewer images by hand, and less to review.
 */
function extremesOf(
  way: CostWayId,
  inputs: Known,
  images: number,
): [Totals['raw']['lines'], Totals['raw']['lines']] {
  const falling = new Set<CostInputId>(
    way === 'human' ? ['kept-out-share', 'rejected-share', 'review-share'] : ['kept-out-share'],
  );
  const corner = (isMost: boolean) =>
    costsAt(
      valuesOf(inputs, ({ input, low, high }) => (falling.has(input) === isMost ? low : high)),
      images,
    )[way].lines;
  return [corner(false), corner(true)];
}

function breakEvenOf(middle: CostValues, draws: readonly CostValues[]): BreakEven {
  const finite = (volume: number): number | null => (Number.isFinite(volume) ? volume : null);
  const ascending = Float64Array.from(draws, breakEvenAt).sort();
  // Between the last volume that is enough and none, there is nothing to interpolate.
  const end = (q: number): number | null =>
    finite(ascending[Math.ceil(q * (DRAWS - 1))]!) === null ? null : quantileSorted(ascending, q);
  return {
    images: finite(breakEvenAt(middle)),
    interval: [end((1 - CONFIDENCE) / 2), end((1 + CONFIDENCE) / 2)],
    reached: ascending.filter((volume) => Number.isFinite(volume)).length / DRAWS,
  };
}

function nextPercentOf(
  middle: CostValues,
  draws: readonly CostValues[],
  images: number,
): Simulated['nextPercent'] {
  const more = (values: CostValues): number =>
    images * Math.min(0.01, Math.max(0, 1 - values['kept-out-share'] - partsOf(values).reviewed));
  const cost = (values: CostValues): number => more(values) * reviewCost(values);
  return { images: more(middle), cost: amountOf(cost(middle), draws.map(cost)) };
}

function driversOf(inputs: Known, images: number): CostDriver[] {
  const savedWith = (input: CostInputId, end: 'low' | 'high'): number => {
    const { human, hybrid } = costsAt(
      valuesOf(inputs, (one) => (one.input === input ? one[end] : middleOf(one))),
      images,
    );
    return human.total - hybrid.total;
  };
  const width = ({ atLow, atHigh }: CostDriver): number => Math.abs(atHigh - atLow);
  return inputs
    .map(({ input }) => ({ input, atLow: savedWith(input, 'low'), atHigh: savedWith(input, 'high') }))
    .filter((driver) => width(driver) > 0)
    .toSorted((a, b) => width(b) - width(a));
}

/** The most that anybody asks about; curves that go on for ever show nothing. */
const LARGEST = 1e12;

/**
 * Volumes to draw a curve at: from a tenth of the smaller of the volume and the break-even volume to ten times the larger,
 * three to each tenfold, and the volume itself.
 */
function volumesAround(images: number, breakEven: number | null): number[] {
  const marks = [images, ...(breakEven === null || breakEven > LARGEST ? [] : [Math.max(1, breakEven)])];
  const [least, most] = [Math.max(1, Math.min(...marks) / 10), 10 * Math.max(...marks)];
  const steps = Math.ceil(3 * Math.log10(most / least) - 1e-9);
  const volumes = Array.from({ length: steps + 1 }, (_, step) =>
    Math.round(least * (most / least) ** (step / steps)),
  );
  return [...new Set([...volumes, images])].sort((a, b) => a - b);
}
