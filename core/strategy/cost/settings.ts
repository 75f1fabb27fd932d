import type { Store } from '../../../db/store.ts';
import {
  COST_INPUTS,
  DEFAULT_CURRENCY,
  type CostInputId,
  type CostSettings,
  type Range,
} from '../../../rpc/contract/costs.ts';
import { AssayError } from '../../../rpc/errors.ts';
import { record } from '../../ledger/ledger.ts';
import type { WritableProject } from '../../project/project.ts';

/** What people have set of the cost model. */
export function costSettingsOf(store: Store): CostSettings {
  return {
    currency: store.costs.currency() ?? DEFAULT_CURRENCY,
    inputs: store.costs.set().map(({ seq, ...input }) => ({ ...input, version: seq })),
  };
}

interface Change {
  currency?: string | undefined;
  /** A range of null gives an input back to the project, or to its default. */
  inputs: { input: CostInputId; range: Range | null }[];
  source: string | null;
}

/**
 * Sets what `change` names, and returns what is set now. Throws `INVALID_INPUT` for a range that cannot be, for an input
 * that is named twice, and where nothing is named.
 */
export function setCosts(
  { store }: WritableProject,
  actor: string,
  { currency, inputs, source }: Change,
): CostSettings {
  if (currency === undefined && inputs.length === 0)
    throw new AssayError(
      'INVALID_INPUT',
      'Nothing is named: name an input and its range, such as annotator-rate=15..25, or a currency (--currency).',
    );
  const seen = new Set<string>();
  for (const { input, range } of inputs) {
    if (seen.has(input))
      throw new AssayError('INVALID_INPUT', `${input} is named twice: name it once, as low..high.`);
    seen.add(input);
    if (range) refuseImpossible(input, range);
  }
  const released = inputs.flatMap(({ input, range }) => (range === null ? [input] : []));
  record(store, actor, 'costs.set', {
    currency,
    inputs: inputs.flatMap(({ input, range }) =>
      range === null ? [] : [{ input, low: range.low, high: range.high, source: source ?? undefined }],
    ),
    released: released.length > 0 ? released : undefined,
  });
  return costSettingsOf(store);
}

function refuseImpossible(input: CostInputId, { low, high }: Range): void {
  const refuse = (fault: string, remedy: string): never => {
    throw new AssayError('INVALID_INPUT', `${COST_INPUTS[input].title} (${input}) ${fault}: ${remedy}.`);
  };
  if (low < 0) refuse(`begins at ${low}, below 0`, 'give 0 or more');
  if (low > high) refuse(`goes from ${low} down to ${high}`, `give the lower end first, ${high}..${low}`);
  if (COST_INPUTS[input].unit === 'share' && high > 1)
    refuse(`ends at ${high}, above 1`, 'give a share of 0 to 1, or of 0% to 100%');
}
