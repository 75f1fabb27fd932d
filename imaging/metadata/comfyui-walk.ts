import type { Graph, GraphNode } from './comfyui-workflow.ts';
import { nodeId } from './comfyui-workflow.ts';
import { asObject, member, type Json } from './json.ts';

/** What an input leads to: a value, or a node by one of its outputs. */
export type End = { value: Json; node?: undefined } | { node: GraphNode; value?: undefined };

/** Enough for any graph drawn by hand; bounds the walk over any other. */
const MAX_STEPS = 20_000;
/** Nodes that hand one of their inputs on, chosen by another. */
const SWITCH = /switch|selector|branch/i;
/** Nodes that hand their only input on. */
const RELAY = /reroute|^(preview|show|display)\s?(any|text)/i;
/** Inputs that choose by yes or no, and the names of what they choose between. */
const FLAGS = ['switch', 'boolean', 'boolean_input', 'cond', 'condition'];
const YES = /(^|_)(on_true|true|tt_value|if_true)$/i;
const NO = /(^|_)(on_false|false|ff_value|if_false)$/i;
/** Inputs that choose by number. */
const NUMBERS = ['select', 'input', 'index', 'selected', 'which'];

/** The value of a link `[node id, output slot]`; null for plain values. */
function linkOf(value: Json | undefined): string | null {
  if (!Array.isArray(value) || value.length !== 2 || typeof value[1] !== 'number') return null;
  return nodeId(value[0]);
}

/** The name of an input, whatever its case. */
function named(node: GraphNode, wanted: string): string | undefined {
  return Object.keys(node.inputs).find((name) => name.toLowerCase() === wanted);
}

/** Follows links through a graph, past switches and relays, in a bounded number of steps. */
export class GraphWalk {
  readonly #graph: Graph;
  #stepsLeft = MAX_STEPS;
  /** Switches whose choice is being found: one that hangs on itself has none. */
  readonly #choosing = new Set<GraphNode>();

  constructor(graph: Graph) {
    this.#graph = graph;
  }

  /** What an input leads to; null where it is absent, leads nowhere, or the walk is over. */
  follow(node: GraphNode, input: string): End | null {
    let at = node;
    let name = input;
    for (;;) {
      const value = member(at.inputs, name);
      if (value === undefined || value === null) return null;
      const link = linkOf(value);
      if (link === null) return Array.isArray(value) ? null : { value };
      if (this.#stepsLeft-- <= 0) return null;
      const next = this.#graph.get(link);
      if (!next) return null;
      const through = this.#through(next);
      if (through === undefined) return { node: next };
      if (through === null) return null;
      at = next;
      name = through;
    }
  }

  /** The node that an input leads to. */
  source(node: GraphNode, input: string): GraphNode | null {
    return this.follow(node, input)?.node ?? null;
  }

  isLinked(node: GraphNode, input: string): boolean {
    return linkOf(member(node.inputs, input)) !== null;
  }

  /** The input that a node hands on: undefined where it is no switch or relay, null where it cannot be told which. */
  #through(node: GraphNode): string | null | undefined {
    if (RELAY.test(node.type))
      return Object.keys(node.inputs).find((name) => this.isLinked(node, name)) ?? null;
    if (!SWITCH.test(node.type)) return undefined;
    if (this.#choosing.has(node)) return null;
    this.#choosing.add(node);
    try {
      return this.#chosen(node);
    } finally {
      this.#choosing.delete(node);
    }
  }

  #chosen(node: GraphNode): string | null | undefined {
    const names = Object.keys(node.inputs);
    const [yes, no] = [names.find((name) => YES.test(name)), names.find((name) => NO.test(name))];
    const flag = this.#choice(node, FLAGS);
    if (yes && no) return typeof flag === 'boolean' ? (flag ? yes : no) : null;
    const number = this.#choice(node, NUMBERS);
    if (typeof number === 'number' || (typeof number === 'string' && /^\d{1,3}$/.test(number)))
      return names.find((name) => new RegExp(`[a-z_]0?${number}$`, 'i').test(name)) ?? null;
    // A switch without anything that chooses takes the first input that is connected.
    return number === undefined && flag === undefined
      ? (names.find((name) => this.isLinked(node, name)) ?? undefined)
      : null;
  }

  /** The value of the first of these inputs that a switch has; undefined where it has none. */
  #choice(node: GraphNode, wanted: string[]): Json | undefined {
    for (const each of wanted) {
      const name = named(node, each);
      if (name) return this.scalar(node, [name]) ?? null;
    }
    return undefined;
  }

  /** The value of the first of these inputs, or of the node that it leads to (a primitive, a seed); undefined without. */
  scalar(node: GraphNode, names: readonly string[]): Json | undefined {
    for (const name of names) {
      const end = this.follow(node, name);
      if (!end) continue;
      if (end.node === undefined) {
        const content = member(asObject(end.value), 'content');
        if (content !== undefined) return content;
        if (typeof end.value !== 'object') return end.value;
        continue;
      }
      const carrier = end.node;
      const own = ['value', 'int', 'float', 'number', 'text', 'string', ...names].find(
        (each) => named(carrier, each) !== undefined,
      );
      const found = own === undefined ? undefined : this.scalar(carrier, [named(carrier, own)!]);
      if (found !== undefined) return found;
    }
    return undefined;
  }

  /** Goes upstream by one kind of input until a node has one of the wanted values. */
  upstream(node: GraphNode, passing: readonly string[], wanted: readonly string[]): Json | undefined {
    const seen = new Set<GraphNode>();
    for (let at: GraphNode | null = node; at && !seen.has(at);) {
      seen.add(at);
      const value = this.scalar(at, wanted);
      if (value !== undefined) return value;
      const through: string | undefined = passing.find((name) => this.isLinked(at!, name));
      at = through === undefined ? null : this.source(at, through);
    }
    return undefined;
  }
}
