import { parseA1111 } from './a1111.ts';
import { graphOfPrompt, graphOfWorkflow, nodeId, type Graph, type GraphNode } from './comfyui-workflow.ts';
import type { ConventionReader, Facts } from './finding.ts';
import { asDigits, asNumber, asText, member, parseObject, type Json } from './json.ts';

type Role = 'positive' | 'negative';

/** Inputs that hold the text of an encoder or of a text node, the usual ones first. */
const TEXT_INPUTS = [
  'text',
  'text_g',
  'text_l',
  'clip_l',
  't5xxl',
  'prompt',
  'string',
  'value',
  'populated_text',
  'wildcard_text',
];
/** Inputs through which conditioning passes on its way from an encoder to a sampler. */
const PASSING = /^(conditioning|cond|guider|prompt|text|string)/;
/** Enough for any graph drawn by hand; bounds the walk over any other. */
const MAX_STEPS = 2000;

/** The node id of a link `[node id, output slot]`; null for plain values. */
function linkOf(value: Json | undefined): string | null {
  if (!Array.isArray(value) || value.length !== 2 || typeof value[1] !== 'number') return null;
  return nodeId(value[0]);
}

class GraphWalk {
  readonly #graph: Graph;
  #stepsLeft = MAX_STEPS;

  constructor(graph: Graph) {
    this.#graph = graph;
  }

  /** The node at the other end of an input; null where the input is a value or the walk is over. */
  source(node: GraphNode | null, input: string): GraphNode | null {
    const link = node === null ? null : linkOf(member(node.inputs, input));
    if (link === null || this.#stepsLeft-- <= 0) return null;
    return this.#graph.get(link) ?? null;
  }

  /** Texts of the encoders upstream of an input, in graph order; a node reached by two paths counts once. */
  texts(node: GraphNode, input: string, role: Role, seen: Set<GraphNode>): string[] {
    const value = member(node.inputs, input);
    if (typeof value === 'string') return asText(value) ? [value.trim()] : [];
    const origin = this.source(node, input);
    // ConditioningZeroOut discards its input: that text has no part in the picture.
    if (!origin || seen.has(origin) || origin.type === 'ConditioningZeroOut') return [];
    seen.add(origin);
    const names = Object.keys(origin.inputs);
    // A node that carries both (ControlNetApplyAdvanced, Efficient Loader) continues by role.
    if (names.includes(role)) return this.texts(origin, role, role, seen);
    const textInputs = TEXT_INPUTS.filter((name) => names.includes(name));
    const next = textInputs.length > 0 ? textInputs : names.filter((name) => PASSING.test(name));
    return [...new Set(next.flatMap((name) => this.texts(origin, name, role, seen)))];
  }

  /** Follows one kind of input upstream until a node has one of the wanted values. */
  upstream(node: GraphNode, passing: string[], wanted: string[]): Json | undefined {
    const seen = new Set<GraphNode>();
    for (let at: GraphNode | null = node; at && !seen.has(at);) {
      seen.add(at);
      for (const name of wanted) {
        const value = member(at.inputs, name);
        if (value !== undefined && !Array.isArray(value)) return value;
      }
      const through: string | undefined = passing.find((name) => linkOf(member(at!.inputs, name)) !== null);
      at = through === undefined ? null : this.source(at, through);
    }
    return undefined;
  }

  /** The samplers upstream of a node, nearest first. */
  samplersAbove(node: GraphNode): GraphNode[] {
    const found: GraphNode[] = [];
    const seen = new Set([node]);
    const queue = [node];
    for (let at = queue.shift(); at; at = queue.shift()) {
      if (isSampler(at)) found.push(at);
      for (const name of Object.keys(at.inputs)) {
        const origin = this.source(at, name);
        if (origin && !seen.has(origin)) {
          seen.add(origin);
          queue.push(origin);
        }
      }
    }
    return found;
  }
}

function isSampler({ type, inputs }: GraphNode): boolean {
  const names = Object.keys(inputs);
  return names.includes('guider') || (/sampler/i.test(type) && names.includes('positive'));
}

/**
 * The samplers that count, first the one that made the saved picture: the nearest above an output node. A graph with
 * several outputs (a draft and its enlargement) does not say which one this file is; the first is taken.
 */
function samplersOf(graph: Graph, walk: GraphWalk): GraphNode[] {
  const outputs = [...graph.values()].filter(({ type }) => /save|preview|output/i.test(type));
  for (const output of outputs) {
    const samplers = walk.samplersAbove(output);
    if (samplers.length > 0) return samplers;
  }
  return [...graph.values()].filter(isSampler);
}

function factsOfGraph(graph: Graph): Partial<Facts> {
  const walk = new GraphWalk(graph);
  const samplers = samplersOf(graph, walk);
  const sampler = samplers[0];
  if (!sampler) return {};
  // A refiner adds no noise of its own: the seed is that of the sampler before it.
  const noisy = samplers.find((node) => member(node.inputs, 'add_noise') !== 'disable') ?? sampler;
  const guider = walk.source(sampler, 'guider') ?? sampler;
  const joined = (role: Role): string | null => {
    const input = role === 'positive' && !Object.hasOwn(guider.inputs, role) ? 'conditioning' : role;
    return asText(walk.texts(guider, input, role, new Set()).join('\n'));
  };
  return {
    prompt: joined('positive'),
    negativePrompt: joined('negative'),
    seed: asDigits(walk.upstream(noisy, ['noise', 'seed', 'noise_seed'], ['seed', 'noise_seed', 'value'])),
    sampler: asText(walk.upstream(sampler, ['sampler', 'sampler_name'], ['sampler_name'])),
    steps: asNumber(walk.upstream(sampler, ['sigmas', 'steps'], ['steps', 'value'])),
    cfg: asNumber(walk.upstream(guider, ['cfg'], ['cfg', 'value'])),
    modelName: asText(
      walk.upstream(guider, ['model', 'base_model', 'guider'], ['ckpt_name', 'unet_name', 'model_name']),
    ),
  };
}

/** Facts that are null in `facts` are taken from `other`. */
function fillIn(facts: Partial<Facts>, other: Partial<Facts>): Partial<Facts> {
  const known = Object.entries(facts).filter(([, value]) => value !== null);
  return { ...other, ...Object.fromEntries(known) };
}

/**
 * ComfyUI keeps the executed graph (`prompt`) and the editor's file (`workflow`) as JSON. The graph is walked from the
 * sampler back to its encoders, loaders and noise. Where a saver also wrote AUTOMATIC1111's text, that fills the gaps.
 */
export const readComfyui: ConventionReader = (texts) => {
  const prompt = texts.get('prompt');
  const workflow = texts.get('workflow');
  const isGraph = prompt !== undefined && /^\s*\{\s*"[^"]{1,64}"\s*:\s*\{/.test(prompt);
  if (!isGraph && workflow === undefined) return null;
  const executed = isGraph ? parseObject(prompt) : undefined;
  const edited = executed ? undefined : parseObject(workflow);
  const graph = executed ? graphOfPrompt(executed) : edited ? graphOfWorkflow(edited) : new Map();
  const facts = factsOfGraph(graph);
  const written = parseA1111(texts.get('parameters') ?? '');
  const keys = ['prompt', 'workflow', ...(written ? ['parameters'] : [])];
  return {
    tool: 'comfyui',
    facts: written ? fillIn(facts, written) : facts,
    keys: keys.filter((key) => texts.has(key)),
  };
};
