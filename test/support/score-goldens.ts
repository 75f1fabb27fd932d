import { readFileSync } from 'node:fs';
import {
  classIndices,
  classRows,
  classRowsByMember,
  numbers,
  ofClasses,
  type Facts,
} from '../../core/measure/facts/define.ts';
import { kindsOfFacts } from '../../core/measure/run-facts.ts';
import { valuesOf, type FactScore } from '../../core/measure/scores/define.ts';

type Numbers = (number | null)[];
/** Facts by name as JSON, null where a number is missing, and the values that follow from them. */
export interface GoldenCase extends Record<string, unknown> {
  classes?: number;
  expected: Numbers;
  flagged?: boolean[];
}

/** A score's golden: `<id>.json` of a folder. */
export function readGolden(folder: URL, id: string): { tolerance: number; cases: GoldenCase[] } {
  return JSON.parse(readFileSync(new URL(`${id}.json`, folder), 'utf8'));
}

const column = (values: Numbers): Float64Array => Float64Array.from(values, (value) => value ?? Number.NaN);

/** A picture of two grey halves, by their levels. */
function signatureOf([left, right]: [number, number]): Uint8Array {
  return Uint8Array.from({ length: 32 * 32 * 3 }, (_, i) => (Math.floor(i / 3) % 32 < 16 ? left : right));
}

function factOf(name: string, json: unknown): unknown {
  const kind = kindsOfFacts().get(name);
  if (name === 'signatures') return (json as [number, number][]).map(signatureOf);
  if (kind === classIndices) return Int32Array.from(json as number[]);
  if (kind === classRowsByMember) return (json as Numbers[]).map(column);
  return [numbers, classRows, ofClasses].includes(kind as never) ? column(json as Numbers) : json;
}

/** What a score makes of a golden's facts, without one of them if asked. */
export function valuesFrom(score: FactScore, golden: GoldenCase, without?: string): Float64Array {
  const facts: Partial<Facts> = Object.fromEntries(
    Object.entries(golden)
      .filter(([name]) => name !== without)
      .map(([name, value]) => [name, factOf(name, value)]),
  );
  return valuesOf(score, { classes: 1, ...facts }, golden.expected.length, kindsOfFacts());
}

/** The expected values that the score does not give. */
export function misses(score: FactScore, golden: GoldenCase, tolerance: number): Numbers {
  const values = valuesFrom(score, golden);
  return golden.expected.filter((wanted, i) =>
    wanted === null ? !Number.isNaN(values[i]) : !(Math.abs(values[i]! - wanted) <= tolerance),
  );
}
