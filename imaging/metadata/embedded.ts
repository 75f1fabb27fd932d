import { inflateSync } from 'node:zlib';
import { blocksOf } from '../avif.ts';
import { jpegSegments, pngChunks, webpChunks } from '../containers.ts';
import type { ImageFormat } from '../types.ts';
import { decodeBytes, readExif } from './exif.ts';
import { iptcCaption } from './iptc.ts';
import { xmpProperty } from './xmp.ts';

/** Limit on all text of one file together; compressed parts count by their expanded size. */
export const MAX_TEXT_BYTES = 1024 * 1024;
const MAX_TEXTS = 256;

/** Text properties of XMP in which generators and editors name themselves or keep the prompt. */
const XMP_PROPERTIES: [name: string, key: string][] = [
  ['xmp:CreatorTool', 'xmp:creatortool'],
  ['dc:description', 'xmp:description'],
  ['exif:UserComment', 'xmp:usercomment'],
  ['tiff:ImageDescription', 'xmp:imagedescription'],
];

const SOURCE_TYPE = 'http://cv.iptc.org/newscodes/digitalsourcetype/';

/**
 * Collects the texts of a container. Keys are PNG keywords in lower case, `exif:<tag>`, `xmp:<property>`,
 * `iptc:caption` and `jpeg:comment`; the first text under a key stays. What exceeds the limits or cannot be expanded is left out.
 */
export class Embedded {
  readonly texts = new Map<string, string>();
  xmp: string | null = null;
  hasC2pa = false;
  /** The IPTC digital source type that the C2PA manifest states. */
  c2paSourceType: string | null = null;
  #bytesLeft = MAX_TEXT_BYTES;

  /** Room left, for decoders that must stop in time. */
  get bytesLeft(): number {
    return this.#bytesLeft;
  }

  add(key: string, text: string): void {
    const cost = Buffer.byteLength(text);
    if (text === '' || cost > this.#bytesLeft || this.texts.size >= MAX_TEXTS) return;
    const name = key.toLowerCase();
    if (this.texts.has(name)) return;
    this.texts.set(name, text);
    this.#bytesLeft -= cost;
  }

  /** A C2PA manifest store, or a part of one. Nothing is verified. */
  addC2pa(store: Buffer): void {
    this.hasC2pa = true;
    // Of the newest manifest, which is the last, the act that made the picture counts before those that changed it.
    const made = Math.max(0, store.lastIndexOf('c2pa.created'));
    const after = store.indexOf(SOURCE_TYPE, made);
    const at = after < 0 ? store.lastIndexOf(SOURCE_TYPE) : after;
    // CBOR text of 24 to 255 bytes: 0x78, the length, the text.
    if (at >= 2 && store[at - 2] === 0x78)
      this.c2paSourceType = store.toString('latin1', at, at + store[at - 1]!);
  }

  addXmp(bytes: Buffer): void {
    if (this.xmp !== null || bytes.length > this.#bytesLeft) return;
    this.xmp = decodeBytes(bytes);
    this.#bytesLeft -= bytes.length;
    for (const [name, key] of XMP_PROPERTIES) this.add(key, xmpProperty(this.xmp, name) ?? '');
  }

  /**
   * EXIF texts, under their tags. ComfyUI's WebP writers put `prompt:{...}` and `workflow:{...}` into whatever tag is
   * free, so such a text goes under the name that it begins with.
   */
  addExif(block: Buffer): void {
    for (const [key, text] of readExif(block)) {
      const named = /^(prompt|workflow|parameters):\s*(?=\S)/i.exec(text);
      if (named && key !== 'exif:usercomment') this.add(named[1]!, text.slice(named[0].length));
      else this.add(key, text);
    }
  }

  /** PNG text of the three kinds; `data` is the chunk's content. */
  addPngText(type: string, data: Buffer): void {
    const nul = data.indexOf(0);
    if (nul < 1 || nul > 79) return;
    const key = data.toString('latin1', 0, nul);
    const text = type === 'iTXt' ? this.#internationalText(data, nul) : this.#latinText(type, data, nul);
    if (text === null) return;
    if (key === 'XML:com.adobe.xmp') this.addXmp(text);
    else if (/^raw profile type/i.test(key)) this.#addRawProfile(key, text);
    else this.add(key, decodeBytes(text));
  }

  #latinText(type: string, data: Buffer, nul: number): Buffer | null {
    return type === 'tEXt' ? data.subarray(nul + 1) : this.#inflate(data.subarray(nul + 2));
  }

  #internationalText(data: Buffer, nul: number): Buffer | null {
    const isCompressed = data[nul + 1] === 1;
    const language = data.indexOf(0, nul + 3);
    const translated = language < 0 ? -1 : data.indexOf(0, language + 1);
    if (translated < 0) return null;
    const text = data.subarray(translated + 1);
    return isCompressed ? this.#inflate(text) : text;
  }

