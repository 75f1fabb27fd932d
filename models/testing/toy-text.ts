/** Packs for tests whose text tower can be made to lie: the toy embedder, a bag of tokens, and a real tokenizer. */
import { createHash } from 'node:crypto';
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { graph, model, node, tensor, valueInfo } from '../onnx-writer.ts';
import type { TextTower } from '../types.ts';
import type { ToyPacks } from './toy-packs.ts';

export const TINY_TOWERS = path.join(import.meta.dirname, 'tiny-towers');
const TOKENS = 589;
const CONTEXT = 8;

/**
 * Each token's vector is (id, 1, -id / 2) / 100; the toy adds up those of the ids, or of those that the mask leaves.
 */
export function toyTextModel(
  options: {
    mask?: boolean;
    element?: 'int32' | 'int64' | 'float32';
    context?: number;
    batch?: number | string;
    /** Further inputs. */
    besides?: string[];
    /** Columns that the output says it has. */
    width?: number;
  } = {},
): Uint8Array {
  const {
    mask = false,
    element = 'int64',
    context = CONTEXT,
    batch = 'n',
    besides = [],
    width = 3,
  } = options;
  const table = Float32Array.from({ length: TOKENS * 3 }, (_, at) => {
    const id = Math.floor(at / 3);
    return [id, 1, -id / 2][at % 3]! / 100;
  });
  const masked = [
    node('Cast', ['mask'], ['weight'], { to: 1 }),
    node('Unsqueeze', ['weight', 'last'], ['column']),
    node('Mul', ['vectors', 'column'], ['kept']),
  ];
  const body = graph({
    nodes: [
      node('Gather', ['table', 'ids'], ['vectors'], { axis: 0 }),
      ...(mask ? masked : []),
      node('ReduceSum', [mask ? 'kept' : 'vectors', 'middle'], ['embedding'], { keepdims: 0 }),
    ],
    initializers: [
      tensor('table', [TOKENS, 3], table),
      tensor('middle', [1], BigInt64Array.of(1n)),
      tensor('last', [1], BigInt64Array.of(2n)),
    ],
    inputs: ['ids', ...(mask ? ['mask'] : []), ...besides].map((name) =>
      valueInfo(name, element, [batch, context]),
    ),
    outputs: [valueInfo('embedding', 'float32', [batch, width])],
  });
  return model(body).finish();
}

/** What the toy gives for these ids. */
export function toyTextVector(ids: readonly number[]): number[] {
  const sum = ids.reduce((total, id) => total + id, 0);
  return [sum / 100, ids.length / 100, -sum / 200];
}

const TEXT = 'a gear';
const IDS = [587, 320, 557, 588];
const PAD = 588;

/**
 * Writes an honest pack with a text tower, after `change` to its `text`, and after `files` took the place of its own.
 */
export function writeTextPack(
  toys: ToyPacks,
  name: string,
  change: (text: TextTower) => void = () => {},
  files: Record<string, Uint8Array | null> = {},
): string {
  const contents: Record<string, Uint8Array | null> = {
    'text.onnx': toyTextModel(),
    'tokenizer.json': readFileSync(path.join(TINY_TOWERS, 'tokenizer.json')),
    ...files,
  };
  const text: TextTower = {
    model: 'text.onnx',
    tokenizer: 'tokenizer.json',
    contextLength: CONTEXT,
    padId: PAD,
    ids: 'ids',
    output: 'embedding',
    golden: {
      text: TEXT,
      ids: [...IDS],
      values: toyTextVector([...IDS, ...Array<number>(CONTEXT - IDS.length).fill(PAD)]),
      tolerance: 0.001,
    },
  };
  change(text);
  const folder = toys.write(name, (manifest) => {
    manifest.text = text;
    for (const [file, bytes] of Object.entries(contents))
      manifest.files[file] = createHash('sha256')
        .update(bytes ?? '')
        .digest('hex');
  });
  for (const [file, bytes] of Object.entries(contents)) {
    if (bytes) writeFileSync(path.join(folder, file), bytes);
    else rmSync(path.join(folder, file), { force: true });
  }
  return folder;
}
