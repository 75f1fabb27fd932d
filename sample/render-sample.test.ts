import { createHash } from 'node:crypto';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { parse } from 'csv-parse/sync';
import { afterAll, describe, expect, test } from 'vitest';
import type { Progress } from '../rpc/progress.ts';
import { decodeImage } from '../imaging/decode.ts';
import { DEFAULT_LIMITS } from '../imaging/limits.ts';
import { PART_NAMES } from './classes.ts';
import { renderSample } from './render-sample.ts';

const scratch = mkdtempSync(join(tmpdir(), 'assay-sample-'));
afterAll(() => rmSync(scratch, { recursive: true, force: true }));

function files(folder: string): Map<string, string> {
  const found = new Map<string, string>();
  for (const entry of readdirSync(folder, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile()) continue;
    const path = join(entry.parentPath, entry.name);
    found.set(relative(folder, path), createHash('sha256').update(readFileSync(path)).digest('hex'));
  }
  return new Map([...found].sort(([a], [b]) => (a < b ? -1 : 1)));
}

const EMPTY = createHash('sha256').digest('hex');
const byText = (a: string, b: string): number => (a < b ? -1 : 1);
const ignore = (): void => {};
const patient = new AbortController().signal;
const reports: Progress[] = [];
const folder = join(scratch, 'first');
const summary = await renderSample({
  folder,
  seed: 7,
  size: { synthetic: 60 },
  signal: patient,
  progress: (report) => reports.push(report),
});
const written = files(folder);

interface Answer {
  path: string;
  fault: string;
  true_label: string;
  note: string;
}
const answers = parse<Answer>(readFileSync(join(folder, 'answers.csv')), { columns: true });
const metadata = readFileSync(join(folder, 'synthetic', 'metadata.jsonl'), 'utf8')
  .trim()
  .split('\n')
  .map((line) => JSON.parse(line) as Record<string, unknown> & { file_name: string; label: string });

describe('a rendered sample', () => {
  test('is byte-identical when rendered again, and differs for another seed', async () => {
    const again = join(scratch, 'again');
    await renderSample({
      folder: again,
      seed: 7,
      size: { synthetic: 60 },
      signal: patient,
      progress: ignore,
    });
    expect(files(again)).toEqual(written);
    const other = join(scratch, 'other');
    await renderSample({
      folder: other,
      seed: 8,
      size: { synthetic: 60 },
      signal: patient,
      progress: ignore,
    });
    const here = new Set(written.values());
    // Empty files are the same for every seed.
    const shared = new Set(
      [...files(other).values()].filter((sha256) => here.has(sha256) && sha256 !== EMPTY),
    );
    expect(shared.size).toBe(0);
  });

  test('has the reported folders, counts and progress', () => {
    const paths = [...written.keys()];
    expect(paths.filter((path) => path.startsWith('real')).length).toBe(summary.real);
    expect(paths.filter((path) => path.startsWith('holdout')).length).toBe(summary.holdout);
    expect(paths.filter((path) => path.startsWith('synthetic')).length).toBe(summary.synthetic + 1);
    expect(readdirSync(join(folder, 'real'))).toEqual([...PART_NAMES]);
    const images = summary.real + summary.holdout + summary.synthetic;
    expect(reports.length).toBe(images);
    expect(reports.at(-1)).toEqual({
      stage: 'rendering images',
      done: images,
      total: images,
      unit: 'images',
    });
  });

  test('lists every fault and nothing else', () => {
    expect(
      Object.fromEntries(
        Object.entries(Object.groupBy(answers, (answer) => answer.fault)).map(([k, v]) => [k, v?.length]),
      ),
    ).toEqual(summary.faults);
    const label = new Map(metadata.map((row) => [`synthetic/${row.file_name}`, row.label]));
    const shown = answers.filter((answer) => answer.true_label !== '');
    const differing = shown.filter((answer) => answer.true_label !== label.get(answer.path));
    expect(differing).toEqual(answers.filter((answer) => answer.fault === 'wrong-label'));
    expect(answers.every((answer) => label.has(answer.path))).toBe(true);
  });

  test('repeats bytes exactly where the answers say so', () => {
    const groups = Map.groupBy(written, ([, sha256]) => sha256);
    const repeated = [...groups.values()]
      .filter((group) => group.length > 1)
      .map((group) =>
        group
          .map(([path]) => path)
          .toSorted(byText)
          .join(' = '),
      );
    const told = answers
      .filter((answer) => answer.note.startsWith('same bytes as '))
      .map((answer) => [answer.path, answer.note.replace('same bytes as ', '')].toSorted(byText).join(' = '));
    expect(told.length).toBeGreaterThanOrEqual(3);
    expect(repeated.toSorted(byText)).toEqual(told.toSorted(byText));
  });

  test('opens, except for the broken files, and its PNGs hold their prompts', async () => {
    const broken = new Set(
      answers.filter((answer) => answer.fault === 'broken').map((answer) => answer.path),
    );
    let generated = 0;
    for (const path of written.keys()) {
      if (!/\.(jpg|png)$/.test(path)) continue;
      const outcome = await decodeImage(
        { path, root: folder, thumbs: null, objects: null, geometry: null },
        DEFAULT_LIMITS,
      );
      expect([path, outcome.ok]).toEqual([path, !broken.has(path)]);
      if (!outcome.ok || !outcome.metadata) continue;
      generated++;
      const row = metadata.find((candidate) => path === `synthetic/${candidate.file_name}`);
      expect(outcome.metadata).toMatchObject({
        tool: 'a1111',
        prompt: row?.['prompt'],
        seed: String(row?.['seed']),
      });
    }
    expect(generated).toBeGreaterThan(0);
  });
});

describe('a sample that cannot be made', () => {
  test('leaves a non-empty folder alone', async () => {
    const taken = mkdtempSync(join(scratch, 'taken-'));
    writeFileSync(join(taken, 'answers.csv'), 'mine');
    const attempt = renderSample({ folder: taken, seed: 1, signal: patient, progress: ignore });
    await expect(attempt).rejects.toMatchObject({ code: 'ALREADY_EXISTS' });
    expect(readFileSync(join(taken, 'answers.csv'), 'utf8')).toBe('mine');
  });

  test('leaves nothing behind when cancelled', async () => {
    const cancelled = join(scratch, 'cancelled');
    const abort = new AbortController();
    const attempt = renderSample({
      folder: cancelled,
      seed: 1,
      signal: abort.signal,
      progress: ({ done }) => {
        if (done === 5) abort.abort();
      },
    });
    await expect(attempt).rejects.toMatchObject({ code: 'CANCELLED' });
    expect(readdirSync(cancelled)).toEqual([]);
  });

  test.each([-1, 0.5, 2 ** 60])('refuses the seed %d before touching the disk', async (seed) => {
    const attempt = renderSample({
      folder: join(scratch, 'unseeded'),
      seed,
      signal: patient,
      progress: ignore,
    });
    await expect(attempt).rejects.toMatchObject({ code: 'INVALID_INPUT' });
    expect(readdirSync(scratch)).not.toContain('unseeded');
  });

  test('refuses a path that is a file', async () => {
    const file = join(scratch, 'file');
    writeFileSync(file, 'mine');
    const attempt = renderSample({ folder: file, seed: 1, signal: patient, progress: ignore });
    await expect(attempt).rejects.toMatchObject({ code: 'INVALID_INPUT' });
    expect(readFileSync(file, 'utf8')).toBe('mine');
  });
});
