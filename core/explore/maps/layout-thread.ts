/** The thread of one layout: reads the project, computes, and puts the finished file in place. */
import { join } from 'node:path';
import { parentPort } from 'node:worker_threads';
import { openStore } from '../../../db/store.ts';
import { Channel } from '../../../rpc/channel.ts';
import type { LayoutHost, LayoutOrder, LayoutThread } from './layout.ts';
import { mapsFolder, newVersion, writeLayout } from './map-files.ts';
import { findNeighbours } from './neighbours.ts';
import { encodePoints } from './points.ts';
import { layOut, placeAmong } from './umap.ts';
import { readReduced, type Reduced } from './map-vectors.ts';

/** Components in which neighbours are searched, of few images and of many: what they cost and find is in docs/methods/map.md. */
const SEARCH = { few: { most: 25_000, dimensions: 128 }, many: { dimensions: 64 } };

const port = parentPort!;
const host = new Channel<LayoutHost, LayoutThread>({
  send: (message, transfer) => port.postMessage(message, transfer),
  handlers: { compute },
});
port.on('message', (message) => host.receive(message));

function progress(stage: string, unit = 'images'): (done: number, total: number) => void {
  return (done, total) => host.tell('progress', [{ stage, done, total, unit }]);
}

async function compute(order: LayoutOrder): Promise<number> {
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
    const places = planar ? firstTwo(reduced) : await umap(order, reduced);
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

async function umap(order: LayoutOrder, reduced: Reduced): Promise<Float32Array> {
  const { base, rest, neighbours } = await findNeighbours(
    mapsFolder(order.folder),
    order.model,
    reduced,
    {
      put: (data, dimensions) => host.tell('base', [data, dimensions], [data.buffer as ArrayBuffer]),
      nearest: (query, k, exclude) =>
        host.call('nearest', [query, k, exclude], [query.buffer as ArrayBuffer]),
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
