import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { temporaryFolder } from '../../test/support/folders.ts';
import type { BenchContext } from '../context.ts';
import { cleanFiles, cleanWorld } from './clean.ts';

function bench(said: string[] = []): BenchContext {
  return {
    quick: true,
    model: null,
    worlds: [],
    chooseOnly: false,
    workFolder: temporaryFolder(),
    cacheFolder: temporaryFolder(),
    signal: new AbortController().signal,
    progress: () => {},
    say: (line) => said.push(line),
  };
}

test('a world is drawn once, as many pictures per class and side as were asked for', async () => {
  const said: string[] = [];
  const context = bench(said);
  const sizes = { real: 4, holdout: 2, synthetic: 6 };
  const made = await cleanWorld(context, 'shoes', sizes);
  expect(await cleanWorld(context, 'shoes', sizes)).toEqual(made);
  expect(said).toEqual(['Making the world "shoes" (once) …']);
  expect(readdirSync(context.workFolder)).toEqual([]);
  const { folder } = made as { folder: string };
  const counts = (['real', 'holdout', 'synthetic'] as const).map((side) =>
    [...cleanFiles(folder, side)].map(([name, files]) => [name, files.length]),
  );
  expect(counts).toEqual(
    [2, 1, 3].map((count) => [
      ['court-shoe', count],
      ['running-shoe', count],
    ]),
  );
});

test('files come in the order of their numbers', async () => {
  const made = await cleanWorld(bench(), 'shoes', { real: 24, holdout: 2, synthetic: 2 });
  const { folder } = made as { folder: string };
  const [files] = cleanFiles(folder, 'real').values();
  expect(files).toEqual(Array.from({ length: 12 }, (_, i) => join(folder, 'real', 'court-shoe', `${i}.jpg`)));
});

test('without Python, a world of its packages is not there, and it is said why', async () => {
  const path = process.env['PATH'];
  onTestFinished(() => void (process.env['PATH'] = path));
  process.env['PATH'] = temporaryFolder();
  const context = bench();
  expect(await cleanWorld(context, 'digits', { real: 10, holdout: 10, synthetic: 10 })).toEqual({
    why: 'there is no Python 3.11 or newer',
  });
  expect(readdirSync(join(context.cacheFolder, 'judgement'))).toEqual([]);
});
