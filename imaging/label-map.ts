import { isCutOff, pngChunks, type Part } from './containers.ts';
import { identify, otherContent, readHeader } from './header.ts';
import { notRead, undecodable } from './pixels.ts';
import { pngFile } from './png.ts';
import { readContained } from './read-file.ts';
import sharp from './sharp.ts';
import type { DecodeFailure, DecodeLimits, FailureCode } from './types.ts';

/**
 * Which number a pixel of a map stands for: its `value` (the index in a palette, or the grey), its `colour` (as
 * `colourOf` counts them), or its `red` channel alone.
 */
export type MapReads = 'value' | 'colour' | 'red';

export interface MapRequest {
  /** The folder being imported; a path whose real location lies outside it is refused. */
  root: string;
  /** Below `root`, forward slashes. */
  path: string;
  reads: MapReads;
}

/** The pixels of one number of a map. */
export interface MapRegion {
  value: number;
  pixels: number;
  /** Runs outside and inside in turn, column by column, as COCO has them. */
  runs: Uint32Array;
}

/** A picture whose pixels are numbers of classes or instances. */
interface LabelMap {
  ok: true;
  width: number;
  height: number;
  /** By number, ascending; every pixel is in one of them. */
  regions: MapRegion[];
}

export type MapOutcome = LabelMap | DecodeFailure;

/** More numbers than this are a picture, and no map. */
const MOST_REGIONS = 65_536;
/** About 2 MB as text, which 128 images of one event still have together; half of the noise of a picture of 1920 x 1080. */
const MOST_RUNS = 1_500_000;

/** The number of a colour, from its four channels of 8 bits. */
export function colourOf(red: number, green: number, blue: number, alpha = 255): number {
  return ((red * 256 + green) * 256 + blue) * 256 + alpha;
}

/**
 * Reads a map: PNG with a palette, grey of up to 16 bits, or colour of 8. Numbers are exact: colour profiles and gamma are
 * not applied, and palettes keep their indices. A file that cannot be read is an outcome, not an error.
 */
export async function readLabelMap(request: MapRequest, limits: DecodeLimits): Promise<MapOutcome> {
  const file = readContained(request.root, request.path, limits.maxBytes);
  if (!file.ok) return file;
  const { bytes } = file;
  const refuse = (code: FailureCode, reason: string): DecodeFailure => ({
    ok: false,
    code,
    detail: `${JSON.stringify(request.path)}: ${reason}`,
    sha256: null,
    bytes: bytes.length,
  });
  const identity = identify(bytes);
  if (!identity) return refuse('NOT_AN_IMAGE', otherContent(bytes));
  if ('refused' in identity) return refuse('FORMAT_NOT_ALLOWED', notRead(identity.refused));
  if (identity.format !== 'png')
    return refuse(
      'FORMAT_NOT_ALLOWED',
      'a map of classes or instances must be a PNG, which keeps its numbers',
    );
  const header = readHeader(bytes, 'png');
  if (!header)
    return refuse('DAMAGED', undecodable(bytes, 'png', 'the png header is missing or broken').detail);
  if (header.width * header.height > limits.maxPixels)
    return refuse('TOO_MANY_PIXELS', `${header.width} x ${header.height} pixels are too many`);
  try {
    const samples = await samplesOf(bytes, limits);
    const numbers = numbersOf(samples, request.reads);
    if (typeof numbers === 'string') return refuse('FORMAT_NOT_ALLOWED', numbers);
    const { width, height } = samples;
    const regions = regionsOf(numbers, width, height);
    if (typeof regions === 'string') return refuse('FORMAT_NOT_ALLOWED', regions);
    return { ok: true, width, height, regions };
  } catch (error) {
    const [line] = (error instanceof Error ? error.message : String(error)).split('\n', 1);
    return refuse(
      'DAMAGED',
      isCutOff(bytes, 'png') ? 'the file is cut off: copy it again' : `it cannot be decoded: ${line}`,
    );
  }
}

interface Samples {
  width: number;
  height: number;
  channels: number;
  values: Uint8Array | Uint16Array;
  /** What a value must be divided by: libvips spreads 1, 2 and 4 bits over 8. */
  spread: number;
  /** The palette that values are indices of, 3 bytes each, and its alphas. */
  palette: Buffer | null;
  alphas: Buffer;
}

/** Kinds of PNG by the number in their header. */
const GREY = 0;
const PALETTE = 3;

