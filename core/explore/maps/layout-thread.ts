/** The thread of one layout: reads the project, computes, and puts the finished file in place. */
import { join } from 'node:path';
import { parentPort, workerData } from 'node:worker_threads';
import { openStore } from '../../../db/store.ts';
import { errorCode } from '../../../rpc/errors.ts';
import { mapsFolder, newVersion, writeLayout } from './map-files.ts';
import type { FromThread, LayoutOrder, ToThread } from './messages.ts';
import { findNeighbours } from './neighbours.ts';
import { encodePoints } from './points.ts';
import { layOut, placeAmong } from './umap.ts';
import { readReduced, type Reduced } from './map-vectors.ts';

/** Components in which neighbours are searched, of few images and of many: what they cost and find is in docs/methods/map.md. */
const SEARCH = { few: { most: 25_000, dimensions: 128 }, many: { dimensions: 64 } };

const port = parentPort!;
const order = workerData as LayoutOrder;

function tell(message: FromThread, transfer: ArrayBufferLike[] = []): void {
  port.postMessage(message, transfer as ArrayBuffer[]);
}

function progress(stage: string, unit = 'images'): (done: number, total: number) => void {
  return (done, total) => tell({ kind: 'progress', report: { stage, done, total, unit } });
}

async function compute(): Promise<number> {
  const store = openStore(join(order.folder, 'project.db'), 'read');
  try {
    const images = store.explore.images();
    const lastFile = store.explore.lastFile();
    const decision = store.decisions.lastId();
    const planar = order.layout === 'pca';
    const reduced = readReduced(
      store,
      order.model,
      planar ? 2 : images <= SEARCH.few.most ? SEARCH.few.dimensions : SEARCH.many.dimensions,
      progress('reading embeddings'),
    );
    const places = planar ? firstTwo(reduced) : await umap(reduced);
    const points = await encodePoints(store, reduced.ids, places);
    writeLayout(mapsFolder(order.folder), order.layout, points, {
      model: order.model,
      points: reduced.ids.length,
      images,
      lastFile,
      decision,
      seed: order.seed,
      version: newVersion(),
    });
    return reduced.ids.length;
  } finally {
    store.close();
  }
}

async function umap(reduced: Reduced): Promise<Float32Array> {
  const { base, rest, neighbours } = await findNeighbours(
    mapsFolder(order.folder),
    order.model,
    reduced,
    {
      put: (data, dimensions) => tell({ kind: 'base', data, dimensions }, [data.buffer]),
      nearest: (query, k, exclude) =>
        new Promise((resolve) => {
          port.once('message', (found: ToThread) => resolve(found));
          tell({ kind: 'nearest', query, k, exclude }, [query.buffer]);
        }),
    },
    progress('finding neighbours'),
  );
  const start = firstTwo(reduced);
  const own = new Float32Array(2 * base.length);
  for (const [row, at] of base.entries()) own.set(start.subarray(2 * at, 2 * at + 2), 2 * row);
  const laidOut = layOut(neighbours.base, own, order.seed, progress('laying out', 'passes'));
  const others = placeAmong(neighbours.rest, laidOut);
  const places = new Float32Array(2 * reduced.ids.length);
  for (const [row, at] of base.entries()) places.set(laidOut.subarray(2 * row, 2 * row + 2), 2 * at);
  for (const [row, at] of rest.entries()) places.set(others.subarray(2 * row, 2 * row + 2), 2 * at);
  return places;
}

function firstTwo({ rows, dimensions, ids }: Reduced): Float32Array {
  const places = new Float32Array(2 * ids.length);
  for (let i = 0; i < ids.length; i++)
    for (let axis = 0; axis < Math.min(2, dimensions); axis++)
      places[2 * i + axis] = rows[i * dimensions + axis]!;
  return places;
}

try {
  tell({ kind: 'done', points: await compute() });
} catch (error) {
  tell({ kind: 'failed', code: errorCode(error), message: (error as Error).message });
}
port.close();
