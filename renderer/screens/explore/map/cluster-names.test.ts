import { expect, test } from 'vitest';
import type { MapCluster } from '../../../../rpc/contract/maps.ts';
import { nameOf, placeNames } from './cluster-names.ts';

const cluster = (x: number, y: number, name: string, words: string[] = [], share = 0.9): MapCluster => ({
  x,
  y,
  images: 10,
  label: { name, share },
  words,
});
const size = { width: 400, height: 300 };

test('a cluster has the name of its class, or of its words where no class leads', () => {
  expect(nameOf(cluster(0, 0, 'gear', ['rusty', 'night']))).toEqual({ title: 'gear', words: 'rusty, night' });
  expect(nameOf(cluster(0, 0, 'gear', ['rusty'], 0.3))).toEqual({ title: 'rusty', words: '' });
  expect(nameOf(cluster(0, 0, 'gear', [], 0.3))).toEqual({ title: 'partly gear', words: '' });
  expect(nameOf(cluster(0, 0, 'gear', [], 0.05)).title).toBe('');
  expect(nameOf({ x: 0, y: 0, images: 3, label: null, words: [] }).title).toBe('');
});

test('a name gives way to that of a larger cluster, and is not cut by the edge', () => {
  const names = placeNames(
    [
      cluster(200, 150, 'gear'),
      cluster(210, 152, 'washer'),
      cluster(200, 200, 'spring'),
      cluster(2, 50, 'nut'),
    ],
    (at) => at,
    size,
  );
  expect(names.map(({ title }) => title)).toEqual(['gear', 'spring']);
});
