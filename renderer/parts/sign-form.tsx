import { Button, Checkbox, Modal, PasswordInput, Radio, Textarea, TextInput } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import {
  MEANINGS,
  MEANING_WORDS,
  type Meaning,
  type SignableRecord,
  type SignOff,
} from '../../rpc/contract/signatures.ts';
import { core } from '../client.ts';
import { useProject } from '../project.tsx';
import { CapsLock } from './caps-lock.tsx';
import { utcTime } from './format.ts';
import { useWhyNot } from '../who-acts.ts';
import page from './page.module.css';
import classes from './sign.module.css';
import { Failure } from './states.tsx';

interface SignFormProps {
  record: SignableRecord;
  /** Hash of the version that was seen; null until it is known. */
  version: string | null;
  /** Meanings that the caller may not sign, each with its reason. */
  refused?: SignOff['refused'];
  clockSetBack?: SignOff['clockSetBack'];
  onSigned?: () => void;
}

/** Meaning, comment, and both components anew at every signing. */
export function SignForm({ record, version, refused = {}, clockSetBack = [], onSigned }: SignFormProps) {
  const { folder, by, writable } = useProject();
  const client = useQueryClient();
  const why = useWhyNot()('sign');
  const [meaning, setMeaning] = useState<Meaning | null>(null);
  const [comment, setComment] = useState('');
  const [id, setId] = useState('');
  const [password, setPassword] = useState('');
  const [despiteClock, setDespiteClock] = useState(false);
  const sign = useMutation({
    mutationFn: (of: { version: string; meaning: Meaning }) =>
      core.signatures.sign({
        project: folder,
        by,
        id: id.trim(),
        password,
        record,
        comment: comment.trim() || null,
        despiteClock,
        ...of,
      }),
    // Typed anew at every signing, and after every refusal.
    onSettled: () => setPassword(''),
    onSuccess: ({ notBeside }) => {
      if (notBeside !== null)
        notifications.show({
          title: 'Signed, but not beside the release',
          message: `${notBeside} The signature is on record; “assay sign --beside” writes it there later.`,
          color: 'warning',
          autoClose: false,
        });
      setId('');
      setComment('');
      setMeaning(null);
      for (const changed of ['sign-off', 'signatures', 'trail'])
        void client.invalidateQueries({ queryKey: [changed] });
      onSigned?.();
    },
  });
  const isClockAsked =
    clockSetBack.length > 0 || (sign.error as { data?: { clock?: unknown } } | null)?.data?.clock === true;
  const isComplete =
    version !== null &&
    meaning !== null &&
    refused[meaning] === undefined &&
    id.trim() !== '' &&
    password !== '' &&
    (!isClockAsked || despiteClock);
  return (
    <form
      className={page.form}
      autoComplete="off"
      onSubmit={(event) => {
        event.preventDefault();
        if (isComplete && !sign.isPending) sign.mutate({ version, meaning });
      }}
    >
      {why !== null && <p className={page.problem}>{why}</p>}
      <Radio.Group
        label="What the signature says"
        value={meaning ?? ''}
        onChange={(value) => setMeaning(value as Meaning)}
      >
        <div className={classes.choices}>
          {MEANINGS.map((one) => (
            <Radio
              key={one}
              value={one}
              disabled={refused[one] !== undefined || why !== null}
              label={MEANING_WORDS[one].title}
              description={
                refused[one] === undefined ? MEANING_WORDS[one].says : `Not by you: ${refused[one]}`
              }
            />
          ))}
        </div>
      </Radio.Group>
      <Textarea
        size="xs"
        label="Comment, if any"
        autosize
        minRows={1}
        maxRows={4}
        maxLength={1000}
        value={comment}
        onChange={(event) => setComment(event.currentTarget.value)}
      />
      <div className={page.pair}>
        <TextInput
          label="Id"
          autoComplete="off"
          autoCapitalize="none"
          spellCheck={false}
          value={id}
          onChange={(event) => setId(event.currentTarget.value)}
        />
        <PasswordInput
          label="Password"
          autoComplete="off"
          value={password}
          onChange={(event) => setPassword(event.currentTarget.value)}
        />
      </div>
      <CapsLock />
      {isClockAsked && (
        <div className={page.problem}>
          {clockSetBack.map(({ seq, before, at }) => (
            <p key={seq} className={classes.clock}>
              The clock of this machine was set back, from {utcTime(before)} to {utcTime(at)}.
            </p>
          ))}
          <Checkbox
            label="I know, and sign all the same"
            checked={despiteClock}
            onChange={(event) => setDespiteClock(event.currentTarget.checked)}
          />
        </div>
      )}
      {sign.isError && <Failure error={sign.error} />}
      <Button
        type="submit"
        size="sm"
        loading={sign.isPending}
        disabled={!isComplete || !writable || why !== null}
      >
        Sign
      </Button>
    </form>
  );
}

/** The same for one record, over whatever shows it. */
export function SignDialog({
  title,
  onClose,
  ...form
}: SignFormProps & { title: string; onClose: () => void }) {
  return (
    <Modal opened onClose={onClose} title={title} size="md">
      <SignForm {...form} onSigned={onClose} />
    </Modal>
  );
}
