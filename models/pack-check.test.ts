import { execFileSync, spawnSync } from 'node:child_process';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, afterEach, describe, expect, test } from 'vitest';
import { InferenceProcess } from './inference-process.ts';
import { MEMORY_TAKEN } from './memory-watch.ts';
import { graph, node, type ProtoWriter, valueInfo } from './onnx-writer.ts';
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

  async function check(folder: string, options: Parameters<typeof InferenceProcess.start>[0] = {}) {
    const inference = await InferenceProcess.start({ threads: 1, ...options });
    started.push(inference);
    await checkPack(await loadPack(folder), inference);
  }

  /** The toy, with a loop at its end whose condition stays true. */
  function endless(): Uint8Array {
    const body = graph({
      nodes: [node('Identity', ['more'], ['moreStill']), node('Identity', ['carried'], ['carriedOn'])],
      inputs: [
        valueInfo('i', 'int64', []),
        valueInfo('more', 'bool', [1]),
        valueInfo('carried', 'float32', ['n', 3]),
      ],
      outputs: [valueInfo('moreStill', 'bool', [1]), valueInfo('carriedOn', 'float32', ['m', 3])],
    });
    const nodes = [
      node('Equal', ['two', 'two'], ['yes']),
      node('Loop', ['', 'yes', 'mean'], ['embedding'], { body }),
    ];
    return toyModel(nodes).finish();
  }

  test('stops a model that never ends, and one that its caller no longer wants', async () => {
    const limits = { openMs: 60_000, runMs: 1500, eachMs: 0 };
    await expect(check(write(undefined, endless()), { limits })).rejects.toMatchObject({
      code: 'MODEL_REFUSED',
      message: expect.stringMatching(/does not run: .* the model was stopped after 1.5 s: .* never ends/),
    });
    const signal = AbortSignal.timeout(1500);
    await expect(check(write(undefined, endless()), { signal })).rejects.toMatchObject({ code: 'CANCELLED' });
  });

  test('stops a process whose model takes too much memory', () => {
    const module = JSON.stringify(new URL('./memory-watch.ts', import.meta.url).href);
    // The thread that asked is blocked, as ONNX Runtime does it.
    const script = `import { watchMemory } from ${module};
      await watchMemory(2e8).during(async () => {
        await new Promise((resolve) => setTimeout(resolve, 1000));
        for (const kept = []; ; Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 10))
          kept.push(Buffer.alloc(1e7, 1));
      });`;
    const { signal, stderr } = spawnSync(process.execPath, ['--input-type=module', '-e', script], {
      encoding: 'utf8',
      timeout: 60_000,
    });
    expect([signal, MEMORY_TAKEN.exec(stderr)?.[0]]).toEqual([
      'SIGKILL',
      expect.stringContaining('0.19 GiB'),
    ]);
  });

  test('refuses a model that says the same of every picture', async () => {
    const constant = toyModel([
      node('Mul', ['mean', 'two'], ['any']),
      node('Sub', ['any', 'any'], ['nothing']),
      node('Add', ['nothing', 'two'], ['embedding']),
    ]).finish();
    await expect(check(write((m) => m.golden.values.fill(2), constant))).rejects.toThrow(
      /gives the same output for every picture/,
    );
  });

  test.skipIf(process.platform === 'win32')('names a pipe or a folder in place of a file', async () => {
    for (const put of [(file: string) => execFileSync('mkfifo', [file]), (file: string) => mkdirSync(file)]) {
      const folder = write();
      rmSync(path.join(folder, 'model.onnx'));
      put(path.join(folder, 'model.onnx'));
      await expect(check(folder)).rejects.toThrow(
        /model\.onnx is not a regular file \(a link, a folder or a pipe\)/,
      );
    }
  });

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
