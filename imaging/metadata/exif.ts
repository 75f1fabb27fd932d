/**
 * The few EXIF tags in which generators leave text. Offsets and counts come from the file and are checked against its
 * length; a value that does not fit is passed over. Why no library: docs/decisions/0015-own-code-that-stays.md.
 */

const TAGS = new Map([
  [0x010e, 'exif:imagedescription'],
  [0x010f, 'exif:make'],
  [0x0110, 'exif:model'],
  [0x0131, 'exif:software'],
  [0x927c, 'exif:makernote'],
  [0x9286, 'exif:usercomment'],
]);
const ORIENTATION = 0x0112;
const EXIF_IFD = 0x8769;
const BYTE = 1;
const ASCII = 2;
const SHORT = 3;
const UNDEFINED = 7;
const BYTE_SIZES = [0, 1, 1, 2, 4, 8, 1, 1, 2, 4, 8, 4, 8];
const MAX_ENTRIES = 512;

/** UTF-16 of unstated byte order: writers differ from the standard, so the order that gives more Latin text wins. */
function decodeUtf16(bytes: Buffer): string {
  const even = bytes.subarray(0, bytes.length & ~1);
  if (even.length >= 2 && even.readUInt16BE(0) === 0xfffe) return even.toString('utf16le', 2);
  const isMarkedBig = even.length >= 2 && even.readUInt16BE(0) === 0xfeff;
  let zerosAtEven = 0;
  let zerosAtOdd = 0;
  for (let at = 0; at < even.length; at += 2) {
    if (even[at] === 0) zerosAtEven++;
    if (even[at + 1] === 0) zerosAtOdd++;
  }
  if (!isMarkedBig && zerosAtOdd > zerosAtEven) return even.toString('utf16le');
  return Buffer.from(even)
    .swap16()
    .toString('utf16le', isMarkedBig ? 2 : 0);
}

/** UTF-8, which writers use everywhere, and Latin-1 where the bytes are no UTF-8. */
export function decodeBytes(bytes: Buffer): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    return bytes.toString('latin1');
  }
}

/** EXIF UserComment: eight bytes that name the encoding, then the text. Some writers leave the name out. */
function decodeUserComment(bytes: Buffer): string {
  const encoding = bytes.toString('latin1', 0, 8);
  if (encoding === 'UNICODE\0') return decodeUtf16(bytes.subarray(8));
  if (encoding === 'ASCII\0\0\0' || encoding === '\0\0\0\0\0\0\0\0') return decodeBytes(bytes.subarray(8));
  return decodeBytes(bytes);
}

interface Entry {
  tag: number;
  type: number;
  count: number;
  /** Where its four bytes of value, or offset, are. */
  at: number;
}

/** A TIFF block, with or without its `Exif\0\0` prefix, read by its own byte order; null where it is none. */
function openTiff(block: Buffer) {
  const tiff = block.toString('latin1', 0, 6) === 'Exif\0\0' ? block.subarray(6) : block;
  const order = tiff.toString('latin1', 0, 4);
  if (tiff.length < 8 || (order !== 'II*\0' && order !== 'MM\0*')) return null;
  const little = order.startsWith('I');
  const u16 = (at: number) => (little ? tiff.readUInt16LE(at) : tiff.readUInt16BE(at));
  const u32 = (at: number) => (little ? tiff.readUInt32LE(at) : tiff.readUInt32BE(at));
  function* entries(start: number): Generator<Entry> {
    if (start + 2 > tiff.length) return;
    const count = Math.min(u16(start), MAX_ENTRIES);
    for (let at = start + 2; at < start + 2 + count * 12 && at + 12 <= tiff.length; at += 12)
      yield { tag: u16(at), type: u16(at + 2), count: u32(at + 4), at: at + 8 };
  }
  return { tiff, u16, u32, entries, first: u32(4) };
}

/** The orientation that a TIFF block states for its picture, 1 to 8; null where it states none or another number. */
export function exifOrientation(block: Buffer): number | null {
  const opened = openTiff(block);
  if (!opened) return null;
  for (const { tag, type, count, at } of opened.entries(opened.first)) {
    if (tag !== ORIENTATION || type !== SHORT || count !== 1) continue;
    const value = opened.u16(at);
    return value >= 1 && value <= 8 ? value : null;
  }
  return null;
}

/** The text tags of a TIFF block, by the keys above. */
export function readExif(block: Buffer): Map<string, string> {
  const found = new Map<string, string>();
  const opened = openTiff(block);
  if (!opened) return found;
  const { tiff, u32, entries, first } = opened;
  const readDirectory = (start: number, mayNest: boolean): void => {
    for (const { tag, type, count, at } of entries(start)) {
      if (tag === EXIF_IFD && mayNest) readDirectory(u32(at), false);
      const key = TAGS.get(tag);
      const length = count * (BYTE_SIZES[type] ?? 0);
      const from = length <= 4 ? at : u32(at);
      // Only the first of a tag is read: entries may all point at one long text, which would be decoded over and over.
      if (!key || found.has(key)) continue;
      if ((type !== BYTE && type !== ASCII && type !== UNDEFINED) || from + length > tiff.length) continue;
      const value = tiff.subarray(from, from + length);
      const text = key === 'exif:usercomment' ? decodeUserComment(value) : decodeBytes(value);
      found.set(key, text.replace(/\0+$/, ''));
    }
  };
  readDirectory(first, true);
  return found;
}
