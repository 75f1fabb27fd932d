import { expect, test } from 'vitest';
import { gaussian, mulberry32 } from '../../base/numeric/random.ts';
import { clustersOf } from './clusters.ts';
import { densityOf } from './density.ts';
import { hillsOf } from './hills.ts';
import { tellingWords, type WordStream } from './telling-words.ts';

const LABELS = [
  { id: 1, name: 'gear' },
  { id: 2, name: 'spring' },
];

function streamOf(prompts: readonly string[]): WordStream {
  const vocabulary = [...new Set(prompts.flatMap((prompt) => prompt.split(' ')))];
  return {
    vocabulary,
    each(visit) {
      for (const [i, prompt] of prompts.entries())
        for (const word of prompt.split(' ')) visit(i + 1, vocabulary.indexOf(word));
    },
  };
}

/** So many points around each centre, image numbers from 1. */
function blobs(centres: readonly [number, number][], each: number) {
  const random = mulberry32(7);
  const n = centres.length * each;
  const x = new Float32Array(n);
  const y = new Float32Array(n);
  for (let i = 0; i < n; i++) {
    const [cx, cy] = centres[Math.floor(i / each)]!;
    x[i] = cx + gaussian(random);
    y[i] = cy + gaussian(random);
  }
  return { x, y, ids: Uint32Array.from({ length: n }, (_, i) => i + 1) };
}

test('clusters lie where points do, and are named by class and by what only their prompts say', () => {
  const centres: [number, number][] = [
    [0, 0],
    [30, 0],
    [0, 30],
  ];
  const points = blobs(centres, 300);
  const label = Uint32Array.from({ length: 901 }, (_, id) => (id === 0 ? 0 : id <= 600 ? 1 : id % 2 ? 2 : 0));
  const said = ['a photo of a gear, rusty', 'a photo of a gear at night', 'a photo of a spring on wood'];
  const prompts = streamOf(Array.from({ length: 900 }, (_, i) => said[Math.floor(i / 300)]!));
  const clusters = clustersOf(points, { label, labels: LABELS, prompts });
  expect(clusters.map(({ images }) => images)).toEqual([300, 300, 300]);
  for (const [i, centre] of centres.entries()) {
    const own = clusters.find(({ x, y }) => Math.hypot(x - centre[0], y - centre[1]) < 2)!;
    expect(own.label).toEqual(i < 2 ? { name: 'gear', share: 1 } : { name: 'spring', share: 0.5 });
    // What every prompt says tells nothing, and what the class says already is not said again.
    expect(own.words.toSorted()).toEqual([['rusty'], ['at', 'night'], ['on', 'wood']][i]);
  }
});

test('a map without points, of one place, or with images that have none is no error', () => {
  const prompts = streamOf([]);
  const nothing = { label: new Uint32Array(1), labels: [], prompts };
  const empty = new Float32Array();
  expect(clustersOf({ x: empty, y: empty, ids: new Uint32Array() }, nothing)).toEqual([]);
  const n = 40;
  const x = new Float32Array(n).fill(3);
  x[0] = Number.NaN;
  const ids = Uint32Array.from({ length: n }, (_, i) => i + 1);
  const [only, ...others] = clustersOf(
    { x, y: new Float32Array(n), ids },
    { ...nothing, label: new Uint32Array(n + 1) },
  );
  expect(others).toEqual([]);
  expect(only).toMatchObject({ images: n - 1, label: null, words: [] });
  expect(only!.x).toBeCloseTo(3);
});

test('two hills are two while the pass between them is low, and one when they run together', () => {
  const peaks = (distance: number): number => {
    const density = densityOf(
      ...columns(
        blobs(
          [
            [0, 0],
            [distance, 0],
            [0, 40],
          ],
          4000,
        ),
      ),
    );
    const peakOf = hillsOf(density);
    const held = new Map<number, number>();
    for (const cell of density.cellOf) held.set(peakOf[cell]!, (held.get(peakOf[cell]!) ?? 0) + 1);
    return [...held.values()].filter((count) => count > 1000).length;
  };
  expect(peaks(8)).toBe(3);
  expect(peaks(1)).toBe(2);
});

const columns = ({ x, y }: { x: Float32Array; y: Float32Array }): [Float32Array, Float32Array] => [x, y];

test('words are weighed by class-based TF-IDF, written out', () => {
  const prompts = ['red red car', 'red bus', 'blue car', 'blue blue boat', 'green boat'];
  const clusterOf = Int32Array.of(-1, 0, 0, 0, 1, 1);
  const own = [prompts.slice(0, 3), prompts.slice(3)].map((list) =>
    list.flatMap((prompt) => prompt.split(' ')),
  );
  const all = own.flat();
  const count = (list: string[], word: string): number => list.filter((other) => other === word).length;
  const weight = (c: number, word: string): number =>
    (count(own[c]!, word) / own[c]!.length) * Math.log(1 + all.length / 2 / count(all, word));
  const expected = own.map((list, c) =>
    [...new Set(list)]
      .filter((word) => count(list, word) / list.length >= (1.5 * count(all, word)) / all.length)
      .sort((a, b) => weight(c, b) - weight(c, a) || (a < b ? -1 : 1)),
  );
  expect(tellingWords(streamOf(prompts), clusterOf, 2, 9)).toEqual(expected);
  expect(expected).toEqual([
    ['red', 'car', 'bus'],
    ['boat', 'blue', 'green'],
  ]);
});
