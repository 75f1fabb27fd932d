import { NativeSelect } from '@mantine/core';
import { END_WORDS, ENDS, type End } from '../../rpc/contract/terms.ts';

/** What the answers of several reviewers come to. */
export function EndsIn({ value, onChange }: { value: End; onChange: (to: End) => void }) {
  return (
    <NativeSelect
      label="Ends in"
      description={END_WORDS[value].meaning}
      mt={6}
      value={value}
      data={ENDS.map((end) => ({ value: end, label: END_WORDS[end].title }))}
      onChange={(event) => onChange(event.currentTarget.value as End)}
    />
  );
}
