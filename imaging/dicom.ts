/**
 * Reads the picture of a DICOM file: one frame, grey or RGB, uncompressed or baseline JPEG. Nothing else of the file leaves
 * this module: no text of its header is returned, and none stands in an error, since all of it may name the patient.
 * Runs in decoder processes alone.
 */
import dicomParser, { type DataSet } from 'dicom-parser';
import type { RawImage } from './types.ts';

const TAG = {
  syntax: 'x00020010',
  samples: 'x00280002',
  photometric: 'x00280004',
  planar: 'x00280006',
  frames: 'x00280008',
  rows: 'x00280010',
  columns: 'x00280011',
  allocated: 'x00280100',
  stored: 'x00280101',
  highBit: 'x00280102',
  isSigned: 'x00280103',
  padding: 'x00280120',
  burnedIn: 'x00280301',
  centre: 'x00281050',
  width: 'x00281051',
  intercept: 'x00281052',
  slope: 'x00281053',
  windowFunction: 'x00281056',
  pixels: 'x7fe00010',
} as const;

const PLAIN = new Set(['1.2.840.10008.1.2', '1.2.840.10008.1.2.1']);
const JPEG = '1.2.840.10008.1.2.4.50';
/** Other ways in which pixels are stored, by the end of their number behind `1.2.840.10008.1.2.`. */
const OTHER_SYNTAXES: readonly [end: RegExp, name: string][] = [
  [/^1\.99$/, 'deflated'],
  [/^2$/, 'big-endian'],
  [/^5$/, 'compressed by run lengths'],
  [/^4\.5[1-6]$/, 'compressed as extended JPEG'],
  [/^4\.(?:57|70)$/, 'compressed as lossless JPEG'],
  [/^4\.8[01]$/, 'compressed as JPEG-LS'],
  [/^4\.9[0-3]$/, 'compressed as JPEG 2000'],
  [/^4\.20[1-3]$/, 'compressed as High-Throughput JPEG 2000'],
  [/^4\.1(?:0\d|1[0-2])$/, 'compressed as JPEG XL or a video'],
];
const UNCOMPRESS = 'convert it with `gdcmconv --raw scan.dcm raw.dcm` and import that';
const TO_PNG = 'convert it to PNG, for instance with `dcmj2pnm +on scan.dcm scan.png`, and import that';
const BLANK =
  'such pixels can show the name of the patient. Blank them, set the attribute to NO, and import that';

const UNDEFINED_LENGTH = 0xffff_ffff;
const MOST_FRAMES = 1_000_000;

interface DicomHeader {
  width: number;
  height: number;
  frames: number;
  isGrey: boolean;
  /** What the file is and what to do about it, where it is not read. */
  unread: { kind: string; remedy: string } | null;
}

/** What a DICOM file states of its picture; null where its header is broken. */
export function readDicom(bytes: Buffer): DicomHeader | null {
  try {
    return headerOf(bytes);
  } catch {
    return null;
  }
}

function headerOf(bytes: Buffer): DicomHeader {
  const syntax = syntaxOf(bytes);
  const none = { width: 0, height: 0, frames: 1, isGrey: true };
  if (!PLAIN.has(syntax) && syntax !== JPEG)
    return { ...none, unread: { kind: `a DICOM file ${storedAs(syntax)}`, remedy: UNCOMPRESS } };
  const data = dicomParser.parseDicom(bytes, { untilTag: TAG.pixels });
  const [width, height] = [data.uint16(TAG.columns) ?? 0, data.uint16(TAG.rows) ?? 0];
  if (!data.elements[TAG.pixels] || width === 0 || height === 0)
    return { ...none, unread: { kind: 'a DICOM file without a picture', remedy: 'leave it out' } };
  return {
    width,
    height,
    frames: framesOf(data),
    isGrey: (data.uint16(TAG.samples) ?? 1) === 1,
    unread: unreadKind(data, syntax),
  };
}

function framesOf(data: DataSet): number {
  return Math.min(MOST_FRAMES, Math.max(1, data.intString(TAG.frames) || 1));
}

function syntaxOf(bytes: Buffer): string {
  return (dicomParser.readPart10Header(bytes).string(TAG.syntax) ?? '').trim();
}

function storedAs(syntax: string): string {
  const [, end] = /^1\.2\.840\.10008\.1\.2\.([\d.]+)$/.exec(syntax) ?? [];
  const name = OTHER_SYNTAXES.find(([pattern]) => end !== undefined && pattern.test(end))?.[1];
  return name === undefined ? 'of an unknown transfer syntax' : `${name} (transfer syntax ${syntax})`;
}

