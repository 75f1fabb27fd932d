import { crc32, deflateSync } from 'node:zlib';

/** Hand-written containers, so that the readers get bytes that no encoder would produce. */

export function pngChunk(type: string, data: Buffer): Buffer {
  const chunk = Buffer.alloc(12 + data.length);
  chunk.writeUInt32BE(data.length, 0);
  chunk.write(type, 4, 'latin1');
  data.copy(chunk, 8);
  chunk.writeUInt32BE(crc32(chunk.subarray(4, 8 + data.length)), 8 + data.length);
  return chunk;
}

export interface PngOptions {
  width: number;
  height: number;
  /** 8-bit samples, row-major; default: all 128. */
  pixels?: Uint8Array;
  /** 0 grey, 2 RGB, 4 grey and alpha, 6 RGBA; default 2. */
  colourType?: 0 | 2 | 4 | 6;
  before?: Buffer[];
  after?: Buffer[];
}

const CHANNELS = { 0: 1, 2: 3, 4: 2, 6: 4 } as const;

/** An 8-bit PNG with extra chunks before and after its pixels. */
export function png({ width, height, pixels, colourType = 2, before = [], after = [] }: PngOptions): Buffer {
  const row = width * CHANNELS[colourType];
  const filtered = Buffer.alloc((row + 1) * height, 128);
  for (let y = 0; y < height; y++) {
    filtered[y * (row + 1)] = 0;
    if (pixels) filtered.set(pixels.subarray(y * row, (y + 1) * row), y * (row + 1) + 1);
  }
  return pngOf(width, height, colourType, deflateSync(filtered), before, after);
}

/** A PNG whose header and compressed data need not agree. */
export function pngOf(
  width: number,
  height: number,
  colourType: number,
  compressed: Buffer,
  before: Buffer[] = [],
  after: Buffer[] = [],
  bits = 8,
): Buffer {
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  header.set([bits, colourType, 0, 0, 0], 8);
  return Buffer.concat([
    Buffer.from('89504e470d0a1a0a', 'hex'),
    pngChunk('IHDR', header),
    ...before,
    pngChunk('IDAT', compressed),
    ...after,
    pngChunk('IEND', Buffer.alloc(0)),
  ]);
}

export function textChunk(key: string, text: string | Buffer): Buffer {
  return pngChunk('tEXt', Buffer.concat([Buffer.from(`${key}\0`), Buffer.from(text)]));
}

export function compressedTextChunk(key: string, text: string | Buffer): Buffer {
  return pngChunk('zTXt', Buffer.concat([Buffer.from(`${key}\0\0`), deflateSync(text)]));
}

export function internationalTextChunk(key: string, text: string, isCompressed = false): Buffer {
  const body = isCompressed ? deflateSync(text) : Buffer.from(text);
  return pngChunk(
    'iTXt',
    Buffer.concat([Buffer.from(`${key}\0${isCompressed ? '\x01' : '\0'}\0en\0\0`), body]),
  );
}

/** A JPEG with segments inserted right after its start: `[marker's second byte, content]`. */
export function withSegments(jpeg: Buffer, segments: [marker: number, content: Buffer][]): Buffer {
  const inserted = segments.map(([marker, content]) => {
    const head = Buffer.from([0xff, marker, 0, 0]);
    head.writeUInt16BE(content.length + 2, 2);
    return Buffer.concat([head, content]);
  });
  return Buffer.concat([jpeg.subarray(0, 2), ...inserted, jpeg.subarray(2)]);
}

/** A WebP with chunks appended and the RIFF length corrected; readers need no VP8X flags. */
export function withChunks(webp: Buffer, chunks: [type: string, content: Buffer][]): Buffer {
  const appended = chunks.map(([type, content]) => {
    const chunk = Buffer.alloc(8 + content.length + (content.length % 2));
    chunk.write(type, 0, 'latin1');
    chunk.writeUInt32LE(content.length, 4);
    content.copy(chunk, 8);
    return chunk;
  });
  const whole = Buffer.concat([webp, ...appended]);
  whole.writeUInt32LE(whole.length - 8, 4);
  return whole;
}

