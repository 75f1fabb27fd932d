import { asDigits, asNumber, asObject, asText, member, parseObject } from './json.ts';
import type { ConventionReader, Facts } from './finding.ts';
import { loraField, lorasCalled } from './loras.ts';

/** Where AUTOMATIC1111, Forge, SD.Next and the many tools that write their format put the text. */
const PLACES = [
  'parameters',
  'exif:usercomment',
  'stealth',
  'jpeg:comment',
  'exif:imagedescription',
  'xmp:usercomment',
  'xmp:description',
  'comment',
  'description',
];

/**
 * `Key: value, Key: "quoted, value"`; the first value of a key stays, keys in lower case. One pass, no backtracking.
 */
function splitParameters(text: string): Map<string, string> {
  const found = new Map<string, string>();
  let start = 0;
  let isQuoted = false;
  for (let at = 0; at <= text.length; at++) {
    const char = text[at];
    if (isQuoted && char === '\\') at++;
    else if (char === '"') isQuoted = !isQuoted;
    else if (char === undefined || (!isQuoted && (char === ',' || char === '\n'))) {
      const part = text.slice(start, at);
      const colon = part.indexOf(':');
      const key = part.slice(0, Math.max(colon, 0)).trim().toLowerCase();
      if (key !== '' && !found.has(key)) found.set(key, part.slice(colon + 1).trim());
      start = at + 1;
    }
  }
  return found;
}

/**
 * The guidance that shaped the picture. Models with distilled guidance (Flux) run without classifier-free guidance,
 * which is a scale of 1: the distilled value takes its place there.
 */
export function guidanceOf(cfg: number | null, distilled: number | null): number | null {
  return distilled !== null && (cfg === null || cfg <= 1) ? distilled : cfg;
}

const RESOURCES = 'Civitai resources: ';

/** The resources of a type that Civitai lists as JSON instead of naming a model. */
function civitaiResources(text: string, type: 'checkpoint' | 'lora'): (string | null)[] {
  const start = text.lastIndexOf(RESOURCES);
  const end = text.indexOf('}]', start);
  if (start < 0 || end < 0) return [];
  const listed = parseObject(`{"resources":${text.slice(start + RESOURCES.length, end + 2)}}`);
  const resources = member(listed, 'resources');
  return (Array.isArray(resources) ? resources : [])
    .map(asObject)
    .filter((resource) => member(resource, 'type') === type)
    .map((resource) => asText(member(resource, 'modelName')));
}

/** `"ink: 1a2b, light: 3c4d"`: names with the hashes of their files. */
const hashedLoras = (text = ''): string[] =>
  text
    .replaceAll('"', '')
    .split(',')
    .map((part) => part.slice(0, Math.max(0, part.lastIndexOf(':'))).trim());

/**
 * Reads the text format of AUTOMATIC1111: prompt lines, `Negative prompt:` lines, and from the last line that begins
 * with `Steps:` on, settings. Null without such a line. Old files lack the negative prompt and the model.
 */
export function parseA1111(text: string): Partial<Facts> | null {
  const lines = text.replaceAll('\r\n', '\n').split('\n');
  const settingsAt = lines.findLastIndex((line) => /^\s*Steps:\s*\d/.test(line));
  if (settingsAt < 0) return null;
  const before = lines.slice(0, settingsAt);
  const negativeAt = before.findIndex((line) => /^\s*Negative prompt:/.test(line));
  const prompt = negativeAt < 0 ? before : before.slice(0, negativeAt);
  const negative = negativeAt < 0 ? [] : before.slice(negativeAt);
  const settings = splitParameters(lines.slice(settingsAt).join('\n'));
  return {
    prompt: asText(prompt.join('\n')),
    negativePrompt: asText(negative.join('\n').replace(/^\s*Negative prompt:/, '')),
    seed: asDigits(settings.get('seed')),
    sampler: asText(settings.get('sampler')),
    steps: asNumber(settings.get('steps')),
    cfg: guidanceOf(
      asNumber(settings.get('cfg scale')) ?? asNumber(settings.get('guidance scale')),
      asNumber(settings.get('distilled cfg scale')),
    ),
    modelName: asText(settings.get('model')) ?? civitaiResources(text, 'checkpoint')[0] ?? null,
    loras: loraField([
      ...lorasCalled(prompt.join('\n')),
      ...hashedLoras(settings.get('lora hashes')),
      ...civitaiResources(text, 'lora'),
    ]),
    modelHash: asText(settings.get('model hash')),
  };
}

export const readA1111: ConventionReader = (texts) => {
  for (const key of PLACES) {
    const text = texts.get(key);
    const facts = text === undefined ? null : parseA1111(text);
    if (facts) return { tool: 'a1111', facts, keys: [key] };
  }
  return null;
};
