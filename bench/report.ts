/** One section of the report: a heading, rows of equal length under named columns, and notes for the reader. */
export interface Table {
  title: string;
  columns: string[];
  rows: string[][];
  notes?: string[];
}

const NOTE_WIDTH = 110;

/** A table as plain text: the first column to the left, all others to the right, notes wrapped underneath. */
export function renderTable({ title, columns, rows, notes = [] }: Table): string {
  const widths = columns.map((column, c) => Math.max(column.length, ...rows.map((row) => row[c]!.length)));
  const line = (cells: string[]): string =>
    cells
      .map((cell, c) => (c === 0 ? cell.padEnd(widths[c]!) : cell.padStart(widths[c]!)))
      .join('  ')
      .trimEnd();
  return [
    title,
    '='.repeat(title.length),
    line(columns),
    widths.map((width) => '-'.repeat(width)).join('  '),
    ...rows.map(line),
    ...notes.map(wrapped),
  ].join('\n');
}

/** Breaks a note into lines between words. */
function wrapped(note: string): string {
  const lines = [''];
  for (const word of note.split(' ')) {
    const last = lines.at(-1)!;
    if (last !== '' && last.length + word.length + 1 > NOTE_WIDTH) lines.push(word);
    else lines[lines.length - 1] = last === '' ? word : `${last} ${word}`;
  }
  return lines.join('\n');
}

/** A number for people: three digits or all of its whole ones, thousands apart. */
export function number(value: number): string {
  if (!Number.isFinite(value)) return '-';
  const size = Math.abs(value);
  const digits = Number.isInteger(value) || size >= 100 ? 0 : size >= 10 ? 1 : size >= 1 ? 2 : 3;
  return value.toLocaleString('en-US', { minimumFractionDigits: digits, maximumFractionDigits: digits });
}

/** A share as a percentage, with one decimal below 10 %. */
export function percent(share: number): string {
  if (!Number.isFinite(share)) return '-';
  const text = (100 * share).toFixed(Math.abs(share) < 0.1 ? 1 : 0);
  return `${text.replace(/\.0$/, '')} %`;
}

/** A ratio, for people. */
export function ratio(value: number): string {
  return Number.isFinite(value) ? value.toFixed(value < 10 ? 2 : 1) : '-';
}

/** Bytes as MiB. */
export function mebibytes(bytes: number): string {
  return `${number(Math.round(bytes / 2 ** 20))} MiB`;
}

/** `found/total`. */
export function outOf(found: number, total: number): string {
  return `${number(found)}/${number(total)}`;
}