  #inflate(data: Buffer): Buffer | null {
    if (this.#bytesLeft === 0) return null;
    try {
      return inflateSync(data, { maxOutputLength: this.#bytesLeft });
    } catch {
      return null;
    }
  }

  /** ImageMagick's hex dump of an EXIF or XMP block: a name, a length, then hex digits in lines. */
  #addRawProfile(key: string, text: Buffer): void {
    const head = /^\s*\w+\s+\d+\s/.exec(text.toString('latin1', 0, 100));
    if (!head) return;
    const block = Buffer.from(text.toString('latin1', head[0].length).replaceAll(/\s/g, ''), 'hex');
    if (/xmp/i.test(key)) this.addXmp(block);
    else if (/exif|app1/i.test(key)) this.addExif(block);
  }
}

function collectPng(bytes: Buffer, found: Embedded): void {
  for (const { type, data } of pngChunks(bytes)) {
    if (type === 'tEXt' || type === 'zTXt' || type === 'iTXt') found.addPngText(type, data);
    else if (type === 'eXIf') found.addExif(data);
    else if (type === 'caBX') found.addC2pa(data);
  }
}

const XMP_HEADER = 'http://ns.adobe.com/xap/1.0/\0';

function collectJpeg(bytes: Buffer, found: Embedded): void {
  for (const { type, data } of jpegSegments(bytes)) {
    if (type === 'e1' && data.toString('latin1', 0, 6) === 'Exif\0\0') found.addExif(data);
    else if (type === 'e1' && data.toString('latin1', 0, XMP_HEADER.length) === XMP_HEADER) {
      found.addXmp(data.subarray(XMP_HEADER.length));
    } else if (type === 'fe') found.add('jpeg:comment', decodeBytes(data));
    else if (type === 'ed') found.add('iptc:caption', decodeBytes(iptcCaption(data) ?? Buffer.alloc(0)));
    // JPEG XT box segment (`JP`, instance, sequence, box) whose superbox describes itself as a C2PA manifest store; the
    // segments after it continue the store.
    else if (type === 'eb' && (found.hasC2pa || isManifestStore(data))) found.addC2pa(data);
  }
}

function isManifestStore(segment: Buffer): boolean {
  return segment.toString('latin1', 12, 16) === 'jumb' && segment.toString('latin1', 20, 28) === 'jumdc2pa';
}

function collectWebp(bytes: Buffer, found: Embedded): void {
  for (const { type, data } of webpChunks(bytes)) {
    if (type === 'EXIF') found.addExif(data);
    else if (type === 'XMP ') found.addXmp(data);
    else if (type === 'C2PA') found.addC2pa(data);
  }
}

function collectAvif(bytes: Buffer, found: Embedded): void {
  for (const { kind, data } of blocksOf(bytes)) {
    if (kind === 'exif') found.addExif(data);
    else found.addXmp(data);
  }
}

/** A TIFF is itself what EXIF is a block of. Nobody has been seen to write prompts into a GIF. */
const COLLECTORS: Partial<Record<ImageFormat, (bytes: Buffer, found: Embedded) => void>> = {
  png: collectPng,
  jpeg: collectJpeg,
  webp: collectWebp,
  tiff: (bytes, found) => found.addExif(bytes),
  avif: collectAvif,
};

/** Everything in a file beside its pixels that may say how it was made. */
export function collectEmbedded(bytes: Buffer, format: ImageFormat): Embedded {
  const found = new Embedded();
  COLLECTORS[format]?.(bytes, found);
  return found;
}
