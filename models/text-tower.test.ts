import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { InferenceProcess } from './inference-process.ts';
import { checkPack, checkTextTower, goldenText } from './pack-check.ts';
import { loadPack } from './pack.ts';
import { TINY_TOWERS, toyTextModel, toyTextVector, writeTextPack } from './testing/toy-text.ts';
import { ToyPacks } from './testing/toy-packs.ts';
import type { ModelPack, TextTower } from './types.ts';

const toys = new ToyPacks();
let serial = 0;
let inference: InferenceProcess;

beforeAll(async () => {
  inference = await InferenceProcess.start({ threads: 1 });
});
afterAll(async () => {
  await inference.close();
  toys.clean();
});

function write(change?: (text: TextTower) => void, files?: Record<string, Uint8Array | null>): string {
  return writeTextPack(toys, `toy-${++serial}`, change, files);
}

function refusal(message: RegExp) {
  return { code: 'MODEL_REFUSED', message: expect.stringMatching(message) };
}

async function vectorOf(pack: ModelPack, text: string): Promise<Float32Array> {
  return (await inference.embedTexts(pack, [text])).vectors;
}

describe('a text tower', () => {
  test('of an honest pack passes every check', async () => {
    await expect(checkPack(await loadPack(write()), inference)).resolves.toBeUndefined();
    const tiny = await loadPack(TINY_TOWERS);
    await expect(checkPack(tiny, inference)).resolves.toBeUndefined();
    expect(await goldenText(tiny, inference)).toMatchObject({
      ids: [587, 320, 573, 550, 559, 268, 535, 588],
    });
  });

  test('fills short texts up and cuts long ones before their end', async () => {
    const pack = await loadPack(write());
    const { tokens, vectors } = await inference.embedTexts(pack, ['gear', 'a a a a a a a a a gear']);
    expect(tokens[0]).toEqual([587, 557, 588]);
    expect(tokens[1]).toHaveLength(12);
    const wanted = [...toyTextVector([587, 557, 588, 588, 588, 588, 588, 588])];
    wanted.push(...toyTextVector([587, 320, 320, 320, 320, 320, 320, 588]));
    expect([...vectors].map((value, i) => Math.abs(value - wanted[i]!) < 1e-4)).toEqual(Array(6).fill(true));
  });

  test('is told by its mask where nothing stands', async () => {
    const change = (text: TextTower): void => {
      text.mask = 'mask';
      text.golden.values = toyTextVector(text.golden.ids);
    };
    const pack = await loadPack(write(change, { 'text.onnx': toyTextModel({ mask: true }) }));
    await expect(checkTextTower(pack, inference)).resolves.toBeUndefined();
    const vector = await vectorOf(pack, 'gear');
    const wanted = toyTextVector([587, 557, 588]);
    expect(vector[0]).toBeCloseTo(wanted[0]!, 4);
    expect(vector[1]).toBeCloseTo(wanted[1]!, 6);
  });

  test.each([
    ['takes its ids as int32', { element: 'int32' as const }],
    ['fixes its batch', { batch: 2 }],
  ])('may be one that %s', async (_what, options) => {
    const pack = await loadPack(write(undefined, { 'text.onnx': toyTextModel(options) }));
    await expect(checkTextTower(pack, inference)).resolves.toBeUndefined();
    const three = await inference.embedTexts(pack, ['gear', 'a', 'washer']);
    expect(three.vectors.slice(6)).toEqual(await vectorOf(pack, 'washer'));
  });

  test('gives a text the same bits whatever it is run with', async () => {
    const pack = await loadPack(TINY_TOWERS);
    const texts = Array.from({ length: 21 }, (_, i) => `A photo of ${i} spur gears`);
    const { vectors } = await inference.embedTexts(pack, texts);
    expect(vectors.slice(20 * 16)).toEqual(await vectorOf(pack, texts[20]!));
  });

  test('is asked for where there is none', async () => {
    const pack = await loadPack(toys.write(`plain-${++serial}`));
    await expect(inference.embedTexts(pack, ['gear'])).rejects.toMatchObject({
      code: 'INVALID_INPUT',
      message: expect.stringMatching(/no text tower/),
    });
  });

  test('of a changed file is refused', async () => {
    const folder = write();
    const pack = await loadPack(folder);
    writeFileSync(path.join(folder, 'tokenizer.json'), '{}');
    await expect(checkTextTower(pack, inference)).rejects.toMatchObject(refusal(/changed since its pack/));
  });
});

