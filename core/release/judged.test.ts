import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { ReleaseSummary } from '../../rpc/contract/releases.ts';
import { runTask } from '../../rpc/run-task.ts';
import type { CoreClient } from '../../rpc/transport/client.ts';
import { openCore } from '../../test/support/core.ts';
import { writeDataset } from '../../test/support/dataset.ts';
import { answerItems, makeReviewable } from '../../test/support/reviewable.ts';
import { answeredShares } from '../labels/soft-labels.ts';
import { Project } from '../project/project.ts';
import { exports } from './formats/registry.ts';

interface Row {
  sha256: string;
  label: string | null;
  role: string;
  split: string | null;
  given_split: string | null;
  reviewer: string | null;
  settled: string | null;
  adjudicator: string | null;
  judgements: string;
  label_distribution: string | null;
  annotators: number;
  grid: number | null;
}

const scratch = mkdtempSync(join(tmpdir(), 'assay-judged-'));
afterAll(async () => {
  await close();
  rmSync(scratch, { recursive: true, force: true });
});

let core: CoreClient;
let close: () => Promise<void>;
let project: string;
/** Two agree, two disagree and one settles it, one has answered, one is decided directly. */
let [agreed, settled, half, direct]: string[] = [];
/** Two that one person answered in one grid of a later queue. */
let together: string[] = [];
/** In force from after ada's answers on. */
let guideline: string;
beforeAll(async () => {
  const opened = openCore();
  core = opened.core;
  close = opened.close;
  project = await makeReviewable(core, join(scratch, 'p'), 30, { reviewers: 2, blind: true });
  const { view } = await core.images.query({ project, filter: { roles: ['synthetic'] } });
  const rows = await core.images.rows({ project, view, offset: 0, limit: 12 });
  const queued = await core.reviews.places({
    project,
    by: 'ada',
    queue: 1,
    images: rows.map(({ sha256 }) => sha256),
  });
  const items = rows.map(({ sha256 }) => sha256).filter((_, i) => queued[i] !== null);
  [agreed, settled, half, direct] = items;
  const answers = { project, queue: 1 };
  await answerItems(core, { ...answers, by: 'ada' }, [
    { sha256: agreed!, verdict: 'relabel', label: 'brick' },
    { sha256: settled!, verdict: 'relabel', label: 'brick' },
    { sha256: half!, verdict: 'relabel', label: 'leaf' },
  ]);
  guideline = (await core.people.publishGuideline({ project, by: 'lead', text: '# What is brick\n' })).sha256;
  await answerItems(core, { ...answers, by: 'bo' }, [
    { sha256: agreed!, verdict: 'relabel', label: 'brick' },
    { sha256: settled!, verdict: 'relabel', label: 'leaf' },
  ]);
  await core.reviews.decide({
    project,
    by: 'cy',
    context: { kind: 'conflict', queue: 1 },
    decisions: [{ sha256: settled!, verdict: 'relabel', label: 'water', comment: 'It flows.' }],
  });
  const explore = { project, by: 'di', context: { kind: 'explore' } as const };
  await core.reviews.decide({
    ...explore,
    decisions: [{ sha256: direct!, verdict: 'reject', reason: 'torn' }],
  });
  await core.reviews.undo({ project, by: 'di' });
  await core.reviews.decide({ ...explore, decisions: [{ sha256: direct!, verdict: 'accept' }] });
  const filter = { decisions: ['none' as const], roles: ['synthetic' as const] };
  await runTask(core, 'queue', { project, by: 'ada', budget: { share: 1 }, everything: true, filter });
  const page = await core.reviews.grid({ project, by: 'ed', queue: 2, count: 6 });
  const two = page.filter(({ sha256 }) => sha256 !== half).slice(0, 2);
  together = two.map(({ sha256 }) => sha256);
  await core.reviews.decide({
    project,
    by: 'ed',
    context: { kind: 'review', queue: 2, grid: true },
    decisions: two.map(({ sha256, position }) => ({ sha256, place: position, verdict: 'accept' })),
  });
});

type Released = { to: string; summary: ReleaseSummary };
const releases = new Map<string, Promise<Released>>();