/** A TIFF block with text tags in its first directory and UserComment (0x9286) and MakerNote in the EXIF directory. */
export function exifBlock(tags: Record<number, Buffer>, order: 'II' | 'MM' = 'MM'): Buffer {
  const isBig = order === 'MM';
  const first = Object.entries(tags).filter(([tag]) => Number(tag) < 0x9000);
  const second = Object.entries(tags).filter(([tag]) => Number(tag) >= 0x9000);
  const firstSize = 2 + (first.length + 1) * 12 + 4;
  const dataStart = 8 + firstSize + 2 + second.length * 12 + 4;
  const block = Buffer.alloc(dataStart);
  const u16 = (value: number, at: number) =>
    isBig ? block.writeUInt16BE(value, at) : block.writeUInt16LE(value, at);
  const u32 = (value: number, at: number) =>
    isBig ? block.writeUInt32BE(value, at) : block.writeUInt32LE(value, at);
  const values: Buffer[] = [];
  let offset = dataStart;
  const entry = (at: number, tag: number, type: number, count: number, value: number): void => {
    u16(tag, at);
    u16(type, at + 2);
    u32(count, at + 4);
    u32(value, at + 8);
  };
  const text = (at: number, tag: number, value: Buffer): void => {
    const padded = Buffer.concat([value, Buffer.alloc(Math.max(0, 5 - value.length))]);
    entry(at, tag, tag >= 0x9000 ? 7 : 2, padded.length, offset);
    values.push(padded);
    offset += padded.length;
  };
  block.write(order, 0, 'latin1');
  u16(42, 2);
  u32(8, 4);
  u16(first.length + 1, 8);
  first.forEach(([tag, value], i) => text(10 + i * 12, Number(tag), value));
  entry(10 + first.length * 12, 0x8769, 4, 1, 8 + firstSize);
  u16(second.length, 8 + firstSize);
  second.forEach(([tag, value], i) => text(10 + firstSize + i * 12, Number(tag), value));
  return Buffer.concat([block, ...values]);
}

/** A TIFF block that states an orientation and nothing else. */
export function orientationBlock(orientation: number, order: 'II' | 'MM' = 'MM'): Buffer {
  const isBig = order === 'MM';
  const block = Buffer.alloc(26);
  const u16 = (value: number, at: number) =>
    isBig ? block.writeUInt16BE(value, at) : block.writeUInt16LE(value, at);
  const u32 = (value: number, at: number) =>
    isBig ? block.writeUInt32BE(value, at) : block.writeUInt32LE(value, at);
  block.write(order, 0, 'latin1');
  u16(42, 2);
  u32(8, 4);
  u16(1, 8);
  u16(0x0112, 10);
  u16(3, 12);
  u32(1, 14);
  u16(orientation, 18);
  return block;
}

/** RGBA pixels that carry text in the lowest bits of alpha, or of the colours, as stealth writers store it. */
export function stealthPixels(width: number, height: number, signature: string, content: Buffer): Uint8Array {
  const length = Buffer.alloc(4);
  length.writeUInt32BE(content.length * 8);
  const bytes = Buffer.concat([Buffer.from(signature), length, content]);
  const channels = signature.startsWith('stealth_rgb') ? [0, 1, 2] : [3];
  const pixels = new Uint8Array(width * height * 4).fill(200);
  for (let i = 3; i < pixels.length; i += 4) pixels[i] = 255;
  let bit = 0;
  for (let x = 0; x < width; x++) {
    for (let y = 0; y < height; y++) {
      for (const channel of channels) {
        const value = bit < bytes.length * 8 ? (bytes[bit >> 3]! >> (7 - (bit & 7))) & 1 : 1;
        pixels[(y * width + x) * 4 + channel] = 254 | value;
        bit++;
      }
    }
  }
  return pixels;
}

/** Pixels without any regularity that a resampling error could hide behind; the same on every machine. */
export function patternRgb(width: number, height: number): Uint8Array {
  const rgb = new Uint8Array(width * height * 3);
  let state = 12345n;
  for (let i = 0; i < rgb.length; i++) {
    const x = Math.floor(i / 3) % width;
    const y = Math.floor(i / 3 / width);
    const c = i % 3;
    state = (state * 1103515245n + 12345n) & 0x7fffffffn;
    rgb[i] = ((x * (3 + c) + y * (5 - c)) * 2 + Number((state >> 16n) % 64n)) & 255;
  }
  return rgb;
}