/** Decodes a PNG to its samples as they are stored: without its palette, profiles and gamma, which would change them. */
async function samplesOf(bytes: Buffer, limits: DecodeLimits): Promise<Samples> {
  const kept: Part[] = [];
  let [kind, bits] = [GREY, 8];
  let palette: Buffer | null = null;
  let alphas: Buffer = Buffer.alloc(0);
  for (const { type, data } of pngChunks(bytes)) {
    if (type === 'IHDR') {
      const header = Buffer.from(data);
      [bits, kind] = [header[8]!, header[9]!];
      if (kind === PALETTE) header[9] = GREY;
      kept.push({ type, data: header });
    } else if (type === 'PLTE' && kind === PALETTE) palette = data;
    else if (type === 'tRNS' && kind === PALETTE) alphas = data;
    else if (type === 'IDAT' || type === 'IEND') kept.push({ type, data });
  }
  const isWide = bits === 16;
  const isGrey = kind === GREY || kind === PALETTE || kind === 4;
  const space = isGrey ? (isWide ? 'grey16' : 'b-w') : isWide ? 'rgb16' : 'srgb';
  const { data, info } = await sharp(pngFile(kept), {
    failOn: 'warning',
    limitInputPixels: limits.maxPixels,
    limitInputChannels: 4,
  })
    .timeout({ seconds: Math.max(1, Math.ceil(limits.timeoutMs / 1000)) })
    .toColourspace(space)
    .raw({ depth: isWide ? 'ushort' : 'uchar' })
    .toBuffer({ resolveWithObject: true });
  return {
    width: info.width,
    height: info.height,
    channels: info.channels,
    values: isWide
      ? new Uint16Array(data.buffer, data.byteOffset, data.length / 2)
      : new Uint8Array(data.buffer, data.byteOffset, data.length),
    spread: bits < 8 ? 255 / (2 ** bits - 1) : 1,
    palette,
    alphas,
  };
}

/** The number of each pixel, row by row; or why it has none, in words. */
function numbersOf(samples: Samples, reads: MapReads): ArrayLike<number> | string {
  const { values, channels, spread, palette, alphas, width, height } = samples;
  const isColour = channels >= 3;
  const count = width * height;
  if (reads === 'red' && isColour) return everyNth(values, channels, count);
  if (reads !== 'colour' || (!palette && !isColour)) {
    if (isColour && !isWithoutHue(values, channels))
      return 'it is a picture in colours, and its pixels should be numbers of classes or instances';
    const numbers = channels === 1 && spread === 1 ? values : everyNth(values, channels, count, spread);
    return reads === 'colour' ? Float64Array.from(numbers, (grey) => colourOf(grey, grey, grey)) : numbers;
  }
  if (values instanceof Uint16Array)
    return 'its colours have 16 bits, and no writer of maps gives them more than 8';
  const numbers = new Float64Array(count);
  if (palette) {
    const at = (index: number): number =>
      colourOf(
        palette[index * 3] ?? 0,
        palette[index * 3 + 1] ?? 0,
        palette[index * 3 + 2] ?? 0,
        alphas[index] ?? 255,
      );
    const table = Array.from({ length: 256 }, (_, index) => at(index));
    for (let i = 0; i < count; i++) numbers[i] = table[values[i * channels]! / spread]!;
  } else
    for (let i = 0, k = 0; i < count; i++, k += channels)
      numbers[i] = colourOf(
        values[k]!,
        values[k + 1]!,
        values[k + 2]!,
        channels === 4 ? values[k + 3]! : 255,
      );
  return numbers;
}

function everyNth(values: Uint8Array | Uint16Array, step: number, count: number, spread = 1): Uint16Array {
  const picked = new Uint16Array(count);
  for (let i = 0; i < count; i++) picked[i] = values[i * step]! / spread;
  return picked;
}

function isWithoutHue(values: Uint8Array | Uint16Array, channels: number): boolean {
  for (let k = 0; k < values.length; k += channels)
    if (values[k] !== values[k + 1] || values[k] !== values[k + 2]) return false;
  return true;
}

/** The regions of numbers, in one pass column by column; or why they are none of a map. */
function regionsOf(numbers: ArrayLike<number>, width: number, height: number): MapRegion[] | string {
  interface Growing {
    pixels: number;
    end: number;
    runs: number[];
  }
  const regions = new Map<number, Growing>();
  let all = 0;
  let [value, start] = [numbers[0]!, 0];
  const close = (end: number): void => {
    let region = regions.get(value);
    if (!region) regions.set(value, (region = { pixels: 0, end: 0, runs: [] }));
    region.pixels += end - start;
    region.runs.push(start - region.end, end - start);
    all += 2;
    region.end = end;
  };
  let place = 0;
  for (let x = 0; x < width; x++)
    for (let y = 0, at = x; y < height; y++, at += width, place++) {
      const next = numbers[at]!;
      if (next === value) continue;
      close(place);
      if (regions.size > MOST_REGIONS || all > MOST_RUNS)
        return regions.size > MOST_REGIONS
          ? 'it has more than 65,536 numbers or colours, so it is a picture and no map'
          : 'its classes or instances change at every few pixels, so it is a picture or noise and no map';
      [value, start] = [next, place];
    }
  close(place);
  return [...regions]
    .map(([number, { pixels, runs }]) => ({ value: number, pixels, runs: Uint32Array.from(runs) }))
    .sort((a, b) => a.value - b.value);
}
