/**
 * The header of a TIFF, read without its decoder: what its directories state. Offsets and counts come from the file and
 * are checked against its length; directories that lead in circles, or are more than any writer makes, end the walk.
 */

/** The bytes at an offset, or fewer where the file ends. */
export type ReadAt = (at: number, length: number) => Buffer;

export interface TiffHeader {
  /** Of the first page, as stored. */
  width: number;
  height: number;
  /** As the file states it, 1 to 8; 1 where it states none. */
  orientation: number;
  /** Pictures in the file, without reduced copies of a page and masks. */
  pages: number;
  /** Bits of a sample. */
  bits: number;
  singleChannel: boolean;
  /** What it is, where it is of a kind that is not read: `a TIFF with ...`. */
  unread: string | null;
}

const TAG = {
  subfileType: 254,
  width: 256,
  height: 257,
  bits: 258,
  photometric: 262,
  stripOffsets: 273,
  orientation: 274,
  samples: 277,
  stripBytes: 279,
  tileWidth: 322,
  tileHeight: 323,
  tileOffsets: 324,
  tileBytes: 325,
  subDirectories: 330,
  sampleFormat: 339,
  dngVersion: 50706,
} as const;

const MOST_PAGES = 10_000;
const MOST_ENTRIES = 4096;
/** A tile is held in memory whole. */
const MOST_TILE_PIXELS = 40e6;
const MOST_SAMPLES = 5;
/** Sizes of the types of whole numbers: BYTE, SHORT, LONG, LONG8. */
const SIZES: Readonly<Record<number, 1 | 2 | 4 | 8>> = { 1: 1, 3: 2, 4: 4, 16: 8 };
const UNSIGNED = 1;
const UNDEFINED = 4;
const COLOUR_FILTER = 32803;
const LINEAR_RAW = 34892;
const REDUCED_OR_MASK = 0b101;

/** The first value of each tag of a directory that is a whole number, and where the next directory is. */
interface Directory {
  values: Map<number, number>;
  next: number;
}

interface Opened {
  directoryAt: (at: number) => Directory | null;
  first: number;
}

/** Opens a TIFF or BigTIFF of either byte order; null where it is none. */
function open(read: ReadAt): Opened | null {
  const head = read(0, 16);
  const order = head.toString('latin1', 0, 2);
  if (head.length < 8 || (order !== 'II' && order !== 'MM')) return null;
  const little = order === 'II';
  const numberIn = (bytes: Buffer, at: number, size: 1 | 2 | 4 | 8): number => {
    if (size === 1) return bytes[at]!;
    if (size === 8) return Number(little ? bytes.readBigUInt64LE(at) : bytes.readBigUInt64BE(at));
    return little ? bytes.readUIntLE(at, size) : bytes.readUIntBE(at, size);
  };
  const version = numberIn(head, 2, 2);
  const isBig = version === 43;
  if ((version !== 42 && !isBig) || (isBig && head.length < 16)) return null;
  const [countSize, entrySize, offsetSize] = isBig ? ([8, 20, 8] as const) : ([2, 12, 4] as const);

  const directoryAt = (at: number): Directory | null => {
    const counted = read(at, countSize);
    if (counted.length < countSize) return null;
    const count = numberIn(counted, 0, countSize);
    if (count === 0 || count > MOST_ENTRIES) return null;
    const entries = read(at + countSize, count * entrySize + offsetSize);
    if (entries.length < count * entrySize) return null;
    const values = new Map<number, number>();
    for (let entry = 0; entry < count * entrySize; entry += entrySize) {
      const tag = numberIn(entries, entry, 2);
      const size = SIZES[numberIn(entries, entry + 2, 2)];
      const of = numberIn(entries, entry + 4, offsetSize);
      if (size === undefined || of === 0 || values.has(tag)) continue;
      const place = entry + 4 + offsetSize;
      if (of * size <= offsetSize) values.set(tag, numberIn(entries, place, size));
      else {
        const value = read(numberIn(entries, place, offsetSize), size);
        if (value.length === size) values.set(tag, numberIn(value, 0, size));
      }
    }
    const end = count * entrySize;
    return { values, next: entries.length < end + offsetSize ? 0 : numberIn(entries, end, offsetSize) };
  };
  return { directoryAt, first: numberIn(head, isBig ? 8 : 4, offsetSize) };
}

/** What a TIFF states of its first page; null where it is no TIFF, or states nothing that could be decoded. */
export function readTiff(read: ReadAt): TiffHeader | null {
  const opened = open(read);
  const page = opened?.directoryAt(opened.first);
  if (!opened || !page) return null;
  const { values } = page;
  const [width, height] = [values.get(TAG.width) ?? 0, values.get(TAG.height) ?? 0];
  if (width === 0 || height === 0) return null;
  const tile = (values.get(TAG.tileWidth) ?? 0) * (values.get(TAG.tileHeight) ?? 0);
  if (!(tile <= MOST_TILE_PIXELS)) return null;
  const orientation = values.get(TAG.orientation) ?? 1;
  const photometric = values.get(TAG.photometric);
  return {
    width,
    height,
    orientation: orientation >= 1 && orientation <= 8 ? orientation : 1,
    pages: countPages(opened, page),
    bits: values.get(TAG.bits) ?? 1,
    singleChannel: photometric === 0 || photometric === 1,
    unread: unreadKind(values),
  };
}

/** Whether a TIFF ends before its first directory, or before the pixels that it begins with. */
export function isTiffCutOff(bytes: Buffer): boolean {
  const opened = open((at, length) => bytes.subarray(at, at + length));
  const page = opened?.directoryAt(opened.first);
  if (!page) return true;
  const { values } = page;
  const at = values.get(TAG.stripOffsets) ?? values.get(TAG.tileOffsets) ?? 0;
  const length = values.get(TAG.stripBytes) ?? values.get(TAG.tileBytes) ?? 0;
  return at + length > bytes.length;
}

function countPages({ directoryAt, first }: Opened, page: Directory): number {
  const seen = new Set([first]);
  let pages = 1;
  for (let at = page.next; at !== 0 && !seen.has(at) && seen.size < MOST_PAGES;) {
    seen.add(at);
    const next = directoryAt(at);
    if (!next) break;
    if (((next.values.get(TAG.subfileType) ?? 0) & REDUCED_OR_MASK) === 0) pages++;
    at = next.next;
  }
  return pages;
}

function unreadKind(values: ReadonlyMap<number, number>): string | null {
  const photometric = values.get(TAG.photometric);
  const isPreview = ((values.get(TAG.subfileType) ?? 0) & 1) !== 0 && values.has(TAG.subDirectories);
  if (values.has(TAG.dngVersion) || photometric === COLOUR_FILTER || photometric === LINEAR_RAW || isPreview)
    return 'a camera raw file';
  if (!values.has(TAG.stripOffsets) && !values.has(TAG.tileOffsets)) return 'a TIFF without pixels';
  const samples = values.get(TAG.samples) ?? 1;
  if (samples > MOST_SAMPLES) return `a TIFF of ${samples} channels`;
  const format = values.get(TAG.sampleFormat) ?? UNSIGNED;
  if (format !== UNSIGNED && format !== UNDEFINED) return 'a TIFF of signed or floating-point numbers';
  const bits = values.get(TAG.bits) ?? 1;
  return [1, 2, 4, 8, 16].includes(bits) ? null : `a TIFF of ${bits} bits a sample`;
}
