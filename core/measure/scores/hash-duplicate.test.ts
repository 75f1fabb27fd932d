import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { perform, prologue } from '../../../test/support/acts.ts';
import { temporaryFolder } from '../../../test/support/folders.ts';
import { Project } from '../../project/project.ts';

test('images of one perceptual hash are a set, unless all of them have the same pixels', () => {
  const project = Project.create(join(temporaryFolder(), 'p'), 'ada');
  onTestFinished(() => project.close());
  for (const act of prologue(2)) perform(project, act);
  const hashes = ['aa', 'aa', 'aa', 'bb', 'bb', 'cc'];
  const pixels = ['1', '1', '2', '3', '3', '4'];
  for (const [i, phash] of hashes.entries())
    project.store.facts.insertFacts({
      imageId: i + 1,
      phash,
      pixelSha256: pixels[i]!,
      signature: new Uint8Array(3072),
      brightnessP99: 1,
      brightnessP5: 0,
      entropyBits: 5,
      edgeStd: 20,
      histogramStd: 1,
      singleChannel: 0,
      greyPixels: 0,
    });
  const sets = project.store.facts.hashSets().sort((a, b) => a.imageId - b.imageId);
  expect(sets).toEqual([1, 2, 3].map((imageId) => ({ imageId, images: 3 })));
});