describe('a pack with a text tower is refused when it loads', () => {
  test.each<[string, (text: TextTower) => void, RegExp]>([
    ['a graph that is not listed', (text) => (text.model = 'other.onnx'), /must be one of `files`/],
    ['a tokenizer that is not listed', (text) => (text.tokenizer = 'x.json'), /must be one of `files`/],
    ['a path for a tokenizer', (text) => (text.tokenizer = '../tokenizer.json'), /plain file name/],
    ['no room for a token', (text) => (text.contextLength = 1), /contextLength/],
    ['another room than its graph', (text) => (text.contextLength = 9), /pack\.json says \[n, 9\]/],
    ['a token below zero to fill up with', (text) => (text.padId = -1), /padId/],
    ['an input that is not there', (text) => (text.ids = 'input_ids'), /has no input input_ids/],
    ['a mask that is not there', (text) => (text.mask = 'mask'), /has no input mask/],
    ['an output that is not there', (text) => (text.output = 'logits'), /has no output logits/],
    ['too few golden values', (text) => text.golden.values.pop(), /one value per dimension/],
    ['more golden ids than fit', (text) => text.golden.ids.push(1, 1, 1, 1, 1), /shorter golden text/],
    [
      'a tolerance that lets anything pass',
      (text) => (text.golden.tolerance = 99),
      /tolerance must be at most/,
    ],
    ['a key that nobody knows', (text) => Object.assign(text, { lower: true }), /lower/],
    ['an image graph for a text graph', (text) => (text.model = 'model.onnx'), /has no input ids/],
  ])('for %s', async (_what, change, message) => {
    await expect(loadPack(write(change))).rejects.toMatchObject(refusal(message));
  });

  test.each<[string, Record<string, Uint8Array | null>, RegExp]>([
    ['no graph', { 'text.onnx': null }, /text\.onnx is missing/],
    ['no tokenizer', { 'tokenizer.json': null }, /tokenizer\.json is missing/],
    ['a graph that is none', { 'text.onnx': Buffer.from('x') }, /not an ONNX model/],
    ['vectors of another length', { 'text.onnx': toyTextModel({ width: 4 }) }, /3 values per text/],
    ['ids as floats', { 'text.onnx': toyTextModel({ element: 'float32' }) }, /int64 or int32/],
    ['an input besides', { 'text.onnx': toyTextModel({ besides: ['position_ids'] }) }, /position_ids/],
    ['a mask that it does not name', { 'text.onnx': toyTextModel({ mask: true }) }, /name it as `mask`/],
    ['a batch of thousands', { 'text.onnx': toyTextModel({ batch: 5000 }) }, /fixes its batch/],
  ])('for %s', async (_what, files, message) => {
    await expect(loadPack(write(undefined, files))).rejects.toMatchObject(refusal(message));
  });

  test('for a text tower on a classifier', async () => {
    const folder = toys.write(`classifier-${++serial}`, (manifest) => {
      Object.assign(manifest, {
        kind: 'classifier',
        classes: ['a', 'b', 'c'],
        activation: 'logits',
        text: {},
      });
      Reflect.deleteProperty(manifest, 'dimensions');
    });
    await expect(loadPack(folder)).rejects.toMatchObject(refusal(/text/));
  });
});

describe('a pack with a text tower is refused when it is run', () => {
  test.each<[string, (text: TextTower) => void, RegExp]>([
    ['the golden ids', (text) => (text.golden.ids[1] = 321), /gives the tokens .* trained with/],
    ['the golden values', (text) => (text.golden.values[0]! += 1), /another vector/],
    ['what short texts are filled up with', (text) => (text.padId = 0), /another vector/],
  ])('for lying about %s', async (_what, change, message) => {
    const pack = await loadPack(write(change));
    await expect(checkTextTower(pack, inference)).rejects.toMatchObject(refusal(message));
  });

  test.each<[string, Uint8Array, RegExp]>([
    ['a tokenizer that is none', Buffer.from('{"model":{"type":"Oracle"}}'), /tokenizer .* cannot be read/],
    ['a tokenizer that is not JSON', Buffer.from('PK'), /tokenizer .* cannot be read/],
  ])('for %s', async (_what, bytes, message) => {
    const pack = await loadPack(write(undefined, { 'tokenizer.json': bytes }));
    await expect(checkTextTower(pack, inference)).rejects.toMatchObject(refusal(message));
  });

  test('for ids that its graph has no vector for', async () => {
    const pack = await loadPack(write((text) => (text.padId = 50_000)));
    await expect(checkTextTower(pack, inference)).rejects.toMatchObject(refusal(/does not run/));
  });
});
