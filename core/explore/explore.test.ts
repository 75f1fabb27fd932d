import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import type { ImageFilter } from '../../rpc/contract/images.ts';
import { RULES, STRATA } from '../../rpc/contract/terms.ts';
import { temporaryFolder } from '../../test/support/folders.ts';
import { HOSTILE } from '../../test/support/hostile-texts.ts';
import { openHuge } from '../../test/support/open-huge.ts';
import { record } from '../ledger/ledger.ts';
import { Project } from '../project/project.ts';
import { decide } from '../review/decide.ts';
import { explorerOf, resolveFilter, viewImages } from './index.ts';
import { listTags, setTag, undoTag } from './tags.ts';

const ADDED = { by: 'added', order: 'ascending' } as const;
const SQUARE: [number, number][] = [
  [0, 0],
  [7, -1],
  [6, 6],
  [-1, 7],
];

test('pages, places and the mask of a view agree with its list', async () => {
  const project = await openHuge(3000);
  const explorer = explorerOf(project);
  const { view, total } = await explorer.call(
    'query',
    { labels: ['part-03', null] },
    { by: 'self-confidence', order: 'descending' },
  );
  const ids = await viewImages(project, view);
  const rows = [
    ...(await explorer.call('rows', view, 0, 100)),
    ...(await explorer.call('rows', view, 100, 1000)),
  ];
  expect(rows.map((row) => row.id)).toEqual([...ids]);
  expect(await explorer.call('rows', view, total, 10)).toEqual([]);
  const values = rows.flatMap((row) => (row.value === null ? [] : [row.value]));
  expect(values).toEqual(values.toSorted((a, b) => b - a));
  expect(rows.slice(values.length).every((row) => row.value === null)).toBe(true);
  expect(values.length).toBeLessThan(rows.length);
  expect(await explorer.call('indexOf', view, rows[7]!.sha256)).toBe(7);
  expect(await explorer.call('indexOf', view, rows[8]!.id)).toBe(8);
  const absent = Array.from({ length: 3000 }, (_, i) => i + 1).find((id) => !ids.includes(id))!;
  expect(await explorer.call('indexOf', view, absent)).toBe(-1);
  const mask = await explorer.call('mask', view);
  const bits = Buffer.from(mask.bits, 'base64');
  const marked = Array.from({ length: 3001 }, (_, id) => id).filter((id) => (bits[id >> 3]! >> (id & 7)) & 1);
  expect(marked).toEqual([...ids].toSorted((a, b) => a - b));
  await expect(explorer.call('rows', 'another-1', 0, 10)).rejects.toMatchObject({ code: 'NOT_FOUND' });
});

test('facets count what the filters of one choice find; a histogram leaves its own bounds out', async () => {
  const project = await openHuge(3000);
  const explorer = explorerOf(project);
  const facets = await explorer.call('facets', {});
  const count = async (filter: ImageFilter): Promise<number> =>
    (await explorer.call('query', filter, ADDED)).total;
  for (const { name, images } of facets.batches) expect(await count({ batches: [name] })).toBe(images);
  for (const { name, images } of facets.labels) expect(await count({ labels: [name] })).toBe(images);
  for (const { name, images } of facets.predicted) expect(await count({ predicted: [name] })).toBe(images);
  for (const { name, images } of facets.reviewers) expect(await count({ reviewers: [name] })).toBe(images);
  for (const rule of RULES) expect(await count({ flags: [rule] })).toBe(facets.flags[rule]);
  for (const stratum of STRATA) expect(await count({ strata: [stratum] })).toBe(facets.strata[stratum]);
  for (const key of ['none', 'accept', 'relabel', 'reject'] as const)
    expect(await count({ decisions: [key] })).toBe(facets.decisions[key]);
  const filter: ImageFilter = { labels: ['part-01'], scores: { entropy: [0.2, 0.3] } };
  const histogram = await explorer.call('histogram', filter, 'entropy', 10);
  const sum = (counts: number[]): number => counts.reduce((all, own) => all + own, 0);
  expect(sum(histogram.whole) + histogram.missing).toBe(3000);
  expect(sum([...histogram.real, ...histogram.synthetic])).toBe(await count({ labels: ['part-01'] }));
  const { min, max } = histogram;
  const firstBin: [number, number] = [null as never, min + (max - min) / 10 - 1e-12];
  expect(histogram.whole[0]).toBe(await count({ scores: { entropy: firstBin } }));
});

