import { Button, PasswordInput, TextInput } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { useState, type ReactNode } from 'react';
import { core } from '../../client.ts';
import page from '../../parts/page.module.css';
import { messageOf } from '../../parts/states.tsx';
import { CapsLock } from '../../parts/caps-lock.tsx';
import { isTypedTwice, NewPassword } from './new-password.tsx';
import { useAccess } from './use-access.ts';
import classes from './access.module.css';

interface SignInFormProps {
  /** Who is asked, where it is known. */
  id?: string | undefined;
  /** Further ways, below the button. */
  children?: ReactNode;
}

/** Id and password. Without an id, anybody's. */
export function SignInForm({ id: known, children }: SignInFormProps) {
  const { project, took } = useAccess();
  const [typed, setTyped] = useState('');
  const [password, setPassword] = useState('');
  const id = known ?? typed.trim();
  const signIn = useMutation({
    mutationFn: () => core.people.signIn({ project, id, password }),
    onSuccess: took,
    onError: () => setPassword(''),
  });
  return (
    <form
      className={classes.form}
      onSubmit={(event) => {
        event.preventDefault();
        if (id !== '' && password !== '' && !signIn.isPending) signIn.mutate();
      }}
    >
      {known === undefined && (
        <TextInput
          size="sm"
          label="Id"
          autoFocus
          autoComplete="username"
          autoCapitalize="none"
          spellCheck={false}
          value={typed}
          onChange={(event) => setTyped(event.currentTarget.value)}
        />
      )}
      <PasswordInput
        size="sm"
        label="Password"
        autoFocus={known !== undefined}
        autoComplete="current-password"
        value={password}
        onChange={(event) => setPassword(event.currentTarget.value)}
      />
      <CapsLock />
      {signIn.isError && <Refused error={signIn.error} />}
      <Button type="submit" size="sm" loading={signIn.isPending} disabled={id === '' || password === ''}>
        Sign in
      </Button>
      {children}
    </form>
  );
}

/** Opens an account with the code of an invitation or a reset, and signs in. */
export function EnrolForm({ children }: { children?: ReactNode }) {
  const { project, took } = useAccess();
  const [id, setId] = useState('');
  const [code, setCode] = useState('');
  const [[password, again], setPassword] = useState(['', '']);
  const enrol = useMutation({
    mutationFn: () => core.people.enrol({ project, id: id.trim(), code: code.trim(), password }),
    onSuccess: took,
  });
  const isComplete = id.trim() !== '' && code.trim() !== '' && isTypedTwice(password, again);
  return (
    <form
      className={classes.form}
      onSubmit={(event) => {
        event.preventDefault();
        if (isComplete && !enrol.isPending) enrol.mutate();
      }}
    >
      <TextInput
        label="Id"
        description="As the administrator gave it to you."
        autoFocus
        autoComplete="username"
        autoCapitalize="none"
        spellCheck={false}
        value={id}
        onChange={(event) => setId(event.currentTarget.value)}
      />
      <TextInput
        label="Code"
        description="Works once. Dashes and capitals do not matter."
        autoComplete="one-time-code"
        spellCheck={false}
        value={code}
        onChange={(event) => setCode(event.currentTarget.value)}
      />
      <NewPassword
        password={password}
        again={again}
        onChange={(next, nextAgain) => setPassword([next, nextAgain])}
      />
      <CapsLock />
      {enrol.isError && <Refused error={enrol.error} />}
      <Button type="submit" size="sm" loading={enrol.isPending} disabled={!isComplete}>
        Open my account
      </Button>
      {children}
    </form>
  );
}

/** Why not, in plain words: no details, which would help nobody here. */
export function Refused({ error }: { error: unknown }) {
  return (
    <p className={page.problem} role="alert">
      {messageOf(error)}
    </p>
  );
}
