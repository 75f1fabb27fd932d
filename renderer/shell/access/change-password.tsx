import { Button, Modal, PasswordInput } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import type { SignedIn } from '../../../rpc/contract/people.ts';
import { core } from '../../client.ts';
import page from '../../parts/page.module.css';
import { CapsLock } from '../../parts/caps-lock.tsx';
import { isTypedTwice, NewPassword } from './new-password.tsx';
import { Refused } from './sign-in-form.tsx';
import { useAccess } from './use-access.ts';

interface ChangePasswordProps {
  opened: boolean;
  person: SignedIn;
  onClose: () => void;
}

/** One's own password; the key that signatures are made with stays the same. */
export function ChangePasswordDialog({ opened, person, onClose }: ChangePasswordProps) {
  return (
    <Modal opened={opened} onClose={onClose} title="Change your password" size="sm">
      <ChangePasswordForm person={person} onClose={onClose} />
    </Modal>
  );
}

function ChangePasswordForm({ person, onClose }: Omit<ChangePasswordProps, 'opened'>) {
  const { project } = useAccess();
  const [password, setPassword] = useState('');
  const [[newPassword, again], setNew] = useState(['', '']);
  const change = useMutation({
    mutationFn: () => core.people.changePassword({ project, by: person.id, password, newPassword }),
    onSuccess: () => {
      notifications.show({ message: 'Your password is changed.', color: 'accent' });
      onClose();
    },
  });
  const isComplete = password !== '' && isTypedTwice(newPassword, again);
  return (
    <form
      className={page.form}
      onSubmit={(event) => {
        event.preventDefault();
        if (isComplete && !change.isPending) change.mutate();
      }}
    >
      <PasswordInput
        label="Password until now"
        data-autofocus
        autoComplete="current-password"
        value={password}
        onChange={(event) => setPassword(event.currentTarget.value)}
      />
      <NewPassword
        password={newPassword}
        again={again}
        onChange={(next, nextAgain) => setNew([next, nextAgain])}
      />
      <CapsLock />
      {change.isError && <Refused error={change.error} />}
      <Button type="submit" loading={change.isPending} disabled={!isComplete}>
        Change it
      </Button>
    </form>
  );
}
