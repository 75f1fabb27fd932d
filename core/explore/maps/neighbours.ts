import { pickRows } from '../../measure/vectors.ts';
import type { NeighbourLists } from './fuzzy-set.ts';
import { readNeighbours, writeNeighbours, type SearchKey, type StoredNeighbours } from './neighbours-file.ts';
import type { Reduced } from './map-vectors.ts';

/** Images laid out together; of a larger project an even sample, with the rest placed among them. */
const MOST_BASE = 100_000;
/** Neighbours in the graph, and of a row that is only placed. */
const K = 15;
const K_REST = 5;
/** Rows asked for at a time: a second or two of work, so that progress shows and cancel works. */
const BLOCK = 4096;

/** Exact search in the inference process, which has the matrix product. */
export interface Search {
  /** Takes ownership of the rows to search. */
  put(data: Float32Array, dimensions: number): void;
  /** Takes ownership of the query. */
  nearest(query: Float32Array, k: number, exclude: Int32Array | null): Promise<Omit<NeighbourLists, 'k'>>;
}

/** Rows of the layout's base and the others, as row numbers of `reduced`, with the neighbours of both in the base. */
export interface Found {
  base: number[];
  rest: number[];
  neighbours: StoredNeighbours;
}

/**
 * The exact nearest neighbours that a layout is made from, by euclidean distance in the reduced space. Reads
 * the result for the same embeddings from `<folder>/neighbours.bin` if it is there, else computes and stores it.
 */
export async function findNeighbours(
  folder: string,
  model: string,
  reduced: Reduced,
  search: Search,
  progress: (done: number, total: number) => void,
  most = MOST_BASE,
): Promise<Found> {
  const { ids, dimensions, rows } = reduced;
  const n = ids.length;
  const size = Math.min(n, most);
  const base = Array.from({ length: size }, (_, i) => Math.floor((i * n) / size));
  const chosen = new Set(base);
  const rest = size === n ? [] : Array.from(ids.keys()).filter((row) => !chosen.has(row));
  const key: SearchKey = {
    model,
    images: n,
    lastId: ids.at(-1) ?? 0,
    dimensions,
    base: size,
    k: Math.max(1, Math.min(K, size - 1)),
    kRest: K_REST,
  };
  const kept = readNeighbours(folder, key);
  if (kept) return { base, rest, neighbours: kept };
  search.put(pickRows(rows, dimensions, base), dimensions);
  let done = 0;
  const ask = async (of: number[], k: number, exclude: boolean): Promise<NeighbourLists> => {
    const lists: NeighbourLists = {
      k,
      index: new Int32Array(of.length * k),
      distance: new Float32Array(of.length * k),
    };
    for (let start = 0; start < of.length; start += BLOCK) {
      const part = of.slice(start, start + BLOCK);
      const self = exclude ? Int32Array.from(part, (_, i) => start + i) : null;
      const found = await search.nearest(pickRows(rows, dimensions, part), k, self);
      lists.index.set(found.index, start * k);
      lists.distance.set(found.distance, start * k);
      done += part.length;
      progress(done, n);
    }
    return lists;
  };
  const neighbours = { base: await ask(base, key.k, true), rest: await ask(rest, K_REST, false) };
  writeNeighbours(folder, key, neighbours);
  return { base, rest, neighbours };
}
