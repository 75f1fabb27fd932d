import { join } from 'node:path';
import { setImmediate as turn, setTimeout as sleep } from 'node:timers/promises';
import { openStore, type Store } from '../../db/store.ts';
import type {
  ImageDetail,
  ImageFacets,
  ImageFilter,
  ImageRow,
  ImageSort,
  ImageView,
  ScoreCodes,
  ScoreHistogram,
} from '../../rpc/contract/images.ts';
import type { MapCluster } from '../../rpc/contract/maps.ts';
import { clustersOf } from './clusters/clusters.ts';
import { Columns } from './columns.ts';
import { detailOf, imageOf } from './detail.ts';
import { countBins, countFacets } from './facets.ts';
import { Layouts } from './lasso.ts';
import { countOf, maskOf, matchesOf, missesOf, type FilterParts } from './matching.ts';
import { NeighbourSearch } from './neighbours.ts';
import { PromptIndex } from './prompts.ts';
import { ScoreColumns, type ScoreColumn } from './score-columns.ts';
import { slice, Views } from './views.ts';

const NEIGHBOURS = 8;
/** Filters of which it is kept what each image fails: 2 bytes per image. */
const KEPT_FILTERS = 6;
/** How long a detail waits for neighbours: the embeddings of a large project take seconds to read. */
const NEIGHBOUR_PATIENCE_MS = 400;

/** Everything the explorer's thread does, on its own read-only connection. */
export class Engine {
  readonly #store: Store;
  readonly #columns: Columns;
  readonly #scores: ScoreColumns;
  readonly #prompts: PromptIndex;
  readonly #layouts: Layouts;
  readonly #neighbours: NeighbourSearch;
  readonly #views = new Views();
  /** By filter and state, the latest last. */
  readonly #missed = new Map<string, Uint16Array>();
  #clusters: { key: string; found: MapCluster[] } | null = null;
  #byHash = new Uint32Array();
  #warming: Promise<void> | null = null;
  #closed = false;

  constructor(folder: string) {
    this.#store = openStore(join(folder, 'project.db'), 'read');
    this.#columns = new Columns(this.#store);
    this.#scores = new ScoreColumns(this.#store);
    this.#prompts = new PromptIndex(this.#store);
    this.#layouts = new Layouts(folder);
    this.#neighbours = new NeighbourSearch(this.#store);
  }

