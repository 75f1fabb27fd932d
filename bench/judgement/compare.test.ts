import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { temporaryFolder } from '../../test/support/folders.ts';
import { changeTables, readSaved } from './compare.ts';
import type { WorldFigures } from './figures.ts';

const found = (put: number, queue: number): WorldFigures['sums']['all'] => ({
  put,
  queue: [0, queue],
  random: [0, 0],
  labelRisk: [0, 0],
  entropy: [0, 0],
  best: { score: '', found: [0, 0] },
});

function world(id: 'drawings' | 'shoes', dark: number): WorldFigures {
  const calibration = { images: 10, error: 0.04, meanRisk: 0.01, shareWrong: 0.05 };
  return {
    world: id,
    purpose: id === 'shoes' ? 'report' : 'choose',
    files: 20,
    families: { dark: found(4, dark) },
    sums: { labels: found(0, 0), others: found(4, dark), all: found(4, dark) },
    copies: { crop: { put: 4, found: 1, original: 1, queued: 0, as: {} } },
    precision: [1, 1],
    strata: {},
    sound: 10,
    alarms: { 'seed-copy': 1 },
    calibration: { clean: calibration, noisySeed: calibration },
  };
}

test('changes are in points, of worlds that both runs have, each list by itself', () => {
  const [byWorld, choose, ...rest] = changeTables(
    [world('drawings', 1)],
    [world('drawings', 3), world('shoes', 4)],
  );
  expect(rest).toEqual([]);
  expect(byWorld!.rows.map(([, , what, ...figures]) => [what, ...figures])).toEqual([
    ['wrong labels in the queue', '-', '-', '-'],
    ['others in the queue', '25 %', '75 %', '+50.0'],
    ['copies found', '25 %', '25 %', '0.0'],
    ['falsely called copies', '10 %', '10 %', '0.0'],
    ['calibration error', '4 %', '4 %', '0.0'],
  ]);
  expect(choose!.rows).toEqual([
    ['dark', 'choose', '25 %', '75 %', '+50.0'],
    ['crop', 'choose', '25 %', '25 %', '0.0'],
  ]);
});

test('a report of other sizes, of other lists or without a judgement is refused', () => {
  const file = join(temporaryFolder(), 'before.json');
  const save = (report: object): void => writeFileSync(file, JSON.stringify(report));
  const judgement = [world('drawings', 1)];
  save({ quick: true, chooseOnly: false, judgement });
  expect(readSaved(file, { quick: true, chooseOnly: false })).toEqual(judgement);
  expect(() => readSaved(file, { quick: false, chooseOnly: false })).toThrow(/made with --quick/);
  expect(() => readSaved(file, { quick: true, chooseOnly: true })).toThrow(/made without --choose/);
  save({ quick: true, chooseOnly: false, judgement: [] });
  expect(() => readSaved(file, { quick: true, chooseOnly: false })).toThrow(/no judgement/);
});
