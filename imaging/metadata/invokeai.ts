import { asDigits, asNumber, asObject, asText, member, parseObject, type Json } from './json.ts';
import { factsOfRecord, type ConventionReader, type Facts } from './finding.ts';

/** InvokeAI 1 and 2 keep the negative prompt in square brackets inside the prompt. */
function splitBrackets(text: string): Pick<Facts, 'prompt' | 'negativePrompt'> {
  const negatives: string[] = [];
  const prompt = text.replace(/\[([^[\]]*)\]/g, (_whole, inner: string) => {
    negatives.push(inner.trim());
    return '';
  });
  return { prompt: asText(prompt), negativePrompt: asText(negatives.join(', ')) };
}

/** `sd-metadata` lists weighted prompts; older files hold one text. */
function promptText(value: Json | undefined): string {
  if (!Array.isArray(value)) return asText(value) ?? '';
  return value.map((part) => asText(member(asObject(part), 'prompt')) ?? '').join(' ');
}

function readSdMetadata(text: string): Partial<Facts> {
  const record = parseObject(text);
  const image = asObject(member(record, 'image'));
  if (!record || !image) return {};
  return {
    ...factsOfRecord(image),
    ...splitBrackets(promptText(member(image, 'prompt'))),
    modelName: asText(member(record, 'model_weights')) ?? asText(member(record, 'model')),
    modelHash: asText(member(record, 'model_hash')),
  };
}

/** `"prompt [negative]" -s 50 -S 2980747362 -C 5 -A k_lms`: the command line of InvokeAI's first versions. */
function readDream(text: string): Partial<Facts> {
  const close = text.lastIndexOf('"');
  if (!text.startsWith('"') || close === 0) return {};
  const options = new Map<string, string>();
  for (const [, name, value] of text.slice(close + 1).matchAll(/\s(-\w{1,3})\s?([^\s-]\S*)/g)) {
    if (!options.has(name!)) options.set(name!, value!);
  }
  return {
    ...splitBrackets(text.slice(1, close)),
    seed: asDigits(options.get('-S')),
    sampler: asText(options.get('-A')),
    steps: asNumber(options.get('-s')),
    cfg: asNumber(options.get('-C')),
  };
}

/** The newest of InvokeAI's three conventions that is present; its first two have the same facts in one file. */
export const readInvokeai: ConventionReader = (texts) => {
  const conventions: [key: string, read: (text: string) => Partial<Facts>][] = [
    [
      'invokeai_metadata',
      (text) => {
        const record = parseObject(text);
        return record ? factsOfRecord(record) : {};
      },
    ],
    ['sd-metadata', readSdMetadata],
    ['dream', readDream],
  ];
  for (const [key, read] of conventions) {
    const text = texts.get(key);
    if (text !== undefined) return { tool: 'invokeai', facts: read(text), keys: [key] };
  }
  return null;
};