/** A release of these roles, written once. */
function released(
  format: string,
  roles: ('real' | 'holdout' | 'synthetic')[] = ['real', 'holdout', 'synthetic'],
): Promise<Released> {
  const to = join(scratch, [format, ...roles].join('-'));
  const known = releases.get(to);
  if (known) return known;
  const made = runTask(core, 'release', { project, by: 'eve', format, to, undecided: 'in', roles }).then(
    (summary) => ({ to, summary }),
  );
  releases.set(to, made);
  return made;
}

function rowsOf(folder: string): Row[] {
  return readFileSync(join(folder, 'manifest.jsonl'), 'utf8')
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as Row);
}

const blindReview = {
  reason: null,
  purpose: 'review',
  queue: 1,
  blind: true,
  spread: false,
  grid: null,
  comment: null,
};

test('everybody who judged an image is named, with how it was settled', async () => {
  const { to } = await released('jsonl');
  const rows = new Map(rowsOf(to).map((row) => [row.sha256, row]));
  const of = (sha256: string | undefined) => {
    const row = rows.get(sha256!)!;
    return { ...row, judgements: JSON.parse(row.judgements) as unknown[] };
  };
  expect(of(agreed)).toMatchObject({
    label: 'brick',
    reviewer: 'bo',
    settled: 'agreement',
    adjudicator: null,
  });
  expect(of(agreed).judgements).toEqual(
    ['ada', 'bo'].map((reviewer) => ({
      ...blindReview,
      reviewer,
      // What was typed blind is the given label.
      verdict: 'accept',
      label: 'brick',
      decidedAt: expect.stringMatching(/^\d{4}-.*Z$/) as string,
      guideline: reviewer === 'ada' ? null : guideline,
    })),
  );
  expect(of(settled)).toMatchObject({
    label: 'water',
    reviewer: 'cy',
    settled: 'adjudication',
    adjudicator: 'cy',
    judgements: [
      { reviewer: 'ada', label: 'brick', blind: true },
      { reviewer: 'bo', label: 'leaf', blind: true },
      {
        reviewer: 'cy',
        label: 'water',
        blind: false,
        purpose: 'adjudication',
        comment: 'It flows.',
        guideline,
      },
    ],
  });
  // One answer of two settles nothing, and is no secret either.
  expect(of(half)).toMatchObject({
    reviewer: null,
    settled: null,
    judgements: [{ reviewer: 'ada', label: 'leaf' }],
  });
  // What was taken back is not there.
  expect(of(direct)).toMatchObject({
    reviewer: 'di',
    settled: 'direct',
    judgements: [{ verdict: 'accept', queue: null, blind: false }],
  });
  const untouched = [...rows.values()].filter(({ role }) => role === 'real');
  expect(new Set(untouched.map(({ judgements }) => judgements))).toEqual(new Set(['[]']));
  const manifest = JSON.parse(readFileSync(join(to, 'assay-manifest.json'), 'utf8')) as {
    images: { sha256: string; judgements: unknown[]; settled: string; split: string | null }[];
  };
  const listed = manifest.images.find(({ sha256 }) => sha256 === settled)!;
  expect(listed).toMatchObject({ settled: 'adjudication', adjudicator: 'cy' });
  expect(listed.judgements).toEqual(of(settled).judgements);
});

const share = (label: string, annotators: number, of: number) => ({
  label,
  rejected: false,
  annotators,
  share: annotators / of,
});

test('what people said of a label is there in shares, whoever judged between them', async () => {
  const { to } = await released('jsonl');
  const rows = new Map(rowsOf(to).map((row) => [row.sha256, row]));
  const manifest = JSON.parse(readFileSync(join(to, 'assay-manifest.json'), 'utf8')) as {
    images: { sha256: string; distribution: object[] | null; annotators: number; role: string }[];
  };
  const listed = new Map(manifest.images.map((image) => [image.sha256, image]));
  for (const [sha256, distribution] of [
    [agreed, [share('brick', 2, 2)]],
    // Between as many answers the given label comes first.
    [settled, [share('leaf', 1, 2), share('brick', 1, 2)]],
    [half, [share('leaf', 1, 1)]],
    [direct, [share(rows.get(direct!)!.label!, 1, 1)]],
  ] as const) {
    const row = rows.get(sha256!)!;
    expect(JSON.parse(row.label_distribution!)).toEqual(distribution);
    expect(listed.get(sha256!)!.distribution).toEqual(distribution);
    expect([row.annotators, listed.get(sha256!)!.annotators]).toEqual(
      Array(2).fill(distribution.reduce((sum, { annotators }) => sum + annotators, 0)),
    );
  }
  const untouched = [...rows.values()].filter(({ role }) => role === 'real');
  for (const row of untouched) expect(row).toMatchObject({ label_distribution: null, annotators: 0 });
  const annotated = [...rows.values()].filter(({ annotators }) => annotators > 0);
  expect(readFileSync(join(to, 'README.md'), 'utf8')).toContain(
    `People's answers for ${annotated.length} images are kept as a distribution: \`label_distribution\` lists`,
  );
});

