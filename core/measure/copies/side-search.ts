import { setImmediate } from 'node:timers/promises';
import type { FactsRow } from '../../../db/queries/facts.ts';
import type { Role, Rule } from '../../../rpc/contract/terms.ts';
import { isLarge } from '../automatic-search.ts';
import { vectorsOf, type ScoreRun } from '../block.ts';
import { nearestByCosine } from '../vectors.ts';
import { BY_SHAPE } from './altered-copies.ts';
import { SHAPE_LENGTH, shapeOf } from './shape.ts';

/** Rows of the side that is searched, and of the side that asks, in memory at a time. */
const BASE_ROWS = 8192;
const QUERY_ROWS = 1024;
/** Queries told of between two pauses: each compares pixels with all its proposals. */
const TOLD = 32;
/** Proposals per image and block of the base: an embedder may find many neighbouring shots nearer than the copy. */
const PROPOSALS = 16;
/** Proposals farther than this (cosine distance) are not compared on pixels. */
const FARTHEST = 0.35;

/** Images that look for the nearest ones of a side. */
export interface SideSearch {
  queries: number[];
  base: Role;
  rule: Rule;
}

/** Asks every query's nearest images by embedding, block by block of the base. */
export async function searchEmbeddings(
  run: ScoreRun,
  { queries, base, rule }: SideSearch,
  tell: (own: FactsRow, other: FactsRow, row: number, distance: number) => void,
): Promise<void> {
  const { store } = run;
  const vectors = (ids: number[]): Float32Array => vectorsOf(run, ids).unit;
  await searchBlocks(
    run,
    `copies (${rule})`,
    queries,
    base,
    run.dimensions,
    PROPOSALS,
    vectors,
    (row, id, near) => {
      const own = store.facts.facts(id);
      for (const { other, distance } of near) {
        const facts = own && distance <= FARTHEST ? store.facts.facts(other) : undefined;
        if (own && facts) tell(own, facts, row, distance);
      }
    },
  );
}

/** Asks every query's nearest images by shape, which is the same mirrored and turned. */
export async function searchShapes(
  run: ScoreRun,
  { queries, base, rule }: SideSearch,
  tell: (row: number, other: number, distance: number) => void,
): Promise<void> {
  const shapes = (ids: number[]): Float32Array => {
    const rows = new Float32Array(ids.length * SHAPE_LENGTH);
    for (const [i, id] of ids.entries()) {
      const facts = run.store.facts.facts(id);
      if (facts) rows.set(shapeOf(facts.signature), i * SHAPE_LENGTH);
    }
    return rows;
  };
  await searchBlocks(
    run,
    `shapes (${rule})`,
    queries,
    base,
    SHAPE_LENGTH,
    BY_SHAPE,
    shapes,
    (row, _, near) => {
      for (const { other, distance } of near) tell(row, other, distance);
    },
  );
}

/** The nearest rows of every query in each block of the base that fits in memory. */
async function searchBlocks(
  run: ScoreRun,
  matrix: string,
  queries: number[],
  base: Role,
  width: number,
  most: number,
  rowsOf: (ids: number[]) => Float32Array,
  tell: (row: number, id: number, near: { other: number; distance: number }[]) => void,
): Promise<void> {
  const { search: kernels, task } = run;
  const all = run.frame.idsByRole[base];
  const step = isLarge(queries.length, all.length, width) ? all.length : BASE_ROWS;
  const total = queries.length * Math.ceil(all.length / step);
  let done = 0;
  for (let b = 0; b < all.length; b += step) {
    const baseIds = all.slice(b, b + step);
    const rowOf = new Map(baseIds.map((id, row) => [id, row]));
    await kernels.putMatrix(
      matrix,
      (first, rows) => rowsOf(baseIds.slice(first, first + rows)),
      baseIds.length,
      width,
    );
    for (let q = 0; q < queries.length; q += QUERY_ROWS) {
      task.signal.throwIfAborted();
      const ids = queries.slice(q, q + QUERY_ROWS);
      const self = Int32Array.from(ids, (id) => rowOf.get(id) ?? -1);
      const found = await nearestByCosine(kernels, rowsOf(ids), matrix, most, self);
      for (const [i, id] of ids.entries()) {
        const near: { other: number; distance: number }[] = [];
        for (let j = i * most; j < (i + 1) * most; j++)
          if (found.index[j]! >= 0)
            near.push({ other: baseIds[found.index[j]!]!, distance: found.distance[j]! });
        tell(q + i, id, near);
        if (i % TOLD === TOLD - 1) await setImmediate();
      }
      done += ids.length;
      task.progress({ stage: 'looking for copies', done, total, unit: 'comparisons' });
    }
    await kernels.dropMatrix(matrix);
  }
}
