import {
  appendFileSync,
  linkSync,
  mkdirSync,
  readdirSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import path from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { graph, model, node, ProtoWriter, valueInfo } from './onnx-writer.ts';
import { loadPack } from './pack.ts';
import { toyGraph, toyManifest, toyModel, ToyPacks } from './testing/toy-packs.ts';
import type { EmbedderManifest } from './types.ts';

const toys = new ToyPacks();
let serial = 0;

afterAll(() => toys.clean());

function write(change?: (manifest: EmbedderManifest) => void, bytes?: Uint8Array): string {
  return toys.write(`toy-${++serial}`, change, bytes);
}

function refusal(message: RegExp) {
  return { code: 'MODEL_REFUSED', message: expect.stringMatching(message) };
}

test('an honest pack loads, and its fingerprint follows every word of pack.json but not its spacing', async () => {
  const folder = write();
  const pack = await loadPack(folder);
  expect(pack.manifest).toEqual(toyManifest(toyModel().finish()));
  writeFileSync(path.join(folder, 'pack.json'), JSON.stringify(pack.manifest, null, 4));
  expect((await loadPack(folder)).fingerprint).toBe(pack.fingerprint);
  const other = await loadPack(write((manifest) => (manifest.input.scale = 0.25)));
  expect(other.fingerprint).not.toBe(pack.fingerprint);
});

test('a pack of hard links loads, and is refused once a file was changed through its other name', async () => {
  const source = write();
  const linked = path.join(toys.root, 'linked-files');
  mkdirSync(linked);
  for (const name of readdirSync(source)) linkSync(path.join(source, name), path.join(linked, name));
  expect(statSync(path.join(linked, 'model.onnx')).nlink).toBe(2);
  const pack = await loadPack(linked);
  expect(pack.fingerprint).toBe((await loadPack(source)).fingerprint);
  appendFileSync(path.join(source, 'model.onnx'), 'x');
  const changed = refusal(/model\.onnx hashes to sha256 [0-9a-f]{64}, but pack\.json says/);
  await expect(loadPack(linked)).rejects.toMatchObject(changed);
});

test('a pack that is not there is not found', async () => {
  await expect(loadPack(path.join(toys.root, 'nowhere'))).rejects.toMatchObject({ code: 'NOT_FOUND' });
});

describe('pack.json is refused', () => {
  test.each<[string, (manifest: EmbedderManifest) => void, RegExp]>([
    ['with an id of other characters', (m) => (m.id = '../evil'), /id/],
    ['with a version that is none', (m) => (m.version = 'latest'), /version/],
    ['without a title', (m) => (m.title = ' '), /title/],
    ['without a licence', (m) => (m.licence = ''), /licence/],
    ['with a path for a file', (m) => (m.files['../x'] = '0'.repeat(64)), /Invalid key in record/],
    ['with a digest that is none', (m) => (m.files['model.onnx'] = 'abc'), /sha256/],
    ['when it lists itself', (m) => (m.files['pack.json'] = '0'.repeat(64)), /pack\.json itself/],
    ['with a model that is not listed', (m) => (m.model = 'other.onnx'), /must be one of/],
    ['with no pixels', (m) => (m.input.width = 0), /width/],
    ['with a zero deviation', (m) => (m.input.std = [1, 0, 1]), /above 0/],
    ['with a scale of zero', (m) => (m.input.scale = 0), /scale/],
    ['with too few golden values', (m) => m.golden.values.pop(), /one value per dimension/],
    [
      'with a tolerance that lets anything pass',
      (m) => (m.golden.tolerance = 1000),
      /tolerance must be at most/,
    ],
    ['with a golden vector of zeros', (m) => (m.golden.values = [0, 0, 0]), /tolerance must be at most/],
    ['with a key that it does not know', (m) => Object.assign(m, { normalize: true }), /normalize/],
    ['with a kind that is none', (m) => Object.assign(m, { kind: 'detector' }), /kind/],
  ])('%s', async (_what, change, message) => {
    await expect(loadPack(write(change))).rejects.toMatchObject(refusal(message));
  });

  test('when a class is named twice', async () => {
    const change = (manifest: EmbedderManifest) => {
      const { dimensions: _dimensions, ...rest } = manifest;
      Object.assign(manifest, rest, { kind: 'classifier', classes: ['a', 'b', 'a'], activation: 'logits' });
      Reflect.deleteProperty(manifest, 'dimensions');
    };
    await expect(loadPack(write(change))).rejects.toMatchObject(refusal(/name a class twice/));
  });

  test('when it is not JSON, or missing', async () => {
    const folder = write();
    writeFileSync(path.join(folder, 'pack.json'), '{"id": ');
    await expect(loadPack(folder)).rejects.toMatchObject(refusal(/pack\.json is not JSON/));
    rmSync(path.join(folder, 'pack.json'));
    await expect(loadPack(folder)).rejects.toMatchObject(refusal(/pack\.json is missing/));
  });
});

describe('files are refused', () => {
  test('when one byte differs', async () => {
    const folder = write();
    writeFileSync(path.join(folder, 'model.onnx'), Buffer.concat([toyModel().finish(), Buffer.from([0])]));
    await expect(loadPack(folder)).rejects.toMatchObject(
      refusal(/model\.onnx hashes to sha256 [0-9a-f]{64}, but pack\.json says/),
    );
  });

  test('when one is missing, and when one is not listed', async () => {
    await expect(
      loadPack(write((manifest) => (manifest.files['labels.txt'] = '0'.repeat(64)))),
    ).rejects.toMatchObject(refusal(/labels\.txt is missing/));
    const folder = write();
    writeFileSync(path.join(folder, 'weights.bin'), 'x');
    await expect(loadPack(folder)).rejects.toMatchObject(refusal(/weights\.bin is not listed/));
  });

  test('when one is a symbolic link or a folder', async () => {
    const elsewhere = path.join(toys.root, 'elsewhere.onnx');
    const file = (folder: string) => path.join(folder, 'model.onnx');
    const symbolic = write();
    renameSync(file(symbolic), elsewhere);
    symlinkSync(elsewhere, file(symbolic));
    await expect(loadPack(symbolic)).rejects.toMatchObject(refusal(/model\.onnx is not a regular file/));
    const folder = write();
    rmSync(file(folder));
    mkdirSync(file(folder));
    await expect(loadPack(folder)).rejects.toMatchObject(refusal(/model\.onnx is not a regular file/));
  });

  test('when the pack itself is a link', async () => {
    const link = path.join(toys.root, 'linked-pack');
    symlinkSync(write(), link);
    await expect(loadPack(link)).rejects.toMatchObject(refusal(/is not a folder/));
  });
});

describe('graphs are refused', () => {
  const external = new ProtoWriter()
    .int(1, 1)
    .int(2, 1)
    .string(8, 'two')
    .message(13, new ProtoWriter().string(1, 'location').string(2, 'secret.bin'));
  const image = valueInfo('image', 'float32', ['n', 3, 4, 4]);
  const embedding = valueInfo('embedding', 'float32', ['n', 3]);
  const mean = () => node('ReduceMean', ['image'], ['embedding']);
  const withEnds = (inputs: ProtoWriter[], outputs: ProtoWriter[]) =>
    model(graph({ nodes: [mean()], inputs, outputs }));

  test.each<[string, ProtoWriter, RegExp]>([
    [
      'with weights in another file',
      model(toyGraph([], { initializers: [external] })),
      /tensor two in another file/,
    ],
    [
      'with an operator of its own',
      toyModel([mean().string(7, 'com.evil')]),
      /domain com\.evil \(com\.evil::ReduceMean\)/,
    ],
    [
      'with a contributed operator',
      toyModel([node('FusedGemm', [], []).string(7, 'com.microsoft')]),
      /com\.microsoft/,
    ],
    [
      'with functions of its own',
      toyModel().message(25, new ProtoWriter().string(1, 'F').string(10, 'mine')),
      /domain mine/,
    ],
    [
      'with another input',
      withEnds([valueInfo('x', 'float32', ['n', 3, 4, 4])], [embedding]),
      /no input image; .*: x \[n, 3/,
    ],
    [
      'with a second input',
      withEnds([image, valueInfo('ids', 'int64', [1])], [embedding]),
      /more than one input/,
    ],
    [
      'with bytes for input',
      withEnds([valueInfo('image', 'uint8', ['n', 3, 4, 4])], [embedding]),
      /export it as float32/,
    ],
    [
      'with other pixels',
      withEnds([valueInfo('image', 'float32', ['n', 3, 5, 4])], [embedding]),
      /NCHW \[n, 3, 4, 4\]/,
    ],
    [
      'with another rank',
      withEnds([valueInfo('image', 'float32', ['n', 48])], [embedding]),
      /pack\.json says NCHW/,
    ],
    ['with another output', withEnds([image], [valueInfo('y', 'float32', ['n', 3])]), /no output embedding/],
    [
      'with another width',
      withEnds([image], [valueInfo('embedding', 'float32', ['n', 4])]),
      /3 values per image/,
    ],
    [
      'with whole numbers out',
      withEnds([image], [valueInfo('embedding', 'int64', ['n', 3])]),
      /element type/,
    ],
  ])('%s', async (_what, body, message) => {
    await expect(loadPack(write(undefined, body.finish()))).rejects.toMatchObject(refusal(message));
  });

  test('whose patches are not as stated', async () => {
    const layer = valueInfo('layer', 'float32', ['n', 2, 4, 4]);
    const bytes = withEnds([image], [embedding, layer]).finish();
    const stating = (name: string, dimensions: number, rows: number) =>
      loadPack(
        write((manifest) => {
          manifest.patches = { rows, columns: 2, outputs: [{ name, dimensions }] };
        }, bytes),
      );
    await expect(stating('other', 2, 2)).rejects.toMatchObject(refusal(/no output other/));
    await expect(stating('layer', 3, 2)).rejects.toMatchObject(refusal(/\[n, 3, height, width\]/));
    await expect(stating('layer', 2, 3)).rejects.toMatchObject(refusal(/3 x 2 patches/));
    const plain = await loadPack(write(undefined, bytes));
    expect((await stating('layer', 2, 2)).fingerprint).toBe(plain.fingerprint);
  });

  test('that are no graphs', async () => {
    await expect(loadPack(write(undefined, Buffer.from('PK\u0003\u0004 not a model')))).rejects.toMatchObject(
      refusal(/model\.onnx is not an ONNX model/),
    );
    await expect(loadPack(write(undefined, new Uint8Array()))).rejects.toMatchObject(
      refusal(/is not an ONNX model: it holds no graph/),
    );
  });
});
