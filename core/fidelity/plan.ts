import type { PlanRow } from '../../rpc/contract/reports.ts';
import { percent } from '../../rpc/format.ts';
import { quantileSorted } from '../base/numeric/percentile.ts';
import type { ClassStock } from './stock.ts';

/** A class with less than this part of the median class's coverage lacks variety rather than numbers. */
const POOR_COVERAGE = 0.75;
/** However bad a class has been so far, at most ten images are asked for to get one. */
const LEAST_YIELD = 0.1;
/** Decisions that a class needs before its losses count in the plan. */
const FEWEST_DECIDED = 5;
const WORTH_SAYING = 0.1;
/** A class with this part of its share has enough: nobody generates five images. */
const ENOUGH = 0.95;

/**
 * How many images each class needs next, most wanted first. In numbers: as many as bring it to its real share of what
 * is usable, more where images of the class tend to be lost in review; so a class that has its share is never asked
 * for. In variety: where its real images are covered much worse than the median class's, other images rather than more.
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
      const vary = own !== undefined && own < POOR_COVERAGE * middle;
      const why: string[] = [];
      if (item.real > 0 && item.usable === 0) why.push('none is left of it');
      else if (isShort) why.push(`its real share would be ${Math.round(due)}`);
      if (loss >= WORTH_SAYING)
        why.push(`${percent(loss, 0)} of its decided images were rejected or relabelled`);
      if (vary)
        why.push(
          `only ${percent(own, 0)} of its real images are covered: make ${isShort ? 'them' : 'others in their place,'} more varied`,
        );
      return {
        name: item.name,
        real: item.real,
        usable: item.usable,
        shares: { real: partOf(item.real, real), usable: partOf(item.usable, usable) },
        generate: Math.round(forNumber),
        vary,
        lost: { share, of: item.decided },
        why,
      };
    })
    .sort(
      (a, b) => b.generate - a.generate || Number(b.vary) - Number(a.vary) || a.name.localeCompare(b.name),
    );
}

function sum(stock: readonly ClassStock[], of: (item: ClassStock) => number): number {
  return stock.reduce((total, item) => total + of(item), 0);
}

const partOf = (part: number, whole: number): number => (whole === 0 ? 0 : part / whole);