test('decisions, undone ones too, are found at once, and a new image after its import', async () => {
  const project = await openHuge(600, 'write');
  const explorer = explorerOf(project);
  const before = await explorer.call('facets', {});
  const { view } = await explorer.call('query', { decisions: ['none'] }, ADDED);
  const [first, second] = await explorer.call('rows', view, 0, 2);
  decide(project, 'Mary Somerville', { kind: 'explore' }, [
    { sha256: first!.sha256, verdict: 'reject', reason: 'blurred' },
    { sha256: second!.sha256, verdict: 'accept' },
  ]);
  const after = await explorer.call('facets', {});
  expect(after.decisions.reject).toBe(before.decisions.reject + 1);
  expect(after.reviewers).toContainEqual({ name: 'Mary Somerville', images: 2 });
  decide(project, 'Mary Somerville', { kind: 'explore' }, [{ sha256: first!.sha256, verdict: 'undo' }]);
  expect([...(await resolveFilter(project, { reviewers: ['Mary Somerville'] }))]).toEqual([second!.id]);
  expect((await explorer.call('facets', {})).decisions.reject).toBe(before.decisions.reject);
  record(project.store, 'test', 'files.imported', {
    batch: 'real',
    files: [
      { path: 'new.png', bytes: 1, label: 'part-02', prompt: 'zebra', image: imageOf('ab'.repeat(32)) },
      // The bytes of a synthetic image turn up among the real ones: that is its home from now on.
      { path: 'known.png', bytes: 1, image: imageOf(lastOf(project)) },
    ],
  });
  const synthetic = before.batches.find(({ role }) => role === 'synthetic')!;
  const moved = await explorer.call('facets', {});
  expect(moved.batches.find(({ role }) => role === 'synthetic')!.images).toBe(synthetic.images - 1);
  expect([...(await resolveFilter(project, { prompt: 'zebra' }))]).toEqual([601]);
  const byScore = await explorer.call('query', {}, { by: 'entropy', order: 'descending' });
  expect((await viewImages(project, byScore.view)).at(-1)).toBe(601);
  const counted = project.store.images.countsByBatch().map(({ batch, images }) => ({ name: batch, images }));
  expect(moved.batches.map(({ name, images }) => ({ name, images }))).toEqual(counted);
});

test('tags are found at once, by every process, and counted; what is on no image is no tag', async () => {
  const project = await openHuge(600, 'write');
  const reader = Project.open(project.folder, 'read');
  onTestFinished(() => reader.close());
  const explorer = explorerOf(reader);
  expect((await explorer.call('facets', {})).tags).toEqual([]);
  const glare = { tag: 'glare', off: false };
  const { seq } = setTag(project, 'Ada Lovelace', glare, [3, 1, 2, 3]);
  expect(project.store.events.last()!.seq).toBe(seq);
  expect(setTag(project, 'Grace Hopper', { tag: ' GLARE\n', off: false }, [2, 5])).toEqual({
    tag: 'glare',
    applied: 1,
    seq: seq + 1,
  });
  expect(setTag(project, 'Grace Hopper', glare, [2, 5])).toMatchObject({ applied: 0, seq: seq + 1 });
  setTag(project, 'Grace Hopper', { tag: 'ask vendor', off: false }, [5]);
  expect([...(await resolveFilter(reader, { tags: ['glare'] }))]).toEqual([1, 2, 3, 5]);
  expect((await explorer.call('facets', { tags: ['ask vendor'] })).tags).toEqual([
    { name: 'glare', images: 4 },
    { name: 'ask vendor', images: 1 },
  ]);
  const { view } = await explorer.call('query', { tags: ['ask vendor'] }, ADDED);
  expect((await explorer.call('rows', view, 0, 9)).map(({ tags }) => tags)).toEqual([
    ['ask vendor', 'glare'],
  ]);
  const { sha256 } = project.store.images.byId(5)!;
  expect((await explorer.call('detail', sha256)).tags).toEqual(['ask vendor', 'glare']);
  expect(listTags(project)).toEqual([
    { name: 'ask vendor', images: 1 },
    { name: 'glare', images: 4 },
  ]);

  // The number of a tag that is gone may be given to another one.
  setTag(project, 'Ada Lovelace', { tag: 'ask vendor', off: true }, [1, 5]);
  setTag(project, 'Ada Lovelace', { tag: 'döner', off: false }, [7]);
  expect((await explorer.call('facets', {})).tags).toEqual([
    { name: 'glare', images: 4 },
    { name: 'döner', images: 1 },
  ]);
  expect([...(await resolveFilter(reader, { tags: ['ask vendor'] }))]).toEqual([]);
  const recorded = [...project.store.events.all()].filter(({ kind }) => kind.startsWith('images.'));
  expect(recorded.map(({ kind, actor }) => `${actor} ${kind}`)).toEqual([
    'Ada Lovelace images.tagged',
    'Grace Hopper images.tagged',
    'Grace Hopper images.tagged',
    'Ada Lovelace images.untagged',
    'Ada Lovelace images.tagged',
  ]);
});

