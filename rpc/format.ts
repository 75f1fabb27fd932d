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
