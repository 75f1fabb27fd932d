import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, afterEach, describe, expect, test } from 'vitest';
import { InferenceProcess } from './inference-process.ts';
import { node, type ProtoWriter } from './onnx-writer.ts';
import { checkPack } from './pack-check.ts';
import { loadPack } from './pack.ts';
import { toyModel, ToyPacks } from './testing/toy-packs.ts';
import type { EmbedderManifest } from './types.ts';

const toys = new ToyPacks();
let serial = 0;

afterAll(() => toys.clean());

function write(change?: (manifest: EmbedderManifest) => void, bytes?: Uint8Array): string {
  return toys.write(`toy-${++serial}`, change, bytes);
}

describe('checkPack', () => {
  const started: InferenceProcess[] = [];
  afterEach(async () => {
    for (const inference of started.splice(0)) await inference.close();
  });

  async function check(folder: string): Promise<void> {
    const inference = await InferenceProcess.start({ threads: 1 });
    started.push(inference);
    await checkPack(await loadPack(folder), inference);
  }

  test('passes an honest pack', async () => {
    await expect(check(write())).resolves.toBeUndefined();
  });

  test.each<[string, (manifest: EmbedderManifest) => void]>([
    ['a golden value', (m) => (m.golden.values[1]! += 0.01)],
    ['the golden seed', (m) => (m.golden.seed = 6)],
    ['the scale', (m) => (m.input.scale = 0.51)],
    ['the mean', (m) => (m.input.mean = [1, 1.1, 1])],
    ['the deviation', (m) => (m.input.std = [1, 1, 1.1])],
    ['the layout of channels', (m) => m.golden.values.reverse()],
  ])('refuses a pack that lies about %s', async (_what, change) => {
    await expect(check(write(change))).rejects.toMatchObject({
      code: 'MODEL_REFUSED',
      message: expect.stringMatching(/another vector than pack\.json's golden one/),
    });
  });

  test.each<[string, ProtoWriter[], RegExp]>([
    [
      'gives NaN',
      [node('Neg', ['mean'], ['minus']), node('Log', ['minus'], ['embedding'])],
      /NaN or infinity/,
    ],
    ['does not run', [node('NoSuchOperator', ['mean'], ['embedding'])], /does not run/],
    [
      'gives one value for all images',
      [node('ReduceMean', ['mean'], ['embedding'], { keepdims: 0 })],
      /does not run/,
    ],
  ])('refuses a model that %s', async (_what, tail, message) => {
    await expect(check(write(undefined, toyModel(tail).finish()))).rejects.toMatchObject({
      code: 'MODEL_REFUSED',
      message: expect.stringMatching(message),
    });
  });

  test('refuses logits that are said to be probabilities', async () => {
    const classify = (activation: string) => (manifest: EmbedderManifest) => {
      Object.assign(manifest, { kind: 'classifier', classes: ['a', 'b', 'c'], activation });
      Reflect.deleteProperty(manifest, 'dimensions');
    };
    await expect(check(write(classify('logits')))).resolves.toBeUndefined();
    await expect(check(write(classify('probabilities')))).rejects.toThrow(/no probabilities/);
  });

  test('refuses a file that was changed after the static checks', async () => {
    const folder = write();
    const pack = await loadPack(folder);
    writeFileSync(
      path.join(folder, 'model.onnx'),
      toyModel([node('Add', ['mean', 'two'], ['embedding'])]).finish(),
    );
    const inference = await InferenceProcess.start({ threads: 1 });
    started.push(inference);
    await expect(checkPack(pack, inference)).rejects.toThrow(/changed since its pack was checked/);
  });
});
