import { TextInput } from '@mantine/core';

/** How it was made sure who a person is; the record keeps it. */
export function IdentityField({ value, onChange }: { value: string; onChange: (how: string) => void }) {
  return (
    <TextInput
      label="How their identity was checked"
      description="Before anybody gets an account: by whom or what you know that it is them."
      placeholder="Staff card shown in person"
      maxLength={500}
      value={value}
      onChange={(event) => onChange(event.currentTarget.value)}
    />
  );
}
