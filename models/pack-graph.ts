/** What the graph of a model pack may be: checked on its bytes, before ONNX Runtime sees them. */
import { outputWidth } from './manifest.ts';
import { type OnnxSummary, type OnnxValue, ProtobufError, readOnnx } from './onnx-reader.ts';
import { ELEMENT } from './onnx-writer.ts';
import type { PackManifest, TextTower } from './types.ts';

/** The standard operators. Contributed ones (com.microsoft) differ between builds of ONNX Runtime. */
const DOMAINS = new Set(['', 'ai.onnx', 'ai.onnx.ml']);

function shown(value: OnnxValue): string {
  return `${value.name} [${value.dims?.join(', ') ?? 'no shape'}]`;
}

function listed(values: readonly OnnxValue[]): string {
  return values.map(shown).join('; ') || 'none';
}

/** Whether a declared dimension allows `wanted`; a symbol allows anything. */
function allows(dim: number | string | undefined, wanted: number): boolean {
  return typeof dim !== 'number' || dim === wanted;
}

function domainProblem(summary: OnnxSummary): string | null {
  const { nodeDomains, functionDomains, opsetDomains } = summary;
  const odd = [...nodeDomains, ...functionDomains, ...opsetDomains].find((domain) => !DOMAINS.has(domain));
  if (odd === undefined) return null;
  const operators = [...summary.operators].filter((name) => name.startsWith(`${odd}::`)).slice(0, 3);
  const users = operators.length > 0 ? ` (${operators.join(', ')})` : '';
  return (
    `uses the operator domain ${odd}${users}, which is not standard ONNX; ` +
    'export it again with standard operators only and with local functions inlined'
  );
}

function inputProblem(summary: OnnxSummary, manifest: PackManifest): string | null {
  const { name, width, height, layout } = manifest.input;
  const value = summary.inputs.find((input) => input.name === name);
  if (!value) return `has no input ${name}; its inputs are: ${listed(summary.inputs)}`;
  if (summary.inputs.length > 1) {
    return `wants more than one input: ${listed(summary.inputs)}; export it with the image as its only input`;
  }
  if (value.element !== ELEMENT.float32)
    return `takes another element type than float32 at ${name}; export it as float32`;
  if (!value.dims) return `declares no shape for its input ${name}`;
  const [, ...image] = value.dims;
  const wanted = layout === 'NCHW' ? [3, height, width] : [height, width, 3];
  const fits = value.dims.length === 4 && wanted.every((size, i) => allows(image[i], size));
  if (!fits) return `takes ${shown(value)}, but pack.json says ${layout} [n, ${wanted.join(', ')}]`;
  return batchProblem(value.dims, 'images');
}

function batchProblem([batch]: readonly (number | string)[], what: string): string | null {
  if (typeof batch === 'number' && (batch < 1 || batch > 1024)) return `fixes its batch at ${batch} ${what}`;
  return null;
}

function textInputProblem(summary: OnnxSummary, { ids, mask, contextLength }: TextTower): string | null {
  for (const name of mask === undefined ? [ids] : [ids, mask]) {
    const value = summary.inputs.find((input) => input.name === name);
    if (!value) return `has no input ${name}; its inputs are: ${listed(summary.inputs)}`;
    if (value.element !== ELEMENT.int64 && value.element !== ELEMENT.int32)
      return `takes another element type than int64 or int32 at ${name}; export it with one of them`;
    if (!value.dims) return `declares no shape for its input ${name}`;
    if (value.dims.length !== 2 || !allows(value.dims[1], contextLength))
      return `takes ${shown(value)}, but pack.json says [n, ${contextLength}]`;
    const problem = batchProblem(value.dims, 'texts');
    if (problem) return problem;
  }
  const other = summary.inputs.find(({ name }) => name !== ids && name !== mask);
  if (!other) return null;
  return (
    `wants the input ${shown(other)} besides; name it as \`mask\` if it is the attention mask, ` +
    'else export it with the ids as its only input'
  );
}

/** A float32 output called `name`. */
function absence(summary: OnnxSummary, name: string): string | null {
  const value = summary.outputs.find((output) => output.name === name);
  if (!value) return `has no output ${name}; its outputs are: ${listed(summary.outputs)}`;
  return value.element === ELEMENT.float32 ? null : `gives another element type than float32 at ${name}`;
}

/** `width` values a row of the output called `name`. */
function outputProblem(summary: OnnxSummary, name: string, width: number, what: string): string | null {
  const absent = absence(summary, name);
  if (absent) return absent;
  const value = summary.outputs.find((output) => output.name === name)!;
  if (!value.dims) return null;
  const [, ...perRow] = value.dims;
  if (value.dims.length < 2) return `gives ${shown(value)}, which has no row per ${what}`;
  const sizes = perRow.filter((dim) => typeof dim === 'number');
  const product = sizes.reduce((total, size) => total * size, 1);
  if (sizes.length === perRow.length ? product !== width : width % product !== 0) {
    return `gives ${shown(value)}, but pack.json says ${width} values per ${what}`;
  }
  return null;
}

/**
 * null where the graph in `bytes` is plain ONNX that keeps what the manifest promises; else one clause, to follow the
 * file's name, that says what is false: external data, operators outside the standard, names, element types, shapes.
 */
export function graphProblem(bytes: Uint8Array, manifest: PackManifest): string | null {
  return problemOf(
    bytes,
    (summary) =>
      inputProblem(summary, manifest) ??
      outputProblem(summary, manifest.output, outputWidth(manifest), 'image') ??
      patchProblem(summary, manifest),
  );
}

/** Every output of patches must divide evenly into the grid. */
function patchProblem(summary: OnnxSummary, manifest: PackManifest): string | null {
  const grid = manifest.kind === 'embedder' ? manifest.patches : undefined;
  for (const { name, dimensions } of grid?.outputs ?? []) {
    const absent = absence(summary, name);
    if (absent) return absent;
    const value = summary.outputs.find((output) => output.name === name)!;
    const [, channels, height, width] = value.dims ?? [];
    const isWhole = (size: number | string | undefined, cells: number): boolean =>
      typeof size === 'number' && size % cells === 0;
    if (channels !== dimensions || !isWhole(height, grid!.rows) || !isWhole(width, grid!.columns))
      return (
        `gives ${shown(value)}, but pack.json says [n, ${dimensions}, height, width] that divides evenly ` +
        `into ${grid!.rows} x ${grid!.columns} patches`
      );
  }
  return null;
}

/** The same of the graph of a text tower, which must give vectors as long as those of the images. */
export function textGraphProblem(bytes: Uint8Array, tower: TextTower, dimensions: number): string | null {
  return problemOf(
    bytes,
    (summary) => textInputProblem(summary, tower) ?? outputProblem(summary, tower.output, dimensions, 'text'),
  );
}

function problemOf(bytes: Uint8Array, further: (summary: OnnxSummary) => string | null): string | null {
  let summary: OnnxSummary;
  try {
    summary = readOnnx(bytes);
  } catch (thrown) {
    if (!(thrown instanceof ProtobufError)) throw thrown;
    return `is not an ONNX model: ${thrown.message}`;
  }
  const external = summary.externalTensors[0];
  if (external !== undefined) {
    return `keeps tensor ${external || '(unnamed)'} in another file (external_data); save the model as one file`;
  }
  return domainProblem(summary) ?? further(summary);
}
