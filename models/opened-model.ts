/** The model that the inference process holds open: turns bytes of images into the graph's outputs. */
import { Tensor, type InferenceSession } from 'onnxruntime-node';
import { AssayError } from '../rpc/errors.ts';
import { batchImages, type OpenRequest } from './messages.ts';
import { openSession, readChecked } from './ort-session.ts';
import { packPatches, patchBytes, type Layer } from './patches.ts';
import type { PackInput, PatchGrid } from './types.ts';

/** (byte * scale - mean) / std for every channel and byte. */
function normalisationTable(input: PackInput): Float32Array {
  const table = new Float32Array(3 * 256);
  for (let channel = 0; channel < 3; channel++) {
    for (let byte = 0; byte < 256; byte++) {
      table[channel * 256 + byte] = (byte * input.scale - input.mean[channel]!) / input.std[channel]!;
    }
  }
  return table;
}

export class OpenedModel {
  readonly #session: InferenceSession;
  readonly #request: OpenRequest;
  readonly #table: Float32Array;
  readonly #batch: number;
  readonly #feed: Float32Array;
  readonly #tensor: Tensor;

  private constructor(session: InferenceSession, request: OpenRequest) {
    this.#session = session;
    this.#request = request;
    this.#table = normalisationTable(request.input);
    const declared = session.inputMetadata.find((value) => value.name === request.input.name);
    const fixed = declared?.isTensor ? declared.shape[0] : undefined;
    this.#batch = typeof fixed === 'number' ? fixed : batchImages(request.provider);
    const { width, height, layout } = request.input;
    this.#feed = new Float32Array(this.#batch * 3 * width * height);
    const shape = layout === 'NCHW' ? [this.#batch, 3, height, width] : [this.#batch, height, width, 3];
    this.#tensor = new Tensor('float32', this.#feed, shape);
  }

  /** Rejects with MODEL_REFUSED where the file changed since it was checked, else with ONNX Runtime's own error. */
  static async open(request: OpenRequest, threads: number): Promise<OpenedModel> {
    const bytes = await readChecked(request.file, request.sha256);
    return new OpenedModel(await openSession(bytes, { threads, provider: request.provider }), request);
  }

  release(): Promise<void> {
    return this.#session.release();
  }

  #fill(images: Uint8Array, first: number, n: number): void {
    const { width, height, layout } = this.#request.input;
    const pixels = width * height;
    const table = this.#table;
    const feed = this.#feed;
    feed.fill(0, n * 3 * pixels);
    for (let i = 0; i < n; i++) {
      const from = (first + i) * 3 * pixels;
      const to = i * 3 * pixels;
      for (let at = 0; at < 3 * pixels; at++) {
        const channel = at % 3;
        const value = table[channel * 256 + images[from + at]!]!;
        feed[layout === 'NHWC' ? to + at : to + channel * pixels + (at - channel) / 3] = value;
      }
    }
  }

  /**
   * n images (HWC bytes) -> n x width floats, raw as the graph gives them, and n packed grids of patches where asked
   * for. Rejects with INFERENCE_FAILED where the graph's output has another shape or is not finite; `data.rows` then
   * lists the images concerned.
   */
  async run(
    images: Uint8Array,
    n: number,
    withPatches: boolean,
  ): Promise<{ vectors: Float32Array; patches: Uint8Array | null }> {
    const { width, input, output } = this.#request;
    const grid = withPatches ? this.#request.patches : null;
    const result = new Float32Array(n * width);
    const patches = grid && new Uint8Array(n * patchBytes(grid));
    const wanted = [output, ...(grid?.outputs ?? []).map(({ name }) => name)];
    for (let first = 0; first < n; first += this.#batch) {
      const count = Math.min(this.#batch, n - first);
      this.#fill(images, first, count);
      const given = await this.#session.run({ [input.name]: this.#tensor }, wanted);
      const value = given[output];
      const data = value?.data;
      if (!(data instanceof Float32Array) || data.length !== this.#batch * width) {
        throw new AssayError(
          'INFERENCE_FAILED',
          `Output ${output} of the model is ${value?.type} [${value?.dims.join(', ')}], not ${width} floats an image.`,
        );
      }
      result.set(data.subarray(0, count * width), first * width);
      if (!patches || !grid) continue;
      const layers = grid.outputs.map((layer) => layerOf(given, layer, grid, this.#batch));
      for (let i = 0; i < count; i++)
        patches.set(packPatches(layers, i, grid), (first + i) * patchBytes(grid));
    }
    const rows = Array.from({ length: n }, (_, row) => row).filter(
      (row) => !result.subarray(row * width, (row + 1) * width).every(Number.isFinite),
    );
    if (rows.length > 0) {
      throw new AssayError(
        'INFERENCE_FAILED',
        `The model gave NaN or infinity for ${rows.length} of ${n} images, the first at place ${rows[0]}.`,
        { rows },
      );
    }
    return { vectors: result, patches };
  }
}

/** An output as a layer. A graph may declare one shape and give another. */
function layerOf(
  given: InferenceSession.OnnxValueMapType,
  { name, dimensions }: PatchGrid['outputs'][number],
  { rows, columns }: PatchGrid,
  batch: number,
): Layer {
  const value = given[name];
  const [n, channels, height = 0, width = 0] = value?.dims ?? [];
  const data = value?.data;
  if (
    !(data instanceof Float32Array) ||
    n !== batch ||
    channels !== dimensions ||
    height % rows !== 0 ||
    width % columns !== 0
  )
    throw new AssayError(
      'INFERENCE_FAILED',
      `Output ${name} of the model is ${value?.type} [${value?.dims.join(', ')}], not ${dimensions} floats for each of ${rows} x ${columns} patches.`,
    );
  return { data, height, width };
}
