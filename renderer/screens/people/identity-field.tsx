import { TextInput } from '@mantine/core';

interface IdentityFieldProps {
  value: string;
  onChange: (how: string) => void;
  isOwn?: boolean;
}

/** How it was made sure who a person is; the record keeps it. */
export function IdentityField({ value, onChange, isOwn = false }: IdentityFieldProps) {
  return (
    <TextInput
      label={isOwn ? 'How your identity was checked' : 'How their identity was checked'}
      description={
        isOwn
          ? 'What others can look at to know that it is you.'
          : 'Before anybody gets an account: by what you know that it is them.'
      }
      placeholder="Staff card shown in person"
      maxLength={500}
      value={value}
      onChange={(event) => onChange(event.currentTarget.value)}
    />
  );
}
