import { appendFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import sharp from 'sharp';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { CopyPair } from '../../rpc/contract/copies.ts';
import { PAIR_CERTAINTIES } from '../../rpc/contract/terms.ts';
import { runTask } from '../../rpc/run-task.ts';
import { Project } from '../project/project.ts';
import { experimentData } from '../strategy/experiment/data.ts';
import { openCore } from '../../test/support/core.ts';
import { writeDataset } from '../../test/support/dataset.ts';

const by = 'Mara';
const explore = { kind: 'explore' as const };

/**
 * A scored project with copies of real images among the synthetic ones, the stronger compressed the less alike, and a
 * hold-out image among the real ones.
 */
async function made() {
  const folder = mkdtempSync(join(tmpdir(), 'assay-copies-'));
  const set = await writeDataset(join(folder, 'set'), 20);
  const again = async (from: string, to: string, quality: number): Promise<void> => {
    const picture = sharp(readFileSync(join(set.folder, from)));
    writeFileSync(join(set.folder, to), await picture.jpeg({ quality }).toBuffer());
  };
  await again('holdout/brick/1.png', 'real/brick/leak.jpg', 92);
  const labels = join(set.folder, 'synthetic', 'metadata.jsonl');
  for (let i = 0; i < 8; i++) {
    await again(`real/leaf/${4 + i}.png`, `synthetic/copy-${i}.jpg`, 95 - 6 * i);
    appendFileSync(labels, `{"file_name": "copy-${i}.jpg", "label": "leaf"}\n`);
  }
  const { core, close } = openCore();
  const { folder: project } = await core.projects.create({
    project: join(folder, 'p'),
    by,
    model: 'patch256',
  });
  for (const role of ['real', 'holdout', 'synthetic'] as const)
    await runTask(core, 'import', { project, by, from: join(set.folder, role), role });
  await runTask(core, 'score', { project, by, device: 'cpu' });
  return { core, close, project, folder, set };
}

let at: Made;
beforeAll(async () => {
  at = await made();
}, 240_000);
afterAll(async () => {
  await at.close();
  rmSync(at.folder, { recursive: true, force: true });
});

type Made = Awaited<ReturnType<typeof made>>;

async function pairsOf({ core, project }: Made): Promise<Map<string, CopyPair>> {
  const { pairs } = await core.copies.list({ project });
  return new Map(pairs.map((pair) => [`${pair.image.batch}/${pair.image.path}`, pair]));
}

async function released({ core, project, folder }: Made): Promise<{ shas: Set<string>; leftOut: object }> {
  const to = join(folder, `release-${(await core.releases.list({ project })).length}`);
  const { leftOut } = await runTask(core, 'release', { project, by, format: 'jsonl', to, undecided: 'in' });
  const { images } = JSON.parse(readFileSync(join(to, 'assay-manifest.json'), 'utf8')) as {
    images: { sha256: string }[];
  };
  return { shas: new Set(images.map(({ sha256 }) => sha256)), leftOut };
}

/** Every count of pairs follows from the pairs. */
async function addsUp({ core, project }: Made): Promise<void> {
  const { pairs, total, counts } = await core.copies.list({ project });
  const { status } = await core.projects.overview({ project });
  expect(total).toBe(pairs.length);
  expect(status.copies).toEqual(counts);
  expect(counts['same-bytes'].open).toBe(status.counts.duplicates);
  for (const certainty of PAIR_CERTAINTIES) {
    const own = pairs.filter((pair) => pair.certainty === certainty);
    expect(counts[certainty]).toEqual({
      open: own.filter(({ answer }) => answer === null).length,
      copy: own.filter(({ answer }) => answer?.answer === 'copy').length,
      'not-a-copy': own.filter(({ answer }) => answer?.answer === 'not-a-copy').length,
    });
  }
  expect(status.counts.overruled).toBe(pairs.filter(({ answer }) => answer?.answer === 'not-a-copy').length);
  const out = new Set(pairs.filter(({ keptOut }) => keptOut).map(({ image }) => image.sha256));
  expect(status.counts.keptOut).toBe(out.size);
}

test('"not a copy" overrules the rule, counts, and is taken back', async () => {
  const { core, project, set } = at;
  const found = (await pairsOf(at)).get(`synthetic/${set.seedCopy}`)!;
  expect(found).toMatchObject({
    rule: 'seed-copy',
    certainty: 'same-picture',
    keptOut: true,
    answer: null,
    other: { path: 'water/3.png', role: 'real' },
  });
  const { sha256 } = found.image;
  expect((await released(at)).shas.has(sha256)).toBe(false);
  const { leftOut } = await core.releases.preview({
    project,
    format: 'jsonl',
    to: join(at.folder, 'preview'),
    undecided: 'in',
  });
  const out = leftOut.find(({ why }) => why === 'seed-copy')!;
  expect(out.certainties).toEqual({ 'same-picture': out.images });
  await addsUp(at);

  // An accept is never recorded and then ignored.
  const accept = (image: string) =>
    core.reviews.decide({ project, by, context: explore, decisions: [{ sha256: image, verdict: 'accept' }] });
  await expect(accept(sha256)).rejects.toMatchObject({
    code: 'DECISION_REFUSED',
    message: expect.stringMatching(/left out of releases: same picture as real\/water\/3\.png.* not a copy/),
  });
  const view = await core.images.query({ project, filter: { flags: ['seed-copy'] } });
  expect(
    await runTask(core, 'decide-view', {
      project,
      by,
      view: view.view,
      expected: view.total,
      verdict: 'accept',
    }),
  ).toMatchObject({ applied: 0, keptOut: view.total });
  expect((await core.projects.status({ project })).counts.decided).toBe(0);

  const flaggedBefore = (await core.projects.status({ project })).flagged['seed-copy'];
  const answers = [{ image: sha256, answer: 'not-a-copy' as const, comment: 'another pond' }];
  expect(await core.copies.answer({ project, by, answers })).toMatchObject({ applied: 1 });
  expect((await pairsOf(at)).get(`synthetic/${set.seedCopy}`)).toMatchObject({
    keptOut: false,
    answer: { answer: 'not-a-copy', by, comment: 'another pond' },
  });
  await addsUp(at);
  const { status } = await core.projects.overview({ project });
  expect([status.flagged['seed-copy'], status.counts.overruled]).toEqual([flaggedBefore - 1, 1]);
  expect((await core.images.facets({ project })).flags['seed-copy']).toBe(flaggedBefore - 1);
  const { flagged } = await core.queue.show({ project });
  expect(flagged.map(({ sha256: image }) => image)).not.toContain(sha256);
  expect(await accept(sha256)).toMatchObject({ applied: 1 });
  expect((await released(at)).shas.has(sha256)).toBe(true);

  await core.copies.answer({ project, by, answers: [{ image: sha256, answer: 'withdrawn' }] });
  expect((await released(at)).shas.has(sha256)).toBe(false);
  // It was accepted before, so the overview says that the release ignores it.
  const { attention } = await core.projects.overview({ project });
  expect(attention).toContainEqual(expect.objectContaining({ kind: 'accepted-copies', count: 1 }));
  expect((await core.copies.list({ project, filter: { accepted: true } })).total).toBe(1);
  await addsUp(at);
  expect(await runTask(core, 'verify', { project })).toMatchObject({ ok: true, difference: null });
});

test('no rule leaves a real image out: a person does', async () => {
  const { core, project } = at;
  const pair = (await pairsOf(at)).get('real/brick/leak.jpg')!;
  expect(pair).toMatchObject({ rule: 'holdout-leak', keptOut: false, other: { role: 'holdout' } });
  const { sha256 } = pair.image;
  expect((await released(at)).shas.has(sha256)).toBe(true);
  const { attention } = await core.projects.overview({ project });
  expect(attention).toContainEqual(expect.objectContaining({ kind: 'real-copies', count: 1 }));
  expect(attention.find(({ kind }) => kind === 'leaks')!.text).toBe(
    '1 file is a copy of hold-out images (1 same bytes): a release leaves them out.',
  );

  // A training mix does, until somebody answers that it is none.
  const to = join(at.folder, 'mix');
  const mix = await runTask(core, 'mix', { project, by, to, batchSize: 8, realShare: 1 });
  expect(mix.leftOut).toMatchObject({ 'holdout-kin': 1 });
  expect(readFileSync(join(to, 'manifest.jsonl'), 'utf8')).not.toContain(sha256);
  // And so does every arm of an experiment.
  const opened = Project.open(project, 'read');
  const most = { real: 1000, synthetic: 1000 };
  const data = await experimentData(opened, { most, seed: 1 }, new AbortController().signal);
  const trained = [...data.images.real, ...data.images.synthetic];
  expect(data.leftOut).toMatchObject({ 'holdout-kin': 1 });
  expect(trained).not.toContain(opened.store.images.idOf(sha256));
  const roles = new Map(opened.store.images.homes().map(({ id, role }) => [id, role]));
  expect(new Set(trained.map((id) => roles.get(id)))).toEqual(new Set(['real', 'synthetic']));
  expect(new Set(data.images.holdout.map((id) => roles.get(id)))).toEqual(new Set(['holdout']));
  // The seeded copies of real images are in arms as generated alone.
  expect(data.leftOut['verified-out']).toBeGreaterThan(0);
  expect(data.synthetic.verified.filter((label) => label < 0)).toHaveLength(data.leftOut['verified-out']!);
  expect(data.synthetic.generated).not.toContain(-1);
  opened.close();

  await core.copies.answer({ project, by, answers: [{ image: sha256, answer: 'copy' }] });
  const after = await released(at);
  expect([after.shas.has(sha256), after.leftOut]).toEqual([
    false,
    expect.objectContaining({ 'holdout-leak': 1 }),
  ]);
  await addsUp(at);
  expect(await runTask(core, 'verify', { project })).toMatchObject({ ok: true });
});

test('refuses what no rule found, and records nothing', async () => {
  const { core, project } = at;
  const answer = (image: string, said: 'copy' | 'withdrawn' = 'copy') =>
    core.copies.answer({ project, by, answers: [{ image, answer: said }] });
  const before = (await core.projects.status({ project })).events;
  const view = await core.images.query({ project, filter: { roles: ['holdout'] } });
  const [row] = await core.images.rows({ project, view: view.view, offset: 0, limit: 1 });
  const pair = (await pairsOf(at)).get('real/brick/leak.jpg')!;
  await expect(answer(row!.sha256)).rejects.toMatchObject({
    message: expect.stringContaining('do not find'),
  });
  await expect(answer('f'.repeat(64))).rejects.toMatchObject({
    message: expect.stringContaining('no image'),
  });
  await answer(pair.image.sha256, 'withdrawn');
  expect((await core.projects.status({ project })).events).toBe(before + 1);
  await expect(answer(pair.image.sha256, 'withdrawn')).rejects.toMatchObject({
    message: expect.stringMatching(/^Nobody has said .* Nothing was recorded\.$/),
  });
  expect((await core.projects.status({ project })).events).toBe(before + 1);
});

test('answers outlive the next scoring, and five "not a copy" make what is no more alike a candidate', async () => {
  const { core, project } = at;
  const list = async () => (await core.copies.list({ project, filter: { of: ['real'] } })).pairs;
  const before = (await list())
    .filter(({ image, certainty }) => image.path.startsWith('copy-') && certainty === 'same-picture')
    .sort((a, b) => b.similarity - a.similarity);
  expect(before.length).toBeGreaterThan(5);
  expect(before.every(({ keptOut }) => keptOut)).toBe(true);
  const answers = before
    .slice(0, 5)
    .map(({ image, other }) => ({ image: image.sha256, other: other.sha256, answer: 'not-a-copy' as const }));
  await core.copies.answer({ project, by, answers });
  await runTask(core, 'score', { project, by, device: 'cpu' });
  const after = new Map((await list()).map((pair) => [pair.image.sha256, pair]));
  for (const { image } of answers) {
    expect(after.get(image)).toMatchObject({ keptOut: false, answer: { answer: 'not-a-copy' } });
    expect((await core.scores.ofImage({ project, sha256: image })).scores['seed-copy']).toBe(0);
  }
  for (const { image } of before.slice(5))
    expect(after.get(image.sha256)).toMatchObject({
      rule: 'possible-copy',
      certainty: 'same-picture',
      keptOut: false,
      answer: null,
    });
  await addsUp(at);
  expect(await runTask(core, 'verify', { project })).toMatchObject({ ok: true, difference: null });
}, 240_000);
