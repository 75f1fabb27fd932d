import type { EmbeddedField, FieldValues } from '../rpc/contract/fields.ts';
import type { Spoiling } from './spoil.ts';

/** What one read and one decode of an image file yield. Everything here is a pure function of the file's bytes. */

/** How a model wants its pixels: read by the decoder so that the tensor comes out of the same decode. */
export interface InputGeometry {
  width: number;
  height: number;
  /** `squash` resizes both sides freely; `cover` resizes the shorter side and crops the centre. */
  fit: 'squash' | 'cover';
  /**
   * `area` averages the source pixels exactly (box filter); `bilinear`, `bicubic` and `lanczos3` are sharp's own
   * kernels.
   */
  kernel: 'area' | 'bilinear' | 'bicubic' | 'lanczos3';
}

/** Formats that every window and every usual reader takes: their files are shown and released as they are. */
export const PLAIN_FORMATS = ['jpeg', 'png', 'webp'] as const;
export type PlainFormat = (typeof PLAIN_FORMATS)[number];
export type ImageFormat = PlainFormat | 'tiff' | 'gif' | 'avif' | 'bmp' | 'dicom';

export function isPlain(format: string): format is PlainFormat {
  return PLAIN_FORMATS.some((plain) => plain === format);
}

/** A part of a picture in pixels: left, top, width, height. What lies outside of the picture is left out. */
export type Crop = readonly [number, number, number, number];

/** Raw pixel measures, before any threshold; the scores in core/measure/scores turn them into CleanVision's checks. */
export interface PixelStats {
  /**
   * 99th and 5th percentile (linear interpolation) of sqrt(.241 R^2 + .691 G^2 + .068 B^2)/255, 0..1, full resolution.
   */
  brightnessP99: number;
  brightnessP5: number;
  /**
   * Entropy in bits of the pooled channel histograms (PIL `entropy()` of RGB, 0..9.58; of L for single-channel files).
   */
  entropyBits: number;
  /**
   * Standard deviation of PIL FIND_EDGES of the grey image shrunk to at most 64 px a side (border copied, as PIL does).
   */
  edgeStd: number;
  /** Standard deviation of the 256-bin histogram of that grey image. */
  histogramStd: number;
  /** The file has one colour channel. */
  singleChannel: boolean;
  /** R = G = B in every pixel. */
  greyPixels: boolean;
}

/** Generator metadata found inside a file. Never trusted: sizes are capped, types checked, text kept as text. */
export interface GenerationMetadata extends FieldValues<EmbeddedField> {
  /**
   * Which writer's conventions were recognised; `other` where a text is there that looks like a generator's and follows
   * none of them: it is kept raw, and what has a usual name in it is read.
   */
  tool:
    | 'a1111'
    | 'civitai'
    | 'comfyui'
    | 'diffusers'
    | 'draw-things'
    | 'easy-diffusion'
    | 'fooocus'
    | 'invokeai'
    | 'midjourney'
    | 'mochi-diffusion'
    | 'novelai'
    | 'stability-matrix'
    | 'swarmui'
    | 'tensorart'
    | 'signed'
    | 'other';
  /** The text as found, at most 1 MiB. */
  raw: string;
}

/** What a file says of its origin outside any generator's own text. */
export interface OriginMarks {
  /** IPTC DigitalSourceType URI from XMP, else from the C2PA manifest, as declared. */
  digitalSourceType: string | null;
  /** A C2PA manifest store is present in the file. Presence only; nothing is verified. */
  hasC2pa: boolean;
}

/** What a decoder gives: 8-bit samples, row-major HWC. */
export interface RawImage {
  data: Buffer;
  info: { width: number; height: number; channels: number };
}

/** What the header of an image file says. */
export interface ImageHeader {
  format: ImageFormat;
  /** Upright size in pixels: EXIF orientation applied. */
  width: number;
  height: number;
  /** EXIF orientation, 1 to 8; 1 where the file states none. */
  orientation: number;
  /** Pages or frames in the file, of which the first is the picture. */
  pages: number;
}

export interface DecodedImage extends ImageHeader {
  ok: true;
  sha256: string;
  bytes: number;
  /** sha256 of width, height and the upright RGB pixels: equal for lossless re-encodings of one picture. */
  pixelSha256: string;
  /** 32x32 RGB, box-averaged, row-major: confirms on pixels what embeddings propose. 3072 bytes. */
  signature: Uint8Array;
  stats: PixelStats;
  metadata: GenerationMetadata | null;
  marks: OriginMarks;
  /** sha256 of the thumbnail; null when none was asked for. */
  thumb: string | null;
  /** RGB bytes, row-major HWC, of the size asked for; null when no geometry was given. */
  tensor: Uint8Array | null;
  /** The upright picture as a PNG; null when it was not asked for. */
  png: Uint8Array | null;
  /** The same of each crop that was asked for. */
  crops: Uint8Array[];
}

/** Why a file is not an image that can be used. The code is stable; the detail is for people. */
const FAILURE_CODES = [
  'NOT_FOUND',
  'EMPTY',
  'TOO_MANY_BYTES',
  'TOO_MANY_PIXELS',
  'NOT_AN_IMAGE',
  'FORMAT_NOT_ALLOWED',
  'DAMAGED',
  'TIMEOUT',
  'CRASHED_DECODER',
  'OUTSIDE_FOLDER',
  'NOT_A_FILE',
  'UNREADABLE',
] as const;
export type FailureCode = (typeof FAILURE_CODES)[number];

export interface DecodeFailure {
  ok: false;
  code: FailureCode;
  /** One sentence that names what is wrong. */
  detail: string;
  /** Of the bytes that could be read, if any were. */
  sha256: string | null;
  bytes: number | null;
}

export type DecodeOutcome = DecodedImage | DecodeFailure;

export interface DecodeRequest {
  /** Path below `root`, as the source listed it, forward slashes. */
  path: string;
  /** The folder being imported; a path whose real location lies outside it is refused. */
  root: string;
  /** Where the thumbnail goes, as `<thumbs>/<first two hex>/<sha256>.webp`; null writes none. */
  thumbs: string | null;
  /** Where the original's bytes are copied, as `<objects>/<first two hex>/<sha256>`; null copies nothing. */
  objects: string | null;
  geometry: InputGeometry | null;
  /** Gives the upright picture as a PNG too. */
  png?: true;
  /** Parts of the upright picture, each made a tensor of `geometry` too. */
  crops?: readonly Crop[];
  /** Puts a fault into the picture before it is measured. Only where nothing of it is stored. */
  spoiling?: Spoiling;
}

export interface DecodeLimits {
  maxPixels: number;
  maxBytes: number;
  timeoutMs: number;
}
