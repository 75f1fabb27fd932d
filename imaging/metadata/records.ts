import { member, parseObject, type JsonObject } from './json.ts';
import { factsOfRecord, type ConventionReader, type Texts } from './finding.ts';

/** Texts in which scripts around diffusers leave their call's arguments as JSON. */
const PLACES = [
  'parameters',
  'exif:usercomment',
  'exif:imagedescription',
  'xmp:usercomment',
  'xmp:description',
  'stealth',
  'metadata',
  'generation_data',
  'description',
  'comment',
  'jpeg:comment',
];
/** Names of arguments that only diffusers pipelines use. */
const DIFFUSERS_NAMES = [
  'num_inference_steps',
  'guidance_scale',
  '_diffusers_version',
  'pipeline',
  '_class_name',
];

function namesDiffusers(record: JsonObject, texts: Texts): boolean {
  const software = `${texts.get('software') ?? ''} ${texts.get('exif:software') ?? ''}`;
  return /diffusers/i.test(software) || DIFFUSERS_NAMES.some((name) => member(record, name) !== undefined);
}

/** A JSON record with a prompt: a diffusers call by the names of its arguments, some other writer's otherwise. */
export const readRecord: ConventionReader = (texts) => {
  for (const key of PLACES) {
    const record = parseObject(texts.get(key));
    if (!record) continue;
    const facts = factsOfRecord(record);
    if (facts.prompt === null) continue;
    return { tool: namesDiffusers(record, texts) ? 'diffusers' : 'other', facts, keys: [key] };
  }
  return null;
};

/** PNG texts named after the arguments themselves: `prompt`, `num_inference_steps`, `guidance_scale`, ... */
export const readArguments: ConventionReader = (texts) => {
  const names = ['num_inference_steps', 'guidance_scale', 'negative_prompt'].filter((name) =>
    texts.has(name),
  );
  if (names.length === 0) return null;
  const record: JsonObject = Object.fromEntries(texts);
  const keys = ['prompt', 'seed', 'model', 'model_id', 'scheduler', ...names].filter((name) =>
    texts.has(name),
  );
  return { tool: namesDiffusers(record, texts) ? 'diffusers' : 'other', facts: factsOfRecord(record), keys };
};
