/**
 * Spreadsheets run cells that begin like a formula. Such texts, and texts that begin with an apostrophe themselves, get
 * one apostrophe in front; the column `text_guard` says so in every row, so that reading takes exactly one off again
 * and a CSV of another origin is left as it is.
 */
export const GUARD_COLUMN = 'text_guard';
export const GUARD_VALUE = 'apostrophe';

/** = + - @, the control characters that spreadsheets skip over, and the full-width forms of the four signs. */
// oxlint-disable-next-line no-control-regex
const DANGEROUS = /^['=+\-@\t\r\n\0\uFF1D\uFF0B\uFF0D\uFF20]/;

export function guarded(text: string): string {
  return DANGEROUS.test(text) ? `'${text}` : text;
}

export function unguarded(text: string): string {
  return text.startsWith("'") ? text.slice(1) : text;
}