const left =
  '6 label distributions and the number of annotators of each, who differ in 1; `assay-manifest.json` keeps them';

test.each([
  { format: 'folder', lost: [left], listing: 'in `assay-manifest.json`, `distribution` lists' },
  { format: 'yolo', lost: [left], listing: 'in `assay-manifest.json`, `distribution` lists' },
  { format: 'coco', lost: [], listing: '`label_distribution` lists' },
])('$format says where distributions are, or how many it leaves out', async ({ format, lost, listing }) => {
  const { to, summary } = await released(format, ['synthetic', 'real']);
  expect(summary.loses.filter((sentence) => sentence.includes('distribution'))).toEqual(lost);
  expect(readFileSync(join(to, 'README.md'), 'utf8')).toContain(`kept as a distribution: ${listing}`);
});

test('a release says how many decisions were made in a grid, and which', async () => {
  const { to } = await released('jsonl', ['synthetic', 'real']);
  const { counts, images } = JSON.parse(readFileSync(join(to, 'assay-manifest.json'), 'utf8')) as {
    counts: { judgements: object };
    images: { sha256: string; grid: number | null; judgements: { grid: number | null }[] }[];
  };
  const said = images.flatMap(({ judgements }) => judgements);
  expect(counts.judgements).toEqual({ made: said.length, inGrids: 2 });
  for (const rows of [images, rowsOf(to)])
    expect(rows.filter(({ grid }) => grid !== null).map(({ sha256, grid }) => [sha256, grid])).toEqual(
      together.toSorted().map((sha256) => [sha256, 2]),
    );
  for (const { grid, judgements } of images)
    expect(judgements.filter((each) => each.grid !== null)).toHaveLength(grid === null ? 0 : 1);
  expect(readFileSync(join(to, 'README.md'), 'utf8')).toContain(
    `${said.length} decisions of people are on record for these images; 2 of them were made in a grid, with`,
  );
});

test('an export says that an import of it only counts the judgements, where it has some', async () => {
  const says = expect.stringMatching(/^the judgements, where Assay imports the release: they are counted/);
  expect((await released('coco')).summary.loses).toContainEqual(says);
  expect((await released('coco', ['holdout'])).summary.loses).not.toContainEqual(says);
});

