/** Formats numbers and lists for people, the same in the window, the command and the sentences of the core. */

const INTEGER = new Intl.NumberFormat('en', { maximumFractionDigits: 0 });

/** `12,345`. */
export const integer = (value: number): string => INTEGER.format(value);

/** Formats a share of 1 as `8.3 %`, without trailing zeros, and never as 0 unless it is 0. */
export function percent(share: number, decimals = 1): string {
  const text = (100 * share).toFixed(decimals);
  if (share > 0 && Number(text) === 0) return `< ${10 ** -decimals} %`;
  return `${Number(text)} %`;
}

/** `1 image`, `3 images`. */
export const counted = (count: number, singular: string, plural = `${singular}s`): string =>
  `${integer(count)} ${count === 1 ? singular : plural}`;

/** `a, b and c`. */
export const listed = (parts: readonly string[]): string =>
  parts.length < 2 ? parts.join('') : `${parts.slice(0, -1).join(', ')} and ${parts.at(-1)}`;

/** `2026-01-31 09:30:00 UTC`, whatever the reader's clock says. */
export const utcTime = (iso: string): string =>
  `${new Date(iso).toISOString().slice(0, 19).replace('T', ' ')} UTC`;

/** Three significant digits, as exact as measures are: `0.123`, `1230`, `1.2e-4`; a dash where there is none. */
export function figure(value: number | null | undefined): string {
  if (value === null || value === undefined) return '–';
  return value !== 0 && Math.abs(value) < 0.001
    ? value.toExponential(1)
    : String(Number(value.toPrecision(3)));
}

/** A title within a sentence: `Copying test (C_T)` becomes `copying test (C_T)`. */
export const uncapitalised = (title: string): string => title.slice(0, 1).toLowerCase() + title.slice(1);

/** The beginning of a sentence. */
export const capitalised = (words: string): string => words.slice(0, 1).toUpperCase() + words.slice(1);
