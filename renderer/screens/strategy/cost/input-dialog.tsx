import { Button, Modal, NumberInput, TextInput } from '@mantine/core';
import { useState } from 'react';
import { unitOf } from '../../../../rpc/contract/cost-words.ts';
import { COST_INPUTS, type CostInput, type CostInputId } from '../../../../rpc/contract/costs.ts';
import { capitalised } from '../../../parts/format.ts';
import page from '../../../parts/page.module.css';
import { Failure } from '../../../parts/states.tsx';
import { asPercent, asShare } from '../mix-words.ts';
import { useSetCosts } from './use-set-costs.ts';

interface InputDialogProps {
  input: CostInputId;
  /** As it is now; null of one that is not used. */
  now: CostInput | null;
  currency: string;
  onClose: () => void;
}

/** Sets an input as a range, on record with a name and where it is from. */
export function InputDialog({
  input,
  ...form
}: Omit<InputDialogProps, 'input'> & { input: CostInputId | null }) {
  return (
    <Modal
      opened={input !== null}
      onClose={form.onClose}
      title={input && COST_INPUTS[input].title}
      size="md"
      transitionProps={{ duration: 0 }}
    >
      {input && <InputForm input={input} {...form} />}
    </Modal>
  );
}

function InputForm({ input, now, currency, onClose }: InputDialogProps) {
  const isShare = COST_INPUTS[input].unit === 'share';
  const typed = (value: number | undefined): number | string =>
    value === undefined ? '' : isShare ? asPercent(value) : Number(value.toPrecision(6));
  const meant = (value: number | string): number => (isShare ? asShare(Number(value)) : Number(value));
  const [low, setLow] = useState(typed(now?.low));
  const [high, setHigh] = useState(typed(now?.high));
  const [source, setSource] = useState('');
  const set = useSetCosts(onClose);
  const isTurned = low !== '' && high !== '' && Number(low) > Number(high);
  const isWhole = low !== '' && high !== '' && !isTurned;
  const field = { min: 0, ...(isShare && { max: 100, suffix: ' %' }), decimalScale: 6 };
  return (
    <form
      className={page.form}
      onSubmit={(event) => {
        event.preventDefault();
        if (isWhole && !set.isPending)
          set.mutate({
            inputs: [{ input, range: { low: meant(low), high: meant(high) } }],
            source: source.trim() || null,
          });
      }}
    >
      <p className={page.hint}>
        {COST_INPUTS[input].meaning}. {now && `Now: ${now.origin}; ${now.said}.`}
      </p>
      <div className={page.pair}>
        <NumberInput {...field} label="At least" value={low} onChange={setLow} data-autofocus />
        <NumberInput {...field} label="At most" value={high} onChange={setHigh} error={isTurned} />
      </div>
      {isTurned && (
        <p className={page.problem} role="alert">
          The most is below the least.
        </p>
      )}
      {!isShare && (
        <p className={page.hint}>{capitalised(unitOf(input, currency))}. One number twice is a point.</p>
      )}
      <TextInput
        label="Where from"
        description="Such as an offer and its date"
        value={source}
        onChange={(event) => setSource(event.currentTarget.value)}
        maxLength={200}
        autoComplete="off"
      />
      {set.isError && <Failure error={set.error} />}
      <div className={page.spread}>
        <span>
          {now?.origin === 'set' && (
            <Button
              variant="default"
              disabled={set.isPending}
              onClick={() => set.mutate({ inputs: [{ input, range: null }] })}
            >
              No longer set
            </Button>
          )}
        </span>
        <Button type="submit" loading={set.isPending} disabled={!isWhole}>
          Set
        </Button>
      </div>
    </form>
  );
}
