import { Button, TextInput } from '@mantine/core';
import type { UseMutationResult } from '@tanstack/react-query';
import { useState } from 'react';
import page from '../../parts/page.module.css';
import { Failure } from '../../parts/states.tsx';

interface ReasonFormProps<Result> {
  label: string;
  /** What it means, before it is done. */
  what: string;
  action: string;
  /** Asked once more, where there is no way back. */
  again?: string;
  mutation: UseMutationResult<Result, Error, string>;
  onCancel: () => void;
}

/** An act that takes a reason; the record keeps it. */
export function ReasonForm<Result>({
  label,
  what,
  action,
  again,
  mutation,
  onCancel,
}: ReasonFormProps<Result>) {
  const [reason, setReason] = useState('');
  const [isSure, setSure] = useState(again === undefined);
  const [asks, setAsks] = useState(false);
  const isComplete = reason.trim().length > 2;
  return (
    <form
      className={page.form}
      onSubmit={(event) => {
        event.preventDefault();
        if (!isComplete || mutation.isPending) return;
        if (isSure) mutation.mutate(reason.trim());
        else setAsks(true);
      }}
    >
      <p className={page.hint}>{what}</p>
      <TextInput
        label={label}
        autoFocus
        maxLength={500}
        value={reason}
        onChange={(event) => setReason(event.currentTarget.value)}
      />
      {asks && (
        <p className={page.problem} role="alert">
          {again} There is no way back.
        </p>
      )}
      {mutation.isError && <Failure error={mutation.error} />}
      <div className={page.row}>
        <Button
          type="submit"
          color="red"
          disabled={!isComplete}
          loading={mutation.isPending}
          onClick={() => asks && setSure(true)}
        >
          {asks ? `Yes: ${action.toLowerCase()}` : action}
        </Button>
        <Button variant="default" onClick={onCancel}>
          Cancel
        </Button>
      </div>
    </form>
  );
}
