export type Json = string | number | boolean | null | Json[] | { [key: string]: Json };
export type JsonObject = { [key: string]: Json };

const MAX_LENGTH = 1024 * 1024;
const MAX_DEPTH = 64;

/** Whether brackets nest no deeper than allowed, and the text with Python's NaN and Infinity turned into null. */
function vet(text: string): string | null {
  let depth = 0;
  let out = '';
  let copied = 0;
  for (let at = 0; at < text.length; at++) {
    const char = text[at];
    if (char === '"') {
      for (at++; at < text.length && text[at] !== '"'; at++) if (text[at] === '\\') at++;
    } else if (char === '{' || char === '[') {
      if (++depth > MAX_DEPTH) return null;
    } else if (char === '}' || char === ']') {
      depth--;
    } else if (char === 'N' || char === 'I' || char === '-') {
      const bare = ['NaN', '-Infinity', 'Infinity'].find((word) => text.startsWith(word, at));
      if (!bare) continue;
      out += `${text.slice(copied, at)}null`;
      at += bare.length - 1;
      copied = at + 1;
    }
  }
  return out + text.slice(copied);
}

/** Keeps integers beyond 2^53 as their digits: seeds have 64 bits. */
function keepDigits(_key: string, value: unknown, context?: { source?: string }): unknown {
  if (typeof value !== 'number' || Number.isSafeInteger(value)) return value;
  const source = context?.source ?? '';
  return /^-?\d+$/.test(source) ? source : value;
}

/**
 * Parses JSON that came out of an image: at most 1 MiB and 64 levels deep, Python's NaN admitted, integers beyond 2^53
 * as decimal text. Undefined where it is not JSON.
 */
function parseJson(text: string): Json | undefined {
  if (text.length > MAX_LENGTH) return undefined;
  const vetted = vet(text);
  if (vetted === null) return undefined;
  try {
    const parsed: Json = JSON.parse(vetted, keepDigits);
    return parsed;
  } catch {
    return undefined;
  }
}

/** The value as an object; undefined for everything else, lists included. */
export function asObject(value: Json | undefined): JsonObject | undefined {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? value : undefined;
}

export function parseObject(text: string | undefined): JsonObject | undefined {
  // Most texts are no JSON at all: seen from their first character.
  return text !== undefined && text.trimStart().startsWith('{') ? asObject(parseJson(text)) : undefined;
}

/** An own member only: keys come from a file, so inherited names such as `constructor` must not be found. */
export function member(object: JsonObject | undefined, key: string): Json | undefined {
  return object !== undefined && Object.hasOwn(object, key) ? object[key] : undefined;
}

/** Trimmed text; null where it is empty or no text. */
export function asText(value: Json | undefined): string | null {
  const text = typeof value === 'string' ? value.trim() : '';
  return text === '' ? null : text;
}

/** A finite number, written as a number or as text; null otherwise. */
export function asNumber(value: Json | undefined): number | null {
  if (typeof value === 'string' && !/^\s*-?\d{1,15}(\.\d{1,15})?\s*$/.test(value)) return null;
  const number = typeof value === 'string' || typeof value === 'number' ? Number(value) : Number.NaN;
  return Number.isFinite(number) ? number : null;
}

/** An integer of up to 20 digits as decimal text; null otherwise. */
export function asDigits(value: Json | undefined): string | null {
  const text = typeof value === 'number' || typeof value === 'string' ? String(value).trim() : '';
  return /^-?\d{1,20}$/.test(text) ? text : null;
}
