import { Button, NativeSelect, NumberInput, TextInput } from '@mantine/core';
import { useState } from 'react';
import type { PolicyInfo } from '../../../rpc/contract/policies.ts';
import { SHARES, SHARE_WORDS } from '../../../rpc/contract/terms.ts';
import { capitalised, uncapitalised } from '../../../rpc/format.ts';
import page from '../../parts/page.module.css';
import { useMethods } from '../../parts/reason-words.ts';
import classes from './policies.module.css';

interface PolicyFormProps {
  start: PolicyInfo;
  /** Names that come with Assay. */
  taken: string[];
  saving: boolean;
  onSave: (policy: PolicyInfo) => void;
  onCancel: () => void;
}

/** A policy in the making: its name, its shares, and what chooses. */
export function PolicyForm({ start, taken, saving, onSave, onCancel }: PolicyFormProps) {
  const [policy, setPolicy] = useState(start);
  const methods = useMethods();
  const method = methods.find(({ id }) => id === policy.method);
  const total = SHARES.reduce((sum, stratum) => sum + policy.shares[stratum], 0);
  const name = policy.name.trim();
  const problem = taken.includes(name) ? 'This one comes with Assay; take another name.' : null;
  return (
    <section className={page.card} aria-labelledby="policy-form">
      <h2 className={page.subtitle} id="policy-form">
        {start.name === '' ? 'A new policy' : `Change ${start.name}`}
      </h2>
      <form
        className={classes.form}
        onSubmit={(event) => {
          event.preventDefault();
          onSave({ ...policy, name });
        }}
      >
        <TextInput
          label="Name"
          maxLength={60}
          value={policy.name}
          error={problem}
          onChange={(event) => setPolicy({ ...policy, name: event.currentTarget.value })}
          data-autofocus
        />
        <NativeSelect
          label="What is ranked is chosen by"
          value={policy.method ?? ''}
          data={[
            { value: '', label: 'the shares below' },
            ...methods.map(({ id, title }) => ({ value: id, label: uncapitalised(title) })),
          ]}
          description={method && `${capitalised(method.meaning)}.`}
          title={method && `${method.id}: ${method.source}`}
          onChange={(event) => setPolicy({ ...policy, method: event.currentTarget.value || null })}
        />
        <fieldset className={classes.shares}>
          <legend>Shares of the budget{policy.method && ' (of these, a method uses the audit alone)'}</legend>
          {SHARES.map((stratum) => (
            <NumberInput
              key={stratum}
              label={SHARE_WORDS[stratum].title}
              suffix=" %"
              min={0}
              max={100}
              decimalScale={1}
              value={Number((100 * policy.shares[stratum]).toFixed(1))}
              onChange={(value) =>
                setPolicy({
                  ...policy,
                  shares: {
                    ...policy.shares,
                    [stratum]: Math.min(1, Math.max(0, (Number(value) || 0) / 100)),
                  },
                })
              }
            />
          ))}
        </fieldset>
        <p className={page.hint} role="status">
          {Math.abs(total - 1) < 0.0005
            ? 'Together 100 %.'
            : `Together ${(100 * total).toFixed(1)} %: each gets its part of that.`}
        </p>
        <div className={classes.actions}>
          <Button variant="default" onClick={onCancel}>
            Cancel
          </Button>
          <Button type="submit" loading={saving} disabled={name === '' || problem !== null || total === 0}>
            Save
          </Button>
        </div>
      </form>
    </section>
  );
}
