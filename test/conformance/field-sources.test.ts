import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { png, pngChunk } from '../../imaging/testing/build.ts';
import { runTask } from '../../rpc/run-task.ts';
import { startCore } from '../support/core.ts';
import { temporaryFolder } from '../support/folders.ts';

test('a manifest wins over the file, and both over the batch, on screens and in exports', async () => {
  const folder = temporaryFolder();
  const source = join(folder, 'source');
  mkdirSync(source);
  const written = JSON.stringify({ prompt: 'a leaf', seed: 7, negative_prompt: 'blur' });
  const text = pngChunk('tEXt', Buffer.from(`parameters\0${written}`));
  const bytes = [20, 21].map((width) => png({ width, height: 20, before: [text] }));
  for (const [i, image] of bytes.entries()) writeFileSync(join(source, `${i}.png`), image);
  writeFileSync(join(source, 'manifest.csv'), 'path,prompt,generator\n0.png,a twig,sdxl\n1.png,,\n');
  const core = startCore();
  const project = join(folder, 'p.assay');
  await core.projects.create({ project, by: 'ada', model: 'patch256' });
  await runTask(core, 'import', {
    project,
    by: 'ada',
    from: source,
    role: 'synthetic',
    generator: 'flux',
    generation: 2,
  });
  const wanted = [
    { prompt: 'a twig', negativePrompt: 'blur', seed: '7', generator: 'sdxl', generation: 2 },
    { prompt: 'a leaf', negativePrompt: 'blur', seed: '7', generator: 'flux', generation: 2 },
  ];
  const hashes = bytes.map((image) => createHash('sha256').update(image).digest('hex'));
  for (const [i, sha256] of hashes.entries())
    expect((await core.images.detail({ project, sha256 })).metadata).toMatchObject(wanted[i]!);
  for (const [prompt, total] of [
    ['twig', 1],
    ['leaf', 1],
  ] as const)
    expect(await core.images.query({ project, filter: { prompt } })).toMatchObject({ total });
  const to = join(folder, 'out');
  await runTask(core, 'release', { project, by: 'ada', format: 'jsonl', to, undecided: 'in' });
  const lines = readFileSync(join(to, 'manifest.jsonl'), 'utf8').trim().split('\n');
  const rows = lines.map((line) => JSON.parse(line) as Record<string, unknown>);
  for (const [i, sha256] of hashes.entries()) {
    const { negativePrompt, ...rest } = wanted[i]!;
    const row = { ...rest, negative_prompt: negativePrompt };
    expect(rows.find((found) => found['sha256'] === sha256)).toMatchObject(row);
  }
});