test('a queue that ends in distributions settles without agreement, and says so', async () => {
  const budget = { share: 1 };
  await expect(
    runTask(core, 'queue', { project, by: 'ada', budget, endsIn: 'distribution' }),
  ).rejects.toMatchObject({ code: 'USAGE', message: expect.stringMatching(/two or three/) as string });
  const all = { project, by: 'ada', budget, everything: true, reviewers: 3 };
  const { queue } = await runTask(core, 'queue', { ...all, endsIn: 'distribution' });
  const labels = { fay: 'brick', gus: 'leaf', hal: 'leaf' };
  for (const [by, label] of Object.entries(labels))
    await answerItems(core, { project, by, queue }, [{ sha256: half!, verdict: 'relabel', label }]);
  const { to } = await released('jsonl', ['synthetic']);
  const row = rowsOf(to).find(({ sha256 }) => sha256 === half)!;
  // What ada said in the first queue counts too.
  expect(row).toMatchObject({ label: 'leaf', settled: 'distribution', adjudicator: null, annotators: 4 });
  expect(JSON.parse(row.label_distribution!)).toEqual([share('leaf', 3, 4), share('brick', 1, 4)]);
  const [info] = await core.queue.list({ project });
  expect(info).toMatchObject({ endsIn: 'distribution', done: 1, conflicts: 0 });

  // What is trained on it: the shares of those who gave a class.
  const opened = Project.open(project, 'read');
  expect(answeredShares(opened.store)).toEqual(
    new Map([[opened.store.images.idOf(half!), new Map(Object.entries({ leaf: 0.75, brick: 0.25 }))]]),
  );
  opened.close();

  // Strategy shows the distributions that releases state, of all that two people answered.
  await expect(core.answers.show({ project, by: 'Ada' })).rejects.toMatchObject({
    code: 'NOT_READY',
    message: expect.stringContaining('Ada is still reviewing queue 1, which hides') as string,
  });
  const report = await core.answers.show({ project, by: 'lead' });
  const written = new Map(rowsOf(to).map((each) => [each.sha256, each]));
  expect(report.shown.map(({ sha256 }) => sha256).sort()).toEqual([agreed!, settled!, half!].sort());
  for (const { sha256, annotators, answers } of report.shown) {
    const stated = answers.map(({ label, rejected, annotators: n, share: part }) => ({
      label,
      rejected,
      annotators: n,
      share: part,
    }));
    const { label_distribution, annotators: people } = written.get(sha256)!;
    expect({ stated, annotators }).toEqual({ stated: JSON.parse(label_distribution!), annotators: people });
  }
  const { queue: queueOfAda, quality } = report.weighting.reviewers.find(
    ({ reviewer }) => reviewer === 'ada',
  )!;
  const { reviewers } = await core.reviews.agreement({ project, by: 'lead', queue: queueOfAda });
  expect(quality).toBe(reviewers.find(({ reviewer }) => reviewer === 'ada')!.quality);
  const { people, model } = report.compared;
  const [differing, third] = [settled, half].map(
    (wanted) => report.shown.find(({ sha256 }) => sha256 === wanted)!.people!,
  );
  // 1:1 and 3:1 of answers among the classes.
  expect(differing).toBeCloseTo(Math.log(2) / Math.log(report.classes), 12);
  expect(third).toBeCloseTo(0.5623351446 / Math.log(report.classes), 9);
  expect(people).toBeCloseTo((differing! + third!) / 3, 12);
  expect(model).toBeGreaterThan(0);
  const table = await core.answers.table({ project, by: 'lead' });
  expect(table.trimEnd().split('\r\n')).toHaveLength(1 + 5);
});

describe('the hold-out', () => {
  test('is a split of its own, and is named', async () => {
    const { to, summary } = await released('csv');
    expect(summary.holdout).toEqual({ images: 18, split: 'test' });
    expect(readFileSync(join(to, 'README.md'), 'utf8')).toContain(
      '18 hold-out images are kept apart as the split `test`',
    );
    const jsonl = await released('jsonl', ['holdout', 'synthetic']);
    const rows = rowsOf(jsonl.to);
    expect(rows.filter(({ role }) => role === 'holdout')).toHaveLength(18);
    for (const { role, split, given_split } of rows) {
      expect(split === 'test').toBe(role === 'holdout');
      expect(given_split).toBeNull();
    }
  });

  test('is called holdout where other images are a test split', async () => {
    const { to } = await released('jsonl', ['real']);
    const { folder: other } = await core.projects.create({ project: join(scratch, 'other'), by: 'ada' });
    const tested = rowsOf(to).map((row) => `images/${row.sha256}.png,${row.label},Test\n`);
    writeFileSync(join(to, 'tested.csv'), `path,label,split\n${tested.join('')}`);
    await runTask(core, 'import', { project: other, by: 'ada', from: join(to, 'tested.csv'), role: 'real' });
    const set = await writeDataset(join(scratch, 'set'), 9);
    await runTask(core, 'import', {
      project: other,
      by: 'ada',
      from: join(set.folder, 'holdout'),
      role: 'holdout',
    });
    const preview = await core.releases.preview({
      project: other,
      format: 'jsonl',
      to: join(scratch, 'nowhere'),
      undecided: 'in',
      roles: ['real', 'holdout'],
    });
    expect(preview.holdout).toEqual({ images: 18, split: 'holdout' });
  });

  test.each([...exports.values()].filter(({ mixesSplits }) => mixesSplits))(
    'is refused by $id, which has no splits',
    async ({ id }) => {
      await expect(released(id)).rejects.toMatchObject({
        code: 'EXPORT_REFUSED',
        message: expect.stringContaining('cannot keep 18 hold-out images apart') as string,
      });
      const preview = await core.releases.preview({
        project,
        format: id,
        to: join(scratch, 'nowhere'),
        undecided: 'in',
        roles: ['holdout'],
      });
      expect(preview.problems.join()).toContain('cannot keep 18 hold-out images apart');
      expect((await released(id, ['real', 'synthetic'])).summary.holdout).toBeNull();
    },
  );
});