/** A little-endian TIFF of the directories given as `[tag, type, value]`, behind `pixels`, which begin at byte 8. */
export function tiff(
  directories: [tag: number, type: 1 | 3 | 4, value: number][][],
  pixels: Uint8Array,
): Buffer {
  const parts: Buffer[] = [Buffer.from('II*\0\0\0\0\0', 'latin1'), Buffer.from(pixels)];
  parts[0]!.writeUInt32LE(8 + pixels.length, 4);
  let at = 8 + pixels.length;
  for (const [i, entries] of directories.entries()) {
    const directory = Buffer.alloc(2 + entries.length * 12 + 4);
    directory.writeUInt16LE(entries.length, 0);
    for (const [n, [tag, type, value]] of entries.entries()) {
      const entry = 2 + n * 12;
      directory.writeUInt16LE(tag, entry);
      directory.writeUInt16LE(type, entry + 2);
      directory.writeUInt32LE(1, entry + 4);
      directory.writeUInt32LE(value, entry + 8);
    }
    at += directory.length;
    if (i < directories.length - 1) directory.writeUInt32LE(at, directory.length - 4);
    parts.push(directory);
  }
  return Buffer.concat(parts);
}

/** The tags of a grey page whose one strip begins at byte 8. */
export function greyPage(
  width: number,
  height: number,
  bits: number,
  more: [tag: number, type: 1 | 3 | 4, value: number][] = [],
): [tag: number, type: 1 | 3 | 4, value: number][] {
  const all = new Map<number, [tag: number, type: 1 | 3 | 4, value: number]>();
  for (const entry of [
    [256, 4, width],
    [257, 4, height],
    [258, 3, bits],
    [259, 3, 1],
    [262, 3, 1],
    [273, 4, 8],
    [277, 3, 1],
    [278, 4, height],
    [279, 4, Math.ceil((width * bits) / 8) * height],
    ...more,
  ] as const)
    all.set(entry[0], [...entry]);
  return [...all.values()].sort(([a], [b]) => a - b);
}

export interface BmpOptions {
  width: number;
  /** Negative where the first row is the top one. */
  height: number;
  bits: number;
  /** Rows as they are stored, padded to four bytes, or runs. */
  data: Uint8Array;
  compression?: number;
  /** 12, 40, 108 or 124. */
  headerSize?: number;
  /** RGB of each index. */
  palette?: number[][];
  /** Of red, green, blue and perhaps alpha. */
  masks?: number[];
}

/** A BMP whose parts need not fit each other. */
export function bmp(options: BmpOptions): Buffer {
  const { width, height, bits, data, compression = 0, headerSize = 40, palette = [], masks = [] } = options;
  const isOs2 = headerSize === 12;
  const behind = headerSize === 40 ? masks.length * 4 : 0;
  const colours = Buffer.from(palette.flatMap(([r, g, b]) => [b!, g!, r!, ...(isOs2 ? [] : [0])]));
  const start = 14 + headerSize + behind + colours.length;
  const head = Buffer.alloc(14 + headerSize + behind);
  head.write('BM', 0, 'latin1');
  head.writeUInt32LE(start + data.length, 2);
  head.writeUInt32LE(start, 10);
  head.writeUInt32LE(headerSize, 14);
  if (isOs2) {
    head.writeUInt16LE(width, 18);
    head.writeUInt16LE(height, 20);
    head.writeUInt16LE(1, 22);
    head.writeUInt16LE(bits, 24);
  } else {
    head.writeInt32LE(width, 18);
    head.writeInt32LE(height, 22);
    head.writeUInt16LE(1, 26);
    head.writeUInt16LE(bits, 28);
    head.writeUInt32LE(compression, 30);
    head.writeUInt32LE(data.length, 34);
    head.writeUInt32LE(palette.length, 46);
    for (const [i, mask] of masks.entries()) head.writeUInt32LE(mask, 54 + i * 4);
  }
  return Buffer.concat([head, colours, data]);
}

