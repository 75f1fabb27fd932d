import { randomUUID } from 'node:crypto';
import type { ImageSort } from '../../rpc/contract/images.ts';
import { AssayError } from '../../rpc/errors.ts';

/** A list of images as a query found it; it never changes. */
export interface View {
  name: string;
  /** Image numbers in order; null stands for all of them as they were added. */
  ids: Uint32Array | null;
  total: number;
  sort: ImageSort;
}

/** 32 lists of a million images. */
const KEPT_BYTES = 128 * 2 ** 20;

/** The lists in use, by name; the least recently used are dropped when the total is too large. */
export class Views {
  /** Names from an earlier thread must not name lists of this one. */
  readonly #prefix = randomUUID().slice(0, 8);
  readonly #kept = new Map<string, View & { key: string }>();
  #made = 0;
  #bytes = 0;

  /** The list that the same question found, if nothing changed since; `key` holds question and state. */
  found(key: string): View | undefined {
    const view = this.#kept.values().find((kept) => kept.key === key);
    return view && this.get(view.name);
  }

  add(key: string, list: Omit<View, 'name'>): View {
    const view = { ...list, name: `${this.#prefix}-${++this.#made}`, key };
    this.#kept.set(view.name, view);
    this.#bytes += view.ids?.byteLength ?? 0;
    for (const [name, old] of this.#kept) {
      if (this.#bytes <= KEPT_BYTES && this.#kept.size <= 1000) break;
      if (name === view.name) break;
      this.#kept.delete(name);
      this.#bytes -= old.ids?.byteLength ?? 0;
    }
    return view;
  }

  /** Throws `NOT_FOUND` when the list was dropped. */
  get(name: string): View {
    const view = this.#kept.get(name);
    if (!view)
      throw new AssayError('NOT_FOUND', `The list ${name} is no longer kept: search again.`, { view: name });
    this.#kept.delete(name);
    this.#kept.set(name, view);
    return view;
  }
}

/** Image numbers at some positions of a view. */
export function slice({ ids, total }: View, offset: number, limit: number): number[] {
  const length = Math.max(0, Math.min(limit, total - offset));
  return Array.from({ length }, (_, i) => (ids ? ids[offset + i]! : offset + i + 1));
}
