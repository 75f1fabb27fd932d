import type { GraphNode } from './comfyui-workflow.ts';
import type { GraphWalk } from './comfyui-walk.ts';
import { asText, member } from './json.ts';

export type Role = 'positive' | 'negative';

/** Inputs of encoders that hold their text. */
const ENCODED = [
  'populated_text',
  'text',
  'text_g',
  'text_l',
  'clip_l',
  'clip_g',
  't5xxl',
  'llama',
  'bert',
  'mt5xl',
  'prompt',
  'user_prompt',
  'string',
  'value',
  'wildcard_text',
];
/** Inputs through which conditioning passes on its way from an encoder to a sampler. */
const CONDITIONING =
  /^(conditioning|cond\d?$|guider|(base_|sdxl_)?(ctx|context|pipe)|basic_pipe|detailer_pipe)/i;
/** Inputs of nodes that make one text of several. */
const PARTS = /^(text|string|str|prompt|part|input|value|line|prefix|suffix)(_?[a-z]|_?\d{1,2})?$/i;
/** Nodes whose text is made when they run, by a language model or by looking at a picture, and is not recorded. */
const UNRECORDED =
  /textgenerate|ollama|llm|gpt|gemini|openai|claude|florence|tagger|caption|interrogat|joytag/i;
/** Text that one graph may yield: joining and replacing must not make more of it than any prompt has. */
const MAX_CHARACTERS = 256 * 1024;

const byNumber = new Intl.Collator('en', { numeric: true }).compare;

/** Reads prompts from the encoders of a graph, and the text nodes before them. */
export class PromptReader {
  readonly #walk: GraphWalk;
  #charactersLeft = MAX_CHARACTERS;
  /** The distilled guidance on the way to the prompt; null where there is none. */
  guidance: number | null = null;

  constructor(walk: GraphWalk) {
    this.#walk = walk;
  }

  /** The prompt in an input of a sampler or guider: the texts of all encoders upstream, each once, in graph order. */
  read(node: GraphNode, inputs: string[], role: Role): string | null {
    const seen = new Set<GraphNode>();
    const texts = inputs.flatMap((input) => this.#conditioning(node, input, role, seen));
    return asText([...new Set(texts)].join('\n'));
  }

  #conditioning(node: GraphNode, input: string, role: Role, seen: Set<GraphNode>): string[] {
    const end = this.#walk.follow(node, input);
    if (!end) return [];
    if (end.node === undefined) return this.#kept(end.value);
    const origin = end.node;
    // ConditioningZeroOut discards its input: that text has no part in the picture.
    if (seen.has(origin) || origin.type === 'ConditioningZeroOut') return [];
    seen.add(origin);
    if (role === 'positive') this.#noteGuidance(origin);
    const names = Object.keys(origin.inputs);
    // A node that carries both (ControlNetApplyAdvanced, Efficient Loader) continues by role.
    const own = names.find((name) => name === role || name === `${role}_prompt` || name === `text_${role}`);
    if (own) return this.#conditioning(origin, own, role, seen);
    const encoded = ENCODED.filter((name) => names.includes(name));
    // Of a text with wildcards, the one that was filled in counts.
    const texts = encoded.includes('populated_text') ? ['populated_text'] : encoded;
    const written = texts.flatMap((name) => this.#kept(this.#text(origin, name, role, new Set())));
    // Text may be added to what comes from upstream (GLIGENTextBoxApply).
    const passing = names.filter((name) => CONDITIONING.test(name) && this.#isUsed(origin, name));
    return [...passing.flatMap((name) => this.#conditioning(origin, name, role, seen)), ...written];
  }

  /** Whether an averaged input has any weight. */
  #isUsed(node: GraphNode, name: string): boolean {
    if (node.type !== 'ConditioningAverage') return true;
    const strength = this.#walk.scalar(node, ['conditioning_to_strength']);
    return (
      !(strength === 1 && name === 'conditioning_from') && !(strength === 0 && name === 'conditioning_to')
    );
  }

  #noteGuidance(node: GraphNode): void {
    const guidance = this.#walk.scalar(node, ['guidance']);
    if (this.guidance === null && typeof guidance === 'number') this.guidance = guidance;
  }

  /** A text as a list, trimmed and counted; nothing where it is empty, no text, or too long. */
  #kept(value: unknown): string[] {
    const text = typeof value === 'string' ? value.trim() : '';
    if (text === '' || text.length > this.#charactersLeft) return [];
    this.#charactersLeft -= text.length;
    return [text];
  }

  /** The text of an input; null where it is not recorded. */
  #text(node: GraphNode, input: string, role: Role, path: Set<GraphNode>): string | null {
    const end = this.#walk.follow(node, input);
    if (!end) return null;
    if (end.node === undefined)
      return typeof end.value === 'string' || typeof end.value === 'number' ? String(end.value) : null;
    if (path.has(end.node) || UNRECORDED.test(end.node.type)) return null;
    return this.#made(end.node, role, new Set([...path, end.node]));
  }

  /** The text that a node makes of its inputs. */
  #made(node: GraphNode, role: Role, path: Set<GraphNode>): string | null {
    const names = Object.keys(node.inputs);
    const read = (name: string): string | null => this.#text(node, name, role, path);
    const own = names.find((name) => name === role || name === `${role}_prompt` || name === `text_${role}`);
    if (own) return read(own);
    if (names.includes('populated_text')) return read('populated_text');
    if (names.includes('find') && names.includes('replace')) return this.#replaced(names, read);
    const parts = names.filter((name) => PARTS.test(name)).sort(byNumber);
    if (parts.length === 1) return read(parts[0]!);
    if (parts.length === 0) return null;
    const texts = parts.map(read);
    // Part of a prompt is not the prompt: it would say something that nobody wrote.
    if (texts.some((text, i) => text === null && this.#walk.isLinked(node, parts[i]!))) return null;
    return this.#joined(texts.filter((text) => text !== null && text !== '') as string[], delimiterOf(node));
  }

  #joined(texts: string[], delimiter: string): string | null {
    const length = texts.reduce((sum, text) => sum + text.length + delimiter.length, 0);
    return length <= this.#charactersLeft ? texts.join(delimiter) : null;
  }

  #replaced(names: string[], read: (name: string) => string | null): string | null {
    const source = names.find((name) => PARTS.test(name));
    const text = source === undefined ? null : read(source);
    const [find, replace] = [read('find') ?? '', read('replace') ?? ''];
    return text === null || find === '' ? text : this.#joined(text.split(find), replace);
  }
}

/** What a node puts between the texts that it joins: `\n` may be written as two characters. */
function delimiterOf(node: GraphNode): string {
  const given = ['delimiter', 'separator'].map((name) => member(node.inputs, name));
  const delimiter = given.find((value) => typeof value === 'string');
  if (typeof delimiter === 'string') return delimiter.slice(0, 100).replaceAll(String.raw`\n`, '\n');
  return member(node.inputs, 'tidy_tags') === 'yes' ? ', ' : ' ';
}
