import type { Store } from '../../db/store.ts';
import { inPages } from '../base/pages.ts';

/** 131,072 images of 256 numbers. */
const LARGEST_BYTES = 128 * 2 ** 20;
const PAGE = 4000;

export interface Neighbour {
  id: number;
  /** Cosine, -1..1. */
  similarity: number;
}

/**
 * Finds the embeddings nearest to an image by comparing it with all that are in memory: all of them up to 128 MiB; in
 * a larger project the real images first, then every k-th of the others. Read on first use, about a second
 * per 100,000.
 */
export class NeighbourSearch {
  readonly #store: Store;
  readonly #largestBytes: number;
  #model = '';
  /** Images of the project that were compared. */
  #taken = 0;
  #images: number[] = [];
  #dimensions = 0;
  /** Unit vectors, row by row, of `#images`. */
  #vectors = new Float32Array();
  /** Searches run one after another, since each may have to read new embeddings first. */
  #last: Promise<unknown> = Promise.resolve();

  constructor(store: Store, largestBytes = LARGEST_BYTES) {
    this.#store = store;
    this.#largestBytes = largestBytes;
  }

  /**
   * The nearest real images of the seed and the nearest of all, the image itself left out, nearest first. `among` says
   * how many were compared; both lists are empty if the image has no embedding.
   */
  async nearest(
    image: number,
    k: number,
    isReal: (id: number) => boolean,
  ): Promise<{ real: Neighbour[]; any: Neighbour[]; among: number }> {
    const run = this.#store.scores.runs().at(-1);
    const model = run?.model ?? this.#store.imageDetail.newestModel();
    const bytes = model === undefined ? undefined : this.#store.facts.embedding(model, image);
    if (model === undefined || !bytes) return { real: [], any: [], among: 0 };
    const answer = this.#last.then(async () => {
      await this.#load(model, isReal);
      const similarity = await this.#similarities(unit(bytes));
      return {
        real: this.#best(similarity, image, k, (row) => isReal(this.#images[row]!)),
        any: this.#best(similarity, image, k, () => true),
        among: this.#images.length,
      };
    });
    this.#last = answer.catch(() => undefined);
    return answer;
  }

  async #load(model: string, isReal: (id: number) => boolean): Promise<void> {
    const { explore, imageDetail } = this.#store;
    const n = explore.images();
    if (model === this.#model && n === this.#taken) return;
    const first = imageDetail.embeddings(model, 0, n, 1)[0]?.[1];
    const dimensions = first ? first.byteLength / 4 : 0;
    const most = dimensions > 0 ? Math.floor(this.#largestBytes / 4 / dimensions) : 0;
    const wanted = n <= most ? null : sampled(n, most, isReal);
    // A project that outgrew the limit is read again, so that the sample is even.
    if (model !== this.#model || (wanted && n !== this.#taken)) this.#forget(model);
    this.#dimensions = dimensions;
    this.#reserve(wanted ? most : n);
    const put = (rows: [number, Uint8Array][]): void => {
      for (const [id, vector] of rows) {
        this.#vectors.set(unit(vector), this.#images.length * dimensions);
        this.#images.push(id);
      }
    };
    try {
      if (wanted)
        await inPages(
          0,
          wanted.length,
          (after, upTo) =>
            put(wanted.slice(after, upTo).flatMap((id) => imageDetail.embeddings(model, id - 1, id))),
          PAGE,
        );
      else
        await inPages(this.#taken, n, (after, upTo) => put(imageDetail.embeddings(model, after, upTo)), PAGE);
    } catch (error) {
      // A partial read must not pass for all of them.
      this.#forget('');
      throw error;
    }
    this.#taken = n;
  }

  #forget(model: string): void {
    this.#model = model;
    this.#taken = 0;
    this.#images = [];
  }

  #reserve(rows: number): void {
    const length = rows * this.#dimensions;
    if (length <= this.#vectors.length) return;
    const grown = new Float32Array(length);
    grown.set(this.#vectors);
    this.#vectors = grown;
  }

  /** In parts of 16 MiB, about 20 ms each, to let other questions run. */
  async #similarities(query: Float32Array): Promise<Float32Array> {
    const found = new Float32Array(this.#images.length);
    const vectors = this.#vectors;
    const dimensions = query.length;
    await inPages(
      0,
      found.length,
      (after, upTo) => {
        for (let row = after, at = after * dimensions; row < upTo; row++) {
          let sum = 0;
          for (let d = 0; d < dimensions; d++) sum += query[d]! * vectors[at++]!;
          found[row] = sum;
        }
      },
      Math.ceil(2 ** 22 / dimensions),
    );
    return found;
  }

  #best(similarity: Float32Array, image: number, k: number, allowed: (row: number) => boolean): Neighbour[] {
    const best: Neighbour[] = [];
    for (let row = 0; row < similarity.length; row++) {
      const own = similarity[row]!;
      if (best.length === k && !(own > best[k - 1]!.similarity)) continue;
      if (!allowed(row) || this.#images[row] === image || Number.isNaN(own)) continue;
      if (best.length === k) best.pop();
      const place = best.findIndex((other) => own > other.similarity);
      best.splice(place === -1 ? best.length : place, 0, {
        id: this.#images[row]!,
        similarity: Math.max(-1, Math.min(1, own)),
      });
    }
    return best;
  }
}

/** The real images as far as they fit, and every k-th of the others in what is left, ascending. */
function sampled(n: number, most: number, isReal: (id: number) => boolean): number[] {
  const real: number[] = [];
  const others: number[] = [];
  for (let id = 1; id <= n; id++) (isReal(id) ? real : others).push(id);
  const every = (ids: number[], room: number): number[] =>
    ids.length <= room
      ? ids
      : Array.from({ length: room }, (_, i) => ids[Math.floor((i * ids.length) / room)]!);
  const kept = every(real, most);
  return [...kept, ...every(others, most - kept.length)].sort((a, b) => a - b);
}

/** A stored vector (little-endian float32) at length 1. */
function unit(bytes: Uint8Array): Float32Array {
  const vector = new Float32Array(new Uint8Array(bytes).buffer);
  let sum = 0;
  for (const value of vector) sum += value * value;
  const length = Math.sqrt(sum);
  return length > 0 ? vector.map((value) => value / length) : vector;
}
