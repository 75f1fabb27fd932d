import { guidanceOf } from './a1111.ts';
import { factsOfRecord, type ConventionReader, type Facts, type Texts } from './finding.ts';
import { asDigits, asNumber, asObject, asText, member, parseObject, type JsonObject } from './json.ts';

/** Front ends that write a key or a record of their own. Where each form was confirmed: docs/decisions/0019-metadata-of-front-ends.md. */

/** The first of these texts that is a JSON record for which `accept` holds. */
function findRecord(
  texts: Texts,
  places: string[],
  accept: (record: JsonObject) => boolean,
): { key: string; record: JsonObject } | null {
  for (const key of places) {
    const record = parseObject(texts.get(key));
    if (record && accept(record)) return { key, record };
  }
  return null;
}

/** The file's name of a path of either system, without its folders. */
function baseName(path: string | null): string | null {
  return path === null
    ? null
    : asText(path.slice(Math.max(path.lastIndexOf('/'), path.lastIndexOf('\\')) + 1));
}

const isObject = (value: unknown): boolean =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** The hash of the main model among those that SwarmUI lists. */
function swarmHash(record: JsonObject): string | null {
  const models = member(record, 'sui_models');
  const main = (Array.isArray(models) ? models : [])
    .map(asObject)
    .find((model) => member(model, 'param') === 'model');
  return asText(member(main, 'hash'))?.replace(/^0x/, '') ?? null;
}

/** SwarmUI: `sui_image_params` in a JSON record; files of its first versions keep it in EXIF Model. */
export const readSwarmui: ConventionReader = (texts) => {
  const places = ['parameters', 'exif:usercomment', 'exif:model', 'stealth'];
  const found = findRecord(texts, places, (record) => isObject(member(record, 'sui_image_params')));
  if (!found) return null;
  const values = asObject(member(found.record, 'sui_image_params'))!;
  const sampler = ['sampler', 'comfyuisampler', 'autowebuisampler'].map((name) =>
    asText(member(values, name)),
  );
  const cfg = asNumber(member(values, 'cfgscale'));
  return {
    tool: 'swarmui',
    facts: {
      ...factsOfRecord(values),
      sampler: sampler.find((name) => name !== null) ?? null,
      cfg: guidanceOf(cfg, asNumber(member(values, 'fluxguidancescale'))),
      modelHash: swarmHash(found.record),
    },
    keys: [found.key, 'prompt', 'workflow'],
  };
};

/** Draw Things: a JSON record in XMP's or EXIF's user comment, with `c` and `uc` for the prompts. */
export const readDrawThings: ConventionReader = (texts) => {
  const isRecord = (record: JsonObject): boolean =>
    typeof member(record, 'c') === 'string' &&
    (typeof member(record, 'uc') === 'string' || member(record, 'seed_mode') !== undefined);
  const found = findRecord(texts, ['xmp:usercomment', 'exif:usercomment'], isRecord);
  return found && { tool: 'draw-things', facts: factsOfRecord(found.record), keys: [found.key] };
};

/** The model's key in Easy Diffusion's two namings, both in lower case. */
const EASY_MODEL = ['use_stable_diffusion_model', 'stable diffusion model'];

function factsOfEasyDiffusion(record: JsonObject): Partial<Facts> {
  const facts = factsOfRecord(record);
  const model = Object.entries(record).find(([name]) => EASY_MODEL.includes(name.toLowerCase()));
  const distilled = ['distilled_guidance_scale', 'distilled guidance'].map((name) =>
    asNumber(member(record, name)),
  );
  return {
    ...facts,
    cfg: guidanceOf(facts.cfg, distilled.find((value) => value !== null) ?? null),
    modelName: baseName(asText(model?.[1])),
  };
}

/** Easy Diffusion: one PNG text per argument, or all of them as a JSON record in the user comment. */
export const readEasyDiffusion: ConventionReader = (texts) => {
  if (EASY_MODEL.some((name) => texts.has(name))) {
    const keys = [...texts.keys()].filter((key) => !key.includes(':'));
    return { tool: 'easy-diffusion', facts: factsOfEasyDiffusion(Object.fromEntries(texts)), keys };
  }
  const isRecord = (record: JsonObject): boolean =>
    member(record, 'use_stable_diffusion_model') !== undefined;
  const found = findRecord(texts, ['exif:usercomment', 'parameters'], isRecord);
  return found && { tool: 'easy-diffusion', facts: factsOfEasyDiffusion(found.record), keys: [found.key] };
};

const CAPTIONS = ['iptc:caption', 'xmp:description', 'description', 'exif:imagedescription'];
const MOCHI_NAMES =
  /(?:^|; )(Include in Image|Exclude from Image|Model|Steps|Guidance Scale|Seed|Size|Quality|Starting Image|ControlNet Image|Input Images|Scheduler|ML Compute Unit|Generator): /g;

/** Mochi Diffusion: `Include in Image: …; Exclude from Image: …; …; Generator: Mochi Diffusion 5` as a caption. */
export const readMochi: ConventionReader = (texts) => {
  const key = CAPTIONS.find((place) => /; Generator: Mochi Diffusion /.test(texts.get(place) ?? ''));
  if (key === undefined) return null;
  const text = texts.get(key)!;
  const starts = [...text.matchAll(MOCHI_NAMES)];
  const values = new Map(
    starts.map((match, i) => [match[1]!, text.slice(match.index + match[0].length, starts[i + 1]?.index)]),
  );
  return {
    tool: 'mochi-diffusion',
    facts: {
      prompt: asText(values.get('Include in Image')),
      negativePrompt: asText(values.get('Exclude from Image')),
      modelName: asText(values.get('Model')),
      steps: asNumber(values.get('Steps')),
      cfg: asNumber(values.get('Guidance Scale')),
      seed: asDigits(values.get('Seed')),
      sampler: asText(values.get('Scheduler')),
    },
    keys: [key],
  };
};

/** Midjourney: the prompt with its options, then ` Job ID: ` and the job's number. */
export const readMidjourney: ConventionReader = (texts) => {
  const key = ['description', 'xmp:description', 'exif:imagedescription'].find((place) =>
    /(^| )Job ID: [0-9a-f-]/i.test(texts.get(place) ?? ''),
  );
  if (key === undefined) return null;
  const text = texts.get(key)!;
  const prompt = text.slice(0, text.lastIndexOf('Job ID: '));
  return {
    tool: 'midjourney',
    facts: {
      prompt: asText(prompt),
      negativePrompt: asText(/ --no ([^-]+(?:-(?!-)[^-]*)*?)(?= --|\s*$)/.exec(prompt.slice(0, 10_000))?.[1]),
      seed: asDigits(/ --(?:seed|sameseed) (\d{1,20})(?=\s|$)/.exec(prompt.slice(0, 10_000))?.[1]),
    },
    keys: [key],
  };
};
