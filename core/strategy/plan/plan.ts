import type { PlanRow, PlanTarget, Yield } from '../../../rpc/contract/plans.ts';
import { integer, percent } from '../../../rpc/format.ts';
import { quantileSorted } from '../../base/numeric/percentile.ts';
import type { ClassStock } from '../stock.ts';
import { duesByExperiment, type Pays } from './pays.ts';
import { NO_YIELD } from './yields.ts';

/** A class with less than this part of the median class's coverage lacks variety rather than numbers. */
const POOR_COVERAGE = 0.75;
/** However bad a class has been so far, at most ten images are asked for to get one. */
const LEAST_YIELD = 0.1;
/** Decisions that a class needs before its losses count in the plan, and audited ones before these alone do. */
const FEWEST_DECIDED = 5;
const FEWEST_AUDITED = 20;
const WORTH_SAYING = 0.1;
/** In proportions, a class with this part of its synthetic images has enough: nobody generates five images. */
const ENOUGH = 0.95;

/** A target with all that its numbers take. */
export type Aim = Exclude<PlanTarget, { kind: 'experiment' }> | Pays;

/** Yields of a class, of all its decided images and of those of audits. */
export type ClassYields = ReadonlyMap<string, { decided: Yield; audited: Yield }>;

/**
 * How many images each class needs next, most wanted first. In numbers: as many as bring it to what the target asks for,
 * more where images of the class tend to be lost in review. In variety: where its real images are covered much worse than
 * the median class's, other images rather than more. `coverage` is a batch's by class.
 */
export function planOf(
  stock: readonly ClassStock[],
  target: Aim,
  yields: ClassYields,
  coverage: ReadonlyMap<string, number>,
): PlanRow[] {
  const real = sum(stock, (item) => item.real);
  const usable = sum(stock, (item) => item.usable);
  const middle = quantileSorted(Float64Array.from(coverage.values()).sort(), 0.5);
  const dueOf = wantedBy(target, stock);
  return stock
    .map((item): PlanRow => {
      const { decided, audited } = yields.get(item.name) ?? { decided: NO_YIELD, audited: NO_YIELD };
      const basis =
        audited.of >= FEWEST_AUDITED ? 'audited' : decided.of >= FEWEST_DECIDED ? 'decided' : null;
      const { kept, of } = basis === 'audited' ? audited : decided;
      const survives = basis === null ? 1 : kept / of;
      const due = dueOf(item);
      const lacking = due - item.real - item.usable;
      const isExact = target.kind === 'floor' || target.kind === 'custom';
      const isShort = lacking > (isExact ? 0 : (1 - ENOUGH) * Math.max(0, due - item.real));
      const own = coverage.get(item.name);
      const vary = own !== undefined && own < POOR_COVERAGE * middle;
      const why: string[] = [];
      if (isShort)
        why.push(
          `${item.usable === 0 ? 'none is usable' : `${integer(item.usable)} are usable`} of the ${integer(Math.round(due - item.real))} that the target asks for beside ${integer(item.real)} real ones`,
        );
      if (1 - survives >= WORTH_SAYING)
        why.push(
          `${percent(1 - survives, 0)} of its ${basis === 'audited' ? 'audited' : 'decided'} images were rejected or relabelled`,
        );
      if (vary)
        why.push(
          `only ${percent(own, 0)} of its real images are covered: make ${isShort ? 'them' : 'others in their place,'} more varied`,
        );
      return {
        name: item.name,
        real: item.real,
        usable: item.usable,
        shares: { real: partOf(item.real, real), usable: partOf(item.usable, usable) },
        due: Math.round(due),
        generate: isShort ? Math.round(lacking / Math.max(LEAST_YIELD, survives)) : 0,
        vary,
        decided,
        audited,
        basis,
        why,
      };
    })
    .sort(
      (a, b) => b.generate - a.generate || Number(b.vary) - Number(a.vary) || a.name.localeCompare(b.name),
    );
}

/** Real and usable images of a class that a target asks for. */
function wantedBy(target: Aim, stock: readonly ClassStock[]): (item: ClassStock) => number {
  const here = ({ real, usable }: ClassStock): number => real + usable;
  switch (target.kind) {
    case 'balanced': {
      const most = Math.max(0, ...stock.map(here));
      // A class without a single image is a name, not yet part of the task.
      return (item) => (here(item) === 0 ? 0 : most);
    }
    case 'real-share': {
      const real = sum(stock, (item) => item.real);
      const all = sum(stock, here);
      return (item) => (real === 0 ? 0 : (item.real / real) * all);
    }
    case 'floor':
      return () => target.images;
    case 'custom': {
      const named = new Map(target.classes.map(({ label, images }) => [label, images]));
      return ({ name }) => named.get(name) ?? 0;
    }
    case 'experiment': {
      const dues = duesByExperiment(target, stock);
      return ({ name }) => dues.get(name)!;
    }
  }
  return target satisfies never;
}

function sum(stock: readonly ClassStock[], of: (item: ClassStock) => number): number {
  return stock.reduce((total, item) => total + of(item), 0);
}

const partOf = (part: number, whole: number): number => (whole === 0 ? 0 : part / whole);
