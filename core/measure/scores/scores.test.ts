import { existsSync, readdirSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { misses, readGolden, valuesFrom } from '../../../test/support/score-goldens.ts';
import { kindsOfFacts } from '../run-facts.ts';
import type { FactScore, Score } from './define.ts';
import { sizeScore } from './odd-size.ts';
import { scores } from './registry.ts';

const goldens = new URL('../../../test/goldens/scores/', import.meta.url);
const factScores = [...scores.values()].filter((score): score is FactScore => 'value' in score);

function isFlagged({ suspect, threshold }: Score, value: number): boolean {
  if (threshold === null) return false;
  return suspect === 'low' ? value < threshold : value > threshold;
}

describe.each(factScores)('score $id', (score) => {
  const golden = readGolden(goldens, score.id);

  test.each(golden.cases.map((facts, index) => ({ facts, index })))('golden $index', ({ facts }) => {
    const values = valuesFrom(score, facts);
    expect(misses(score, facts, golden.tolerance), `values ${values.join(', ')}`).toEqual([]);
    const outside = values.filter((value) => value < score.range[0] || value > score.range[1]);
    expect([...outside]).toEqual([]);
    const flags = Array.from(values, (value) => isFlagged(score, value));
    expect(flags).toEqual(facts.flagged ?? flags);
  });

  test('has no value where one of its facts is missing', () => {
    const facts = golden.cases.find(({ expected }) => expected.some((value) => value !== null))!;
    const told = score.needs.filter((name) => !valuesFrom(score, facts, name).every(Number.isNaN));
    expect(told).toEqual([]);
  });
});

test('every score names facts that some provider declares', () => {
  const known = new Set([...kindsOfFacts().keys(), 'classes']);
  expect(factScores.flatMap(({ needs }) => needs.filter((name) => !known.has(name)))).toEqual([]);
});

test('every score of facts has a golden, and every golden a score', () => {
  expect(existsSync(goldens)).toBe(true);
  const ids = readdirSync(goldens).map((name) => name.replace(/\.json$/, ''));
  expect(ids.sort()).toEqual(factScores.map(({ id }) => id).sort());
});

test('the size score equals CleanVision where all sizes are alike', () => {
  expect(sizeScore(30, 100, 100)).toBeCloseTo(0.3, 12);
  expect(sizeScore(100, 100, 100)).toBe(1);
});
