import { Select } from '@mantine/core';
import type { ImportPreview } from '../../../rpc/contract/imports.ts';
import page from '../../parts/page.module.css';

/** The format that the folder is read in. Where it is not certain nothing is chosen, and the reason is shown in full. */
export function FormatField({
  preview,
  onChange,
}: {
  preview: ImportPreview;
  onChange: (source: string) => void;
}) {
  const { verdict, source, why, possible } = preview;
  return (
    <>
      {verdict !== 'understood' && (
        <div className={page.problem} role="alert">
          <strong>
            {verdict === 'ambiguous'
              ? 'This can be read in several ways. Choose one below.'
              : 'Assay does not understand this folder, and does not guess.'}
          </strong>
          <p className={page.lines}>{why}</p>
        </div>
      )}
      <Select
        label="Format"
        description={verdict === 'understood' ? why : undefined}
        placeholder={possible.length > 0 ? 'Choose a format' : 'No format fits'}
        data={possible.map(({ id, title }) => ({ value: id, label: title }))}
        value={source?.id ?? null}
        onChange={(id) => id !== null && onChange(id)}
        allowDeselect={false}
        disabled={possible.length === 0}
      />
    </>
  );
}
