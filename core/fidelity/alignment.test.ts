import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { parse } from 'csv-parse/sync';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { TINY_TOWERS } from '../../models/testing/toy-text.ts';
import { runTask } from '../../rpc/run-task.ts';
import { connectInProcess, type CoreClient } from '../../rpc/transport/inproc.ts';
import { router } from '../handlers/index.ts';
import { renderSample } from '../../sample/render-sample.ts';
import { Workbench } from '../handlers/workbench.ts';
import { answerItems, copyScored } from '../../test/support/reviewable.ts';

const SYNTHETIC = 160;
const by = 'ada';
const folder = mkdtempSync(path.join(tmpdir(), 'assay-alignment-'));
const workbench = new Workbench();
const core: CoreClient = connectInProcess(router, { workbench });
const set = path.join(folder, 'set');
afterAll(async () => {
  await workbench.shutDown();
  rmSync(folder, { recursive: true, force: true });
});

interface Margins {
  wrong: number[];
  sound: number[];
}

/** Chance that a sound image has a greater margin than one with a wrong label. */
function auroc({ wrong, sound }: Margins): number {
  const wins = wrong.flatMap((low) => sound.map((high) => (low < high ? 1 : low === high ? 0.5 : 0)));
  return wins.reduce((sum: number, win) => sum + win, 0) / wins.length;
}

async function makeProject(name: string, model: string): Promise<string> {
  const project = path.join(folder, `${name}.assay`);
  await core.projects.create({ project, by });
  for (const role of ['real', 'holdout', 'synthetic'] as const) {
    const from = path.join(set, role);
    await runTask(core, 'import', { project, by, from, role, batch: role, model, device: 'cpu' });
  }
  return project;
}

/** The synthetic images' hashes, by what the answers of the set say of them. */
function imagesOf(project: string): { wrong: string[]; sound: string[] } {
  const answers = new Map(
    parse<{ path: string; fault: string }>(readFileSync(path.join(set, 'answers.csv')), {
      columns: true,
    }).map((row) => [path.basename(row.path), row.fault]),
  );
  const images = [...workbench.open(project, 'read').store.images.homes()].filter(
    ({ role }) => role === 'synthetic',
  );
  const having = (fault: string | undefined): string[] =>
    images.filter((image) => answers.get(path.basename(image.path)) === fault).map(({ sha256 }) => sha256);
  return { wrong: having('wrong-label'), sound: having(undefined) };
}

/** The margins, or values of another score, that the newest run stored. */
function marginsOf(project: string, score = 'class-margin', images = imagesOf(project)): Margins {
  const { store } = workbench.open(project, 'read');
  const run = store.scores.runs().at(-1)!.id;
  const values = new Map<string, number>();
  for (const { imageId, value } of store.scores.column(run, score))
    values.set(store.images.byId(imageId)!.sha256, value);
  const of = (hashes: string[]): number[] => hashes.map((sha256) => values.get(sha256)!);
  return { wrong: of(images.wrong), sound: of(images.sound) };
}

const alignmentOf = (project: string): unknown =>
  (
    JSON.parse(workbench.open(project, 'read').store.scores.runs().at(-1)!.parameters) as {
      alignment: unknown;
    }
  ).alignment;

beforeAll(async () => {
  const task = { signal: new AbortController().signal, progress: () => {} };
  await renderSample({ folder: set, seed: 11, size: { synthetic: SYNTHETIC }, ...task });
}, 120_000);

