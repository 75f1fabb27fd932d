import { asObject, asText, member, type Json, type JsonObject } from './json.ts';

/** One node of ComfyUI's graph: its inputs are values, or links `[node id, output slot]`. */
export interface GraphNode {
  type: string;
  inputs: JsonObject;
}

export type Graph = Map<string, GraphNode>;

/** Node ids are numbers in the editor's file and text in the executed graph. */
export function nodeId(value: Json | undefined): string | null {
  return typeof value === 'number' || typeof value === 'string' ? String(value) : null;
}

/** The graph that ComfyUI executed (`prompt`): node id -> class_type and inputs. */
export function graphOfPrompt(prompt: JsonObject): Graph {
  const graph: Graph = new Map();
  for (const [id, value] of Object.entries(prompt)) {
    const node = asObject(value);
    const type = asText(member(node, 'class_type'));
    const inputs = asObject(member(node, 'inputs'));
    if (type && inputs) graph.set(id, { type, inputs });
  }
  return graph;
}

/**
 * Names of the widgets of core nodes, in the order in which the editor saves their values; null stands for a widget
 * that is no input.
 */
const WIDGETS: Record<string, (string | null)[]> = {
  CLIPTextEncode: ['text'],
  KSampler: ['seed', null, 'steps', 'cfg', 'sampler_name', 'scheduler', 'denoise'],
  KSamplerAdvanced: ['add_noise', 'noise_seed', null, 'steps', 'cfg', 'sampler_name', 'scheduler'],
  CheckpointLoaderSimple: ['ckpt_name'],
  CheckpointLoader: ['config_name', 'ckpt_name'],
  unCLIPCheckpointLoader: ['ckpt_name'],
  UNETLoader: ['unet_name'],
  RandomNoise: ['noise_seed'],
  KSamplerSelect: ['sampler_name'],
  BasicScheduler: ['scheduler', 'steps', 'denoise'],
  CFGGuider: ['cfg'],
  DualCFGGuider: ['cfg_conds'],
  ImageOnlyCheckpointLoader: ['ckpt_name'],
  Flux2Scheduler: ['steps'],
  LTXVScheduler: ['steps'],
  SDTurboScheduler: ['steps'],
  TextEncodeQwenImageEdit: ['prompt'],
  TextEncodeQwenImageEditPlus: ['prompt'],
  TextEncodeHunyuanVideo_ImageToVideo: ['prompt'],
  GLIGENTextBoxApply: ['text'],
  SamplerCustom: ['add_noise', 'noise_seed', null, 'cfg'],
  FluxGuidance: ['guidance'],
  CLIPTextEncodeFlux: ['clip_l', 't5xxl', 'guidance'],
  CLIPTextEncodeSDXL: [null, null, null, null, null, null, 'text_g', 'text_l'],
  ConditioningAverage: ['conditioning_to_strength'],
  PrimitiveNode: ['value'],
  PrimitiveInt: ['value'],
  PrimitiveFloat: ['value'],
  PrimitiveBoolean: ['value'],
  PrimitiveString: ['value'],
  PrimitiveStringMultiline: ['value'],
  StringConcatenate: ['string_a', 'string_b', 'delimiter'],
  StringReplace: ['string', 'find', 'replace'],
  ComfySwitchNode: ['switch'],
};

function widgetValues(node: JsonObject, type: string): JsonObject {
  const values = member(node, 'widgets_values');
  const names = Object.hasOwn(WIDGETS, type) ? WIDGETS[type]! : [];
  const inputs: JsonObject = {};
  if (Array.isArray(values)) {
    names.forEach((name, i) => {
      if (name !== null && values[i] !== undefined) inputs[name] = values[i];
    });
  }
  return inputs;
}

/** How the editor marks nodes that do not run. */
const MUTED = 2;
const BYPASSED = 4;

/** Link id -> `[origin node, origin slot]`. */
function originsOf(links: Json | undefined): Map<Json, Json[]> {
  const origins = new Map<Json, Json[]>();
  for (const link of Array.isArray(links) ? links : []) {
    const origin = Array.isArray(link) ? nodeId(link[1]) : null;
    if (Array.isArray(link) && origin !== null && link[2] !== undefined)
      origins.set(link[0]!, [origin, link[2]]);
  }
  return origins;
}

/** The same graph from the editor's own file (`workflow`), as far as the values of core nodes can be named. */
export function graphOfWorkflow(workflow: JsonObject): Graph {
  const graph: Graph = new Map();
  const nodes = member(workflow, 'nodes');
  const origins = originsOf(member(workflow, 'links'));
  for (const value of Array.isArray(nodes) ? nodes : []) {
    const node = asObject(value);
    const id = nodeId(member(node, 'id'));
    const type = asText(member(node, 'type'));
    const mode = member(node, 'mode');
    if (!node || !type || id === null || mode === MUTED) continue;
    // A bypassed node hands its inputs on and does nothing: what it was set to has no part in the picture.
    const inputs = mode === BYPASSED ? {} : widgetValues(node, type);
    const slots = member(node, 'inputs');
    for (const slot of Array.isArray(slots) ? slots : []) {
      // A reroute's only input has no name.
      const name = asText(member(asObject(slot), 'name')) ?? 'input';
      const origin = origins.get(member(asObject(slot), 'link') ?? null);
      if (origin) inputs[name] = origin;
    }
    graph.set(id, { type, inputs });
  }
  return graph;
}
