import { asDigits, asNumber, asText } from './json.ts';
import type { ConventionReader, Facts } from './finding.ts';

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
    cfg: asNumber(settings.get('cfg scale')),
    modelName: asText(settings.get('model')),
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
