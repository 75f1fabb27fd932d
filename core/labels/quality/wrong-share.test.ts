import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import sharp from 'sharp';
import { describe, expect, test } from 'vitest';
import { runTask } from '../../../rpc/run-task.ts';
import { startCore } from '../../../test/support/core.ts';
import { writeDataset } from '../../../test/support/dataset.ts';
import { temporaryFolder } from '../../../test/support/folders.ts';
import { wrongShare, type ClassRisk } from './wrong-share.ts';

/** Label risk over a class in which every image has the same one. */
const evenly = (images: number, risk: number): ClassRisk => ({
  images,
  sum: images * risk,
  variance: images * risk * (1 - risk),
});

describe('the share of wrong labels in a class', () => {
  test('is the mean risk, and its interval holds what both sides allow', () => {
    const { share, interval, untold } = wrongShare([92, 8], 0, evenly(100, 0.05), 0.01);
    expect([share, untold]).toEqual([0.05, null]);
    // By Clopper and Pearson 3.5 to 15.2 %; by risk a factor of 2 each way, and 4.3 % for chance.
    expect(interval![0]).toBe(0);
    expect(interval![1]).toBeCloseTo(0.152, 3);
    const many = wrongShare([9600, 400], 0, evenly(10_000, 0.05), 0.01).interval!;
    expect(many[0]).toBeCloseTo(0.025 - 0.0043, 3);
    expect(many[1]).toBeCloseTo(0.1 + 0.0043, 3);
  });

  test.each([
    ['the count says much more than the risk', [70, 30], evenly(100, 0.02), 0, 'shifted'],
    ['the risk says much more than the count', [1000, 0], evenly(1000, 0.2), 0, 'shifted'],
    ['over a third counts as another class, whatever the risk', [60, 40], evenly(100, 0.4), 0, 'shifted'],
    ['real images of the class count as another one', [95, 5], evenly(100, 0.05), 0.3, 'weak'],
  ] as const)('is not told where %s', (_, row, risk, realNoise, untold) => {
    expect(wrongShare(row, 0, risk, realNoise)).toEqual({
      share: risk.sum / risk.images,
      interval: null,
      untold,
    });
  });

  test('of a class of which no image is counted is told by risk alone, as widely as that allows', () => {
    expect(wrongShare([0, 0], 1, evenly(50, 0.04), null)).toEqual({
      share: 0.04,
      interval: [0, 1],
      untold: null,
    });
  });
});

test(
  'generated images in other colours than the real ones are not called mislabelled',
  { timeout: 120_000 },
  async () => {
    const folder = temporaryFolder();
    const set = await writeDataset(join(folder, 'set'), 150);
    const synthetic = join(set.folder, 'synthetic');
    const entries = readFileSync(join(synthetic, 'metadata.jsonl'), 'utf8')
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as { file_name: string; prompt?: string; label: string });
    // Every generated brick is yellow, and no label of one is wrong.
    for (const { file_name: name } of entries.filter(({ prompt }) => prompt?.startsWith('a brick'))) {
      const file = join(synthetic, name);
      writeFileSync(file, await sharp(readFileSync(file)).modulate({ hue: 60 }).png().toBuffer());
    }
    const core = startCore();
    const by = 'ada';
    const { folder: project } = await core.projects.create({ project: join(folder, 'p'), by });
    for (const role of ['real', 'synthetic'] as const)
      await runTask(core, 'import', { project, by, from: join(set.folder, role), role });
    await runTask(core, 'score', { project, by });
    const reports = await core.scores.labels({ project });
    const report = reports.find(({ role }) => role === 'synthetic')!;
    const of = (name: string) => report.classes.find((found) => found.name === name)!;
    // The model of the real images counts nearly all of them as another class: that alone is no estimate.
    expect(of('brick').noise).toBeGreaterThan(0.5);
    expect(report.wrongShare).toBeGreaterThan(0.2);
    expect(of('brick').wrong).toMatchObject({ interval: null, untold: 'shifted' });
    for (const name of ['leaf', 'water']) {
      const truth = entries.filter(
        ({ file_name: file, label }) => label === name && set.wrongLabels.includes(file),
      );
      const [low, high] = of(name).wrong!.interval!;
      const share = truth.length / of(name).given;
      expect(low).toBeLessThanOrEqual(share);
      expect(high).toBeGreaterThanOrEqual(share);
    }
    const wrong = set.wrongLabels.length / report.of;
    expect(report.risk).toBeGreaterThan(wrong / 2);
    expect(report.risk).toBeLessThan(wrong * 2);
  },
);
