import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, afterEach, describe, expect, onTestFinished, test, vi } from 'vitest';
import { BUILT_IN_PACKS, DEFAULT_EMBEDDER } from './catalog.ts';
import { gpuDevices } from './devices.ts';
import { InferenceProcess } from './inference-process.ts';
import { graph, model, node, tensor, valueInfo } from './onnx-writer.ts';
import { goldenImage } from './pack-golden.ts';
import { loadPack } from './pack.ts';
import { seededRandom } from './testing/random.ts';
import { TOY_SIDE, toyEmbedding, toyModel, ToyPacks } from './testing/toy-packs.ts';

const toys = new ToyPacks();
const started: InferenceProcess[] = [];

async function start(options: Parameters<typeof InferenceProcess.start>[0] = {}): Promise<InferenceProcess> {
  const inference = await InferenceProcess.start({ threads: 2, ...options });
  started.push(inference);
  return inference;
}

afterEach(async () => {
  for (const inference of started.splice(0)) await inference.close();
});
afterAll(() => toys.clean());

function images(n: number, side: number): Uint8Array {
  const block = new Uint8Array(n * side * side * 3);
  for (let i = 0; i < n; i++) block.set(goldenImage(100 + i, side, side), i * side * side * 3);
  return block;
}

/** Rows enough to keep a fit busy for as long as a test needs to interrupt it. */
async function putLongTask(inference: InferenceProcess) {
  const random = seededRandom(1);
  const [rows, columns, classes] = [20_000, 64, 10];
  await inference.putMatrix('x', Float32Array.from({ length: rows * columns }, random), rows, columns);
  return {
    x: 'x',
    labels: Int32Array.from({ length: rows }, () => Math.floor(random() * classes)),
    sampleWeights: new Float64Array(rows).fill(1),
    classes,
    lambda: 0,
    tolerance: 0,
    maxIterations: 1_000_000,
  };
}

/** The toy's model for images whose channels come last. */
function toyNhwc(): Uint8Array {
  const body = graph({
    nodes: [
      node('ReduceMean', ['image', 'axes'], ['mean'], { keepdims: 0 }),
      node('Add', ['mean', 'mean'], ['embedding']),
    ],
    initializers: [tensor('axes', [2], BigInt64Array.of(1n, 2n))],
    inputs: [valueInfo('image', 'float32', ['n', TOY_SIDE, TOY_SIDE, 3])],
    outputs: [valueInfo('embedding', 'float32', ['n', 3])],
  });
  return model(body).finish();
}

const built = await loadPack(`${BUILT_IN_PACKS}/${DEFAULT_EMBEDDER}`);
const side = built.manifest.input.width;
const size = 3 * side * side;

