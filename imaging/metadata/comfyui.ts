import { guidanceOf, parseA1111 } from './a1111.ts';
import { PromptReader, type Role } from './comfyui-text.ts';
import { GraphWalk } from './comfyui-walk.ts';
import { graphOfPrompt, graphOfWorkflow, type Graph, type GraphNode } from './comfyui-workflow.ts';
import { factsOfRecord, type ConventionReader, type Facts, type Finding, type Texts } from './finding.ts';
import { asDigits, asNumber, asObject, asText, member, parseObject, type JsonObject } from './json.ts';
import { loraField, lorasOfRecord } from './loras.ts';

type Stated = Pick<Finding, 'tool' | 'facts' | 'keys'>;

/** Inputs by which nodes of several packages hand on everything at once. */
const BUNDLES = ['pipe', 'basic_pipe', 'detailer_pipe', 'context', 'ctx', 'base_ctx', 'sdxl_tuple'];
const LOADED = ['ckpt_name', 'unet_name', 'base_ckpt_name', 'model_name', 'model_path', 'gguf_name'];
/** Inputs by which a model passes, alone or to be merged with others. */
const MODELS = /^(base_)?model(_?[a-d]|_?\d)?$/i;

/** The samplers upstream of a node, nearest first. */
function samplersAbove(walk: GraphWalk, node: GraphNode): GraphNode[] {
  const found: GraphNode[] = [];
  const seen = new Set([node]);
  const queue = [node];
  for (let at = queue.shift(); at; at = queue.shift()) {
    if (isSampler(at)) found.push(at);
    for (const name of Object.keys(at.inputs)) {
      const origin = walk.source(at, name);
      if (origin && !seen.has(origin)) {
        seen.add(origin);
        queue.push(origin);
      }
    }
  }
  return found;
}

function isSampler({ type, inputs }: GraphNode): boolean {
  const names = Object.keys(inputs);
  return (
    names.includes('guider') ||
    (/sampler/i.test(type) && (names.includes('positive') || BUNDLES.some((name) => names.includes(name))))
  );
}

/**
 * The samplers that count, first the one that made the saved picture: the nearest above an output node, those that save
 * before those that only show. A graph with several outputs (a draft and its enlargement) does not say which one this
 * file is; the first is taken.
 */
function samplersOf(graph: Graph, walk: GraphWalk): GraphNode[] {
  const nodes = [...graph.values()];
  for (const kind of [/save/i, /preview|output/i]) {
    for (const output of nodes.filter(({ type }) => kind.test(type))) {
      const samplers = samplersAbove(walk, output);
      if (samplers.length > 0) return samplers;
    }
  }
  return nodes.filter(isSampler);
}

/** The models that a node's model was loaded or merged from, in graph order. */
function modelsOf(walk: GraphWalk, node: GraphNode, seen: Set<GraphNode>): string[] {
  if (seen.has(node)) return [];
  seen.add(node);
  const loaded = asText(walk.scalar(node, LOADED));
  const sources = Object.keys(node.inputs)
    .filter((name) => MODELS.test(name) || name === 'guider' || BUNDLES.includes(name))
    .map((name) => walk.source(node, name))
    .filter((source) => source !== null);
  // A loader of an adapter has a model of its own besides the one that it passes on.
  if (loaded !== null && (sources.length === 0 || member(node.inputs, 'ckpt_name') !== undefined))
    return [loaded];
  return [...new Set(sources.flatMap((source) => modelsOf(walk, source, seen)))];
}

/** Inputs of loaders, stacks and panels of adapters that name one. */
const LORA = /^lora(_?name)?_?\d*$/i;

/** The adapters that a node's model went through, nearest to the sampler first. */
function lorasAbove(walk: GraphWalk, node: GraphNode, seen: Set<GraphNode>): (string | null)[] {
  if (seen.has(node)) return [];
  seen.add(node);
  const names = Object.keys(node.inputs);
  const own = names
    .filter((name) => LORA.test(name))
    .map((name) => lorasOfRecord(asObject(member(node.inputs, name)) ?? walk.scalar(node, [name])));
  const isOff = member(node.inputs, 'strength_model') === 0;
  const sources = names
    .filter(
      (name) =>
        MODELS.test(name) || /^lora_?stack$/i.test(name) || name === 'guider' || BUNDLES.includes(name),
    )
    .map((name) => walk.source(node, name))
    .filter((source) => source !== null);
  return [...(isOff ? [] : own), ...sources.flatMap((source) => lorasAbove(walk, source, seen))];
}

/**
 * Inputs that hold the prompts of a sampler or guider. With two scales, as models that edit have them, the first prompt
 * is what is asked for and the second what is not, both with the picture; `negative` is then the second without it.
 */
function promptInputs(guider: GraphNode, role: Role): string[] {
  const names = Object.keys(guider.inputs);
  const usual = role === 'positive' ? ['cond1', 'positive', 'conditioning'] : ['cond2', 'negative'];
  const own = usual.find((name) => names.includes(name));
  return own === undefined ? BUNDLES.filter((name) => names.includes(name)) : [own];
}

/** The sampler by its name, or by the node that stands for it (`SamplerEulerAncestral`). */
function samplerName(walk: GraphWalk, sampler: GraphNode): string | null {
  const name = walk.upstream(sampler, ['sampler', 'sampler_name', ...BUNDLES], ['sampler_name']);
  return asText(name) ?? walk.source(sampler, 'sampler')?.type ?? null;
}

