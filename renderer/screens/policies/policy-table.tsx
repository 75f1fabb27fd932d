import { VisuallyHidden } from '@mantine/core';
import type { PolicyInfo } from '../../../rpc/contract/policies.ts';
import { SHARES, SHARE_WORDS } from '../../../rpc/contract/terms.ts';
import { percent } from '../../parts/format.ts';
import { uncapitalised } from '../../../rpc/format.ts';
import { MayButton } from '../../parts/may-button.tsx';
import page from '../../parts/page.module.css';
import { useMethods } from '../../parts/reason-words.ts';
import classes from './policies.module.css';

interface PolicyTableProps {
  policies: PolicyInfo[];
  writable: boolean;
  onEdit: (policy: PolicyInfo) => void;
  onRemove: (name: string) => void;
}

/** Every policy with its shares, as a bar and as numbers. */
export function PolicyTable({ policies, writable, onEdit, onRemove }: PolicyTableProps) {
  const methods = useMethods();
  const chosenBy = (id: string): string =>
    uncapitalised(methods.find((method) => method.id === id)?.title ?? id);
  return (
    <div className={classes.scroll}>
      <table className={page.table}>
        <caption>Shares of a queue&apos;s budget</caption>
        <thead>
          <tr>
            <th scope="col">Policy</th>
            <th scope="col" aria-hidden="true" className={classes.picture} />
            {SHARES.map((stratum) => (
              <th key={stratum} scope="col" className={page.number}>
                <span className={classes.key} data-stratum={stratum} />
                {SHARE_WORDS[stratum].title}
              </th>
            ))}
            <th scope="col">
              <VisuallyHidden>Actions</VisuallyHidden>
            </th>
          </tr>
        </thead>
        <tbody>
          {policies.map((policy) => {
            const total = SHARES.reduce((sum, stratum) => sum + policy.shares[stratum], 0);
            return (
              <tr key={policy.name}>
                <th scope="row" className={classes.name}>
                  {policy.name}
                  <span className={classes.meaning}>
                    {policy.meaning ?? `By ${policy.by}.`}
                    {policy.method && ` What is ranked is chosen by ${chosenBy(policy.method)}.`}
                  </span>
                </th>
                <td aria-hidden="true" className={classes.picture}>
                  <div className={classes.bar}>
                    {SHARES.map((stratum) => (
                      <span
                        key={stratum}
                        data-stratum={stratum}
                        style={{ width: `${(100 * policy.shares[stratum]) / total}%` }}
                      />
                    ))}
                  </div>
                </td>
                {SHARES.map((stratum) => (
                  <td key={stratum} className={page.number}>
                    {percent(policy.shares[stratum] / total, 0)}
                  </td>
                ))}
                <td>
                  <div className={classes.actions}>
                    <MayButton
                      needs="manage"
                      size="compact-sm"
                      variant="default"
                      disabled={!writable}
                      aria-label={`${policy.builtIn ? 'Copy' : 'Edit'} ${policy.name}`}
                      onClick={() =>
                        onEdit(policy.builtIn ? { ...policy, name: '', builtIn: false } : policy)
                      }
                    >
                      {policy.builtIn ? 'Copy' : 'Edit'}
                    </MayButton>
                    {!policy.builtIn && (
                      <MayButton
                        needs="manage"
                        size="compact-sm"
                        variant="default"
                        disabled={!writable}
                        aria-label={`Remove ${policy.name}`}
                        onClick={() => onRemove(policy.name)}
                      >
                        Remove
                      </MayButton>
                    )}
                  </div>
                </td>
              </tr>
            );
          })}
        </tbody>
      </table>
    </div>
  );
}