export interface DicomOptions {
  /** Transfer syntax behind `1.2.840.10008.1.2`; explicit little-endian by default, `''` for implicit. */
  syntax?: string;
  rows: number;
  columns: number;
  bits?: number;
  allocated?: number;
  samples?: number;
  photometric?: string;
  isSigned?: boolean;
  /** Texts of further attributes, by group and element. */
  texts?: Record<number, string>;
  /** Further attributes of 16 bits. */
  words?: Record<number, number>;
  /** Stored bytes, or the fragments of an encapsulated picture. */
  pixels: Uint8Array | Uint8Array[];
}

/** Kinds of value of the attributes that tests write. */
const VALUE_KINDS: Record<number, string> = {
  0x00100010: 'PN',
  0x00100020: 'LO',
  0x00280004: 'CS',
  0x00280008: 'IS',
  0x00280301: 'CS',
  0x00281056: 'CS',
};

/** A DICOM file with a patient called Doe^Jane in it. */
export function dicom(options: DicomOptions): Buffer {
  const {
    syntax = '.1',
    rows,
    columns,
    bits = 8,
    allocated = bits > 8 ? 16 : 8,
    samples = 1,
    pixels,
  } = options;
  const tag = (of: number): Buffer => {
    const bytes = Buffer.alloc(4);
    bytes.writeUInt16LE(of >>> 16, 0);
    bytes.writeUInt16LE(of & 0xffff, 2);
    return bytes;
  };
  const sized = (length: number, bytes: 2 | 4): Buffer => {
    const size = Buffer.alloc(bytes);
    size.writeUIntLE(length, 0, bytes);
    return size;
  };
  const element = (of: number, kind: string, value: Buffer, isExplicit: boolean): Buffer =>
    Buffer.concat([
      tag(of),
      ...(isExplicit ? [Buffer.from(kind), sized(value.length, 2)] : [sized(value.length, 4)]),
      value,
    ]);
  const text = (value: string, filler = ' '): Buffer =>
    Buffer.from(value.length % 2 === 1 ? value + filler : value, 'latin1');
  const isExplicit = syntax !== '';
  const meta = element(0x00020010, 'UI', text(`1.2.840.10008.1.2${syntax}`, '\0'), true);
  const texts: Record<number, string> = {
    0x00100010: 'Doe^Jane',
    0x00100020: 'MRN-4711',
    0x00280004: options.photometric ?? (samples === 3 ? 'RGB' : 'MONOCHROME2'),
    ...options.texts,
  };
  const words: Record<number, number> = {
    0x00280002: samples,
    0x00280010: rows,
    0x00280011: columns,
    0x00280100: allocated,
    0x00280101: bits,
    0x00280102: bits - 1,
    0x00280103: options.isSigned ? 1 : 0,
    ...options.words,
  };
  const all = [
    ...Object.entries(texts).map(([of, value]): [number, string, Buffer] => [
      Number(of),
      VALUE_KINDS[Number(of)] ?? 'DS',
      text(value),
    ]),
    ...Object.entries(words).map(([of, value]): [number, string, Buffer] => [
      Number(of),
      'US',
      sized(value, 2),
    ]),
  ].sort(([a], [b]) => a - b);
  const isCapsule = Array.isArray(pixels);
  const item = (data: Uint8Array): Buffer => Buffer.concat([tag(0xfffee000), sized(data.length, 4), data]);
  const stored = isCapsule
    ? Buffer.concat([item(new Uint8Array()), ...pixels.map(item), tag(0xfffee0dd), sized(0, 4)])
    : Buffer.from(pixels);
  return Buffer.concat([
    Buffer.alloc(128),
    Buffer.from('DICM'),
    element(0x00020000, 'UL', sized(meta.length, 4), true),
    meta,
    ...all.map(([of, kind, value]) => element(of, kind, value, isExplicit)),
    tag(0x7fe00010),
    ...(isExplicit ? [Buffer.from(allocated === 8 ? 'OB\0\0' : 'OW\0\0')] : []),
    sized(isCapsule ? 0xffff_ffff : stored.length, 4),
    stored,
  ]);
}
