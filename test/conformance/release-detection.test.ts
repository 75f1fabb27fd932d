import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { detectOrNamed } from '../../core/import/detect.ts';
import { Reading } from '../../core/import/sources/reading.ts';
import { exports } from '../../core/release/formats/registry.ts';
import { runTask } from '../../rpc/run-task.ts';
import { openCore } from '../support/core.ts';
import { temporaryFolder } from '../support/folders.ts';
import { makeImage } from '../support/images.ts';

// Detection must know our own releases as they leave the project: with manifest, README and what else lies beside.
const VARIANTS = ['boxes', 'labels'] as const;

const { core, close } = openCore();
const home = mkdtempSync(join(tmpdir(), 'assay-detected-'));
const projects = new Map<string, string>();
beforeAll(async () => {
  for (const variant of VARIANTS) projects.set(variant, await makeProject(variant));
});
afterAll(async () => {
  await close();
  rmSync(home, { recursive: true, force: true });
});

async function makeProject(variant: (typeof VARIANTS)[number]): Promise<string> {
  const folder = join(home, variant);
  mkdirSync(folder);
  const { folder: project } = await core.projects.create({
    project: join(folder, 'p'),
    by: 'Mara',
    model: 'patch256',
  });
  const from = join(folder, 'set');
  mkdirSync(from);
  for (const name of ['0.png', '1.png', '2.png'])
    writeFileSync(join(from, name), (await makeImage(Number(name[0]))).bytes);
  const boxes =
    variant === 'boxes' ? [{ label: 'cat', format: 'xywh-pixel', values: [1, 2, 3, 4] }] : undefined;
  const rows = [
    { path: '0.png', label: 'cat', split: 'train', prompt: 'a cat, 8k', boxes },
    { path: '1.png', label: 'dog', split: 'val', boxes: boxes && [] },
    { path: '2.png', boxes: boxes && [] },
  ];
  writeFileSync(join(from, 'set.jsonl'), rows.map((row) => JSON.stringify(row)).join('\n'));
  await runTask(core, 'import', { project, by: 'Mara', from, role: 'real' });
  return project;
}

async function releaseOf(variant: (typeof VARIANTS)[number], format: string): Promise<string> {
  const project = projects.get(variant)!;
  const to = join(temporaryFolder(), 'release');
  await runTask(core, 'release', { project, by: 'Mara', format, to, undecided: 'in' });
  return to;
}

const cases = [...exports.values()].flatMap(({ id, source }) =>
  VARIANTS.map((variant) => [id, variant, source] as const),
);

test.each(cases)(
  'a complete release in the format %s, with %s, is understood',
  async (id, variant, source) => {
    const release = await releaseOf(variant, id);
    expect(readdirSync(release)).toEqual(expect.arrayContaining(['README.md', 'assay-manifest.json']));
    const { verdict, source: found, why } = await detectOrNamed(release, 'auto');
    // Without boxes a YOLO release is for classification: class folders. Parquet releases cannot be imported yet.
    const wanted = id.startsWith('yolo') && variant === 'labels' ? 'class-folders' : source;
    const refused = /Parquet/.test(why) ? 'refused as Parquet' : why;
    expect([verdict, found?.id ?? refused]).toEqual(
      wanted === null ? ['not-understood', 'refused as Parquet'] : ['understood', wanted],
    );
  },
);

test.each(['csv', 'jsonl', 'coco', 'hf-imagefolder', 'croissant'])(
  'a release in the format %s of images that nobody judged leaves nothing of them behind',
  async (format) => {
    const release = await releaseOf('labels', format);
    const { source } = await detectOrNamed(release, 'auto');
    const reading = new Reading(release);
    const listed = [];
    for await (const found of source!.list(release, reading)) listed.push(found);
    expect(listed).toHaveLength(3);
    expect(reading.result().left.filter(({ kind }) => kind === 'column')).toEqual([]);
  },
);
