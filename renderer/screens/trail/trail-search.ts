/** What the trail is narrowed down to, as the address holds it. Times are local, as `datetime-local` writes them. */
export interface TrailSearch {
  image?: string;
  actor?: string;
  kind?: string;
  from?: string;
  to?: string;
  words?: string;
}

const PARTS = ['image', 'actor', 'kind', 'from', 'to', 'words'] as const;

/** Reads an address: what is no text is left out. */
export function trailSearch(raw: Readonly<Record<string, unknown>>): TrailSearch {
  const found = PARTS.flatMap((part) => {
    const value = raw[part];
    return typeof value === 'string' && value !== '' ? [[part, value] as const] : [];
  });
  return Object.fromEntries(found);
}

/** A local time of a field as UTC; the end of its minute where that is asked for. Undefined for what is no time. */
export function utcOf(local: string | undefined, end: boolean): string | undefined {
  if (local === undefined) return undefined;
  const time = Date.parse(local);
  return Number.isNaN(time) ? undefined : new Date(time + (end ? 59_999 : 0)).toISOString();
}
