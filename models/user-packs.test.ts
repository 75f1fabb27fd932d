import { createHash } from 'node:crypto';
import { copyFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { InferenceProcess } from './inference-process.ts';
import { manifestSchema } from './manifest.ts';
import { graph, model, node, tensor, valueInfo } from './onnx-writer.ts';
import { checkPack, checkTextTower, goldenText, goldenVector } from './pack-check.ts';
import { loadPack } from './pack.ts';
import { TINY_TOWERS } from './testing/toy-text.ts';
import type { EmbedderManifest } from './types.ts';

const page = readFileSync(new URL('../docs/user-packs.md', import.meta.url), 'utf8');
/** Every pack.json of the page, which leaves out what only the real files can tell. */
const entries = [...page.matchAll(/^## (.+)$[^]*?^```json\n([^]*?)^```$/gm)].map(
  ([, title, json]) => [title!, JSON.parse(json!) as Omit<EmbedderManifest, 'files' | 'golden'>] as const,
);

const root = mkdtempSync(path.join(tmpdir(), 'assay-user-packs-'));
let inference: InferenceProcess;
beforeAll(async () => {
  inference = await InferenceProcess.start({ threads: 1 });
});
afterAll(async () => {
  await inference.close();
  rmSync(root, { recursive: true, force: true });
});

/** Weights that no two outputs share. */
const weights = (inputs: number, outputs: number): Float32Array =>
  Float32Array.from({ length: inputs * outputs }, (_, i) => Math.sin(i + 1));

/** A graph of the pack's inputs and outputs: the channels' means times a matrix. */
function tinyImageTower({
  input,
  output,
  dimensions,
}: Pick<EmbedderManifest, 'input' | 'output' | 'dimensions'>) {
  const shape = input.layout === 'NCHW' ? [3, input.height, input.width] : [input.height, input.width, 3];
  return model(
    graph({
      nodes: [
        node('ReduceMean', [input.name, 'axes'], ['mean'], { keepdims: 0 }),
        node('MatMul', ['mean', 'weights'], [output]),
      ],
      initializers: [
        tensor('axes', [2], input.layout === 'NCHW' ? BigInt64Array.of(2n, 3n) : BigInt64Array.of(1n, 2n)),
        tensor('weights', [3, dimensions], weights(3, dimensions)),
      ],
      inputs: [valueInfo(input.name, 'float32', ['n', ...shape])],
      outputs: [valueInfo(output, 'float32', ['n', dimensions])],
    }),
  ).finish();
}

/** The same of texts: the ids that the mask leaves times a matrix. */
function tinyTextTower(
  { ids, mask, output, contextLength }: NonNullable<EmbedderManifest['text']>,
  width: number,
) {
  const names = mask === undefined ? [ids] : [ids, mask];
  return model(
    graph({
      nodes: [
        ...(mask === undefined ? [node('Identity', [ids], ['kept'])] : [node('Mul', [ids, mask], ['kept'])]),
        node('Cast', ['kept'], ['numbers'], { to: 1 }),
        node('MatMul', ['numbers', 'weights'], [output]),
      ],
      initializers: [tensor('weights', [contextLength, width], weights(contextLength, width))],
      inputs: names.map((name) => valueInfo(name, 'int64', ['n', contextLength])),
      outputs: [valueInfo(output, 'float32', ['n', width])],
    }),
  ).finish();
}

test('the page has five packs, one of which reads', () => {
  expect(entries.map(([, { id }]) => id)).toEqual([
    'dinov2-small',
    'siglip-base',
    'clip-vit-b-32',
    'resnet50',
    'convnext-tiny',
  ]);
  expect(entries.filter(([, { text }]) => text)).toHaveLength(1);
});

test.each(entries)(
  '%s: a graph of the stated inputs and outputs passes every check',
  async (_title, entry) => {
    const folder = path.join(root, entry.id);
    mkdirSync(folder);
    writeFileSync(path.join(folder, entry.model), tinyImageTower(entry));
    const names = [entry.model];
    if (entry.text) {
      writeFileSync(path.join(folder, entry.text.model), tinyTextTower(entry.text, entry.dimensions));
      copyFileSync(path.join(TINY_TOWERS, 'tokenizer.json'), path.join(folder, entry.text.tokenizer));
      names.push(entry.text.model, entry.text.tokenizer);
    }
    const shaOf = (name: string) =>
      createHash('sha256')
        .update(readFileSync(path.join(folder, name)))
        .digest('hex');
    const madeUp = { values: Array.from({ length: entry.dimensions }, () => 1), tolerance: 0.01 };
    const written = {
      ...entry,
      files: Object.fromEntries(names.map((name) => [name, shaOf(name)])),
      golden: { seed: 1, ...madeUp },
      ...(entry.text && {
        text: { ...entry.text, golden: { text: 'a photo of a gear', ids: [1], ...madeUp } },
      }),
    };
    const save = () => writeFileSync(path.join(folder, 'pack.json'), JSON.stringify(written));
    save();
    const unproven = await loadPack(folder);
    const text = await goldenText(unproven, inference);
    const values = [...(await goldenVector(unproven, inference))];
    const within = (of: number[]) => 0.01 * Math.max(...of.map(Math.abs));
    written.golden = { seed: 1, values, tolerance: within(values) };
    if (text && written.text)
      written.text.golden = {
        ...written.text.golden,
        ids: text.ids,
        values: [...text.values],
        tolerance: within([...text.values]),
      };
    save();
    expect(manifestSchema.safeParse(written).success).toBe(true);
    const pack = await loadPack(folder);
    await checkPack(pack, inference);
    if (entry.text) await checkTextTower(pack, inference);
  },
);
