import type { GenerationMetadata } from '../types.ts';
import { asDigits, asNumber, asObject, asText, member, type Json, type JsonObject } from './json.ts';

/** What is known of a picture's making. */
export type Facts = Omit<GenerationMetadata, 'tool' | 'raw'>;

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

/** Names under which writers of JSON records keep each fact, the more specific first. */
const NAMES: Record<keyof Facts, string[]> = {
  prompt: ['prompt', 'positive_prompt', 'positivePrompt', 'positive', 'c'],
  negativePrompt: ['negative_prompt', 'negativePrompt', 'negative', 'uc'],
  seed: ['seed', 'noise_seed'],
  sampler: ['sampler', 'sampler_name', 'scheduler', 'scheduler_name'],
  steps: ['steps', 'num_inference_steps', 'num_steps'],
  cfg: ['cfg', 'cfg_scale', 'guidance_scale', 'guidanceScale', 'scale'],
  modelName: ['model_weights', 'base_model', 'model_name', 'model', 'model_id', 'checkpoint'],
  modelHash: ['model_hash', 'base_model_hash'],
};

function firstOf<T>(
  record: JsonObject,
  names: string[],
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

/** Reads the facts of a flat JSON record by the names that writers use. */
export function factsOfRecord(record: JsonObject): Facts {
  const model = asObject(member(record, 'model'));
  return {
    prompt: firstOf(record, NAMES.prompt, asText),
    negativePrompt: firstOf(record, NAMES.negativePrompt, asText),
    seed: firstOf(record, NAMES.seed, asDigits),
    sampler: firstOf(record, NAMES.sampler, asText),
    steps: firstOf(record, NAMES.steps, asNumber),
    cfg: firstOf(record, NAMES.cfg, asNumber),
    modelName: firstOf(record, NAMES.modelName, modelName),
    modelHash:
      firstOf(record, NAMES.modelHash, asText) ??
      (model ? firstOf(model, ['hash', 'model_hash'], asText) : null),
  };
}
