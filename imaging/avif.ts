/**
 * The header of an AVIF or HEIC file: boxes of ISO 14496-12 and 23008-12. Sizes come from the file; a box that claims
 * more than there is ends the walk.
 */

interface Box {
  type: string;
  data: Buffer;
}

function* boxesIn(bytes: Buffer): Generator<Box> {
  for (let at = 0; at + 8 <= bytes.length;) {
    const stated = bytes.readUInt32BE(at);
    const isLong = stated === 1;
    if (isLong && at + 16 > bytes.length) return;
    const size = isLong ? Number(bytes.readBigUInt64BE(at + 8)) : stated === 0 ? bytes.length - at : stated;
    const start = isLong ? 16 : 8;
    if (size < start || at + size > bytes.length) return;
    yield { type: bytes.toString('latin1', at + 4, at + 8), data: bytes.subarray(at + start, at + size) };
    at += size;
  }
}

function boxOf(bytes: Buffer | undefined, type: string): Buffer | undefined {
  if (bytes) for (const box of boxesIn(bytes)) if (box.type === type) return box.data;
  return undefined;
}

/** The brands of a file that begins with `ftyp`, the major one first; empty where it does not. */
export function brandsOf(bytes: Buffer): string[] {
  if (bytes.toString('latin1', 4, 8) !== 'ftyp') return [];
  const end = Math.min(bytes.readUInt32BE(0), bytes.length, 1024);
  const brands: string[] = [];
  // Eight bytes of box, the major brand, its version, then the compatible ones.
  for (let at = 8; at + 4 <= end; at += 4) if (at !== 12) brands.push(bytes.toString('latin1', at, at + 4));
  return brands;
}

export interface AvifHeader {
  /** As stored, before the picture is turned. */
  width: number;
  height: number;
  /** What its turns and mirrorings come to, as an EXIF orientation from 1 to 8. */
  orientation: number;
  isSequence: boolean;
}

/** What an AVIF states of its primary picture; null where that cannot be read. */
export function readAvif(bytes: Buffer): AvifHeader | null {
  // `meta` and `ipma` are full boxes: four bytes of version and flags come first.
  const meta = boxOf(bytes, 'meta')?.subarray(4);
  const properties = boxOf(meta, 'iprp');
  const primary = boxOf(meta, 'pitm');
  const container = boxOf(properties, 'ipco');
  const links = boxOf(properties, 'ipma');
  if (!primary || primary.length < 6 || !container || !links) return null;
  const item = primary[0] === 0 ? primary.readUInt16BE(4) : primary.length < 8 ? -1 : primary.readUInt32BE(4);
  const all = [...boxesIn(container)];
  const header: AvifHeader = {
    width: 0,
    height: 0,
    orientation: 1,
    isSequence: brandsOf(bytes).includes('avis'),
  };
  for (const index of propertiesOf(links, item)) {
    const { type, data } = all[index - 1] ?? { type: '', data: bytes };
    if (type === 'ispe' && data.length >= 12)
      [header.width, header.height] = [data.readUInt32BE(4), data.readUInt32BE(8)];
    else if (type === 'irot' && data.length >= 1)
      for (let turns = data[0]! & 3; turns > 0; turns--) header.orientation = TURNED[header.orientation]!;
    else if (type === 'imir' && data.length >= 1)
      header.orientation = ((data[0]! & 1) === 0 ? FLIPPED : MIRRORED)[header.orientation]!;
  }
  return header.width === 0 || header.height === 0 ? null : header;
}

