// The clean pictures of a world, before any fault is put in: `<side>/<class>/<file>`, made once and kept.
import { spawnSync } from 'node:child_process';
import { copyFileSync, linkSync, mkdirSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { basename, extname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { renderSample } from '../../sample/render-sample.ts';
import { Random } from '../../imaging/random.ts';
import { ensurePython } from '../../scripts/python-environment.ts';
import { readAnswers } from '../answers.ts';
import type { BenchContext } from '../context.ts';
import { fruits, type DataSet } from '../data-sets.ts';
import { madeOnce } from './cache.ts';
import type { DrawTask } from './drawn/draw-host.ts';
import type { WorldId } from './lists.ts';
import { SIDES, type Side, type Sizes } from './sides.ts';

const HERE = fileURLToPath(new URL('./', import.meta.url));
const PYTHON_MINUTES = 10;

type Maker = (bench: BenchContext, into: string, sizes: Sizes) => Promise<{ why: string } | null>;

/** Draws in a process of its own. */
const drawn =
  (world: string): Maker =>
  async (_bench, folder, sizes) => {
    const task: DrawTask = { world, folder, sizes };
    run(process.execPath, [join(HERE, 'drawn', 'draw-host.ts')], JSON.stringify(task));
    return null;
  };

let environment: ReturnType<typeof ensurePython> | undefined;

/** What Python packages bring, in an environment of the bench's own. */
const python =
  (world: string): Maker =>
  async (bench, folder, sizes) => {
    // Asked once: without a package index every world would wait for it again.
    environment ??= ensurePython({
      cache: bench.cacheFolder,
      prefix: 'worlds',
      what: 'the packages that the worlds of the judgement bench come from (once; a minute, 400 MB)',
      installs: [['-r', join(HERE, 'requirements.txt')]],
    });
    if ('why' in environment) return environment;
    const counts = SIDES.map((side) => String(sizes[side]));
    run(environment.python, [join(HERE, 'worlds.py'), world, folder, ...counts], '');
    return null;
  };

/** The sound images of a set with answers: its own faults are left out, ours come in. */
async function soundOf(set: DataSet, into: string, sizes: Sizes): Promise<void> {
  const answers = readAnswers(set);
  const labels = new Map(
    readFileSync(join(set.root, 'synthetic', 'metadata.jsonl'), 'utf8')
      .split('\n')
      .filter((line) => line !== '')
      .map((line) => JSON.parse(line) as { file_name: string; label: string })
      .map(({ file_name, label }) => [file_name, label]),
  );
  const files: Record<Side, [path: string, label: string][]> = {
    real: inFolders(join(set.root, 'real')),
    holdout: inFolders(join(set.root, 'holdout')),
    synthetic: [...labels].filter(([path]) => !answers.has(`synthetic/${path}`)),
  };
  for (const side of SIDES) {
    const chosen = new Random('sound', set.name, side).shuffle(files[side]).slice(0, sizes[side]);
    for (const [i, [path, label]] of chosen.entries()) {
      mkdirSync(join(into, side, label), { recursive: true });
      linkOrCopy(join(set.root, side, path), join(into, side, label, `${i}${extname(path)}`));
    }
  }
}

const inFolders = (root: string): [string, string][] =>
  readdirSync(root).flatMap((label) =>
    readdirSync(join(root, label)).map((name): [string, string] => [join(label, name), label]),
  );

const sampleOf =
  (seed: number): Maker =>
  async (bench, into, sizes) => {
    const folder = join(bench.workFolder, `sample-${seed}`);
    const { signal, progress } = bench;
    // One image in ten of a sample has a fault, and is left out here.
    const size = { synthetic: Math.ceil(sizes.synthetic * 1.15) };
    await renderSample({ folder, seed, size, signal, progress });
    await soundOf({ name: `sample-${seed}`, root: folder }, into, sizes);
    rmSync(folder, { recursive: true });
    return null;
  };

const MAKERS: Record<WorldId, Maker> = {
  fruits: async (_bench, into, sizes) => {
    const set = fruits();
    if (!set) return { why: '../shared/data/fruits is not there' };
    await soundOf(set, into, sizes);
    return null;
  },
  'sample-2': sampleOf(2),
  'sample-3': sampleOf(3),
  digits: python('digits'),
  textures: python('textures'),
  photographs: python('photographs'),
  phantoms: python('phantoms'),
  patterns: drawn('patterns'),
  drawings: drawn('drawings'),
  garments: drawn('garments'),
  shoes: drawn('shoes'),
  solids: drawn('solids'),
};

/** Everything that draws. */
export const CLEAN_SOURCES = [
  'sample/*.ts',
  'imaging/{encode,canvas,noise,random}.ts',
  'bench/judgement/{clean.ts,sides.ts,worlds.py,requirements.txt}',
  'bench/judgement/drawn/*.ts',
] as const;

/** The folder with a world's clean pictures, made now unless it is there; or why there are none. */
export function cleanWorld(
  bench: BenchContext,
  id: WorldId,
  sizes: Sizes,
): Promise<{ folder: string } | { why: string }> {
  const size = SIDES.map((side) => sizes[side]).join('-');
  return madeOnce(bench, `${id}-clean-${size}`, CLEAN_SOURCES, (folder) => {
    bench.say(`Making the world "${id}" (once) …`);
    return MAKERS[id](bench, folder, sizes);
  });
}

/** Files of one side by class, both in order. */
export function cleanFiles(folder: string, side: Side): Map<string, string[]> {
  const root = join(folder, side);
  return new Map(
    readdirSync(root)
      .sort()
      .map((label) => [
        label,
        readdirSync(join(root, label))
          .sort((a, b) => Number(basename(a, extname(a))) - Number(basename(b, extname(b))))
          .map((name) => join(root, label, name)),
      ]),
  );
}

function run(program: string, args: string[], input: string): void {
  const { status, stderr, error } = spawnSync(program, args, {
    input,
    encoding: 'utf8',
    timeout: PYTHON_MINUTES * 60_000,
  });
  if (status !== 0)
    throw new Error(`${basename(args[0]!)} failed: ${stderr?.trim().split('\n').at(-1) ?? error?.message}`);
}

/** Links across devices fail: `shared/` may lie on another one. */
export function linkOrCopy(from: string, to: string): void {
  try {
    linkSync(from, to);
  } catch {
    copyFileSync(from, to);
  }
}
