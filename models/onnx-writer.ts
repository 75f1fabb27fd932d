/**
 * Writes the few parts of ONNX's protobuf format that the numeric kernels need. Field numbers are those of onnx.proto
 * (ONNX 1.16, IR version 10). Values are written in one pass; nothing here validates a graph, ONNX Runtime does.
 */

const IR_VERSION = 10;
const OPSET = 21;

/** TensorProto.DataType of the element types in use. */
export const ELEMENT = { float32: 1, uint8: 2, int32: 6, int64: 7, bool: 9, float64: 11 } as const;

const utf8 = new TextEncoder();

/** Appends protobuf fields in the order of the calls; `finish` yields the message's bytes. */
export class ProtoWriter {
  readonly #parts: Uint8Array[] = [];

  #varint(value: bigint): void {
    let rest = BigInt.asUintN(64, value);
    const bytes: number[] = [];
    do {
      const low = Number(rest & 127n);
      rest >>= 7n;
      bytes.push(rest > 0n ? low | 128 : low);
    } while (rest > 0n);
    this.#parts.push(Uint8Array.from(bytes));
  }

  /** A varint field: int32, int64, enum or bool. Negative values take ten bytes, as in protobuf. */
  int(field: number, value: number | bigint): this {
    this.#varint(BigInt(field << 3));
    this.#varint(BigInt(value));
    return this;
  }

  /** A 32-bit float field. */
  float(field: number, value: number): this {
    this.#varint(BigInt((field << 3) | 5));
    const bytes = new Uint8Array(4);
    new DataView(bytes.buffer).setFloat32(0, value, true);
    this.#parts.push(bytes);
    return this;
  }

  /** A length-delimited field: bytes, or a message that is already written. */
  bytes(field: number, value: Uint8Array): this {
    this.#varint(BigInt((field << 3) | 2));
    this.#varint(BigInt(value.length));
    this.#parts.push(value);
    return this;
  }

  string(field: number, value: string): this {
    return this.bytes(field, utf8.encode(value));
  }

  message(field: number, value: ProtoWriter): this {
    return this.bytes(field, value.finish());
  }

  finish(): Uint8Array {
    return Buffer.concat(this.#parts);
  }
}

/** An attribute's value: a number is an INT, `{ float }` a FLOAT (ONNX tells them apart), a list is INTS, a message a GRAPH. */
export type Attribute = number | { float: number } | string | readonly number[] | ProtoWriter;

function attribute(name: string, value: Attribute): ProtoWriter {
  const writer = new ProtoWriter().string(1, name);
  if (typeof value === 'number') return writer.int(3, value).int(20, 2);
  if (typeof value === 'string') return writer.string(4, value).int(20, 3);
  if (value instanceof ProtoWriter) return writer.message(6, value).int(20, 5);
  if ('float' in value) return writer.float(2, value.float).int(20, 1);
  for (const item of value) writer.int(8, item);
  return writer.int(20, 7);
}

/** A NodeProto: one operator with its named inputs ('' leaves an optional one out), outputs and attributes. */
export function node(
  operator: string,
  inputs: readonly string[],
  outputs: readonly string[],
  attributes: Record<string, Attribute> = {},
): ProtoWriter {
  const writer = new ProtoWriter();
  for (const input of inputs) writer.string(1, input);
  for (const output of outputs) writer.string(2, output);
  writer.string(4, operator);
  for (const [name, value] of Object.entries(attributes)) writer.message(5, attribute(name, value));
  return writer;
}

/** A TensorProto holding its data inside the model. Row-major; an empty `dims` is a scalar. */
export function tensor(
  name: string,
  dims: readonly number[],
  data: Float32Array | Float64Array | Int32Array | BigInt64Array,
): ProtoWriter {
  const element =
    data instanceof Float32Array
      ? ELEMENT.float32
      : data instanceof Float64Array
        ? ELEMENT.float64
        : data instanceof Int32Array
          ? ELEMENT.int32
          : ELEMENT.int64;
  const writer = new ProtoWriter();
  for (const dim of dims) writer.int(1, dim);
  const raw = new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
  return writer.int(2, element).string(8, name).bytes(9, raw);
}

/** A ValueInfoProto: name, element type and shape of a graph's input or output; a string is a symbolic dimension. */
export function valueInfo(
  name: string,
  element: keyof typeof ELEMENT,
  dims: readonly (number | string)[],
): ProtoWriter {
  const shape = new ProtoWriter();
  for (const dim of dims) {
    shape.message(
      1,
      typeof dim === 'string' ? new ProtoWriter().string(2, dim) : new ProtoWriter().int(1, dim),
    );
  }
  const tensorType = new ProtoWriter().int(1, ELEMENT[element]).message(2, shape);
  return new ProtoWriter().string(1, name).message(2, new ProtoWriter().message(1, tensorType));
}

/** A GraphProto. */
export function graph(parts: {
  nodes: readonly ProtoWriter[];
  initializers?: readonly ProtoWriter[];
  inputs: readonly ProtoWriter[];
  outputs: readonly ProtoWriter[];
}): ProtoWriter {
  const writer = new ProtoWriter();
  for (const part of parts.nodes) writer.message(1, part);
  writer.string(2, 'graph');
  for (const part of parts.initializers ?? []) writer.message(5, part);
  for (const part of parts.inputs) writer.message(11, part);
  for (const part of parts.outputs) writer.message(12, part);
  return writer;
}

/** A ModelProto of that graph on the standard operators; more fields may be appended before `finish`. */
export function model(body: ProtoWriter): ProtoWriter {
  const opset = new ProtoWriter().string(1, '').int(2, OPSET);
  return new ProtoWriter().int(1, IR_VERSION).string(2, 'assay').message(7, body).message(8, opset);
}
