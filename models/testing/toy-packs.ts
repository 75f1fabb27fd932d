/** Small model packs for tests, made on the spot: each part can be made to lie. */
import { createHash } from 'node:crypto';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { graph, model, node, type ProtoWriter, tensor, valueInfo } from '../onnx-writer.ts';
import { goldenImage } from '../pack-golden.ts';
import type { EmbedderManifest } from '../types.ts';

export const TOY_SIDE = 4;

/** The toy embeds an image as the mean of each channel, doubled; `tail` follows as the graph's last step. */
export function toyModel(tail: ProtoWriter[] = [node('Mul', ['mean', 'two'], ['embedding'])]): ProtoWriter {
  return model(toyGraph(tail));
}

export function toyGraph(tail: ProtoWriter[], extra: { initializers?: ProtoWriter[] } = {}): ProtoWriter {
  return graph({
    nodes: [node('ReduceMean', ['image', 'axes'], ['mean'], { keepdims: 0 }), ...tail],
    initializers: [
      tensor('axes', [2], BigInt64Array.of(2n, 3n)),
      tensor('two', [1], Float32Array.of(2)),
      ...(extra.initializers ?? []),
    ],
    inputs: [valueInfo('image', 'float32', ['n', 3, TOY_SIDE, TOY_SIDE])],
    outputs: [valueInfo('embedding', 'float32', ['n', 3])],
  });
}

/** What the toy gives for an image of bytes, normalised by x / 2 - 1. */
export function toyEmbedding(image: Uint8Array): number[] {
  return [0, 1, 2].map((channel) => {
    const values = image.filter((_, at) => at % 3 === channel);
    return 2 * (values.reduce((sum, value) => sum + value / 2 - 1, 0) / values.length);
  });
}

export function toyManifest(modelBytes: Uint8Array): EmbedderManifest {
  return {
    kind: 'embedder',
    id: 'toy',
    version: '1.0.0',
    title: 'Channel means',
    licence: 'Apache-2.0',
    files: { 'model.onnx': createHash('sha256').update(modelBytes).digest('hex') },
    model: 'model.onnx',
    input: {
      name: 'image',
      width: TOY_SIDE,
      height: TOY_SIDE,
      layout: 'NCHW',
      fit: 'squash',
      kernel: 'area',
      scale: 0.5,
      mean: [1, 1, 1],
      std: [1, 1, 1],
    },
    output: 'embedding',
    dimensions: 3,
    golden: { seed: 5, values: toyEmbedding(goldenImage(5, TOY_SIDE, TOY_SIDE)), tolerance: 0.001 },
  };
}

/** Writes packs into one temporary folder, removed by `clean`. */
export class ToyPacks {
  readonly root = mkdtempSync(path.join(tmpdir(), 'assay-packs-'));

  /** `change` edits the honest manifest's JSON before it is written; the model's hash is right unless it changes it. */
  write(
    name: string,
    change: (manifest: EmbedderManifest) => void = () => {},
    bytes: Uint8Array = toyModel().finish(),
  ): string {
    const folder = path.join(this.root, name);
    mkdirSync(folder);
    const manifest = toyManifest(bytes);
    change(manifest);
    writeFileSync(path.join(folder, 'model.onnx'), bytes);
    writeFileSync(path.join(folder, 'pack.json'), JSON.stringify(manifest));
    return folder;
  }

  clean(): void {
    rmSync(this.root, { recursive: true, force: true });
  }
}
