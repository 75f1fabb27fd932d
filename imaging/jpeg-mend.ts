import { structureOf } from './jpeg-structure.ts';

/**
 * Faults of JPEGs that cost no pixel, each undone in a copy of the bytes so that strict decoding, which refuses every
 * warning, can stay. The file itself is never changed.
 */

const EOI = Buffer.from([0xff, 0xd9]);

/** The bytes up to `end` without zeros at their end; a zero that belongs to a stuffed 0xff stays. */
function withoutZeros(bytes: Buffer, end: number): Buffer {
  let length = end;
  while (length > 0 && bytes[length - 1] === 0) length--;
  if (length > 0 && length < end && bytes[length - 1] === 0xff) length++;
  return bytes.subarray(0, length);
}

/** What is put in place of data that may be missing: bits that are read as different codes. */
const FILLERS = [Buffer.alloc(0), Buffer.alloc(32, 0xaa), Buffer.alloc(32, 0x55)];

/**
 * Data without end marker, with one: first as they are, then with different data before the marker, which make no
 * difference to the picture where none are missing.
 */
export function withEnds(data: Buffer): Buffer[] {
  // Half of an end marker: what follows it must not be taken for the other half.
  const whole = data.at(-1) === 0xff ? data.subarray(0, -1) : data;
  return FILLERS.map((filler) => Buffer.concat([whole, filler, EOI]));
}

/** A JPEG without end marker, without the zeros that may stand in its place. */
export function unpadded(jpeg: Buffer): Buffer {
  return withoutZeros(jpeg, jpeg.length);
}

/** Without the zeros that pad a file before its end marker. */
function withoutPadding(jpeg: Buffer): Buffer | null {
  const { end } = structureOf(jpeg);
  if (end === null || jpeg[end - 1] !== 0) return null;
  return Buffer.concat([withoutZeros(jpeg, end), EOI]);
}

/** With the parameters that the scans of a sequential JPEG must state: decoders ignore them there. */
function withPlainScans(jpeg: Buffer): Buffer | null {
  const { frame, scans } = structureOf(jpeg);
  if (!frame || ![0xc0, 0xc1, 0xc9].includes(frame.type)) return null;
  const plain = Buffer.from(jpeg);
  for (const { parametersAt } of scans) plain.set([0, 63, 0], parametersAt);
  return plain;
}

/** Whether a segment's content is beside the pixels: APPn or COM. */
function isMetadata(marker: number): boolean {
  return (marker >= 0xe0 && marker <= 0xef) || marker === 0xfe;
}

/**
 * Without the bytes that some cameras and editors leave between metadata segments; null where there are none. Stray
 * bytes after a segment that shapes the pixels are not touched: there they are the rest of a damaged table, and dropping
 * them would pass off wrong pixels as right ones.
 */
function withoutStrayBytes(jpeg: Buffer): Buffer | null {
  const kept = [jpeg.subarray(0, 2)];
  let at = 2;
  let mayHaveStrays = true;
  while (at + 4 <= jpeg.length) {
    const marker = jpeg.indexOf(0xff, at);
    if (marker < 0 || marker + 4 > jpeg.length || (marker > at && !mayHaveStrays)) return null;
    const type = jpeg[marker + 1]!;
    if (type === 0xda) {
      kept.push(jpeg.subarray(marker));
      const size = kept.reduce((sum, part) => sum + part.length, 0);
      return size < jpeg.length ? Buffer.concat(kept) : null;
    }
    if (type === 0xff) {
      at = marker + 1;
      continue;
    }
    const end = marker + 2 + jpeg.readUInt16BE(marker + 2);
    kept.push(jpeg.subarray(marker, end));
    mayHaveStrays = isMetadata(type);
    at = end;
  }
  return null;
}

/** What libjpeg says of each fault, and how it is undone; the more specific of two comes first. */
const MENDERS: [warning: RegExp, mend: (jpeg: Buffer) => Buffer | null][] = [
  [/extraneous bytes before marker 0xd9/, withoutPadding],
  [/extraneous bytes before marker/, withoutStrayBytes],
  [/Invalid SOS parameters for sequential JPEG/, withPlainScans],
];

/** A copy without the fault that the decoder's warning names; null for a fault that may have cost pixels. */
export function mended(jpeg: Buffer, warning: string): Buffer | null {
  return MENDERS.find(([pattern]) => pattern.test(warning))?.[1](jpeg) ?? null;
}

/** As many different faults as can be in one file. */
export const MAX_MENDS = MENDERS.length;
