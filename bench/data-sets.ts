import { createHash } from 'node:crypto';
import { existsSync, globSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { runTask } from '../rpc/run-task.ts';
import type { CoreClient } from '../rpc/transport/inproc.ts';
import { REPOSITORY, type BenchContext } from './context.ts';

/** A folder with `real/`, `holdout/`, `synthetic/` and `answers.csv`. */
export interface DataSet {
  name: string;
  root: string;
}

const IMAGE = /\.(jpe?g|png|webp)$/i;
const FRUITS = join(REPOSITORY, '..', 'shared', 'data', 'fruits');

/** Real photographs beside the repository, not part of it; null where they are absent. */
export function fruits(): DataSet | null {
  return existsSync(join(FRUITS, 'answers.csv')) ? { name: 'fruits', root: FRUITS } : null;
}

/** The sample set with its usual number of synthetic images, or with `synthetic` of them. */
export function sample(bench: BenchContext, core: CoreClient, synthetic: number | null): Promise<DataSet> {
  const name = synthetic === null ? 'sample' : `sample of ${synthetic}`;
  return rendered(bench, core, name, { seed: 1, synthetic, objects: false });
}

/** Streets with boxes and masks. */
export function streets(
  bench: BenchContext,
  core: CoreClient,
  synthetic: number,
  seed: number,
): Promise<DataSet> {
  return rendered(bench, core, `${synthetic} streets of seed ${seed}`, { seed, synthetic, objects: true });
}

/**
 * A set, rendered once and kept in the cache folder under a name that changes with the renderer, so that no old rendering
 * is ever measured.
 */
async function rendered(
  bench: BenchContext,
  core: CoreClient,
  name: string,
  what: { seed: number; synthetic: number | null; objects: boolean },
): Promise<DataSet> {
  const size = name.replaceAll(' ', '-');
  const root = join(bench.cacheFolder, `${size}@${rendererHash()}`);
  if (existsSync(root)) return { name, root };
  mkdirSync(bench.cacheFolder, { recursive: true });
  for (const old of readdirSync(bench.cacheFolder))
    if (old.startsWith(`${size}@`)) rmSync(join(bench.cacheFolder, old), { recursive: true });
  bench.say(`Rendering the ${name} (once) …`);
  const partial = join(bench.workFolder, size);
  const { signal, progress: report } = bench;
  await runTask(core, 'sample-set', { to: partial, ...what }, { signal, report });
  renameSync(partial, root);
  return { name, root };
}

function rendererHash(): string {
  const hash = createHash('sha256');
  const files = globSync(['sample/**/*.ts', 'imaging/encode.ts'], { cwd: REPOSITORY }).sort();
  for (const file of files) hash.update(readFileSync(join(REPOSITORY, file)));
  return hash.digest('hex').slice(0, 12);
}

/** The files of a set's synthetic batch with the name of an image, relative to the batch, sorted. */
export function syntheticFiles({ root }: DataSet): string[] {
  return readdirSync(join(root, 'synthetic'), { recursive: true, encoding: 'utf8' })
    .filter((path) => IMAGE.test(path))
    .sort();
}
