import { asText, parseObject } from './json.ts';
import { factsOfRecord, type ConventionReader, type Texts } from './finding.ts';

/** `Stable Diffusion XL 4BE8C60C`: the model's name, then a short hash. */
function splitSource(source: string | undefined): { modelName: string | null; modelHash: string | null } {
  const match = /^(.*?)\s+([0-9A-F]{8})\s*$/.exec(source?.slice(0, 200) ?? '');
  return match
    ? { modelName: match[1]!, modelHash: match[2]! }
    : { modelName: asText(source), modelHash: null };
}

/**
 * The texts as a PNG holds them. WebP has them in EXIF: all of them as one JSON record in UserComment, with the source
 * in Software.
 */
function pngTexts(texts: Texts): { get: (key: string) => string | undefined; keys: string[] } | null {
  const keys = ['description', 'software', 'source', 'comment'];
  if (texts.get('software')?.trim() === 'NovelAI') return { get: (key) => texts.get(key), keys };
  const record = parseObject(texts.get('exif:usercomment'));
  const isOurs =
    texts.get('exif:software')?.startsWith('NovelAI') === true || record?.['Software'] === 'NovelAI';
  if (!isOurs || typeof record?.['Comment'] !== 'string') return null;
  const inRecord = new Map(
    Object.entries(record).map(([key, value]) => [key.toLowerCase(), asText(value) ?? undefined]),
  );
  inRecord.set('source', inRecord.get('source') ?? texts.get('exif:software'));
  return { get: (key) => inRecord.get(key), keys: ['exif:usercomment', 'exif:software'] };
}

/** NovelAI: `Software: NovelAI`, the prompt in `Description`, settings as JSON in `Comment`, the model in `Source`. */
export const readNovelai: ConventionReader = (texts) => {
  const found = pngTexts(texts);
  if (!found) return null;
  const record = parseObject(found.get('comment'));
  const facts = record ? factsOfRecord(record) : null;
  return {
    tool: 'novelai',
    facts: {
      ...facts,
      prompt: asText(found.get('description')) ?? facts?.prompt ?? null,
      ...splitSource(found.get('source')),
    },
    keys: found.keys,
  };
};
