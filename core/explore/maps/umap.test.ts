import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { temporaryFolder } from '../../../test/support/folders.ts';
import { gaussian, mulberry32 } from '../../base/numeric/random.ts';
import { fuzzyUnion, memberships, type NeighbourLists } from './fuzzy-set.ts';
import { findNeighbours, type Search } from './neighbours.ts';
import { readNeighbours } from './neighbours-file.ts';
import { fitPca, project } from './pca.ts';
import { layOut, placeAmong } from './umap.ts';

/** Rows around `clusters` far corners; the row number modulo `clusters` is its cluster. */
function clustered(n: number, dimensions: number, clusters: number): Float32Array {
  const random = mulberry32(7);
  return Float32Array.from({ length: n * dimensions }, (_, at) => {
    const cluster = Math.floor(at / dimensions) % clusters;
    return 0.3 * gaussian(random) + (at % dimensions === cluster ? 5 : 0);
  });
}

function nearestOf(
  query: Float32Array,
  base: Float32Array,
  dimensions: number,
  k: number,
  self: boolean,
): NeighbourLists {
  const n = query.length / dimensions;
  const lists = {
    k,
    index: new Int32Array(n * k).fill(-1),
    distance: new Float32Array(n * k).fill(Infinity),
  };
  for (let i = 0; i < n; i++) {
    const found = Array.from({ length: base.length / dimensions }, (_, j) => {
      let square = 0;
      for (let d = 0; d < dimensions; d++)
        square += (query[i * dimensions + d]! - base[j * dimensions + d]!) ** 2;
      return { j, distance: Math.sqrt(square) };
    })
      .filter(({ j }) => !self || j !== i)
      .sort((a, b) => a.distance - b.distance)
      .slice(0, k);
    for (const [at, { j, distance }] of found.entries()) {
      lists.index[i * k + at] = j;
      lists.distance[i * k + at] = distance;
    }
  }
  return lists;
}

/** Share of rows whose nearest place is one of their own cluster. */
function purity(places: Float32Array, clusters: number): number {
  const { index } = nearestOf(places, places, 2, 1, true);
  return index.filter((j, i) => j % clusters === i % clusters).length / index.length;
}

describe('principal components', () => {
  test('are the eigenvectors of the covariance, largest first', () => {
    const random = mulberry32(3);
    const [a, b] = [0.6, 0.8];
    const rows = new Float32Array(4000);
    for (let i = 0; i < 2000; i++) {
      const [along, across] = [3 * gaussian(random), gaussian(random)];
      rows[2 * i] = 10 + a * along - b * across;
      rows[2 * i + 1] = -4 + b * along + a * across;
    }
    const { mean, axes } = fitPca(rows, 2, 5);
    expect(mean[0]).toBeCloseTo(10, 0);
    expect(axes).toHaveLength(2);
    expect(axes[0]![0]).toBeCloseTo(a, 1);
    expect(axes[0]![1]).toBeCloseTo(b, 1);
    const placed = project(rows, { dimensions: 2, mean, axes });
    const variance = (axis: number): number =>
      Array.from({ length: 2000 }, (_, i) => placed[2 * i + axis]! ** 2).reduce((x, y) => x + y) / 2000;
    expect(variance(0)).toBeCloseTo(9, 0);
    expect(variance(1)).toBeCloseTo(1, 0);
  });

  test('stand where there is less variance than axes, and with rows that are no numbers', () => {
    const rows = Float32Array.from({ length: 40 }, (_, i) => (i % 4 === 0 ? i : 1));
    rows[7] = Number.NaN;
    const { axes } = fitPca(rows, 4, 3);
    expect(axes[0]!.map(Math.abs)).toEqual(Float64Array.of(1, 0, 0, 0));
    expect(project(rows.slice(0, 4), fitPca(rows, 4, 3)).every(Number.isFinite)).toBe(true);
  });
});

describe('the fuzzy set', () => {
  const lists: NeighbourLists = {
    k: 3,
    index: Int32Array.of(1, 2, 3, 0, 2, 3, 0, 1, 3, 2, 1, -1),
    distance: Float32Array.of(1, 2, 3, 1, 2, 3, 2, 2, 4, 4, 5, Infinity),
  };

  test('gives the nearest neighbour 1, and a row log2(k) in all', () => {
    const weights = memberships(lists);
    for (let row = 0; row < 3; row++) {
      const own = weights.subarray(3 * row, 3 * row + 3);
      expect(own[0]).toBe(1);
      expect(own.reduce((sum, weight) => sum + weight, 0)).toBeCloseTo(row === 2 ? 2 : Math.log2(3), 3);
    }
    expect(weights[11]).toBe(0);
  });

  test('unites both directions, each edge once from either end', () => {
    const weights = memberships(lists);
    const { head, tail, weight } = fuzzyUnion(lists, 0);
    const edge = (a: number, b: number): number[] =>
      [...head.keys()].filter((e) => head[e] === a && tail[e] === b).map((e) => weight[e]!);
    for (const [a, b] of [
      [0, 1],
      [0, 2],
      [0, 3],
      [1, 3],
    ] as const) {
      expect(edge(a, b)).toHaveLength(1);
      expect(edge(b, a)).toEqual(edge(a, b));
    }
    const [w, v] = [weights[1]!, weights[6]!];
    expect(edge(0, 2)[0]).toBeCloseTo(w + v - w * v, 6);
    expect(edge(0, 3)[0]).toBeCloseTo(weights[2]!, 6);
    expect([...head]).toEqual([...head].sort((x, y) => x - y));
  });

  test('does not divide by nothing where all are copies', () => {
    const copies = { k: 2, index: Int32Array.of(1, 2, 0, 2, 0, 1), distance: new Float32Array(6) };
    expect([...memberships(copies)]).toEqual([1, 1, 1, 1, 1, 1]);
  });
});