/** The blocks of EXIF and of XMP that lie beside the picture. */
export function* blocksOf(bytes: Buffer): Generator<{ kind: 'exif' | 'xmp'; data: Buffer }> {
  const meta = boxOf(bytes, 'meta')?.subarray(4);
  const entries = boxOf(meta, 'iinf');
  const places = boxOf(meta, 'iloc');
  if (!entries || !places) return;
  const located = placesIn(places);
  // The count is of two bytes, or of four in later versions.
  for (const { type, data } of boxesIn(entries.subarray(entries[0] === 0 ? 6 : 8))) {
    if (type !== 'infe' || data.length < 12 || data[0]! < 2) continue;
    const isWide = data[0]! >= 3;
    const kind = data.toString('latin1', isWide ? 10 : 8, isWide ? 14 : 12);
    const place = located.get(isWide ? data.readUInt32BE(4) : data.readUInt16BE(4));
    if (!place || place.at + place.length > bytes.length) continue;
    const found = bytes.subarray(place.at, place.at + place.length);
    if (kind === 'Exif' && found.length > 4) {
      // Four bytes say where the block begins behind them.
      yield { kind: 'exif', data: found.subarray(Math.min(found.length, 4 + found.readUInt32BE(0))) };
    } else if (kind === 'mime' && data.includes('application/rdf+xml')) yield { kind: 'xmp', data: found };
  }
}

/** Where the items of one part lie in the file, by their number. */
function placesIn(box: Buffer): Map<number, { at: number; length: number }> {
  const places = new Map<number, { at: number; length: number }>();
  const version = box[0]!;
  if (box.length < 8 || version > 2) return places;
  const sizes = [box[4]! >> 4, box[4]! & 15, box[5]! >> 4, version === 0 ? 0 : box[5]! & 15];
  const [offsetSize, lengthSize, baseSize, indexSize] = sizes as [number, number, number, number];
  if (sizes.some((size) => ![0, 4, 8].includes(size))) return places;
  let at = 6;
  const number = (size: number): number => {
    if (at + size > box.length) throw new RangeError('the list of places ends early');
    const value = size === 0 ? 0 : size === 8 ? Number(box.readBigUInt64BE(at)) : box.readUIntBE(at, size);
    at += size;
    return value;
  };
  try {
    for (let left = number(version < 2 ? 2 : 4); left > 0; left--) {
      const item = number(version < 2 ? 2 : 4);
      const isInFile = version === 0 || (number(2) & 15) === 0;
      number(2);
      const base = number(baseSize);
      const parts = number(2);
      for (let part = 0; part < parts; part++) {
        number(indexSize);
        const place = { at: base + number(offsetSize), length: number(lengthSize) };
        if (isInFile && parts === 1) places.set(item, place);
      }
    }
  } catch {
    // What was read so far is kept.
  }
  return places;
}

/** Whether a file ends before one of its outer boxes does. */
export function isAvifCutOff(bytes: Buffer): boolean {
  let end = 0;
  for (const { data } of boxesIn(bytes)) end = data.byteOffset + data.length - bytes.byteOffset;
  return end < bytes.length;
}

/** The numbers of the properties of an item, in their order, from 1. */
function propertiesOf(links: Buffer, item: number): number[] {
  if (links.length < 8) return [];
  const [isWide, isLarge] = [links[0]! >= 1, (links[3]! & 1) !== 0];
  const count = links.readUInt32BE(4);
  let at = 8;
  for (let i = 0; i < count && at + (isWide ? 5 : 3) <= links.length; i++) {
    const id = isWide ? links.readUInt32BE(at) : links.readUInt16BE(at);
    const of = links[at + (isWide ? 4 : 2)]!;
    at += isWide ? 5 : 3;
    const size = isLarge ? 2 : 1;
    if (at + of * size > links.length) return [];
    if (id === item)
      return Array.from({ length: of }, (_, n) =>
        isLarge ? links.readUInt16BE(at + n * 2) & 0x7fff : links[at + n]! & 0x7f,
      );
    at += of * size;
  }
  return [];
}

/** The EXIF orientation that a picture of each orientation has after a further quarter turn against the clock. */
const TURNED = [0, 8, 5, 6, 7, 4, 1, 2, 3];
/** After the top and the bottom change places. */
const FLIPPED = [0, 4, 3, 2, 1, 8, 7, 6, 5];
/** After left and right change places. */
const MIRRORED = [0, 2, 1, 4, 3, 6, 5, 8, 7];
