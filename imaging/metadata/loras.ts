import { asObject, asText, member, type Json } from './json.ts';

/** Names of one file's adapters are few; more is no list of them. */
const MOST = 50;
const ENDING = /\.(safetensors|ckpt|pt|bin)$/i;
/** Members of an object that stands for an adapter, or for its model. */
const NAMES = ['lora', 'model', 'model_name', 'lora_name', 'modelName', 'name', 'path'];

/** `style/ink.safetensors` and `ink` are one adapter: the name of its file, by which prompts call it. */
function plainLora(name: string): string {
  return name.split(/[/\\]/).at(-1)!.trim().replace(ENDING, '');
}

/** Names as the field holds them: each once, in their order, by `, `; null without any. */
export function loraField(names: readonly (string | null)[]): string | null {
  const plain = names.flatMap((name) => (name === null ? [] : [plainLora(name).replaceAll(',', ' ')]));
  const known = [...new Set(plain.filter((name) => name !== '' && !/^none$/i.test(name)))];
  return known.length === 0 ? null : known.slice(0, MOST).join(', ');
}

/** The adapters that a text calls as `<lora:name:weight>`. */
export const lorasCalled = (prompt: string): string[] =>
  Array.from(prompt.matchAll(/<lora:([^:>]+)[^>]*>/gi), ([, name]) => name!.trim());

/** The name of an adapter: a text, `[name, weight]`, or an object that has it or its model. */
function nameIn(value: Json | undefined, depth = 0): string | null {
  if (Array.isArray(value)) return asText(value[0]);
  const object = asObject(value);
  if (!object) return asText(value);
  if (depth > 2 || member(object, 'on') === false) return null;
  for (const name of NAMES) {
    const found = nameIn(member(object, name), depth + 1);
    if (found !== null) return found;
  }
  return null;
}

/** What a record lists as its adapters: one, or a list of any of the forms that writers have. */
export const lorasOfRecord = (value: Json | undefined): string | null =>
  Array.isArray(value) ? loraField(value.map((one) => nameIn(one))) : loraField([nameIn(value)]);
