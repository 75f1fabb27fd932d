/**
 * Reads BMP files exactly: 1 to 32 bits, both run-length encodings, bit fields, upside down or not. Own code, since
 * libvips reads them only through ImageMagick. Every length comes from the file and is checked against its end.
 */

import type { RawImage } from './types.ts';

interface BmpHeader {
  width: number;
  height: number;
  /** What it is, where it is of a kind that is not read. */
  unread: string | null;
  bits: number;
  compression: number;
  isTopDown: boolean;
  /** Where the pixels begin, and where they end as far as that is stated. */
  start: number;
  end: number;
  /** Red, green, blue, alpha of 16 and 32 bits; 0 for one that is not there. */
  masks: readonly [number, number, number, number];
  palette: { at: number; entries: number; size: 3 | 4 };
}

const FILE_HEADER = 14;
const OS2 = 12;
const COMPRESSION = { none: 0, runs8: 1, runs4: 2, fields: 3, alphaFields: 6 } as const;
const BITS = [1, 2, 4, 8, 16, 24, 32];
const MASKS_555 = [0x7c00, 0x03e0, 0x001f, 0] as const;
const MASKS_888 = [0xff0000, 0x00ff00, 0x0000ff, 0] as const;

/** What a BMP states; null where it states nothing that could be decoded. */
export function readBmp(bytes: Buffer): BmpHeader | null {
  if (bytes.length < FILE_HEADER + OS2) return null;
  const size = bytes.readUInt32LE(14);
  if (FILE_HEADER + size > bytes.length) return null;
  const isOs2 = size === OS2;
  const u32 = (at: number): number => (at + 4 <= FILE_HEADER + size ? bytes.readUInt32LE(at) : 0);
  const width = isOs2 ? bytes.readUInt16LE(18) : bytes.readInt32LE(18);
  const stated = isOs2 ? bytes.readUInt16LE(20) : bytes.readInt32LE(22);
  const bits = isOs2 ? bytes.readUInt16LE(24) : bytes.readUInt16LE(28);
  const compression = isOs2 ? 0 : u32(30);
  const height = Math.abs(stated);
  const start = bytes.readUInt32LE(10);
  if (width <= 0 || height === 0) return null;
  const hasFields = compression === COMPRESSION.fields || compression === COMPRESSION.alphaFields;
  // The oldest header of this kind has the fields behind it, later ones have them in it.
  const behind = hasFields && size === 40 ? (compression === COMPRESSION.alphaFields ? 16 : 12) : 0;
  const field = (n: number): number => {
    const at = FILE_HEADER + 40 + n * 4;
    return at + 4 <= FILE_HEADER + size + behind && at + 4 <= bytes.length ? bytes.readUInt32LE(at) : 0;
  };
  const at = FILE_HEADER + size + behind;
  const most = bits <= 8 ? 2 ** bits : 0;
  const colours = isOs2 ? 0 : u32(46);
  const isPlain = compression !== COMPRESSION.runs8 && compression !== COMPRESSION.runs4;
  return {
    width,
    height,
    unread: unreadKind(bits, compression),
    bits,
    compression,
    isTopDown: stated < 0,
    start,
    end: start + (isPlain ? strideOf(width, bits) * height : u32(34)),
    masks: hasFields ? [field(0), field(1), field(2), field(3)] : bits === 16 ? MASKS_555 : MASKS_888,
    palette: { at, entries: colours > 0 ? Math.min(colours, most) : most, size: isOs2 ? 3 : 4 },
  };
}

function unreadKind(bits: number, compression: number): string | null {
  if (compression === 4 || compression === 5) return 'a BMP that holds a JPEG or PNG';
  const fits: Record<number, boolean> = {
    [COMPRESSION.none]: BITS.includes(bits),
    [COMPRESSION.runs8]: bits === 8,
    [COMPRESSION.runs4]: bits === 4,
    [COMPRESSION.fields]: bits === 16 || bits === 32,
    [COMPRESSION.alphaFields]: bits === 16 || bits === 32,
  };
  return fits[compression] === true ? null : `a BMP of ${bits} bits and the compression ${compression}`;
}

/** Bytes of a row, which end at a multiple of four. */
function strideOf(width: number, bits: number): number {
  return Math.ceil((width * bits) / 32) * 4;
}

