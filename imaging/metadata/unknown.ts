import { factsOfRecord, type ConventionReader, type Facts, type Texts } from './finding.ts';
import { parseObject } from './json.ts';

/** Texts of cameras, editors and converters, which say nothing of generation. */
const ORDINARY =
  /^(exif:make|exif:model|icc|date:|exif:software|software|author|copyright|creation time|title|xmp:creatortool|png:)/;
/** Words that generators name their settings by. */
const SETTINGS =
  /["']?\b(prompt|negative[ _]?prompt|seed|sampler|scheduler|steps|cfg|guidance|denois\w*|lora|checkpoint)\b[\w ]{0,20}["']?\s*[:=]/gi;
/** Generators that sign their pictures but leave no settings. */
const SIGNED =
  /midjourney|dall.?e\b|gpt-image|openai|firefly|imagen\b|gemini|leonardo\.ai|ideogram|draw things|stable diffusion|stability/i;
/** As much of a text as is searched for settings. */
const SEARCHED = 20_000;

/** A generator's name as the writing software, and nothing more. */
export const readSignature: ConventionReader = (texts) => {
  const keys = ['software', 'exif:software', 'xmp:creatortool', 'source'].filter((key) =>
    SIGNED.test((texts.get(key) ?? '').slice(0, 200)),
  );
  return keys.length > 0 ? { tool: 'signed', facts: {}, keys } : null;
};

/** Whether a text names at least two settings of a generator. */
function namesSettings(text: string): boolean {
  const named = new Set<string>();
  for (const match of text.slice(0, SEARCHED).matchAll(SETTINGS)) named.add(match[1]!.toLowerCase());
  return named.size >= 2;
}

/** Keys that only generators write, whatever is under them. */
const GENERATORS_KEYS = ['parameters', 'stealth', 'prompt', 'workflow', 'generation_data', 'parameters-json'];

/** The facts that the records among these texts have under usual names. */
function factsOf(texts: Texts, keys: string[]): Partial<Facts> {
  const records = keys.map((key) => parseObject(texts.get(key))).filter((record) => record !== undefined);
  const facts = records.map(factsOfRecord);
  return facts.find(({ prompt }) => prompt !== null) ?? facts[0] ?? {};
}

/**
 * Texts that look like a generator's and follow none of the forms that other readers know. They are kept raw, and what
 * has a usual name in them is read.
 */
export const readUnknown: ConventionReader = (texts) => {
  const keys = [...texts]
    .filter(([key, text]) => GENERATORS_KEYS.includes(key) || (!ORDINARY.test(key) && namesSettings(text)))
    .map(([key]) => key);
  return keys.length > 0 ? { tool: 'other', facts: factsOf(texts, keys), keys } : null;
};
