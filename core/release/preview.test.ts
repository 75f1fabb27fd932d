import { BASES, basisSentence, type Basis } from '../../rpc/contract/counts.ts';
import type { Role } from '../../rpc/contract/terms.ts';
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { ReleaseSummary } from '../../rpc/contract/releases.ts';
import { runTask } from '../../rpc/run-task.ts';
import { startCore } from '../../test/support/core.ts';
import { writeDataset } from '../../test/support/dataset.ts';
import { temporaryFolder } from '../../test/support/folders.ts';

const by = 'Mara';

interface Manifest {
  images: { sha256: string; label: string | null; origin: string; basis: Basis; role: Role }[];
}

test('previews exactly what the export writes and leaves out', async () => {
  const folder = temporaryFolder();
  const set = await writeDataset(join(folder, 'set'), 60);
  const core = startCore();
  const { folder: project } = await core.projects.create({
    project: join(folder, 'p'),
    by,
    model: 'patch256',
  });
  for (const role of ['real', 'holdout', 'synthetic'] as const)
    await runTask(core, 'import', { project, by, from: join(set.folder, role), role });
  await runTask(core, 'score', { project, by });
  const view = await core.images.query({ project, filter: { roles: ['synthetic'] } });
  const rows = await core.images.rows({ project, view: view.view, offset: 0, limit: 9 });
  await core.reviews.decide({
    project,
    by,
    context: { kind: 'explore' },
    decisions: rows.map(({ sha256 }, i) =>
      i % 3 === 0
        ? { sha256, verdict: 'accept' }
        : i % 3 === 1
          ? { sha256, verdict: 'relabel', label: 'brick' }
          : { sha256, verdict: 'reject', reason: 'no' },
    ),
  });
  for (const [n, options] of (
    [
      { format: 'folder', undecided: 'in' },
      { format: 'jsonl', undecided: 'out', include: ['rejected', 'seed-copy'] },
      { format: 'csv', undecided: 'out', roles: ['synthetic', 'holdout'] },
    ] as const
  ).entries()) {
    const input = {
      project,
      ...options,
      to: join(folder, `release-${n}`),
      include: [...('include' in options ? options.include : [])],
    };
    const asked =
      'roles' in options ? { ...input, roles: [...options.roles] } : { ...input, roles: undefined };
    const preview = await core.releases.preview(asked);
    expect(preview.problems).toEqual([]);
    const written: ReleaseSummary = await runTask(core, 'release', { ...asked, by });
    expect(preview).toMatchObject({
      images: written.images,
      origins: written.origins,
      basis: written.basis,
      loses: written.loses,
    });
    expect(Object.values(written.basis).reduce((sum, images) => sum + images, 0)).toBe(written.images);
    expect(Object.fromEntries(preview.leftOut.map(({ why, images }) => [why, images]))).toEqual(
      written.leftOut,
    );
    const { images } = JSON.parse(
      readFileSync(join(written.folder, 'assay-manifest.json'), 'utf8'),
    ) as Manifest;
    for (const basis of BASES)
      expect(images.filter((image) => image.basis === basis)).toHaveLength(written.basis[basis]);
    for (const { basis, origin, role } of images)
      expect(basis).toBe(origin !== 'given' ? 'verified' : role === 'synthetic' ? 'policy' : 'given');
    expect(readFileSync(join(written.folder, 'README.md'), 'utf8')).toContain(basisSentence(written.basis));
    for (const { name, images: count } of preview.classes)
      expect(images.filter(({ label }) => label === name)).toHaveLength(count);
    expect(preview.examples.map(({ sha256, label, origin }) => ({ sha256, label, origin }))).toEqual(
      images.slice(0, 12).map(({ sha256, label, origin }) => ({ sha256, label, origin })),
    );
    for (const { examples } of preview.leftOut)
      for (const { sha256 } of examples) expect(images.map((image) => image.sha256)).not.toContain(sha256);
  }
  const list = await core.releases.list({ project });
  expect(list.map(({ id, format, by: who }) => [id, format, who])).toEqual([
    [3, 'csv', by],
    [2, 'jsonl', by],
    [1, 'folder', by],
  ]);

  // What would stop the export is said before.
  const gone = join(set.folder, 'real', 'leaf', '0.png');
  rmSync(gone);
  const { problems } = await core.releases.preview({
    project,
    format: 'folder',
    to: join(folder, 'release-0'),
    undecided: 'in',
  });
  expect(problems).toHaveLength(2);
  expect(problems[0]).toContain('release-0');
  expect(problems[1]).toContain(gone);
  const nothing = await core.releases.preview({
    project,
    format: 'folder',
    to: join(folder, 'no', 'parent'),
    undecided: 'out',
    roles: ['synthetic'],
    include: [],
  });
  expect(nothing.images).toBe(6);
  expect(nothing.problems[0]).toContain(join(folder, 'no'));
});

test('counts splits as the format will', async () => {
  const folder = temporaryFolder();
  const from = join(folder, 'in');
  mkdirSync(from);
  const set = await writeDataset(join(folder, 'set'), 102);
  const lines = Array.from({ length: 102 }, (_, i) =>
    JSON.stringify({ path: `../../set/synthetic/s${String(i).padStart(4, '0')}.png`, split: `part-${i}` }),
  );
  writeFileSync(join(set.folder, 'list.jsonl'), lines.join('\n').replaceAll('../../set/', ''));
  const core = startCore();
  const { folder: project } = await core.projects.create({
    project: join(folder, 'p'),
    by,
    model: 'patch256',
  });
  await runTask(core, 'import', { project, by, from: join(set.folder, 'list.jsonl'), role: 'real' });
  const to = join(folder, 'release');
  const refused = await core.releases.preview({ project, format: 'yolo', to, undecided: 'in' });
  await expect(
    runTask(core, 'release', { project, by, format: 'yolo', to, undecided: 'in' }),
  ).rejects.toMatchObject({
    message: refused.problems[0],
  });
  expect((await core.releases.preview({ project, format: 'jsonl', to, undecided: 'in' })).problems).toEqual(
    [],
  );
});