describe('the layout', () => {
  const rows = clustered(240, 6, 6);
  const lists = nearestOf(rows, rows, 6, 15, true);
  const start = project(rows, fitPca(rows, 6, 2));

  test('keeps clusters together and apart, the same for the same seed', () => {
    const places = layOut(lists, start, 1, () => {});
    expect(purity(places, 6)).toBe(1);
    expect(places.every(Number.isFinite)).toBe(true);
    expect(layOut(lists, start, 1, () => {})).toEqual(places);
    expect(layOut(lists, start, 2, () => {})).not.toEqual(places);
  });

  test('places further rows in their own cluster', () => {
    const places = layOut(lists, start, 1, () => {});
    const more = clustered(60, 6, 6);
    const placed = placeAmong(nearestOf(more, rows, 6, 5, false), places);
    const { index } = nearestOf(placed, places, 2, 1, false);
    expect(index.every((j, i) => j % 6 === i % 6)).toBe(true);
  });

  test('survives one row, and rows that are all the same', () => {
    const one = { k: 1, index: Int32Array.of(-1), distance: Float32Array.of(Infinity) };
    expect(layOut(one, new Float32Array(2), 1, () => {}).every(Number.isFinite)).toBe(true);
    const same = nearestOf(new Float32Array(40), new Float32Array(40), 2, 5, true);
    expect(layOut(same, new Float32Array(40), 1, () => {}).every(Number.isFinite)).toBe(true);
  });
});

describe('the neighbours', () => {
  const rows = clustered(100, 4, 4);
  const reduced = { ids: Uint32Array.from({ length: 100 }, (_, i) => 3 * i + 1), dimensions: 4, rows };

  /** The real question, answered by comparing everything. */
  function search(asked: { blocks: number }): Search {
    let base = new Float32Array();
    return {
      put: (data) => void (base = Float32Array.from(data)),
      nearest: (query, k, exclude) => {
        asked.blocks++;
        const found = nearestOf(query, base, 4, k + 1, false);
        const lists = nearestOf(query, base, 4, k, false);
        if (!exclude) return Promise.resolve(lists);
        for (const [i, self] of exclude.entries()) {
          const others = [...found.index.subarray(i * (k + 1), (i + 1) * (k + 1)).entries()].filter(
            ([, j]) => j !== self,
          );
          for (let at = 0; at < k; at++) {
            lists.index[i * k + at] = others[at]![1];
            lists.distance[i * k + at] = found.distance[i * (k + 1) + others[at]![0]]!;
          }
        }
        return Promise.resolve(lists);
      },
    };
  }

  test('are kept for the next layout of the same embeddings, and for no other', async () => {
    const folder = temporaryFolder();
    const asked = { blocks: 0 };
    const first = await findNeighbours(folder, 'm', reduced, search(asked), () => {});
    expect(asked.blocks).toBe(1);
    const again = await findNeighbours(folder, 'm', reduced, search(asked), () => {});
    expect(asked.blocks).toBe(1);
    expect(again).toEqual(first);
    await findNeighbours(folder, 'another model', reduced, search(asked), () => {});
    expect(asked.blocks).toBe(2);
    const file = join(folder, 'neighbours.bin');
    writeFileSync(file, readFileSync(file).subarray(0, -1));
    await findNeighbours(folder, 'another model', reduced, search(asked), () => {});
    expect(asked.blocks).toBe(3);
  });

  test('of many images: an even sample among themselves, the others in it', async () => {
    const folder = temporaryFolder();
    const { base, rest, neighbours } = await findNeighbours(
      folder,
      'm',
      reduced,
      search({ blocks: 0 }),
      () => {},
      40,
    );
    expect(base).toHaveLength(40);
    expect([...base, ...rest].sort((a, b) => a - b)).toEqual([...reduced.ids.keys()]);
    expect(neighbours.rest.index).toHaveLength(60 * 5);
    for (const [i, row] of rest.entries())
      expect(base[neighbours.rest.index[5 * i]!]! % 4, `row ${row}`).toBe(row % 4);
    const key = { model: 'm', images: 100, lastId: 298, dimensions: 4, base: 40, k: 15, kRest: 5 };
    expect(readNeighbours(folder, key)).toEqual(neighbours);
  });
});
