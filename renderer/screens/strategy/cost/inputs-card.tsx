import { useState } from 'react';
import { rangeOf, unitOf } from '../../../../rpc/contract/cost-words.ts';
import {
  COST_INPUTS,
  COST_INPUT_IDS,
  type CostInputId,
  type CostReport,
} from '../../../../rpc/contract/costs.ts';
import { Card } from '../../../parts/card.tsx';
import { capitalised } from '../../../parts/format.ts';
import { MayButton } from '../../../parts/may-button.tsx';
import page from '../../../parts/page.module.css';
import { TableHead } from '../../../parts/table-head.tsx';
import { useProject } from '../../../project.tsx';
import { CurrencyDialog } from './currency-dialog.tsx';
import { InputDialog } from './input-dialog.tsx';
import classes from './cost.module.css';

/** Every input with where it is from, each to be set. */
export function InputsCard({ report: { inputs, currency } }: { report: CostReport }) {
  const { writable } = useProject();
  const [asked, setAsked] = useState<CostInputId | 'currency' | null>(null);
  const known = new Map(inputs.map((one) => [one.input, one]));
  return (
    <Card id="cost-inputs" title="Inputs" isStack>
      <div className={page.spread}>
        <p className={page.hint}>
          Amounts are in {currency}; nothing is converted. What you set goes on record, and overrides what the
          project measures.
        </p>
        <MayButton needs="manage" variant="default" disabled={!writable} onClick={() => setAsked('currency')}>
          Currency …
        </MayButton>
      </div>
      <div className={page.wide}>
        <table className={page.table}>
          <TableHead columns={['Input', 'Range', 'Origin', 'Where from', '']} />
          <tbody>
            {COST_INPUT_IDS.map((id) => {
              const one = known.get(id);
              return (
                <tr key={id}>
                  <th scope="row" className={classes.input} title={COST_INPUTS[id].meaning}>
                    {COST_INPUTS[id].title}
                  </th>
                  <td className={classes.inputRange}>
                    {one ? `${rangeOf(one)} ${unitOf(id, currency)}`.trim() : '–'}
                  </td>
                  <td>
                    {one && (
                      <span data-origin={one.origin} className={classes.origin}>
                        {capitalised(one.origin)}
                      </span>
                    )}
                  </td>
                  <td className={page.path}>
                    {one?.said ?? WHY_NONE[COST_INPUTS[id].unit === 'seconds' ? 'priced' : 'unset']}
                  </td>
                  <td>
                    <MayButton
                      needs="manage"
                      variant="default"
                      size="compact-xs"
                      disabled={!writable}
                      aria-label={`Set: ${COST_INPUTS[id].title}`}
                      onClick={() => setAsked(id)}
                    >
                      Set …
                    </MayButton>
                  </td>
                </tr>
              );
            })}
          </tbody>
        </table>
      </div>
      <InputDialog
        input={asked === 'currency' ? null : asked}
        now={asked === null || asked === 'currency' ? null : (known.get(asked) ?? null)}
        currency={currency}
        onClose={() => setAsked(null)}
      />
      <CurrencyDialog opened={asked === 'currency'} now={currency} onClose={() => setAsked(null)} />
    </Card>
  );
}

const WHY_NONE = {
  priced: 'not used: a review has a price',
  unset: 'not set: reviews cost their time at the rates above',
};