function factsOfGraph(graph: Graph): Partial<Facts> {
  const walk = new GraphWalk(graph);
  const samplers = samplersOf(graph, walk);
  const sampler = samplers[0];
  if (!sampler) return {};
  // A refiner adds no noise of its own: the seed is that of the sampler before it.
  const noisy = samplers.find((node) => !['disable', false].includes(addedNoise(node))) ?? sampler;
  const [guider, firstGuider] = [sampler, noisy].map((node) => walk.source(node, 'guider') ?? node) as [
    GraphNode,
    GraphNode,
  ];
  const prompts = new PromptReader(walk);
  const prompt = prompts.read(guider, promptInputs(guider, 'positive'), 'positive');
  const models = [firstGuider, guider].flatMap((node) => modelsOf(walk, node, new Set()));
  const cfg = asNumber(walk.upstream(guider, ['cfg', ...BUNDLES], ['cfg', 'cfg_conds']));
  return {
    prompt,
    negativePrompt: prompts.read(guider, promptInputs(guider, 'negative'), 'negative'),
    seed: asDigits(walk.upstream(noisy, ['noise', ...BUNDLES], ['seed', 'noise_seed'])),
    sampler: samplerName(walk, sampler),
    steps: asNumber(walk.upstream(sampler, ['sigmas', ...BUNDLES], ['steps'])),
    cfg: guidanceOf(cfg, prompts.guidance),
    modelName: asText([...new Set(models)].join(' + ')),
    loras: loraField([firstGuider, guider].flatMap((node) => lorasAbove(walk, node, new Set()))),
  };
}

function addedNoise(node: GraphNode): string | boolean {
  const noise = member(node.inputs, 'add_noise');
  return typeof noise === 'string' || typeof noise === 'boolean' ? noise : true;
}

/** Facts that are null in `facts` are taken from `other`. */
function fillIn(facts: Partial<Facts>, other: Partial<Facts>): Partial<Facts> {
  const known = Object.entries(facts).filter(([, value]) => value !== null);
  return { ...other, ...Object.fromEntries(known) };
}

/** A graph that a saver put under another name, or with the editor's file in one record. */
const GRAPH_START = /^\s*\{\s*"[^"]{1,64}"\s*:\s*\{/;

/** The executed graph in a text: bare, or as `prompt` of a record. Undefined where there is none. */
function executedGraph(text: string | undefined): JsonObject | undefined {
  const record = text !== undefined && GRAPH_START.test(text) ? parseObject(text) : undefined;
  const inner = asObject(member(record, 'prompt'));
  return inner && member(inner, 'class_type') === undefined ? inner : record;
}

/** Other texts in which savers and services keep the graph. */
const OTHER_PLACES = ['exif:usercomment', 'exif:imagedescription', 'jpeg:comment'];

/** What Civitai, TensorArt and Stability Matrix state beside the graph that their services ran. */
function statedBeside(texts: Texts, graph: JsonObject | undefined): Stated | null {
  const matrix = parseObject(texts.get('parameters-json'));
  if (matrix) return { tool: 'stability-matrix', facts: factsOfRecord(matrix), keys: ['parameters-json'] };
  const tensor = parseObject(texts.get('generation_data')?.replace(/[\0\s]+$/, ''));
  if (tensor) return { tool: 'tensorart', facts: factsOfTensorArt(tensor), keys: ['generation_data'] };
  const extra = member(graph, 'extraMetadata') ?? texts.get('extrametadata');
  const civitai = typeof extra === 'string' ? parseObject(extra) : undefined;
  // Its `baseModel` is an architecture, not the model.
  const facts = civitai && { ...factsOfRecord(civitai), modelName: null };
  return facts ? { tool: 'civitai', facts, keys: ['extrametadata'] } : null;
}

function factsOfTensorArt(record: JsonObject): Partial<Facts> {
  const { prompt, negativePrompt } = factsOfRecord(record);
  const model = asObject(member(record, 'baseModel'));
  return {
    prompt,
    negativePrompt,
    modelName: asText(member(model, 'modelFileName')),
    modelHash: asText(member(model, 'hash')),
  };
}

/**
 * ComfyUI keeps the executed graph (`prompt`) and the editor's file (`workflow`) as JSON. The graph is walked from the
 * sampler back to its encoders, loaders and noise. What a service states beside it holds first for prompts and model,
 * since it has the text as it was typed; AUTOMATIC1111's text, where a saver also wrote it, fills the gaps.
 */
export const readComfyui: ConventionReader = (texts) => {
  const workflow = texts.get('workflow');
  const place = ['prompt', ...OTHER_PLACES].find((key) => GRAPH_START.test(texts.get(key) ?? ''));
  const executed = place === undefined ? undefined : executedGraph(texts.get(place));
  const isGraph = executed !== undefined && graphOfPrompt(executed).size > 0;
  if (!isGraph && place !== 'prompt' && workflow === undefined) return null;
  const edited = isGraph ? undefined : parseObject(workflow);
  const graph = isGraph ? graphOfPrompt(executed) : edited ? graphOfWorkflow(edited) : new Map();
  const walked = factsOfGraph(graph);
  const stated = statedBeside(texts, executed);
  const written = parseA1111(texts.get('parameters') ?? '');
  const { prompt = null, negativePrompt = null, modelName = null, modelHash = null } = stated?.facts ?? {};
  let facts = fillIn({ prompt, negativePrompt, modelName, modelHash }, walked);
  for (const other of [stated?.facts, written]) if (other) facts = fillIn(facts, other);
  const keys = [place ?? 'prompt', 'workflow', ...(stated?.keys ?? []), ...(written ? ['parameters'] : [])];
  return { tool: stated?.tool ?? 'comfyui', facts, keys: [...new Set(keys)].filter((key) => texts.has(key)) };
};
