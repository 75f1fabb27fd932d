import type { PlanRow } from '../../rpc/contract/reports.ts';
import { quantileSorted } from '../base/numeric/percentile.ts';
import type { ClassStock } from './stock.ts';

/** A class with this part of the middle class's coverage, or less, lacks variety rather than numbers. */
const POOR_COVERAGE = 0.75;
/** However bad a class has been so far, no more than ten images are asked for to get one. */
const LEAST_YIELD = 0.1;
const LEAST_COVERAGE = 0.05;
/** So many decisions are needed before the share that a class loses is planned with. */
const FEWEST_DECIDED = 5;
const WORTH_SAYING = 0.1;
/** Nobody generates five images: a class with this part of its share has enough. */
const ENOUGH = 0.95;

/**
 * How many images each class needs next, most wanted first. In numbers: as many as bring it to its real share of what
 * is usable, more where images of the class tend to be lost in review. In variety: where its real images are covered
 * much worse than the middle class's, as many again as would make up for it if coverage grew with their number.
 * `coverage` is the newest batch's by class.
 */
export function planOf(stock: readonly ClassStock[], coverage: ReadonlyMap<string, number>): PlanRow[] {
  const real = sum(stock, (item) => item.real);
  const usable = sum(stock, (item) => item.usable);
  const middle = quantileSorted(Float64Array.from(coverage.values()).sort(), 0.5);
  return stock
    .map((item): PlanRow => {
      const due = real === 0 ? 0 : (item.real / real) * usable;
      const share = item.decided === 0 ? 0 : item.lost / item.decided;
      const loss = item.decided < FEWEST_DECIDED ? 0 : share;
      const isShort = item.usable < ENOUGH * due;
      const forNumber = isShort ? (due - item.usable) / Math.max(LEAST_YIELD, 1 - loss) : 0;
      const own = coverage.get(item.name);
      const isPoor = own !== undefined && own < POOR_COVERAGE * middle;
      const forVariety = isPoor ? item.usable * (middle / Math.max(own, LEAST_COVERAGE) - 1) : 0;
      const why: string[] = [];
      if (item.real > 0 && item.usable === 0) why.push('none is left of it');
      else if (isShort) why.push(`its real share would be ${Math.round(due)}`);
      if (loss >= WORTH_SAYING)
        why.push(`${percent(loss)} of its decided images were rejected or relabelled`);
      if (isPoor) why.push(`only ${percent(own)} of its real images are covered: make them more varied`);
      return {
        name: item.name,
        real: item.real,
        usable: item.usable,
        generate: Math.round(Math.max(forNumber, forVariety)),
        lost: { share, of: item.decided },
        why,
      };
    })
    .sort((a, b) => b.generate - a.generate || a.name.localeCompare(b.name));
}

function sum(stock: readonly ClassStock[], of: (item: ClassStock) => number): number {
  return stock.reduce((total, item) => total + of(item), 0);
}

const percent = (share: number): string => `${Math.round(100 * share)} %`;
