import { asText, parseObject } from './json.ts';
import { factsOfRecord, type ConventionReader } from './finding.ts';

/** `Stable Diffusion XL 4BE8C60C`: the model's name, then a short hash. */
function splitSource(source: string | undefined): { modelName: string | null; modelHash: string | null } {
  const match = /^(.*?)\s+([0-9A-F]{8})\s*$/.exec(source?.slice(0, 200) ?? '');
  return match
    ? { modelName: match[1]!, modelHash: match[2]! }
    : { modelName: asText(source), modelHash: null };
}

/** NovelAI: `Software: NovelAI`, the prompt in `Description`, settings as JSON in `Comment`, the model in `Source`. */
export const readNovelai: ConventionReader = (texts) => {
  if (texts.get('software')?.trim() !== 'NovelAI') return null;
  const record = parseObject(texts.get('comment'));
  const facts = record ? factsOfRecord(record) : null;
  return {
    tool: 'novelai',
    facts: {
      ...facts,
      prompt: asText(texts.get('description')) ?? facts?.prompt ?? null,
      ...splitSource(texts.get('source')),
    },
    keys: ['description', 'software', 'source', 'comment'],
  };
};
