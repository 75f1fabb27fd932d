import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import {
  classIndices,
  classRows,
  classRowsByMember,
  numbers,
  ofClasses,
  type Facts,
} from '../facts/define.ts';
import { kindsOfFacts } from '../run-facts.ts';
import { valuesOf, type FactScore, type Score } from './define.ts';
import { sizeScore } from './odd-size.ts';
import { scores } from './registry.ts';

type Numbers = (number | null)[];
/** Facts by name as JSON, null where a number is missing, and the values that follow from them. */
interface GoldenCase extends Record<string, unknown> {
  classes?: number;
  expected: Numbers;
  flagged?: boolean[];
}

const goldens = new URL('../../../test/goldens/scores/', import.meta.url);
const kinds = kindsOfFacts();
const factScores = [...scores.values()].filter((score): score is FactScore => 'value' in score);

const column = (values: Numbers): Float64Array => Float64Array.from(values, (value) => value ?? Number.NaN);

/** A picture of two grey halves, by their levels. */
function signatureOf([left, right]: [number, number]): Uint8Array {
  return Uint8Array.from({ length: 32 * 32 * 3 }, (_, i) => (Math.floor(i / 3) % 32 < 16 ? left : right));
}

function factOf(name: string, json: unknown): unknown {
  const kind = kinds.get(name);
  if (name === 'signatures') return (json as [number, number][]).map(signatureOf);
  if (kind === classIndices) return Int32Array.from(json as number[]);
  if (kind === classRowsByMember) return (json as Numbers[]).map(column);
  return [numbers, classRows, ofClasses].includes(kind as never) ? column(json as Numbers) : json;
}

/** What a score makes of a golden's facts, without one of them if asked. */
function valuesFrom(score: FactScore, golden: GoldenCase, without?: string): Float64Array {
  const facts: Partial<Facts> = Object.fromEntries(
    Object.entries(golden)
      .filter(([name]) => name !== without)
      .map(([name, value]) => [name, factOf(name, value)]),
  );
  return valuesOf(score, { classes: 1, ...facts }, golden.expected.length, kinds);
}

function matches(value: number, wanted: number | null, tolerance: number): boolean {
  return wanted === null ? Number.isNaN(value) : Math.abs(value - wanted) <= tolerance;
}

function isFlagged({ suspect, threshold }: Score, value: number): boolean {
  if (threshold === null) return false;
  return suspect === 'low' ? value < threshold : value > threshold;
}

describe.each(factScores)('score $id', (score) => {
  const url = new URL(`${score.id}.json`, goldens);
  const golden: { tolerance: number; cases: GoldenCase[] } = JSON.parse(readFileSync(url, 'utf8'));

  test.each(golden.cases.map((facts, index) => ({ facts, index })))('golden $index', ({ facts }) => {
    const values = valuesFrom(score, facts);
    const wrong = facts.expected.filter((wanted, i) => !matches(values[i]!, wanted, golden.tolerance));
    expect(wrong, `values ${values.join(', ')}`).toEqual([]);
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
  const known = new Set([...kinds.keys(), 'classes']);
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
