import { describe, expect, test } from 'vitest';
import { overlapOn, overlappedLimit, throughputTable, type Throughput } from './throughput.ts';

describe('the limit of two overlapping stages', () => {
  test('adds up their times where they share the cores', () => {
    expect(overlapOn('cpu')).toBe('same cores');
    expect(overlappedLimit(300, 600, 'same cores')).toBeCloseTo(200, 12);
  });

  test('is the slower stage where they do not', () => {
    expect(overlapOn('cuda')).toBe('side by side');
    expect(overlappedLimit(300, 600, 'side by side')).toBe(300);
  });
});

test('the table names the rule that was used and the share of either limit', () => {
  const measured: Throughput = {
    set: 'set',
    files: 10,
    rounds: 1,
    device: 'cuda',
    importPerSecond: 100,
    scorePerSecond: 200,
    importAndScorePerSecond: 66,
    sharpAlone: { concurrency: 4, perSecond: 500 },
    inferenceAlonePerSecond: 400,
    decodeStageAlonePerSecond: 125,
    overlap: 'side by side',
    limitWithSharpPerSecond: 400,
    limitWithDecodeStagePerSecond: 125,
    efficiencyAgainstSharp: 0.25,
    efficiencyAgainstDecodeStage: 0.8,
  };
  const { rows, notes } = throughputTable(measured);
  expect(rows.map((row) => row.at(-1))).toEqual(['', '', '', '', '', '', '25 %', '80 %']);
  expect(notes?.[0]).toMatch(/cuda.*min\(decode, inference\)/);
  expect(throughputTable({ ...measured, device: 'cpu', overlap: 'same cores' }).notes?.[0]).toMatch(
    /cpu.*1\/\(1\/decode \+ 1\/inference\)/,
  );
});