/** RGB or RGBA rows from the top. Throws where the pixels are not all there; the caller must have checked the size. */
export function decodeBmp(bytes: Buffer): RawImage {
  const header = readBmp(bytes);
  if (!header || header.start < FILE_HEADER || header.start > bytes.length)
    throw new Error('the header is broken');
  const { width, height, bits, compression, masks } = header;
  const hasRuns = compression === COMPRESSION.runs8 || compression === COMPRESSION.runs4;
  if (!hasRuns && header.end > bytes.length) throw new Error('pixels are missing');
  const rowOf = (y: number): number => (header.isTopDown ? y : height - 1 - y);
  if (bits <= 8) {
    const indices = hasRuns ? unpackRuns(bytes, header) : unpackBits(bytes, header);
    const palette = paletteOf(bytes, header);
    const data = Buffer.alloc(width * height * 3);
    for (let y = 0; y < height; y++)
      for (let x = 0, to = rowOf(y) * width * 3; x < width; x++, to += 3) {
        const from = indices[y * width + x]! * 3;
        data[to] = palette[from]!;
        data[to + 1] = palette[from + 1]!;
        data[to + 2] = palette[from + 2]!;
      }
    return { data, info: { width, height, channels: 3 } };
  }
  const stride = strideOf(width, bits);
  const size = bits / 8;
  const scales = masks.map(scaleOf);
  const channels = masks[3] !== 0 && hasAlpha(bytes, header) ? 4 : 3;
  const data = Buffer.alloc(width * height * channels);
  for (let y = 0; y < height; y++) {
    let [from, to] = [header.start + y * stride, rowOf(y) * width * channels];
    for (let x = 0; x < width; x++, from += size, to += channels) {
      const value = bytes.readUIntLE(from, size);
      for (let c = 0; c < channels; c++) data[to + c] = scales[c]!(value);
    }
  }
  return { data, info: { width, height, channels } };
}

/** Some writers state an alpha and leave it zero everywhere: then it means nothing. */
function hasAlpha(bytes: Buffer, { width, height, bits, masks, start }: BmpHeader): boolean {
  const [stride, size] = [strideOf(width, bits), bits / 8];
  for (let y = 0; y < height; y++)
    for (let x = 0; x < width; x++)
      if ((bytes.readUIntLE(start + y * stride + x * size, size) & masks[3]) !== 0) return true;
  return false;
}

/** Takes the bits of a mask out of a number, as 0 to 255. */
function scaleOf(mask: number): (value: number) => number {
  if (mask === 0) return () => 0;
  const shift = 31 - Math.clz32(mask & -mask);
  const most = mask >>> shift;
  // Rounded down, as Pillow does.
  return (value) => Math.floor((((value & mask) >>> shift) * 255) / most);
}

/** RGB of 256 indices; those that the file does not name are black. */
function paletteOf(bytes: Buffer, { palette: { at, entries, size } }: BmpHeader): Uint8Array {
  const rgb = new Uint8Array(256 * 3);
  for (let i = 0; i < entries && at + (i + 1) * size <= bytes.length; i++)
    for (let c = 0; c < 3; c++) rgb[i * 3 + c] = bytes[at + i * size + 2 - c]!;
  return rgb;
}

/** The indices of an uncompressed file, in its order of rows. */
function unpackBits(bytes: Buffer, { width, height, bits, start }: BmpHeader): Uint8Array {
  const indices = new Uint8Array(width * height);
  const [stride, inByte, mask] = [strideOf(width, bits), 8 / bits, 2 ** bits - 1];
  for (let y = 0; y < height; y++)
    for (let x = 0; x < width; x++) {
      const byte = bytes[start + y * stride + Math.floor(x / inByte)]!;
      indices[y * width + x] = (byte >> (8 - bits * ((x % inByte) + 1))) & mask;
    }
  return indices;
}

/** The indices of a run-length encoded file, in its order of rows; pixels that it passes over are 0. */
function unpackRuns(bytes: Buffer, { width, height, bits, start }: BmpHeader): Uint8Array {
  const indices = new Uint8Array(width * height);
  let [at, x, y] = [start, 0, 0];
  const next = (): number => {
    if (at >= bytes.length) throw new Error('pixels are missing');
    return bytes[at++]!;
  };
  const put = (index: number): void => {
    // Some writers fill up the last byte of a row.
    if (x < width) indices[y * width + x++] = index;
  };
  // The mark at the end may be missing, and pixels may not.
  while (y < height && !(y === height - 1 && x === width && at >= bytes.length)) {
    const [count, value] = [next(), next()];
    if (count > 0)
      for (let i = 0; i < count; i++) put(bits === 8 ? value : i % 2 === 0 ? value >> 4 : value & 15);
    else if (value === 0) [x, y] = [0, y + 1];
    else if (value === 1) break;
    else if (value === 2) {
      x += next();
      y += next();
      x = Math.min(x, width);
    } else {
      const used = bits === 8 ? value : Math.ceil(value / 2);
      for (let i = 0, byte = 0; i < value; i++) {
        if (bits === 8 || i % 2 === 0) byte = next();
        put(bits === 8 ? byte : i % 2 === 0 ? byte >> 4 : byte & 15);
      }
      if (used % 2 === 1) next();
    }
  }
  return indices;
}