describe('running a model', () => {
  test('normalises and lays out pixels as the pack says, in both layouts', async () => {
    const inference = await start();
    const block = images(3, TOY_SIDE);
    const expected = [0, 1, 2].flatMap((i) => toyEmbedding(block.subarray(i * 48, (i + 1) * 48)));
    await inference.loadPack(await loadPack(toys.write('nchw')), 'cpu');
    (await inference.run(block, 3)).forEach((value, i) => expect(value).toBeCloseTo(expected[i]!, 3));

    const nhwc = toys.write('nhwc', (manifest) => (manifest.input.layout = 'NHWC'), toyNhwc());
    await inference.loadPack(await loadPack(nhwc), 'cpu');
    (await inference.run(block, 3)).forEach((value, i) => expect(value).toBeCloseTo(expected[i]!, 3));
  });

  test('gives an image the same bits alone, in any place, in any company, and after a restart', async () => {
    const inference = await start();
    await inference.loadPack(built, 'cpu');
    const n = 37;
    const block = images(n, side);
    const together = await inference.run(block, n);
    for (const i of [0, 7, 8, 36]) {
      const alone = await inference.run(block.subarray(i * size, (i + 1) * size), 1);
      expect(alone).toEqual(together.subarray(i * 256, (i + 1) * 256));
    }
    const last = await inference.run(block.subarray(5 * size), n - 5);
    expect(last).toEqual(together.subarray(5 * 256));
    inference.kill();
    expect(await inference.run(block, n)).toEqual(together);
  });

  test('takes pieces of many images apart and puts them together again', async () => {
    const inference = await start();
    await inference.loadPack(await loadPack(toys.write('pieces')), 'cpu');
    const n = 100_003;
    const block = new Uint8Array(n * 48).map((_, at) => Math.floor(at / 48) % 251);
    const result = await inference.run(block, n);
    for (const i of [0, 1, 87_380, 87_381, n - 1])
      expect(result[i * 3]).toBeCloseTo(2 * ((i % 251) / 2 - 1), 3);
  });

  test('refuses NaN, naming the image', async () => {
    const bytes = toys.write('nan', () => {}, toyModel([node('Log', ['mean'], ['embedding'])]).finish());
    const inference = await start();
    await inference.loadPack(await loadPack(bytes), 'cpu');
    const block = images(20, TOY_SIDE);
    // Black is -1 in the toy's normalisation, which has no logarithm.
    block.fill(0, 13 * 48, 14 * 48);
    await expect(inference.run(block, 20)).rejects.toMatchObject({
      code: 'INFERENCE_FAILED',
      data: { rows: [13] },
    });
  });

  test('says what is missing or does not fit', async () => {
    const inference = await start();
    await expect(inference.run(new Uint8Array(48), 1)).rejects.toMatchObject({ code: 'NOT_READY' });
    await inference.loadPack(await loadPack(toys.write('sizes')), 'cpu');
    await expect(inference.run(new Uint8Array(47), 1)).rejects.toMatchObject({ code: 'INVALID_INPUT' });
    await expect(inference.nearest(new Float32Array(3), 'none', 1)).rejects.toMatchObject({
      code: 'NOT_READY',
    });
    expect(await inference.run(new Uint8Array(), 0)).toEqual(new Float32Array());
  });
});

describe('devices', () => {
  test('auto uses what works, and a GPU that is not there needs no words', async () => {
    const inference = await start();
    const { device, note } = await inference.loadPack(built, 'auto');
    // Only one that runs and computes something else is worth a note.
    expect(note ?? 'runs, but').toContain('runs, but');
    // Asked for by name, each says why.
    for (const gpu of gpuDevices(inference.providers))
      await inference.loadPack(built, gpu).then(
        (loaded) => expect(loaded.device).toBe(gpu),
        (error) => expect(error).toMatchObject({ code: 'INFERENCE_FAILED' }),
      );
    expect(await inference.loadPack(built, 'auto')).toEqual({ device, note });
    const given = await inference.run(images(1, side), 1);
    expect(given.length).toBe(256);
    // Loaded again it is as it was: after another device, after another model, and after the process ended.
    for (const before of [
      () => inference.loadPack(built, 'cpu'),
      async () => inference.loadPack(await loadPack(toys.write('between')), 'auto'),
      async () => inference.kill(),
    ]) {
      await before();
      expect(await inference.loadPack(built, 'auto')).toEqual({ device, note });
      expect(await inference.run(images(1, side), 1)).toEqual(given);
    }
  });

  test('a device that this build lacks is refused by name', async () => {
    const inference = await start();
    const absent = (['dml', 'coreml', 'cuda'] as const).find((name) => !inference.providers.includes(name))!;
    await expect(inference.loadPack(built, absent)).rejects.toMatchObject({ code: 'INVALID_INPUT' });
  });
});

describe('kernels across the process border', () => {
  test('find neighbours and fit with matrices that come in pieces', async () => {
    const inference = await start();
    const [rows, columns] = [30_000, 70];
    const random = seededRandom(4);
    const data = Float32Array.from({ length: rows * columns }, random);
    await inference.putMatrix('base', data, rows, columns);
    const chosen = [0, 14_979, 14_980, rows - 1];
    const query = Float32Array.from(
      chosen.flatMap((row) => [...data.subarray(row * columns, (row + 1) * columns)]),
    );
    const found = await inference.nearest(query, 'base', 1);
    expect(Array.from(found.index)).toEqual(chosen);
    expect(Array.from(found.distance)).toEqual([0, 0, 0, 0]);
    await inference.dropMatrix('base');
    await expect(inference.nearest(query, 'base', 1)).rejects.toMatchObject({ code: 'NOT_READY' });
  });

  test('refuse input that is not finite or does not fit, and live on', async () => {
    const inference = await start();
    await expect(inference.putMatrix('m', Float32Array.of(1, NaN), 2, 1)).rejects.toMatchObject({
      code: 'INVALID_INPUT',
      data: { row: 1 },
    });
    await expect(inference.putMatrix('m', new Float32Array(5), 2, 3)).rejects.toMatchObject({
      code: 'INVALID_INPUT',
    });
    await inference.putMatrix('m', Float32Array.of(1, 2, 3), 3, 1);
    const task = {
      x: 'm',
      labels: Int32Array.of(0, 1, 2),
      sampleWeights: Float64Array.of(1, 1, 1),
      classes: 2,
      lambda: 1,
    };
    await expect(inference.fitLogistic(task)).rejects.toThrow(/label of row 2 is 2/);
    await expect(inference.fitLogistic({ ...task, sampleWeights: new Float64Array(3) })).rejects.toThrow(
      /weight 0/,
    );
    const fit = await inference.fitLogistic({ ...task, sampleWeights: Float64Array.of(1, 1, 0) });
    expect(fit.converged).toBe(true);
  });
});

