import type { ImageRow } from '../../../../rpc/contract/images.ts';

type FetchRows = (offset: number, limit: number, signal: AbortSignal) => Promise<ImageRow[]>;

interface Options {
  /** Images in the view. */
  total: number;
  pageSize?: number;
  /** Pages kept; those that were not looked at for longest go first. */
  maxPages?: number;
  /** Requests on their way at once. Few, so that what is wanted now never waits behind what was passed. */
  maxInFlight?: number;
}

/**
 * Rows of a view by index, fetched page by page. Only the newest wish counts: pages that were passed before their
 * turn are never asked for, and requests on their way for them are called off.
 */
export class RowPages {
  readonly total: number;
  readonly #fetch: FetchRows;
  readonly #pageSize: number;
  readonly #maxPages: number;
  readonly #maxInFlight: number;
  /** In the order of last use. */
  readonly #pages = new Map<number, ImageRow[]>();
  readonly #inFlight = new Map<number, AbortController>();
  readonly #listeners = new Set<() => void>();
  #wanted: number[] = [];
  #version = 0;
  #failure: unknown = null;

  constructor(fetch: FetchRows, { total, pageSize = 100, maxPages = 60, maxInFlight = 3 }: Options) {
    this.#fetch = fetch;
    this.total = total;
    this.#pageSize = pageSize;
    this.#maxPages = maxPages;
    this.#maxInFlight = maxInFlight;
  }

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  /** Changes whenever a row that was missing has come, or fetching has failed. */
  readonly version = (): number => this.#version;

  /** Why rows are missing; null while all is well. */
  get failure(): unknown {
    return this.#failure;
  }

  get pagesHeld(): number {
    return this.#pages.size;
  }

  at(index: number): ImageRow | undefined {
    const page = Math.floor(index / this.#pageSize);
    return this.#pages.get(page)?.[index - page * this.#pageSize];
  }

  /**
   * Asks for the rows from `first` to before `end`, then for so many pages ahead in the direction of movement, and last
   * for the page that was just left.
   */
  want(first: number, end: number, direction: 1 | -1 = 1, pagesAhead = 1): void {
    if (this.total === 0 || end <= first) return;
    const from = Math.floor(Math.max(first, 0) / this.#pageSize);
    const to = Math.floor((Math.min(end, this.total) - 1) / this.#pageSize);
    const last = Math.floor((this.total - 1) / this.#pageSize);
    const seen = Array.from({ length: to - from + 1 }, (_, i) => from + i);
    if (direction < 0) seen.reverse();
    const edge = direction > 0 ? to : from;
    const ahead = Array.from({ length: pagesAhead }, (_, i) => edge + direction * (i + 1));
    const behind = direction > 0 ? from - 1 : to + 1;
    this.#wanted = [...seen, ...[...ahead, behind].filter((page) => page >= 0 && page <= last)];
    for (const page of seen.filter((held) => this.#pages.has(held))) this.#touch(page);
    for (const [page, controller] of this.#inFlight)
      if (!this.#wanted.includes(page)) {
        this.#inFlight.delete(page);
        controller.abort();
      }
    this.#pump();
  }

  /** Rows from `first` to before `end`, whether or not they are held. */
  async load(first: number, end: number): Promise<ImageRow[]> {
    const MAX_ROWS = 1000;
    const rows: ImageRow[] = [];
    for (let offset = first; offset < end; offset += MAX_ROWS)
      rows.push(
        ...(await this.#fetch(offset, Math.min(MAX_ROWS, end - offset), new AbortController().signal)),
      );
    return rows;
  }

  /** Shows at once what a decision has changed, until the rows are fetched again. */
  patch(hashes: ReadonlySet<string>, change: Partial<ImageRow>): void {
    for (const [page, rows] of this.#pages)
      if (rows.some(({ sha256 }) => hashes.has(sha256)))
        this.#pages.set(
          page,
          rows.map((row) => (hashes.has(row.sha256) ? { ...row, ...change } : row)),
        );
    this.#changed();
  }

  /** Refetches the visible rows and drops the rest: their content has changed. */
  async refresh(): Promise<void> {
    const seen = this.#wanted;
    for (const page of this.#pages.keys()) if (!seen.includes(page)) this.#pages.delete(page);
    await Promise.all(seen.map((page) => this.#load(page, new AbortController())));
  }

  retry(): void {
    this.#failure = null;
    this.#pump();
  }

  close(): void {
    this.#wanted = [];
    for (const controller of this.#inFlight.values()) controller.abort();
    this.#inFlight.clear();
    this.#listeners.clear();
    this.#pages.clear();
  }

  #pump(): void {
    if (this.#failure !== null) return;
    for (const page of this.#wanted) {
      if (this.#inFlight.size >= this.#maxInFlight) return;
      if (this.#pages.has(page) || this.#inFlight.has(page)) continue;
      const controller = new AbortController();
      this.#inFlight.set(page, controller);
      void this.#load(page, controller);
    }
  }

  async #load(page: number, controller: AbortController): Promise<void> {
    const offset = page * this.#pageSize;
    try {
      const rows = await this.#fetch(
        offset,
        Math.min(this.#pageSize, this.total - offset),
        controller.signal,
      );
      if (controller.signal.aborted) return;
      this.#pages.delete(page);
      this.#pages.set(page, rows);
      this.#evict();
    } catch (error) {
      if (controller.signal.aborted) return;
      this.#failure = error ?? new Error('The core gave no reason.');
    } finally {
      if (this.#inFlight.get(page) === controller) this.#inFlight.delete(page);
    }
    this.#changed();
    this.#pump();
  }

  #touch(page: number): void {
    const rows = this.#pages.get(page);
    if (!rows) return;
    this.#pages.delete(page);
    this.#pages.set(page, rows);
  }

  #evict(): void {
    for (const page of this.#pages.keys()) {
      if (this.#pages.size <= this.#maxPages) return;
      if (!this.#wanted.includes(page)) this.#pages.delete(page);
    }
  }

  #changed(): void {
    this.#version += 1;
    for (const tell of this.#listeners) tell();
  }
}
