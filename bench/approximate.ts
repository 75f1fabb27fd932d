import { readFileSync } from 'node:fs';
import { AutomaticSearch } from '../core/measure/automatic-search.ts';
import { InferenceProcess } from '../models/inference-process.ts';
import { embeddingLike } from './clusters.ts';
import { timed, type BenchContext } from './context.ts';
import { mebibytes, number, percent, type Table } from './report.ts';

const NEIGHBOURS = 16;
const QUERY_ROWS = 4096;
/** Exact search is timed on this many rows and scaled up to all. */
const EXACT_QUERIES = 8192;

export interface ApproximateRates {
  rows: number;
  columns: number;
  /** Graph over all rows, by one thread, and its recall measured. */
  indexSeconds: number;
  /** All rows against all, through the index. */
  searchSeconds: number;
  /** What the same would take exactly, from a part of it. */
  exactSeconds: number;
  recall: number;
  beam: number;
  /** Of the process that holds the rows and the index; null where the system does not say. */
  peakBytes: number | null;
}

/** A search as a run over that many images makes it: all images among all, through the index that it chooses. */
export async function measureApproximate(
  bench: BenchContext,
  rows: number,
  columns: number,
): Promise<ApproximateRates> {
  bench.say(`Approximate search: making ${rows} x ${columns} numbers …`);
  const data = embeddingLike(rows, columns, 1);
  const kernels = await InferenceProcess.start({ signal: bench.signal });
  try {
    // Announces more queries than there are, so that small sizes are searched through an index, too.
    const search = new AutomaticSearch(kernels, Number.MAX_SAFE_INTEGER, 1, bench);
    bench.say(`Approximate search: indexing ${rows} x ${columns} …`);
    const indexing = await timed(() => search.putMatrix('rows', data, rows, columns));
    const index = search.indexes.get('rows');
    if (!index) throw new Error(search.notes[0] ?? `${rows} rows are too few for an index`);
    bench.say('Approximate search: all among all …');
    const block = (first: number): { query: Float32Array; self: Int32Array } => {
      const count = Math.min(QUERY_ROWS, rows - first);
      return {
        query: data.subarray(first * columns, (first + count) * columns),
        self: Int32Array.from({ length: count }, (_, i) => first + i),
      };
    };
    const searching = await timed(async () => {
      for (let first = 0; first < rows; first += QUERY_ROWS) {
        const { query, self } = block(first);
        await search.nearest(query, 'rows', NEIGHBOURS, self);
        bench.progress({ stage: 'searching', done: first, total: rows, unit: 'images' });
      }
    });
    const peakBytes = kernels.pid === null ? null : peakOf(kernels.pid);
    const asked = Math.min(EXACT_QUERIES, rows);
    const exact = await timed(async () => {
      for (let first = 0; first < asked; first += QUERY_ROWS) {
        const { query, self } = block(first);
        await kernels.nearest(query, 'rows', NEIGHBOURS, self);
      }
    });
    return {
      rows,
      columns,
      indexSeconds: indexing.seconds,
      searchSeconds: searching.seconds,
      exactSeconds: (exact.seconds * rows) / asked,
      recall: index.recall,
      beam: index.beam,
      peakBytes,
    };
  } finally {
    await kernels.close();
  }
}

/** The most memory that a process has held, from /proc. */
function peakOf(pid: number): number | null {
  try {
    const line = /^VmHWM:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'));
    return line ? Number(line[1]) * 1024 : null;
  } catch {
    return null;
  }
}

export function approximateTable(rates: ApproximateRates): Table {
  return {
    title: `Approximate search: ${number(rates.rows)} x ${rates.columns} numbers, all among all`,
    columns: ['what', 'value'],
    rows: [
      ['graph and its recall, seconds', number(rates.indexSeconds)],
      [`${NEIGHBOURS} nearest of every row, seconds`, number(rates.searchSeconds)],
      ['the same exactly, seconds (from a part of it)', number(rates.exactSeconds)],
      ['recall of the 10 nearest', percent(rates.recall)],
      ['candidates a query', number(rates.beam)],
      ['peak memory of the inference process', rates.peakBytes === null ? '-' : mebibytes(rates.peakBytes)],
    ],
    notes: [
      'Unit rows that vary in 24 directions around 200 modes, and a little in all, as embeddings do. The graph is made by one thread, so that it is the same every time.',
    ],
  };
}
