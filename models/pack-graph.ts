/** What the graph of a model pack may be: checked on its bytes, before ONNX Runtime sees them. */
import { outputWidth } from './manifest.ts';
import { type OnnxSummary, type OnnxValue, ProtobufError, readOnnx } from './onnx-reader.ts';
import { ELEMENT } from './onnx-writer.ts';
import type { PackManifest } from './types.ts';

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
  const [batch, ...image] = value.dims;
  const wanted = layout === 'NCHW' ? [3, height, width] : [height, width, 3];
  const fits = value.dims.length === 4 && wanted.every((size, i) => allows(image[i], size));
  if (!fits) return `takes ${shown(value)}, but pack.json says ${layout} [n, ${wanted.join(', ')}]`;
  if (typeof batch === 'number' && (batch < 1 || batch > 1024)) return `fixes its batch at ${batch} images`;
  return null;
}

function outputProblem(summary: OnnxSummary, manifest: PackManifest): string | null {
  const value = summary.outputs.find((output) => output.name === manifest.output);
  if (!value) return `has no output ${manifest.output}; its outputs are: ${listed(summary.outputs)}`;
  if (value.element !== ELEMENT.float32) return `gives another element type than float32 at ${value.name}`;
  if (!value.dims) return null;
  const [, ...perImage] = value.dims;
  if (value.dims.length < 2) return `gives ${shown(value)}, which has no row per image`;
  const sizes = perImage.filter((dim) => typeof dim === 'number');
  const width = outputWidth(manifest);
  const product = sizes.reduce((total, size) => total * size, 1);
  if (sizes.length === perImage.length ? product !== width : width % product !== 0) {
    return `gives ${shown(value)}, but pack.json says ${width} values an image`;
  }
  return null;
}

/**
 * null where the graph in `bytes` is plain ONNX that keeps what the manifest promises; else one clause, to follow the
 * file's name, that says what lies: external data, operators outside the standard, names, element types, shapes.
 */
export function graphProblem(bytes: Uint8Array, manifest: PackManifest): string | null {
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
  return domainProblem(summary) ?? inputProblem(summary, manifest) ?? outputProblem(summary, manifest);
}