test('undoing a tag is about exactly the images that the act changed, and an act of its own', async () => {
  const project = await openHuge(600, 'write');
  const tag = (off: boolean, images: number[]) =>
    setTag(project, 'Ada Lovelace', { tag: 'glare', off }, images);
  const tagged = async () => [...(await resolveFilter(project, { tags: ['glare'] }))];
  tag(false, [1, 2]);
  const put = tag(false, [2, 3, 4]);
  expect(undoTag(project, 'Ada Lovelace', put.seq)).toEqual({ tag: 'glare', applied: 2, seq: put.seq + 1 });
  expect(await tagged()).toEqual([1, 2]);
  const taken = tag(true, [1, 2]);
  expect(await tagged()).toEqual([]);
  // On again, though the tag itself was gone.
  expect(undoTag(project, 'Grace Hopper', taken.seq)).toMatchObject({ applied: 2 });
  expect(await tagged()).toEqual([1, 2]);
  // What was taken back already is left as it is.
  expect(undoTag(project, 'Grace Hopper', taken.seq)).toMatchObject({ applied: 0 });
  const last = [...project.store.events.all()].at(-1)!;
  expect(last).toMatchObject({ kind: 'images.tagged', actor: 'Grace Hopper' });
  expect(() => undoTag(project, 'Ada Lovelace', 1)).toThrow('Event 1 tagged no image. Nothing was recorded.');
});

test('a tag is a short line of plain text, and there are not too many', async () => {
  const project = await openHuge(300, 'write');
  const put = (tag: string, images: ArrayLike<number> = [1]) =>
    setTag(project, 'Ada Lovelace', { tag, off: false }, images);
  const refused = (tag: string, message: RegExp) =>
    expect(() => put(tag)).toThrow(
      expect.objectContaining({ code: 'USAGE', message: expect.stringMatching(message) }),
    );
  refused(' \u200b\t', /needs a name/);
  refused('x'.repeat(61), /at most 60 characters/);
  for (const hostile of ['a\u0000b', '\u001b[31mred', 'left\u202eright', 'half \ud800'])
    refused(hostile, /signs that a tag cannot have/);
  const outcome = (text: string): string => {
    try {
      return put(text).tag;
    } catch (error) {
      return (error as { code: string }).code;
    }
  };
  for (const text of HOSTILE) {
    const said = outcome(text);
    expect(['USAGE', ...project.store.tags.ofImage(1)]).toContain(said);
  }
  expect(listTags(project).length).toBeGreaterThan(20);
  for (const { name } of listTags(project))
    expect([...(await resolveFilter(project, { tags: [name] }))]).toEqual([1]);
  expect(put('Cafe\u0301  noir').tag).toBe('Café noir');
  expect(put('café NOIR').applied).toBe(0);
  expect(() => put('all', new Uint32Array(100_001))).toThrow(/narrow the filter/);
  expect(() => setTag(project, 'Ada Lovelace', { tag: 'nowhere', off: true }, [1])).toThrow(
    expect.objectContaining({ code: 'NOT_FOUND' }),
  );
  for (let i = listTags(project).length; i < 200; i++) put(`tag ${i}`);
  refused('one more', /200 tags already/);
  expect(put('TAG 199', [2]).applied).toBe(1);
});

function imageOf(sha256: string): {
  sha256: string;
  format: string;
  width: number;
  height: number;
  copied: boolean;
} {
  return { sha256, format: 'png', width: 4, height: 4, copied: false };
}

function lastOf(project: Project): string {
  return project.store.images.byId(600)!.sha256;
}

