/**
 * Reads from an ONNX file only what the checks of a model pack need. Field numbers are those of
 * onnx.proto (ONNX 1.16). Every occurrence of a field counts, also where protobuf would let the last one win, so that
 * nothing hides behind a repetition.
 */
import { type Field, fields, ProtobufError, type Span, textOf } from './protobuf-reader.ts';

export { ProtobufError } from './protobuf-reader.ts';

/** A graph's input or output. A dimension is a number, a symbol, or '?' where the file says nothing. */
export interface OnnxValue {
  name: string;
  /** TensorProto.DataType, or null where it is no plain tensor (sequence, map, optional, sparse). */
  element: number | null;
  /** null where the file declares no shape. */
  dims: (number | string)[] | null;
}

export interface OnnxSummary {
  /** Domains imported by the model and its functions. */
  opsetDomains: Set<string>;
  /** `domain::operator` (`::Conv`) of every node, at any depth. */
  operators: Set<string>;
  /** Domains of every node, at any depth. */
  nodeDomains: Set<string>;
  /** Domains of the functions that the model defines itself. */
  functionDomains: Set<string>;
  /** Names of tensors whose data lie outside the file, wherever they occur. */
  externalTensors: string[];
  /** What must be fed: the main graph's inputs without those that an initializer of the same name fills. */
  inputs: OnnxValue[];
  outputs: OnnxValue[];
  nodes: number;
}

/** Deeper nesting than any exporter writes; it bounds the recursion. */
const MAX_DEPTH = 24;
const LOCATION_EXTERNAL = 1n;

/**
 * Summarises the model in `bytes`. Throws ProtobufError, naming the byte, where it is not an ONNX model: no protobuf,
 * no graph, no nodes, or nested too deeply.
 */
export function readOnnx(bytes: Uint8Array): OnnxSummary {
  const walker = new Walker(bytes);
  walker.model({ start: 0, end: bytes.length });
  if (walker.graphs === 0) throw new ProtobufError('it holds no graph');
  if (walker.summary.nodes === 0) throw new ProtobufError('its graph holds no operators');
  const { initialized, summary } = walker;
  return { ...summary, inputs: summary.inputs.filter((input) => !initialized.has(input.name)) };
}

class Walker {
  readonly #bytes: Uint8Array;
  readonly initialized = new Set<string>();
  graphs = 0;
  readonly summary: OnnxSummary = {
    opsetDomains: new Set(),
    operators: new Set(),
    nodeDomains: new Set(),
    functionDomains: new Set(),
    externalTensors: [],
    inputs: [],
    outputs: [],
    nodes: 0,
  };

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
  }

  #text(field: Field): string {
    return field.kind === 'span' ? textOf(this.#bytes, field.value) : '';
  }

  /** Runs `visit` on every field of the message; `spans` only on those that hold a message, bytes or text. */
  #spans(span: Span, visit: (number: number, value: Span, field: Field) => void): void {
    for (const field of fields(this.#bytes, span)) {
      if (field.kind === 'span') visit(field.number, field.value, field);
    }
  }

  model(span: Span): void {
    this.#spans(span, (number, value) => {
      if (number === 7) this.#mainGraph(value);
      if (number === 8) this.#opset(value);
      if (number === 20)
        this.#spans(value, (part, body) => (part === 1 || part === 2) && this.#graph(body, 1));
      if (number === 25) this.#function(value);
    });
  }

  #opset(span: Span): void {
    let domain = '';
    this.#spans(span, (number, _value, field) => {
      if (number !== 1) return;
      domain = this.#text(field);
      this.summary.opsetDomains.add(domain);
    });
    this.summary.opsetDomains.add(domain);
  }

  #mainGraph(span: Span): void {
    this.graphs++;
    this.#graph(span, 0);
    this.#spans(span, (number, value) => {
      if (number === 5) this.initialized.add(this.#tensorName(value));
      if (number === 11) this.summary.inputs.push(this.#value(value));
      if (number === 12) this.summary.outputs.push(this.#value(value));
    });
  }

  #graph(span: Span, depth: number): void {
    if (depth > MAX_DEPTH) throw new ProtobufError(`its graphs are nested deeper than ${MAX_DEPTH}`);
    this.#spans(span, (number, value) => {
      if (number === 1) this.#node(value, depth);
      if (number === 5) this.#tensor(value);
      if (number === 15) this.#sparseTensor(value);
    });
  }

  #function(span: Span): void {
    let domain = '';
    this.#spans(span, (number, value, field) => {
      if (number === 7) this.#node(value, 1);
      if (number === 9) this.#opset(value);
      if (number === 10) {
        domain = this.#text(field);
        this.summary.functionDomains.add(domain);
      }
      if (number === 11) this.#attribute(value, 1);
    });
    this.summary.functionDomains.add(domain);
  }

  #node(span: Span, depth: number): void {
    this.summary.nodes++;
    const domains: string[] = [];
    const operators: string[] = [];
    this.#spans(span, (number, value, field) => {
      if (number === 4) operators.push(this.#text(field));
      if (number === 5) this.#attribute(value, depth);
      if (number === 7) domains.push(this.#text(field));
    });
    if (domains.length === 0) domains.push('');
    for (const domain of domains) {
      this.summary.nodeDomains.add(domain);
      for (const operator of operators) this.summary.operators.add(`${domain}::${operator}`);
    }
  }

  #attribute(span: Span, depth: number): void {
    this.#spans(span, (number, value) => {
      if (number === 5 || number === 10) this.#tensor(value);
      if (number === 6 || number === 11) this.#graph(value, depth + 1);
      if (number === 22 || number === 23) this.#sparseTensor(value);
    });
  }

  #sparseTensor(span: Span): void {
    this.#spans(span, (number, value) => {
      if (number === 1 || number === 2) this.#tensor(value);
    });
  }

  #tensor(span: Span): void {
    for (const field of fields(this.#bytes, span)) {
      const external = field.number === 13 && field.kind === 'span';
      const located = field.number === 14 && field.kind === 'int' && field.value === LOCATION_EXTERNAL;
      if (!external && !located) continue;
      this.summary.externalTensors.push(this.#tensorName(span));
      return;
    }
  }

  #tensorName(span: Span): string {
    let name = '';
    this.#spans(span, (number, _value, field) => {
      if (number === 8) name = this.#text(field);
    });
    return name;
  }

  #value(span: Span): OnnxValue {
    const value: OnnxValue = { name: '', element: null, dims: null };
    this.#spans(span, (number, body, field) => {
      if (number === 1) value.name = this.#text(field);
      if (number !== 2) return;
      this.#spans(body, (kind, tensorType) => {
        if (kind !== 1) return;
        for (const part of fields(this.#bytes, tensorType)) {
          if (part.number === 1 && part.kind === 'int') value.element = Number(part.value);
          if (part.number === 2 && part.kind === 'span') value.dims = this.#shape(part.value);
        }
      });
    });
    return value;
  }

  #shape(span: Span): (number | string)[] {
    const dims: (number | string)[] = [];
    this.#spans(span, (number, value) => {
      if (number !== 1) return;
      let dim: number | string = '?';
      for (const field of fields(this.#bytes, value)) {
        if (field.number === 1 && field.kind === 'int') dim = Number(BigInt.asIntN(64, field.value));
        if (field.number === 2) dim = this.#text(field) || '?';
      }
      dims.push(dim);
    });
    return dims;
  }
}
