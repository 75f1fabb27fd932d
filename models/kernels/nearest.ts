/**
 * Exact nearest neighbours. ONNX Runtime computes |b|^2 - 2 q.b in float32 and keeps the smallest few per block (one
 * fused graph, so the score block never leaves it); the winners' distances are then recomputed in float64. A bound on
 * the float32 error proves for every query that no other row can be among its k; where it does not, that query is
 * asked again with more candidates, up to all rows. So the answer does not depend on threads, blocks or hardware.
 */
import { type InferenceSession, Tensor } from 'onnxruntime-node';
import { graph, model, node, valueInfo } from '../onnx-writer.ts';
import { floatsOf, integersOf } from '../ort-session.ts';
import { type Matrix, squaredNorms } from './matrix-store.ts';
import { Shortlist, squaredDistance } from './shortlist.ts';

const QUERY_BLOCK = 512;
const BASE_BLOCK = 16_384;
/** Candidates beyond k of the first round: enough that the bound fails only where distances nearly tie. */
const SPARE = 8;
const GROWTH = 8;
/** Bounds the candidate lists of one sub-block. */
const MAX_CANDIDATE_CELLS = 4_194_304;
const FLOAT32_UNIT = 2 ** -24;

/** Inputs query (m x d), base (n x d), norms (1 x n), k (1); outputs the k smallest scores a row, and their columns. */
export function nearestGraph(): Uint8Array {
  const nodes = [
    node('Gemm', ['query', 'base', 'norms'], ['score'], { alpha: { float: -2 }, transB: 1 }),
    node('TopK', ['score', 'k'], ['value', 'index64'], { axis: -1, largest: 0, sorted: 1 }),
    node('Cast', ['index64'], ['index'], { to: 6 }),
  ];
  const inputs = [
    valueInfo('query', 'float32', ['m', 'd']),
    valueInfo('base', 'float32', ['n', 'd']),
    valueInfo('norms', 'float32', [1, 'n']),
    valueInfo('k', 'int64', [1]),
  ];
  const outputs = [valueInfo('value', 'float32', ['m', 'k']), valueInfo('index', 'int32', ['m', 'k'])];
  return model(graph({ nodes, inputs, outputs })).finish();
}

interface Candidates {
  /** One piece per base block, m x width: rows of the block and their float32 scores, ascending. */
  pieces: { index: Int32Array; score: Float32Array; width: number; firstRow: number }[];
  /** Per query: no row outside the candidates has a float32 score below this. */
  floor: Float64Array;
}

async function candidatesOf(
  session: InferenceSession,
  query: Float32Array,
  base: Matrix,
  count: number,
): Promise<Candidates> {
  const { columns } = base;
  const m = query.length / columns;
  const floor = new Float64Array(m).fill(Infinity);
  const pieces: Candidates['pieces'] = [];
  const queryTensor = new Tensor('float32', query, [m, columns]);
  for (let firstRow = 0; firstRow < base.rows; firstRow += BASE_BLOCK) {
    const n = Math.min(BASE_BLOCK, base.rows - firstRow);
    const width = Math.min(count, n);
    const rows = base.data.subarray(firstRow * columns, (firstRow + n) * columns);
    const result = await session.run({
      query: queryTensor,
      base: new Tensor('float32', rows, [n, columns]),
      norms: new Tensor('float32', base.squaredNorms.subarray(firstRow, firstRow + n), [1, n]),
      k: new Tensor('int64', BigInt64Array.of(BigInt(width)), [1]),
    });
    const score = floatsOf(result, 'value');
    pieces.push({ index: integersOf(result, 'index'), score, width, firstRow });
    if (width === n) continue;
    for (let i = 0; i < m; i++) floor[i] = Math.min(floor[i]!, score[i * width + width - 1]!);
  }
  return { pieces, floor };
}

/**
 * Whether every row b whose float32 score is `floor` or more is provably farther than `kth`. A score is off by at most
 * the usual bound of a float32 dot product of d terms, which grows with |b|. Rows longer than |q| + kth are farther
 * than kth anyway (triangle inequality), so that length bounds |b|.
 */
function isProven(floor: number, kth: number, queryNorm: number, columns: number): boolean {
  if (floor === Infinity) return true;
  const longest = queryNorm + kth;
  const error = 2 * FLOAT32_UNIT * (columns + 32) * longest * (queryNorm + longest);
  return floor + queryNorm * queryNorm - error > kth * kth;
}

/**
 * The k nearest rows of `base` for each of the m query rows (m x base.columns). `exclude` holds a row per query that
 * it must not find, or -1. Returns m x k row numbers and euclidean distances, padded with -1 and Infinity.
 * Throws INVALID_INPUT where a query row is not finite.
 */
export async function nearest(
  session: InferenceSession,
  query: Float32Array,
  base: Matrix,
  k: number,
  exclude: Int32Array | null,
): Promise<{ index: Int32Array; distance: Float32Array }> {
  const { columns, rows } = base;
  const m = query.length / columns;
  const norms = squaredNorms(query, columns, 'the query');
  const index = new Int32Array(m * k).fill(-1);
  const distance = new Float32Array(m * k).fill(Infinity);
  const shortlist = new Shortlist(k);
  let pending = Int32Array.from({ length: rows > 0 ? m : 0 }, (_, row) => row);
  let count = Math.min(rows, k + (exclude ? 1 : 0) + SPARE);
  while (pending.length > 0) {
    const unproven: number[] = [];
    const cells = Math.min(rows, count * Math.ceil(rows / BASE_BLOCK));
    const step = Math.max(1, Math.min(QUERY_BLOCK, Math.floor(MAX_CANDIDATE_CELLS / cells)));
    for (let start = 0; start < pending.length; start += step) {
      const block = pending.subarray(start, start + step);
      const gathered = new Float32Array(block.length * columns);
      block.forEach((row, i) =>
        gathered.set(query.subarray(row * columns, (row + 1) * columns), i * columns),
      );
      const { pieces, floor } = await candidatesOf(session, gathered, base, count);
      for (let i = 0; i < block.length; i++) {
        const row = block[i]!;
        const norm = Math.sqrt(norms[row]!);
        shortlist.clear();
        for (const piece of pieces) {
          for (let at = i * piece.width; at < (i + 1) * piece.width; at++) {
            // Scores ascend: once one is out of reach, so is the rest of the piece.
            if (isProven(piece.score[at]!, shortlist.worst, norm, columns)) break;
            const candidate = piece.firstRow + piece.index[at]!;
            if (exclude?.[row] === candidate) continue;
            shortlist.offer(squaredDistance(query, row * columns, base, candidate), candidate);
          }
        }
        if (!isProven(floor[i]!, shortlist.worst, norm, columns)) {
          unproven.push(row);
          continue;
        }
        index.set(shortlist.rows, row * k);
        for (let j = 0; j < k; j++) distance[row * k + j] = Math.sqrt(shortlist.squared[j]!);
      }
    }
    pending = Int32Array.from(unproven);
    count = Math.min(rows, count * GROWTH);
  }
  return { index, distance };
}
