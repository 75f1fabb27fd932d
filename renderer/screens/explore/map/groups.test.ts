import { describe, expect, test } from 'vitest';
import { colouring } from './colours.ts';
import { groupPoints } from './groups.ts';
import { NO_LABEL } from '../../../../rpc/contract/maps.ts';
import type { MapPoints } from './points.ts';

const points: MapPoints = {
  count: 5,
  x: Float32Array.of(0, 1, 2, 3, 4),
  y: Float32Array.of(5, 6, 7, 8, 9),
  ids: Uint32Array.of(1, 2, 3, 4, 5),
  roles: Uint8Array.of(0, 2, 1, 2, 2),
  verdicts: Uint8Array.of(0, 1, 2, 3, 0),
  labels: Uint16Array.of(1, 1, NO_LABEL, 0, 1),
  bounds: { minX: 0, minY: 5, maxX: 4, maxY: 9 },
};

test('the view’s points lie above the others, and rings above discs', () => {
  const groups = groupPoints(points, colouring(points, [], 'role', 'dark'), (i) => i < 2, 200);
  expect(groups.map(({ key, count }) => [key, count])).toEqual([
    ['dimmed-synthetic', 2],
    ['dimmed-holdout', 1],
    ['lit-synthetic', 1],
    ['lit-real', 1],
  ]);
  const places = [...(groups[0]?.positions.value ?? [])];
  expect(places.toSorted((a, b) => a - b)).toEqual([3, 4, 8, 9]);
  expect([places[0], places[1]]).toEqual(places[0] === 3 ? [3, 8] : [4, 9]);
  expect(groups[0]?.colours.value[3]).toBe(40);
  expect(groups[2]?.colours.value[3]).toBe(200);
});

describe('colours', () => {
  test('roles and verdicts have one each', () => {
    for (const by of ['role', 'verdict'] as const)
      for (const scheme of ['dark', 'light'] as const) {
        const { legend } = colouring(points, [], by, scheme);
        expect(new Set(legend.map(({ colour }) => colour.join())).size).toBe(legend.length);
      }
    const { colourOf, legend } = colouring(points, [], 'verdict', 'dark');
    expect(colourOf(3)).toEqual(legend.find(({ name }) => name === 'rejected')?.colour);
  });

  test('the largest label comes first; points without one are grey', () => {
    const { legend, colourOf } = colouring(points, ['cat', 'dog'], 'label', 'light');
    expect(legend.map(({ name }) => name)).toEqual(['dog', 'cat', 'no label']);
    expect(colourOf(0)).toEqual(legend[0]?.colour);
    expect(colourOf(2)).toEqual(legend[2]?.colour);
  });

  test('with more labels than hues the smallest share one grey', () => {
    const many = Array.from({ length: 100 }, (_, i) => `class-${i}`);
    const { legend } = colouring(points, many, 'label', 'dark');
    expect(legend).toHaveLength(8);
    expect(legend.at(-1)?.name).toBe('93 other labels, or none');
  });
});
