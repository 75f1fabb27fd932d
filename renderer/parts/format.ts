export { capitalised, counted, figure, integer, percent, utcTime } from '../../rpc/format.ts';

const COMPACT = new Intl.NumberFormat('en', { notation: 'compact', maximumFractionDigits: 1 });
const DATE_TIME = new Intl.DateTimeFormat(undefined, { dateStyle: 'medium', timeStyle: 'short' });
const TIME = new Intl.DateTimeFormat(undefined, { timeStyle: 'medium' });

/** `12.3K`: where there is no room for all digits. */
export const compact = (value: number): string => COMPACT.format(value);

/** Four significant digits, no exponent for everyday sizes. */
export function decimal(value: number): string {
  if (!Number.isFinite(value)) return '–';
  if (value === 0) return '0';
  const size = Math.abs(value);
  return size >= 1e6 || size < 1e-4 ? value.toExponential(2) : String(Number(value.toPrecision(4)));
}

/** A number beside an axis or a scale: three digits, and what is next to nothing on it is 0. */
export const axisNumber = (value: number, [min, max]: readonly [number, number]): string =>
  decimal(Math.abs(value) < (max - min) / 1000 ? 0 : Number(value.toPrecision(3)));

/** A span of time in its two largest units: `850 ms`, `4.2 s`, `3 min 12 s`, `2 h 5 min`. */
export function duration(ms: number): string {
  if (ms < 1000) return `${Math.round(ms)} ms`;
  const seconds = Math.round(ms / 1000);
  if (seconds < 10) return `${Number((ms / 1000).toFixed(1))} s`;
  if (seconds < 60) return `${seconds} s`;
  const minutes = Math.floor(seconds / 60);
  if (minutes < 60) return seconds % 60 === 0 ? `${minutes} min` : `${minutes} min ${seconds % 60} s`;
  const hours = Math.floor(minutes / 60);
  return minutes % 60 === 0 ? `${hours} h` : `${hours} h ${minutes % 60} min`;
}

const UNITS = ['B', 'KiB', 'MiB', 'GiB', 'TiB'] as const;

/** `1.4 GiB`. */
export function bytes(count: number): string {
  const power = count < 1 ? 0 : Math.min(UNITS.length - 1, Math.floor(Math.log2(count) / 10));
  const value = count / 1024 ** power;
  return `${power === 0 || value >= 100 ? Math.round(value) : Number(value.toFixed(1))} ${UNITS[power]}`;
}

/** A name of at most so many letters, shortened in its middle: `apple g…te 041`. */
export function shortened(name: string, most: number): string {
  const letters = Array.from(name);
  if (letters.length <= most) return name;
  const tail = Math.floor((most - 1) / 2);
  return `${letters.slice(0, most - 1 - tail).join('')}…${letters.slice(-tail).join('')}`;
}

/** A point in time where the reader is: date and minute. */
export const dateTime = (iso: string): string => DATE_TIME.format(new Date(iso));

/** The time of day, to the second. */
export const timeOfDay = (iso: string): string => TIME.format(new Date(iso));

/** The last part of a path, whatever its separators. */
export const baseName = (path: string): string => path.split(/[\\/]/).filter(Boolean).at(-1) ?? path;

/** A name inside a folder, with the separator that the folder itself uses. */
export function joinPath(folder: string, name: string): string {
  const separator = folder.includes('\\') && !folder.includes('/') ? '\\' : '/';
  return folder.endsWith(separator) ? `${folder}${name}` : `${folder}${separator}${name}`;
}

/** A new folder beside a project: `/data/parts-release-1`. */
export function besideProject(project: string, ending: string): string {
  const parent = project.replace(/[\\/][^\\/]+[\\/]?$/, '');
  return joinPath(
    parent === '' ? project.slice(0, 1) : parent,
    `${baseName(project).replace(/\.assay$/, '')}-${ending}`,
  );
}
