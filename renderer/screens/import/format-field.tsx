import { Select } from '@mantine/core';
import type { ImportPreview } from '../../../rpc/contract/imports.ts';
import { Coded } from '../../parts/coded.tsx';
import page from '../../parts/page.module.css';

/** Why the folder is not read by itself, in full; nothing where it is understood. */
export function Unclear({ preview: { verdict, why } }: { preview: ImportPreview }) {
  if (verdict === 'understood') return null;
  return (
    <div className={page.problem} role="alert">
      <strong>
        {verdict === 'ambiguous'
          ? 'This can be read in several ways: choose a format.'
          : 'Assay does not understand this, and does not guess.'}
      </strong>
      <p className={page.lines}>
        <Coded text={why} />
      </p>
    </div>
  );
}

/** The format that the folder is read in. Where it is not certain, nothing is chosen. */
export function FormatField({
  preview,
  onChange,
}: {
  preview: ImportPreview;
  onChange: (source: string) => void;
}) {
  const { verdict, source, why, possible } = preview;
  return (
    <Select
      label="Format"
      description={verdict === 'understood' ? <Coded text={why} /> : undefined}
      placeholder={possible.length > 0 ? 'Choose a format' : 'No format fits'}
      data={possible.map(({ id, title }) => ({ value: id, label: title }))}
      value={source?.id ?? null}
      onChange={(id) => id !== null && onChange(id)}
      allowDeselect={false}
      disabled={possible.length === 0}
    />
  );
}