function unreadKind(data: DataSet, syntax: string): DicomHeader['unread'] {
  if (data.string(TAG.burnedIn)?.trim() === 'YES')
    return { kind: 'a DICOM file that states burned-in annotations (0028,0301)', remedy: BLANK };
  const samples = data.uint16(TAG.samples) ?? 1;
  const photometric = data.string(TAG.photometric)?.trim() ?? '';
  const isRead =
    samples === 1
      ? /^MONOCHROME[12]$/.test(photometric)
      : samples === 3 &&
        (photometric === 'RGB' || (syntax === JPEG && /^YBR_FULL(?:_422)?$/.test(photometric)));
  if (!isRead) {
    const known =
      /^(?:PALETTE COLOR|YBR_(?:FULL|FULL_422|PARTIAL_420|PARTIAL_422|ICT|RCT)|HSV|ARGB|CMYK)$/.test(
        photometric,
      );
    return { kind: `a DICOM file of ${known ? photometric : 'other'} colours`, remedy: TO_PNG };
  }
  const { allocated, stored, highBit } = layoutOf(data);
  const fits = (allocated === 8 || allocated === 16) && stored > 0 && stored <= allocated;
  if (fits && highBit < allocated && highBit >= stored - 1 && (syntax !== JPEG || allocated === 8))
    return null;
  return { kind: `a DICOM file of ${stored} bits in ${allocated}`, remedy: TO_PNG };
}

function layoutOf(data: DataSet): { allocated: number; stored: number; highBit: number } {
  const allocated = data.uint16(TAG.allocated) ?? 0;
  const stored = data.uint16(TAG.stored) ?? allocated;
  return { allocated, stored, highBit: data.uint16(TAG.highBit) ?? stored - 1 };
}

class Missing extends Error {}

/**
 * The first frame as 8-bit RGB, as a viewer shows it at first: rescaled, through the first window of the file or from its
 * lowest to its highest value, MONOCHROME1 inverted. `decodeJpeg` decodes baseline JPEG. Throws where pixels are missing;
 * the caller must have checked `readDicom`.
 */
export async function decodeDicom(
  bytes: Buffer,
  decodeJpeg: (jpeg: Buffer, isGrey: boolean) => Promise<RawImage>,
): Promise<RawImage> {
  const { width, height, isGrey, jpeg, samples, toRgb } = guarded(() => storedIn(bytes));
  const info = { width, height, channels: 3 };
  if (samples) return { data: guarded(() => toRgb(samples)), info };
  const decoded = await decodeJpeg(jpeg, isGrey);
  if (decoded.info.width !== width || decoded.info.height !== height)
    throw new Missing('the picture has another size than the file states');
  return isGrey ? { data: guarded(() => toRgb(decoded.data)), info } : decoded;
}

/** What `read` gives. What the parser says of a fault may quote the file, so another sentence takes its place. */
function guarded<T>(read: () => T): T {
  try {
    return read();
  } catch (error) {
    throw error instanceof Missing ? error : new Missing('the file is broken');
  }
}

type Samples = Uint8Array | Uint16Array;
type Stored = { width: number; height: number; isGrey: boolean; toRgb: (samples: Samples) => Buffer } & (
  | { jpeg: Buffer; samples: null }
  | { jpeg: null; samples: Samples }
);

function storedIn(bytes: Buffer): Stored {
  const isJpeg = syntaxOf(bytes) === JPEG;
  const data = dicomParser.parseDicom(bytes, isJpeg ? {} : { untilTag: TAG.pixels });
  const isGrey = (data.uint16(TAG.samples) ?? 1) === 1;
  const [width, height] = [data.uint16(TAG.columns)!, data.uint16(TAG.rows)!];
  const toRgb = (samples: Samples): Buffer =>
    isGrey ? greyToRgb(samples, data) : colourToRgb(samples, data, width * height);
  const facts = { width, height, isGrey, toRgb };
  return isJpeg
    ? { ...facts, jpeg: firstJpeg(data), samples: null }
    : { ...facts, jpeg: null, samples: plainSamples(bytes, data, width * height * (isGrey ? 1 : 3)) };
}

function firstJpeg(data: DataSet): Buffer {
  const element = data.elements[TAG.pixels]!;
  if (framesOf(data) === 1)
    return Buffer.from(
      dicomParser.readEncapsulatedPixelDataFromFragments(data, element, 0, element.fragments!.length),
    );
  const table = element.basicOffsetTable?.length
    ? element.basicOffsetTable
    : dicomParser.createJPEGBasicOffsetTable(data, element);
  return Buffer.from(dicomParser.readEncapsulatedImageFrame(data, element, 0, table));
}