  /** Filters and sorts. Listing all images in import order needs no columns, so it returns at once. */
  async query(filter: ImageFilter, sort: ImageSort): Promise<ImageView> {
    const startedMs = performance.now();
    const answer = (view: { name: string; total: number }): ImageView => ({
      view: view.name,
      total: view.total,
      of: this.#store.explore.images(),
      durationMs: performance.now() - startedMs,
    });
    if (!isRestricted(filter) && sort.by === 'added' && sort.order === 'ascending') {
      void this.warm();
      const total = this.#store.explore.images();
      const key = `all ${total}`;
      return answer(this.#views.found(key) ?? this.#views.add(key, { ids: null, total, sort }));
    }
    const { parts, order } = await this.#settled(filter, sort);
    const key = JSON.stringify([filter, sort, this.#columns.seq, this.#layoutVersion(filter)]);
    const known = this.#views.found(key);
    if (known) return answer(known);
    const mask = matchesOf(this.#misses(filter, parts));
    const ids = ordered(mask, countOf(mask), order, sort.order);
    return answer(this.#views.add(key, { ids, total: ids.length, sort }));
  }

  /** Numbers of the images that match a filter, ascending. */
  async resolve(filter: ImageFilter): Promise<Uint32Array> {
    const { parts } = await this.#settled(filter, { by: 'added', order: 'ascending' });
    const mask = matchesOf(this.#misses(filter, parts));
    return ordered(mask, countOf(mask), 'added', 'ascending');
  }

  rows(name: string, offset: number, limit: number): ImageRow[] {
    const view = this.#views.get(name);
    const { by } = view.sort;
    const score = by === 'added' || by === 'random' ? 0 : this.#scores.idOf(by);
    return cellsOf(this.#store, slice(view, offset, limit), score);
  }

  /** Numbers of a view's images, in its order. */
  imagesOf(name: string): Uint32Array {
    const { ids, total } = this.#views.get(name);
    return ids ?? Uint32Array.from({ length: total }, (_, i) => i + 1);
  }

  indexOf(name: string, image: number | string): number {
    const { ids, total } = this.#views.get(name);
    const id = typeof image === 'number' ? image : imageOf(this.#store, image).id;
    if (ids) return ids.indexOf(id);
    return id >= 1 && id <= total ? id - 1 : -1;
  }

  mask(name: string): { bits: string; total: number } {
    const { ids, total } = this.#views.get(name);
    const bits = Buffer.alloc((this.#store.explore.images() >> 3) + 1);
    if (ids) for (const id of ids) bits[id >> 3]! |= 1 << (id & 7);
    else for (let id = 1; id <= total; id++) bits[id >> 3]! |= 1 << (id & 7);
    return { bits: bits.toString('base64'), total };
  }

  async facets(filter: ImageFilter): Promise<ImageFacets> {
    void this.warm();
    const { parts } = await this.#settled(filter, { by: 'added', order: 'ascending' });
    const counts = countFacets(this.#columns, parts, this.#misses(filter, parts));
    return { ...counts, scores: this.#scores.namesOf(this.#columns.run) };
  }

  async histogram(filter: ImageFilter, score: string, bins: number): Promise<ScoreHistogram> {
    const { [score]: _own, ...others } = filter.scores ?? {};
    const open = { ...filter, scores: others };
    const { parts, order } = await this.#settled(open, { by: score, order: 'ascending' });
    const column = order as Exclude<Order, 'added' | Uint32Array>;
    return countBins(score, column, this.#columns, parts, this.#misses(open, parts), bins);
  }

  /** The clusters of a map, counted once for each state of its file. */
  async clusters(layout: string): Promise<MapCluster[]> {
    await this.#columns.refresh();
    const { n, label } = this.#columns;
    await this.#prompts.load(n);
    const key = `${layout} ${this.#layouts.version(layout)} ${n}`;
    if (this.#clusters?.key !== key)
      this.#clusters = {
        key,
        found: clustersOf(this.#layouts.places(layout), {
          label: label.subarray(0, n + 1),
          labels: this.#store.batches.labels(),
          prompts: this.#prompts.stream(),
        }),
      };
    return this.#clusters.found;
  }

  /**
   * A score of every image as one byte by image number: 0 without a value, else 1 to 255 in equal steps from `low` to
   * `high`, the 1st and the 99th percentile, so that a few far values do not take all the colours.
   */
  async scoreCodes(score: string): Promise<ScoreCodes> {
    const { order } = await this.#settled({}, { by: score, order: 'ascending' });
    const { values, order: ids } = order as ScoreColumn;
    const percentile = (share: number): number => values[ids[Math.round(share * (ids.length - 1))]!]!;
    const [low, high] = [percentile(0.01), percentile(0.99)];
    const codes = Buffer.alloc(values.length);
    const steps = high > low ? 254 / (high - low) : 0;
    for (const id of ids) codes[id] = 1 + Math.round(Math.min(Math.max((values[id]! - low) * steps, 0), 254));
    return { codes: codes.toString('base64'), low, high };
  }

  async detail(sha256: string): Promise<ImageDetail> {
    const image = imageOf(this.#store, sha256);
    await this.#columns.refresh();
    const real = new Set(
      this.#store.explore
        .batches()
        .filter(({ role }) => role === 'real')
        .map(({ id }) => id),
    );
    const { batch, label } = this.#columns;
    const near = this.#neighbours.nearest(
      image.id,
      NEIGHBOURS,
      (id) => real.has(batch[id]!) && label[id] !== 0,
    );
    // Reading continues, so the next question finds them.
    const notYet = sleep(NEIGHBOUR_PATIENCE_MS).then(() => ({ real: [], any: [], among: 0 }));
    return detailOf(this.#store, image, await Promise.race([near, notYet]));
  }

  /**
   * Reads ahead what later questions need: columns, as many scores as fit, prompts.
   * Runs once; an error is reported to the question that needs the data. About 15 s for a million images of 22 scores.
   */
  warm(): Promise<void> {
    this.#warming ??= (async () => {
      await turn();
      await this.#columns.refresh();
      const { run, n } = this.#columns;
      for (const score of this.#scores.namesOf(run).slice(0, this.#scores.room()))
        if (!this.#closed) await this.#scores.get(run, score);
      if (!this.#closed) await this.#prompts.load(n);
    })().catch(() => undefined);
    return this.#warming;
  }

  close(): void {
    this.#closed = true;
    this.#store.close();
  }

  /** What every image fails of a filter; its counts and all histograms ask for the same. */
  #misses(filter: ImageFilter, parts: FilterParts): Uint16Array {
    const key = JSON.stringify([filter, this.#columns.seq, this.#layoutVersion(filter)]);
    const misses = this.#missed.get(key) ?? missesOf(this.#columns, filter, parts);
    this.#missed.delete(key);
    this.#missed.set(key, misses);
    if (this.#missed.size > KEPT_FILTERS) this.#missed.delete(this.#missed.keys().next().value!);
    return misses;
  }

  #names(): Pick<FilterParts, 'batches' | 'labels'> {
    return { batches: this.#store.explore.batches(), labels: this.#store.batches.labels() };
  }

  /**
   * Returns up-to-date columns and everything else a question needs, consistent as of one event: slow
   * reads are repeated if an event arrived meanwhile.
   */
  async #settled(filter: ImageFilter, sort: ImageSort): Promise<{ parts: FilterParts; order: Order }> {
    for (;;) {
      await this.#columns.refresh();
      const { seq, run, n } = this.#columns;
      const scores: FilterParts['scores'] = new Map();
      for (const score of Object.keys(filter.scores ?? {}))
        scores.set(score, await this.#scores.get(run, score));
      const order = await this.#orderBy(sort.by, run, n);
      const masks: FilterParts['masks'] = [];
      if (filter.prompt?.trim()) {
        await this.#prompts.load(n);
        const { prompt } = filter;
        masks.push(() => this.#prompts.search(prompt, n));
      }
      const { groupOf, lasso } = filter;
      if (groupOf !== undefined)
        masks.push(() => maskOf(this.#store.explore.group(run, imageOf(this.#store, groupOf).id), n));
      if (lasso) masks.push(() => this.#layouts.inside(lasso.layout, lasso.polygon, n));
      if (this.#columns.settledAt(seq)) return { parts: { ...this.#names(), scores, masks }, order };
    }
  }

  async #orderBy(by: string, run: number, n: number): Promise<Order> {
    if (by === 'added') return by;
    if (by !== 'random') return this.#scores.get(run, by);
    if (this.#byHash.length !== n) this.#byHash = await this.#readByHash(n);
    return this.#byHash;
  }

  async #readByHash(n: number): Promise<Uint32Array<ArrayBuffer>> {
    const order = new Uint32Array(n);
    let at = 0;
    for (let last = ''; at < n; await turn()) {
      const page = this.#store.explore.byHash(last, n);
      if (page.length === 0) break;
      order.set(page, at);
      at += page.length;
      last = this.#store.images.byId(page.at(-1)!)!.sha256;
    }
    return order;
  }

  #layoutVersion({ lasso }: ImageFilter): string {
    return lasso ? this.#layouts.version(lasso.layout) : '';
  }
}

function isRestricted({ scores, prompt, groupOf, lasso, ...lists }: ImageFilter): boolean {
  return (
    Object.values(lists).some((list) => (list?.length ?? 0) > 0) ||
    Object.keys(scores ?? {}).length > 0 ||
    Boolean(prompt?.trim()) ||
    groupOf !== undefined ||
    lasso !== undefined
  );
}

/** Images by number, as a list shows them: their current state, not that of when the list was made. */
function cellsOf(store: Store, imageIds: number[], score: number): ImageRow[] {
  const run = store.scores.runs().at(-1)?.id ?? 0;
  const queue = store.queue.last()?.id ?? 0;
  const flags = Map.groupBy(store.explore.flagsOf(imageIds, run), ([id]) => id);
  const tags = Map.groupBy(store.explore.tagsOf(imageIds), ([id]) => id);
  return store.explore.cells(imageIds, { queue, run, score }).map(({ decidedLabel, ...cell }) => ({
    ...cell,
    label: decidedLabel ?? cell.givenLabel,
    flags: (flags.get(cell.id) ?? []).map(([, rule]) => rule),
    tags: (tags.get(cell.id) ?? []).map(([, tag]) => tag),
  }));
}

/** What a list is sorted by: image number, a given order, or a score. */
type Order = 'added' | Uint32Array | ScoreColumn;

/**
 * The images of a mask in order. When sorted by a score, ties keep import order and images without a
 * value come last, in both directions.
 */
function ordered(mask: Uint8Array, count: number, by: Order, order: ImageSort['order']): Uint32Array {
  const found = new Uint32Array(count);
  let at = 0;
  if (by === 'added') {
    if (order === 'ascending') for (let id = 1; id < mask.length; id++) if (mask[id]) found[at++] = id;
    if (order === 'descending') for (let id = mask.length - 1; id > 0; id--) if (mask[id]) found[at++] = id;
    return found;
  }
  const ids = by instanceof Uint32Array ? by : by.order;
  if (order === 'ascending') {
    for (let i = 0; i < ids.length; i++) if (mask[ids[i]!]) found[at++] = ids[i]!;
  } else if (by instanceof Uint32Array) {
    for (let i = ids.length - 1; i >= 0; i--) if (mask[ids[i]!]) found[at++] = ids[i]!;
  } else at = descending(mask, by, found);
  if (!(by instanceof Uint32Array))
    for (let id = 1; id < mask.length; id++)
      if (mask[id] && !(id < by.values.length && !Number.isNaN(by.values[id]))) found[at++] = id;
  return found;
}

/** Backwards over the values, forwards over each run of equal ones. */
function descending(mask: Uint8Array, { order, tied }: ScoreColumn, found: Uint32Array): number {
  let at = 0;
  for (let end = order.length; end > 0;) {
    let start = end - 1;
    while (tied[start] === 1) start--;
    for (let i = start; i < end; i++) if (mask[order[i]!]) found[at++] = order[i]!;
    end = start;
  }
  return at;
}
