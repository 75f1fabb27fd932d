import { EMBEDDED_FIELDS, valuesOf } from '../../rpc/contract/fields.ts';
import type { GenerationMetadata, ImageFormat, OriginMarks } from '../types.ts';
import { readA1111 } from './a1111.ts';
import { readComfyui } from './comfyui.ts';
import { collectEmbedded, MAX_TEXT_BYTES, type Embedded } from './embedded.ts';
import type { ConventionReader, Finding, Texts } from './finding.ts';
import { readFooocus } from './fooocus.ts';
import { readDrawThings, readEasyDiffusion, readMidjourney, readMochi, readSwarmui } from './front-ends.ts';
import { readInvokeai } from './invokeai.ts';
import { asText, parseObject } from './json.ts';
import { readNovelai } from './novelai.ts';
import { readArguments, readRecord } from './records.ts';
import { readStealthText, type HidingPlace } from './stealth.ts';
import { readSignature, readUnknown } from './unknown.ts';
import { digitalSourceType } from './xmp.ts';

/** Most specific first: many writers also leave a text that a more general reader would accept. */
const READERS: ConventionReader[] = [
  readFooocus,
  readInvokeai,
  readNovelai,
  readSwarmui,
  readComfyui,
  readEasyDiffusion,
  readDrawThings,
  readA1111,
  readMochi,
  readMidjourney,
  readRecord,
  readArguments,
  readUnknown,
  readSignature,
];

/** Text as databases and canonical JSON take it: no NUL, no half of a surrogate pair. */
function storable(text: string): string {
  return text.replaceAll('\0', '').toWellFormed();
}

/** NovelAI hides its PNG texts as one JSON object; every other writer hides the text that it would write openly. */
function addStealth(found: Embedded, place: HidingPlace): void {
  const text = readStealthText(place, found.bytesLeft);
  if (text === null) return;
  const record = parseObject(text);
  if (typeof record?.['Software'] !== 'string') return found.add('stealth', text);
  for (const [key, value] of Object.entries(record)) found.add(key, asText(value) ?? '');
}

/** The texts that a finding came from, as found; with their keys where there are several. */
function rawOf(texts: Texts, keys: string[]): string {
  const present = keys.filter((key) => texts.has(key));
  const raw =
    present.length === 1
      ? texts.get(present[0]!)!
      : present.map((key) => `${key}: ${texts.get(key)}`).join('\n');
  return storable(raw.slice(0, MAX_TEXT_BYTES));
}

function toMetadata(finding: Finding, texts: Texts): GenerationMetadata {
  const facts = valuesOf(EMBEDDED_FIELDS, finding.facts);
  for (const [name, value] of Object.entries(facts)) {
    if (typeof value === 'string') Object.assign(facts, { [name]: storable(value) });
  }
  return { tool: finding.tool, ...facts, raw: rawOf(texts, finding.keys) };
}

/** What one reader finds in the texts; one that fails on hostile text has found nothing. */
function attempt(reader: ConventionReader, texts: Texts): Finding | null {
  try {
    return reader(texts);
  } catch {
    return null;
  }
}

/**
 * Reads what generators write beside (or inside) the pixels, trusting none of it: sizes are capped, broken parts give
 * nulls with the raw text kept, nothing throws. `place` is the decoded picture, for text hidden in its lowest bits.
 * Marks are what the file declares of its origin; nothing is verified.
 */
export function readMetadata(
  bytes: Buffer,
  format: ImageFormat,
  place: HidingPlace | null = null,
): { metadata: GenerationMetadata | null; marks: OriginMarks } {
  const found = collectEmbedded(bytes, format);
  // Lossy compression leaves no lowest bit as it was.
  if (format !== 'jpeg' && place) addStealth(found, place);
  const declared = (found.xmp === null ? null : digitalSourceType(found.xmp)) ?? found.c2paSourceType;
  const marks = { digitalSourceType: declared && storable(declared), hasC2pa: found.hasC2pa };
  for (const reader of READERS) {
    const finding = attempt(reader, found.texts);
    if (finding) return { metadata: toMetadata(finding, found.texts), marks };
  }
  return { metadata: null, marks };
}
