import { EMBEDDED_FIELDS, FIELDS, type EmbeddedField, type FieldValues } from '../../rpc/contract/fields.ts';
import type { GenerationMetadata } from '../types.ts';
import { asDigits, asNumber, asObject, asText, member, type Json, type JsonObject } from './json.ts';

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

function firstOf<T>(
  record: JsonObject,
  names: readonly string[],
  read: (value: Json | undefined) => T | null,
): T | null {
  for (const name of names) {
    const value = read(member(record, name));
    if (value !== null) return value;
  }
  return null;
}

/** A model is its name, or an object that carries one. */
function modelName(value: Json | undefined): string | null {
  const model = asObject(value);
  return model ? firstOf(model, ['model_name', 'name', 'key'], asText) : asText(value);
}

const READ = { text: asText, digits: asDigits, number: asNumber };

/** Reads the facts of a flat JSON record by the names that writers use. */
export function factsOfRecord(record: JsonObject): Facts {
  const model = asObject(member(record, 'model'));
  const facts = Object.fromEntries(
    EMBEDDED_FIELDS.map((id) => {
      const { kind, embedded } = FIELDS[id];
      return [id, firstOf<string | number>(record, embedded, id === 'modelName' ? modelName : READ[kind])];
    }),
  ) as Facts;
  if (model) facts.modelHash ??= firstOf(model, ['hash', 'model_hash'], asText);
  return facts;
}
