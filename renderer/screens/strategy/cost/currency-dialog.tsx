import { Button, Modal, TextInput } from '@mantine/core';
import { useState } from 'react';
import page from '../../../parts/page.module.css';
import { Failure } from '../../../parts/states.tsx';
import { useSetCosts } from './use-set-costs.ts';

interface CurrencyDialogProps {
  now: string;
  onClose: () => void;
}

/** Sets the label of every amount. */
export function CurrencyDialog({ opened, ...form }: CurrencyDialogProps & { opened: boolean }) {
  return (
    <Modal
      opened={opened}
      onClose={form.onClose}
      title="Currency"
      size="sm"
      transitionProps={{ duration: 0 }}
    >
      <CurrencyForm {...form} />
    </Modal>
  );
}

function CurrencyForm({ now, onClose }: CurrencyDialogProps) {
  const [currency, setCurrency] = useState(now);
  const set = useSetCosts(onClose);
  const isWhole = currency.trim() !== '';
  return (
    <form
      className={page.form}
      onSubmit={(event) => {
        event.preventDefault();
        if (isWhole && !set.isPending) set.mutate({ currency });
      }}
    >
      <TextInput
        label="Label of every amount"
        description="Such as EUR. Amounts that are set stay as they are: nothing is converted."
        maxLength={8}
        value={currency}
        onChange={(event) => setCurrency(event.currentTarget.value)}
        data-autofocus
        autoComplete="off"
      />
      {set.isError && <Failure error={set.error} />}
      <Button type="submit" loading={set.isPending} disabled={!isWhole}>
        Set the currency
      </Button>
    </form>
  );
}
