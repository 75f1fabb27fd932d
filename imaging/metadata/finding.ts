import { EMBEDDED_FIELDS, FIELDS, type EmbeddedField, type FieldValues } from '../../rpc/contract/fields.ts';
import type { GenerationMetadata } from '../types.ts';
import { lorasOfRecord } from './loras.ts';
import { asDigits, asNumber, asObject, asText, type Json, type JsonObject } from './json.ts';

/** What is known of how a picture was made. */
export type Facts = FieldValues<EmbeddedField>;

/** Texts found in a file, by lower-case key; see embedded.ts for the keys. */
export type Texts = ReadonlyMap<string, string>;

/** What one convention's reader recognised. */
export interface Finding {
  tool: GenerationMetadata['tool'];
  facts: Partial<Facts>;
  /** The keys of the texts that it was read from. */
  keys: string[];
}

/** Recognises one writer's convention; null where the texts do not follow it. */
export type ConventionReader = (texts: Texts) => Finding | null;

/** `Negative Prompt`, `negative_prompt` and `negativePrompt` are one name. */
function plainName(name: string): string {
  return name.toLowerCase().replaceAll(/[^a-z0-9]/g, '');
}

function firstOf<T>(
  record: ReadonlyMap<string, Json>,
  names: readonly string[],
  read: (value: Json | undefined) => T | null,
): T | null {
  for (const name of names) {
    const value = read(record.get(plainName(name)));
    if (value !== null) return value;
  }
  return null;
}

/** The members of a record by plain name; the first of two that are the same counts. */
function byPlainName(record: JsonObject): Map<string, Json> {
  return new Map(
    Object.entries(record)
      .reverse()
      .map(([name, value]) => [plainName(name), value]),
  );
}

/** A model is its name, or an object that carries one. */
function modelName(value: Json | undefined): string | null {
  const model = asObject(value);
  return model ? firstOf(byPlainName(model), ['model_name', 'name', 'key'], asText) : asText(value);
}

const READ = { text: asText, digits: asDigits, number: asNumber };

/** Reads the facts of a flat JSON record by the names that writers use, whatever their case and separators. */
export function factsOfRecord(record: JsonObject): Facts {
  const named = byPlainName(record);
  const model = asObject(named.get('model'));
  const facts = Object.fromEntries(
    EMBEDDED_FIELDS.map((id) => {
      const { kind, embedded } = FIELDS[id];
      const own = id === 'modelName' ? modelName : id === 'loras' ? lorasOfRecord : READ[kind];
      return [id, firstOf<string | number>(named, embedded, own)];
    }),
  ) as Facts;
  if (model) facts.modelHash ??= firstOf(byPlainName(model), ['hash', 'model_hash'], asText);
  return facts;
}
