import { beforeAll, describe, expect, test } from 'vitest';
import type { BatchReport } from '../../rpc/contract/reports.ts';
import { gaussian, mulberry32, type Random } from '../numeric/random.ts';
import { reportBatch, type BatchSet, type ImageSet } from './batch-report.ts';

const DIMENSIONS = 16;
const MODES = 5;

/** A mixture of five modes, one of them rare; the label is the mode. */
function mixture(random: Random, n: number, modes = MODES): { row: number[]; label: string }[] {
  const centre = mulberry32(77);
  const centres = Array.from({ length: MODES * DIMENSIONS }, () => 3 * gaussian(centre));
  return Array.from({ length: n }, () => {
    const mode = Math.min(modes - 1, Math.floor(random() * modes));
    return {
      row: Array.from({ length: DIMENSIONS }, (_, d) => centres[mode * DIMENSIONS + d]! + gaussian(random)),
      label: `mode-${mode}`,
    };
  });
}

function setOf(name: string, images: { row: number[]; label: string }[]): BatchSet {
  return {
    name,
    generation: 1,
    generator: 'generator',
    total: images.length,
    vectors: { data: Float32Array.from(images.flatMap(({ row }) => row)), dimensions: DIMENSIONS },
    sha256: images.map((_, i) => `${name}-${i}`),
    path: images.map((_, i) => `${name}/${i}.png`),
    label: images.map(({ label }) => label),
  };
}

const task = { signal: new AbortController().signal, progress: () => {} };
const report = (batch: BatchSet, previous: BatchSet | null = null): Promise<BatchReport> =>
  reportBatch(real, batch, previous, { model: 'm', seed: 1 }, task);
const outside = ({ measures }: BatchReport): string[] =>
  measures.filter((measured) => measured.outside).map(({ id }) => id);

const random = mulberry32(5);
const images = mixture(random, 300);
const real: ImageSet = setOf('real', images);
const sound = setOf('sound', mixture(random, 200));
const collapsed = setOf('collapsed', mixture(random, 200, 2));
const copies = setOf(
  'copies',
  images
    .slice(0, 200)
    .map(({ row, label }) => ({ label, row: row.map((value) => value + 0.05 * gaussian(random)) })),
);

describe('a report', () => {
  let ofSound: BatchReport;
  let ofCollapsed: BatchReport;
  let ofCopies: BatchReport;
  beforeAll(async () => {
    [ofSound, ofCollapsed, ofCopies] = [await report(sound), await report(collapsed), await report(copies)];
  });

  test('finds nothing much wrong with what is like the real images', () => {
    expect(outside(ofSound).length).toBeLessThanOrEqual(2);
    expect(ofSound.memorised).toEqual([]);
    expect(ofSound.alarm.raised).toBe(false);
  });

  test('sees lost modes in recall, coverage and diversity, and says what to generate', () => {
    expect(outside(ofCollapsed)).toEqual(expect.arrayContaining(['recall', 'coverage', 'vendi', 'frechet']));
    expect(ofCollapsed.measures.find(({ id }) => id === 'precision')!.outside).toBe(false);
    for (const mode of [2, 3, 4])
      expect(ofCollapsed.advice).toContain(`Generate mode-${mode}: the batch has none.`);
  });

  test('sees copies in authenticity and the copying test, and shows the pairs', () => {
    expect(outside(ofCopies)).toEqual(expect.arrayContaining(['authenticity', 'copying']));
    expect(ofCopies.memorised.length).toBeGreaterThan(10);
    for (const { sha256, realSha256 } of ofCopies.memorised)
      expect(realSha256).toBe(sha256.replace('copies', 'real'));
  });

  test('raises an alarm only when two measures are outside twice running', async () => {
    expect(ofCollapsed.alarm.raised).toBe(false);
    expect((await report(collapsed, sound)).alarm.raised).toBe(false);
    const twice = await report(collapsed, setOf('before', mixture(random, 200, 2)));
    expect(twice.alarm.raised).toBe(true);
    expect(twice.drift!.p).toBeGreaterThan(0.01);
  });

  test('finds the drift of a generator', async () => {
    const { drift } = await report(collapsed, sound);
    expect(drift).toMatchObject({ previous: 'sound' });
    expect(drift!.p).toBeLessThanOrEqual(0.01);
  });

  test('is the same every time, and says what it needs', async () => {
    expect(await report(sound)).toEqual(ofSound);
    await expect(report(setOf('few', mixture(random, 5)))).rejects.toMatchObject({ code: 'NOT_READY' });
    const stopped = { ...task, signal: AbortSignal.abort(new Error('enough')) };
    await expect(reportBatch(real, sound, null, { model: 'm', seed: 1 }, stopped)).rejects.toThrow('enough');
  });
});