test('a reader notices what another process writes, and a reopened project starts anew', async () => {
  const writer = await openHuge(600, 'write');
  const reader = Project.open(writer.folder, 'read');
  const explorer = explorerOf(reader);
  const { view } = await explorer.call('query', { decisions: ['none'] }, ADDED);
  const [row] = await explorer.call('rows', view, 5, 1);
  decide(writer, 'Ada Lovelace', { kind: 'explore' }, [
    { sha256: row!.sha256, verdict: 'reject', reason: 'dark' },
  ]);
  expect(await resolveFilter(reader, { decisions: ['reject'] })).toContain(row!.id);
  expect((await explorer.call('rows', view, 5, 1))[0]).toMatchObject({ id: row!.id, verdict: 'reject' });
  reader.close();
  const again = Project.open(writer.folder, 'read');
  onTestFinished(() => again.close());
  await expect(viewImages(again, view)).rejects.toMatchObject({ code: 'NOT_FOUND' });
  expect(await resolveFilter(again, { decisions: ['reject'] })).toContain(row!.id);
});

test('detail tells of both directions of a finding, and of the exact nearest', async () => {
  const project = await openHuge(3000);
  const explorer = explorerOf(project);
  const [flagged] = await resolveFilter(project, { flags: ['near-duplicate'] });
  const image = project.store.images.byId(flagged!)!;
  const ask = () => explorer.call('detail', image.sha256.slice(0, 20));
  await expect.poll(async () => (await ask()).neighbours.among, { timeout: 30_000 }).toBe(3000);
  const detail = await ask();
  const other = detail.flags.find((flag) => flag.rule === 'near-duplicate')!.sha256;
  const back = await explorer.call('detail', other);
  expect(back.flags.map((flag) => flag.sha256)).toContain(image.sha256);
  expect([...(await resolveFilter(project, { groupOf: other }))]).toContain(flagged);
  expect([...(await resolveFilter(project, { groupOf: image.sha256 }))]).toContain(back.id);
  expect(detail.metadata).toMatchObject({ tool: 'a1111', generator: 'renderer', generation: 1 });
  const similarity = (id: number): number => {
    const model = project.store.scores.runs()[0]!.model;
    const of = (n: number): Float32Array =>
      new Float32Array(new Uint8Array(project.store.facts.embedding(model, n)!).buffer);
    const [a, b] = [of(image.id), of(id)];
    const dot = (x: Float32Array, y: Float32Array): number =>
      x.reduce((sum, value, i) => sum + value * y[i]!, 0);
    return dot(a, b) / Math.sqrt(dot(a, a) * dot(b, b));
  };
  const all = Array.from({ length: 3000 }, (_, i) => i + 1).filter((id) => id !== image.id);
  const nearest = all.map((id) => [id, similarity(id)] as const).sort((a, b) => b[1] - a[1]);
  const shas = (list: readonly (readonly [number, number])[]): string[] =>
    list.slice(0, 8).map(([id]) => project.store.images.byId(id)!.sha256);
  expect(detail.neighbours.any.map(({ sha256 }) => sha256)).toEqual(shas(nearest));
  expect(detail.neighbours.any[0]!.similarity).toBeCloseTo(nearest[0]![1], 5);
  expect(detail.neighbours.real.map(({ sha256 }) => sha256)).toEqual(
    shas(nearest.filter(([id]) => id <= 90)),
  );
  await expect(explorer.call('detail', 'f'.repeat(64))).rejects.toMatchObject({ code: 'NOT_FOUND' });
});

test('what is not there is said with the remedy', async () => {
  const folder = join(temporaryFolder(), 'empty');
  const empty = Project.create(folder, 'test');
  onTestFinished(() => empty.close());
  const explorer = explorerOf(empty);
  expect(await explorer.call('query', {}, ADDED)).toMatchObject({ total: 0, of: 0 });
  expect((await explorer.call('facets', {})).decisions.none).toBe(0);
  await expect(explorer.call('query', {}, { by: 'margin', order: 'ascending' })).rejects.toMatchObject({
    code: 'NOT_READY',
  });
  const lasso = { layout: 'umap' as const, polygon: SQUARE };
  await expect(explorer.call('query', { lasso }, ADDED)).rejects.toMatchObject({ code: 'NOT_READY' });
  mkdirSync(join(empty.folder, 'maps'));
  writeFileSync(join(empty.folder, 'maps', 'umap.bin'), Buffer.alloc(7));
  expect(await explorer.call('query', { lasso }, ADDED)).toMatchObject({ total: 0 });
  const project = await openHuge(300);
  await expect(
    explorerOf(project).call('query', { scores: { beauty: [0, 1] } }, ADDED),
  ).rejects.toMatchObject({ code: 'INVALID_INPUT' });
});
