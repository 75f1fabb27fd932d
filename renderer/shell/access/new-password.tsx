import { PasswordInput } from '@mantine/core';

interface NewPasswordProps {
  password: string;
  again: string;
  onChange: (password: string, again: string) => void;
}

/** A new password, typed twice. The core says whether it is strong enough. */
export function NewPassword({ password, again, onChange }: NewPasswordProps) {
  return (
    <>
      <PasswordInput
        label="New password"
        description="15 characters or more: a few words that do not belong together, say. Neither digits nor signs are asked for, nor a change every so often. Not your name, and nothing that you use elsewhere."
        autoComplete="new-password"
        value={password}
        onChange={(event) => onChange(event.currentTarget.value, again)}
      />
      <PasswordInput
        label="The same again"
        autoComplete="new-password"
        value={again}
        error={again !== '' && !password.startsWith(again) && 'This differs from the one above.'}
        onChange={(event) => onChange(password, event.currentTarget.value)}
      />
    </>
  );
}

export const isTypedTwice = (password: string, again: string): boolean =>
  password !== '' && password === again;