/** The stored numbers of the first frame, without the bits that are not theirs. */
function plainSamples(bytes: Buffer, data: DataSet, count: number): Samples {
  const { allocated, stored, highBit } = layoutOf(data);
  const { dataOffset, length } = data.elements[TAG.pixels]!;
  const size = (count * allocated) / 8;
  if (length < size || length === UNDEFINED_LENGTH || dataOffset + size > bytes.length)
    throw new Missing('pixels are missing');
  const [shift, mask] = [highBit + 1 - stored, 2 ** stored - 1];
  const samples = allocated === 8 ? new Uint8Array(count) : new Uint16Array(count);
  for (let i = 0; i < count; i++) {
    const word = allocated === 8 ? bytes[dataOffset + i]! : bytes.readUInt16LE(dataOffset + i * 2);
    samples[i] = (word >> shift) & mask;
  }
  return samples;
}

function colourToRgb(samples: Samples, data: DataSet, pixels: number): Buffer {
  const most = 2 ** layoutOf(data).stored - 1;
  const isByPlane = data.uint16(TAG.planar) === 1;
  const rgb = Buffer.alloc(pixels * 3);
  for (let i = 0; i < pixels; i++)
    for (let c = 0; c < 3; c++) {
      const sample = samples[isByPlane ? c * pixels + i : i * 3 + c]!;
      rgb[i * 3 + c] = most === 255 ? sample : Math.round((sample * 255) / most);
    }
  return rgb;
}

function greyToRgb(samples: Samples, data: DataSet): Buffer {
  const levels = levelsOf(samples, data);
  const rgb = Buffer.alloc(samples.length * 3);
  for (let i = 0, to = 0; i < samples.length; i++, to += 3) {
    const level = levels[samples[i]!]!;
    rgb[to] = level;
    rgb[to + 1] = level;
    rgb[to + 2] = level;
  }
  return rgb;
}

/** The grey, 0 to 255, of each number that a sample can be: PS3.3 C.11.1 (rescale) and C.11.2 (window). */
function levelsOf(samples: Samples, data: DataSet): Uint8Array {
  const { stored } = layoutOf(data);
  const isSigned = data.uint16(TAG.isSigned) === 1;
  const half = 2 ** (stored - 1);
  const slope = numberOf(data, TAG.slope) || 1;
  const intercept = numberOf(data, TAG.intercept) ?? 0;
  const valueOf = (sample: number): number =>
    (isSigned && sample >= half ? sample - 2 * half : sample) * slope + intercept;
  const windowed = windowOf(data) ?? rangeOf(samples, paddingOf(data, stored), valueOf);
  const isInverted = data.string(TAG.photometric)?.trim() === 'MONOCHROME1';
  return Uint8Array.from({ length: 2 ** stored }, (_, sample) => {
    const level = Math.round(255 * Math.min(1, Math.max(0, windowed(valueOf(sample)))));
    return isInverted ? 255 - level : level;
  });
}

/** The first of a list of decimal numbers; null without one. */
function numberOf(data: DataSet, tag: string): number | null {
  const value = data.floatString(tag, 0);
  return value !== undefined && Number.isFinite(value) ? value : null;
}

/** The first window of the file: values to 0..1, before they are cut off there. Null where it states none. */
function windowOf(data: DataSet): ((value: number) => number) | null {
  const [centre, width] = [numberOf(data, TAG.centre), numberOf(data, TAG.width)];
  if (centre === null || width === null || width <= 0) return null;
  const kind = data.string(TAG.windowFunction)?.trim();
  if (kind === 'SIGMOID') return (value) => 1 / (1 + Math.exp((-4 * (value - centre)) / width));
  if (kind === 'LINEAR_EXACT') return (value) => (value - centre) / width + 0.5;
  if (width <= 1) return (value) => (value <= centre - 0.5 ? 0 : 1);
  return (value) => (value - (centre - 0.5)) / (width - 1) + 0.5;
}

/** What stands for "outside the picture", as a stored number; null without one. */
function paddingOf(data: DataSet, stored: number): number | null {
  const padding = data.uint16(TAG.padding);
  return padding === undefined ? null : padding & (2 ** stored - 1);
}

/** From the lowest value to the highest. */
function rangeOf(
  samples: Samples,
  padding: number | null,
  valueOf: (sample: number) => number,
): (value: number) => number {
  const used = new Set<number>(samples);
  if (padding !== null) used.delete(padding);
  const values = [...used].map(valueOf);
  const [low, high] = [Math.min(...values), Math.max(...values)];
  return (value) => (high > low ? (value - low) / (high - low) : 0.5);
}
