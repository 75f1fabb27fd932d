import { join } from 'node:path';
import { setImmediate as turn, setTimeout as sleep } from 'node:timers/promises';
import { Store } from '../../db/store.ts';
import type {
  ImageDetail,
  ImageFacets,
  ImageFilter,
  ImageRow,
  ImageSort,
  ImageView,
  ScoreHistogram,
} from '../../rpc/contract/images.ts';
import { cellsOf } from './cells.ts';
import { Columns } from './columns.ts';
import { detailOf, imageOf } from './detail.ts';
import { countBins, countFacets } from './facets.ts';
import { Layouts } from './lasso.ts';
import { countOf, maskOf, matchMask, type FilterParts } from './matching.ts';
import { NeighbourSearch } from './neighbours.ts';
import { ordered, type Order } from './ordering.ts';
import { PromptIndex } from './prompts.ts';
import { ScoreColumns } from './score-columns.ts';
import { slice, Views } from './views.ts';

const NEIGHBOURS = 8;
/** How long a detail waits for neighbours: the embeddings of a large project take seconds to read. */
const NEIGHBOUR_PATIENCE_MS = 400;

/** Everything that the explorer's thread does, over a reading connection of its own. */
export class Engine {
  readonly #store: Store;
  readonly #columns: Columns;
  readonly #scores: ScoreColumns;
  readonly #prompts: PromptIndex;
  readonly #layouts: Layouts;
  readonly #neighbours: NeighbourSearch;
  readonly #views = new Views();
  #byHash = new Uint32Array();
  #warming: Promise<void> | null = null;
  #closed = false;

  constructor(folder: string) {
    this.#store = Store.open(join(folder, 'project.db'), 'read');
    this.#columns = new Columns(this.#store);
    this.#scores = new ScoreColumns(this.#store);
    this.#prompts = new PromptIndex(this.#store);
    this.#layouts = new Layouts(folder);
    this.#neighbours = new NeighbourSearch(this.#store);
  }

  /** Filters and sorts. All images as they were added need no column, and are there at once. */
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
    const mask = matchMask(this.#columns, filter, parts);
    const ids = ordered(mask, countOf(mask), order, sort.order);
    return answer(this.#views.add(key, { ids, total: ids.length, sort }));
  }

  /** Numbers of the images that a filter lets through, ascending. */
  async resolve(filter: ImageFilter): Promise<Uint32Array> {
    const { parts } = await this.#settled(filter, { by: 'added', order: 'ascending' });
    const mask = matchMask(this.#columns, filter, parts);
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

  async facets(): Promise<ImageFacets> {
    void this.warm();
    await this.#columns.refresh();
    return countFacets(this.#columns, this.#names());
  }

  async histogram(filter: ImageFilter, score: string, bins: number): Promise<ScoreHistogram> {
    const { [score]: _own, ...others } = filter.scores ?? {};
    const open = { ...filter, scores: others };
    const { parts, order } = await this.#settled(open, { by: score, order: 'ascending' });
    const column = order as Exclude<Order, 'added' | Uint32Array>;
    return countBins(score, column, matchMask(this.#columns, open, parts), bins);
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
    // They go on being read for the next question.
    const notYet = sleep(NEIGHBOUR_PATIENCE_MS).then(() => ({ real: [], any: [], among: 0 }));
    return detailOf(this.#store, image, await Promise.race([near, notYet]));
  }

  /**
   * Reads what later questions need while nobody waits for it: the columns, the scores as far as they fit, the prompts.
   * Once; what goes wrong is said to whoever asks for it. About 15 s for a million images of 22 scores.
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

  #names(): Pick<FilterParts, 'batches' | 'labels'> {
    return { batches: this.#store.explore.batches(), labels: this.#store.batches.labels() };
  }

  /**
   * The columns up to date and everything else that a question needs, all of one moment: what is read slowly is read
   * again where an event came in between.
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
        masks.push(this.#prompts.search(filter.prompt, n));
      }
      if (filter.groupOf !== undefined)
        masks.push(maskOf(this.#store.explore.group(run, imageOf(this.#store, filter.groupOf).id), n));
      if (filter.lasso) masks.push(this.#layouts.inside(filter.lasso.layout, filter.lasso.polygon, n));
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