describe('with a text tower', () => {
  let project: string;
  beforeAll(async () => {
    project = await makeProject('towers', TINY_TOWERS);
    await score();
  }, 120_000);
  const score = (options: object = {}) =>
    runTask(core, 'score', { project, by, model: TINY_TOWERS, device: 'cpu', ...options });

  test('wrong labels have low margins, and the prompts are on the record', async () => {
    const margins = marginsOf(project);
    expect(margins.wrong.length).toBeGreaterThan(3);
    expect(auroc(margins)).toBeGreaterThan(0.95);
    expect(alignmentOf(project)).toMatchObject({
      kind: 'prompts',
      prompts: expect.arrayContaining([{ class: 'hex-bolt', texts: ['A photo depicts hex bolt'] }]),
    });
  });

  test('images that show something else than their own prompt asks for fit other prompts better', () => {
    const fits = marginsOf(project, 'prompt-alignment');
    expect(fits.wrong.every((value) => value >= 0 && value <= 1)).toBe(true);
    expect(auroc(fits)).toBeGreaterThan(0.9);
    const { store } = workbench.open(project, 'read');
    // Real images have no prompt, so there is nothing to compare.
    for (const { imageId } of store.scores.column(1, 'prompt-alignment'))
      expect(store.images.byId(imageId)!.role).toBe('synthetic');
    expect(JSON.parse(store.scores.runs()[0]!.parameters)).toMatchObject({
      promptFit: { batches: 1, prompts: 101 },
    });
  });

  test('the same again gives the same, and says nothing of the prompts', async () => {
    const first = workbench.open(project, 'read').store.scores.runs().at(-1)!;
    const run = await score();
    expect(run.digest).toBe(first.digest);
    // The sample's prompts are longer than the tiny tower reads; those of the classes are not.
    expect(run.notes.filter((note) => note.includes('prompt'))).toEqual([
      expect.stringMatching(/^101 of 101 prompts drawn from the batches are longer than the 24 tokens/),
    ]);
  }, 120_000);

  test('the report holds thresholds, what they cut, and what that costs', async () => {
    const report = await core.scores.alignment({ project });
    expect(report).toMatchObject({ anchor: 'prompts', percentile: 5, batch: null });
    expect(report.classes).toHaveLength(10);
    for (const row of report.classes) {
      expect(row.pooled).toBe(false);
      expect(row.prompts).toEqual([`A photo depicts ${row.name.replace('-', ' ')}`]);
      expect(row.seed.of - row.seed.kept).toBe(Math.ceil(0.05 * (row.seed.of - 1)));
      expect(row.coverage!.after).toBeLessThanOrEqual(row.coverage!.before);
    }
    const { total } = report;
    expect(total.batch.of).toBeGreaterThan(0.9 * SYNTHETIC);
    expect(total.batch.kept).toBeLessThan(total.batch.of);
    expect(total.seed.of).toBe(report.classes.reduce((sum, row) => sum + row.seed.of, 0));
    const { kept, of } = total.holdout;
    expect(report.loss).toEqual({ share: 1 - kept / of, of, evidence: 'holdout' });
    const strict = await core.scores.alignment({ project, percentile: 40 });
    expect(strict.total.batch.kept).toBeLessThan(total.batch.kept);
    expect(strict.loss!.share).toBeGreaterThan(report.loss!.share);
    expect(strict.total.coverage!.after).toBeLessThanOrEqual(total.coverage!.after);
  });

  test('what reviewers decided says what is lost, and what is gained', async () => {
    await runTask(core, 'queue', { project, by, budget: { share: 1 }, everything: true });
    const { wrong, sound } = imagesOf(project);
    await answerItems(core, { project, by }, [
      ...sound.slice(0, 60).map((sha256) => ({ sha256, verdict: 'accept' as const })),
      ...wrong.map((sha256) => ({ sha256, verdict: 'reject' as const, reason: 'another part' })),
    ]);
    const { total, loss } = await core.scores.alignment({ project });
    expect(total.accepted.of).toBe(60);
    expect(total.wrong.of).toBe(wrong.length);
    expect(total.wrong.kept).toBeLessThan(wrong.length / 2);
    expect(loss).toEqual({ share: 1 - total.accepted.kept / 60, of: 60, evidence: 'accepted' });
    expect(loss!.share).toBeLessThan(0.3);
  });

  test.each([
    [{ batch: 'nowhere' }, 'NOT_FOUND'],
    [{ batch: 'real' }, 'INVALID_INPUT'],
  ])('no report of %o', async (options, code) => {
    await expect(core.scores.alignment({ project, ...options })).rejects.toMatchObject({ code });
  });

  test.each([
    [{ promptTemplates: ['a photo'] }, /has no {class}/],
    [{ prompts: [{ label: 'apple', prompt: 'an apple' }] }, /"apple", which is no class here/],
  ])('no run with %o', async (options, message) => {
    const runs = workbench.open(project, 'read').store.scores.runs().length;
    await expect(score(options)).rejects.toMatchObject({
      code: 'INVALID_INPUT',
      message: expect.stringMatching(message),
    });
    expect(workbench.open(project, 'read').store.scores.runs()).toHaveLength(runs);
  });

  test('other prompts give other margins, under their own names in the record, and what they lack is a note', async () => {
    const plain = marginsOf(project);
    const prompts = [
      { label: 'gear', prompt: 'a photo of one washer' },
      { label: 'washer', prompt: 'a photo of one gear' },
      { label: 'spring', prompt: 'spring '.repeat(40) },
      { label: 'hex-bolt', prompt: 'a photo of the' },
    ];
    const run = await score({ promptTemplates: ['one {class}', 'a picture of the {class}'], prompts });
    expect(alignmentOf(project)).toMatchObject({
      prompts: expect.arrayContaining([
        { class: 'gear', texts: ['a photo of one washer'] },
        { class: 'o-ring', texts: ['one o ring', 'a picture of the o ring'] },
      ]),
    });
    expect(auroc(marginsOf(project))).toBeLessThan(auroc(plain));
    expect(run.notes).toEqual(
      expect.arrayContaining([
        expect.stringMatching(/1 prompts are longer than the 24 tokens .* "spring spring/),
        expect.stringMatching(/vector of zeros for the prompt "a photo of the": give hex-bolt another one/),
      ]),
    );
  }, 120_000);
});

describe('without a text tower', () => {
  test('the real images of the classes take its place', async () => {
    const { project, set: known } = await copyScored(path.join(folder, 'plain'), 90);
    await expect(
      runTask(core, 'score', { project, by, promptTemplates: ['a {class}'] }),
    ).rejects.toMatchObject({ code: 'INVALID_INPUT', message: expect.stringMatching(/no text tower/) });
    const isWrong = new Set(known.wrongLabels.map((at) => path.basename(at)));
    const synthetic = [...workbench.open(project, 'read').store.images.homes()].filter(
      ({ role }) => role === 'synthetic',
    );
    const having = (wrong: boolean): string[] =>
      synthetic
        .filter((image) => isWrong.has(path.basename(image.path)) === wrong)
        .map(({ sha256 }) => sha256);
    const margins = marginsOf(project, 'class-margin', { wrong: having(true), sound: having(false) });
    expect(margins.wrong).toHaveLength(known.wrongLabels.length);
    expect(auroc(margins)).toBeGreaterThan(0.8);
    expect(alignmentOf(project)).toEqual({ kind: 'centroids' });
    expect([...workbench.open(project, 'read').store.scores.column(1, 'prompt-alignment')]).toEqual([]);
    const report = await core.scores.alignment({ project });
    expect(report.anchor).toBe('centroids');
    expect(report.classes.flatMap(({ prompts }) => prompts)).toEqual([]);
    expect(workbench.open(project, 'read').store.scores.runs()).toHaveLength(1);
  }, 120_000);
});