describe('death and cancelling', () => {
  test('a killed process gives a clear error, and the next call a new process', async () => {
    const inference = await start();
    await inference.loadPack(built, 'cpu');
    const task = await putLongTask(inference);
    const running = inference.fitLogistic(task);
    setTimeout(() => process.kill(inference.pid!, 'SIGKILL'), 300);
    await expect(running).rejects.toMatchObject({
      code: 'INFERENCE_FAILED',
      message: expect.stringMatching(/Fitting a logistic regression on x failed: .*SIGKILL/),
    });
    expect((await inference.run(images(1, side), 1)).length).toBe(256);
    await expect(inference.fitLogistic(task)).rejects.toMatchObject({ code: 'NOT_READY' });
  });

  test('an abort ends only the task it belongs to', async () => {
    const inference = await start();
    const task = await putLongTask(inference);
    const abort = new AbortController();
    const running = inference.withSignal(abort.signal).fitLogistic(task);
    const queued = inference.putMatrix('y', Float32Array.of(1, 2), 2, 1);
    setTimeout(() => abort.abort(), 300);
    await expect(running).rejects.toMatchObject({ code: 'CANCELLED' });
    await queued;
    const found = await inference.nearest(Float32Array.of(1.9), 'y', 1);
    expect(found.index[0]).toBe(1);
  });

  test('an abort while waiting in the queue ends the wait and kills nothing', async () => {
    const inference = await start();
    await inference.putMatrix('y', Float32Array.of(1, 2), 2, 1);
    const task = await putLongTask(inference);
    const long = inference.fitLogistic({ ...task, maxIterations: 20 });
    const abort = new AbortController();
    const waiting = inference.withSignal(abort.signal).nearest(Float32Array.of(1), 'y', 1);
    abort.abort();
    await expect(waiting).rejects.toMatchObject({ code: 'CANCELLED' });
    expect((await long).iterations).toBe(20);
    expect((await inference.nearest(Float32Array.of(1), 'y', 1)).index[0]).toBe(0);
  });

  test('an aborted signal of the whole process cancels every call', async () => {
    const abort = new AbortController();
    const inference = await start({ signal: abort.signal });
    abort.abort();
    await expect(inference.putMatrix('y', Float32Array.of(1), 1, 1)).rejects.toMatchObject({
      code: 'CANCELLED',
    });
  });

  test('closing waits for what runs, refuses what comes later and leaves no folder behind', async () => {
    // A folder of its own: other test files start inference processes at the same time.
    const temporary = mkdtempSync(path.join(tmpdir(), 'assay-own-'));
    for (const name of ['TMPDIR', 'TEMP', 'TMP']) vi.stubEnv(name, temporary);
    onTestFinished(() => {
      vi.unstubAllEnvs();
      rmSync(temporary, { recursive: true });
    });
    const folders = () => readdirSync(temporary).filter((name) => name.startsWith('assay-inference-'));
    const inference = await InferenceProcess.start({ threads: 1 });
    expect(folders()).toHaveLength(1);
    const put = inference.putMatrix('y', Float32Array.of(1), 1, 1);
    await inference.close();
    await put;
    await expect(inference.dropMatrix('y')).rejects.toMatchObject({ code: 'NOT_READY' });
    expect(folders()).toEqual([]);
  });
});
