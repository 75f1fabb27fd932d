import { Checkbox, Select } from '@mantine/core';
import type { ImportDraft } from './import-draft.ts';
import page from '../../parts/page.module.css';
import classes from './import-screen.module.css';

/** Those that exports of spreadsheets and older tools are written in, most frequent first. */
const ENCODINGS = [
  ['utf-8', 'UTF-8'],
  ['windows-1252', 'Windows-1252, Western Europe'],
  ['utf-16le', 'UTF-16'],
  ['windows-1250', 'Windows-1250, Central Europe'],
  ['windows-1251', 'Windows-1251, Cyrillic'],
  ['gb18030', 'GB 18030, Chinese'],
  ['big5', 'Big5, Chinese'],
  ['shift_jis', 'Shift JIS, Japanese'],
  ['euc-kr', 'EUC-KR, Korean'],
] as const;

/** How text files are read, and what becomes of faulty records: rarely changed, hence folded away. */
export function ReadingOptions({
  draft,
  onChange,
}: {
  draft: ImportDraft;
  onChange: (part: Partial<ImportDraft>) => void;
}) {
  return (
    <details className={classes.details}>
      <summary>How files are read</summary>
      <div className={page.stack}>
        <Select
          label="Encoding of text files"
          data={ENCODINGS.map(([value, label]) => ({ value, label }))}
          placeholder="Told from the files"
          value={draft.encoding}
          onChange={(encoding) => onChange({ encoding })}
          clearable
        />
        <Checkbox
          label="Stop at the first faulty record"
          description="Otherwise faulty records are left out and listed, up to 1,000 of them."
          checked={draft.strict}
          onChange={(event) => onChange({ strict: event.currentTarget.checked })}
        />
      </div>
    </details>
  );
}
