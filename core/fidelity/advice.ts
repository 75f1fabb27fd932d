import type { PlanRow } from '../../rpc/contract/plans.ts';
import { counted, integer, listed } from '../../rpc/format.ts';
import type { BatchMeasures } from './measure-batch.ts';

const MOST_ADVISED = 5;

/**
 * What to do, the worst first. More is asked of a class only by its row of the plan, whose number follows from its share;
 * what lacks variety is asked for in place of what there is.
 */
export function adviceOf(
  { clusters, classes }: Pick<BatchMeasures, 'clusters' | 'classes'>,
  plan: readonly PlanRow[],
): string[] {
  const absent = classes.filter(({ real, generated }) => real > 0 && generated === 0);
  const wanted = plan.filter(({ generate }) => generate > 0);
  const dull = plan.filter(({ generate, vary }) => vary && generate === 0);
  const missing = clusters.missing.length;
  return [
    ...(absent.length > 0
      ? [`The batch has none of ${some(absent.map(({ name }) => name ?? 'the unlabelled images'))}.`]
      : []),
    ...(missing > 0
      ? [
          `${counted(missing, 'rare kind')} of real image hardly ${missing === 1 ? 'occurs' : 'occur'} in the batch: vary the prompts towards the examples, in place of common kinds.`,
        ]
      : []),
    ...(wanted.length > 0
      ? [
          `Generate ${some(wanted.map(({ name, generate, vary }) => `about ${integer(generate)} more ${name}${vary ? ', more varied' : ''}`))}.`,
        ]
      : []),
    ...(dull.length > 0
      ? [
          `Vary ${some(dull.map(({ name }) => name))}: there are enough, but they leave many real images uncovered.`,
        ]
      : []),
  ];
}

const some = (names: readonly string[]): string =>
  names.length > MOST_ADVISED
    ? `${names.slice(0, MOST_ADVISED).join(', ')} and ${counted(names.length - MOST_ADVISED, 'other class', 'other classes')}`
    : listed(names);
