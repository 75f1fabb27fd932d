import { PACK } from '../../db/queries/explore.ts';
import type { Store } from '../../db/store.ts';
import { DECISIONS, PAIR_CERTAINTIES, RULES, STRATA } from '../../rpc/contract/terms.ts';
import { eachValue, inPages } from '../base/pages.ts';

/** Above this many changed images, reloading everything is faster than updating one by one. */
const ONE_BY_ONE = 5000;

/** An unknown stratum, from an older project, counts as none. */
function stratumCode(stratum: string): number {
  return STRATA.findIndex((known) => known === stratum) + 1;
}

/**
 * What every image can be filtered by, as columns indexed by image number (entry 0 is unused).
 * 16 bytes per image, plus decisions and 4 bytes per tag of an image. `refresh` keeps them in step with the ledger.
 */
export class Columns {
  readonly #store: Store;
  #loading: Promise<void> | null = null;
  #lastFile = 0;
  #lastDecision = 0;
  /** Sequence number of the newest event applied; 0 before the first load. */
  seq = 0;
  /** Images. */
  n = 0;
  /** Newest run and queue; 0 where there is none. */
  run = 0;
  queue = 0;
  batch = new Uint32Array(1);
  /** Ids of labels; 0 stands for none. */
  label = new Uint32Array(1);
  predicted = new Uint32Array(1);
  /** Index in `DECISIONS`. */
  verdict = new Uint8Array(1);
  /** Bit k is set for `RULES[k]`. */
  flags = new Uint8Array(1);
  /** Bit k is set for `PAIR_CERTAINTIES[k]`. */
  certainties = new Uint8Array(1);
  /** Index in `STRATA` plus 1; 0 outside the newest queue. */
  stratum = new Uint8Array(1);
  /** Decisions by reviewer, without gold answers. */
  readonly deciders = new Map<string, Set<number>>();
  /** By the number of the tag: its name, and its images ascending. */
  readonly tags = new Map<number, { name: string; images: Uint32Array }>();

  constructor(store: Store) {
    this.#store = store;
  }

  /** Applies what changed since the last call; the first call reads everything. */
  async refresh(): Promise<void> {
    while (this.#loading) await this.#loading;
    const seq = this.#store.events.last()?.seq ?? 0;
    if (seq === this.seq) return;
    this.#loading = this.#update(seq).finally(() => (this.#loading = null));
    await this.#loading;
  }

  /** Whether the columns are complete up to this event, and no later one. */
  settledAt(seq: number): boolean {
    return this.seq === seq && this.#loading === null;
  }

  async #update(seq: number): Promise<void> {
    const { explore } = this.#store;
    const first = this.seq === 0;
    const kinds = new Set(first ? [] : explore.kindsSince(this.seq));
    // Read before the rows, so that a concurrent change is applied twice rather than never.
    const lastFile = explore.lastFile();
    const lastDecision = explore.lastDecision();
    if (first || kinds.has('files.imported')) await this.#images(first);
    if (first || kinds.has('run.finished')) await this.#newRun();
    else if (kinds.has('copies.answered')) this.#newFlags();
    if (first || kinds.has('queue.made')) this.#newQueue();
    if (first || kinds.has('images.tagged') || kinds.has('images.untagged')) this.#newTags();
    const touched = first || kinds.has('queue.made') ? [] : explore.touchedSince(this.#lastDecision);
    if (first || kinds.has('queue.made') || touched.length > ONE_BY_ONE)
      await this.#allDecisions(lastDecision);
    else for (const id of touched) this.#decisionsOf(id);
    this.#lastFile = lastFile;
    this.#lastDecision = lastDecision;
    this.seq = seq;
  }

  async #images(first: boolean): Promise<void> {
    const { explore } = this.#store;
    const before = this.n;
    const n = explore.images();
    this.#grow(n);
    await inPages(before, n, (after, upTo) => {
      for (const [i, home] of explore.homes(after, upTo).entries()) {
        this.batch[after + 1 + i] = Math.floor(home / PACK);
        this.label[after + 1 + i] = home % PACK;
      }
    });
    // A file of a stronger role may have become the home of an image that was there. The newest file's number can have
    // been given again, after a failure was replaced by its mended file.
    for (const [id, batch, label] of first ? [] : explore.homesOfFiles(this.#lastFile)) {
      if (id > n) continue;
      this.batch[id] = batch;
      this.label[id] = label ?? 0;
    }
    this.n = n;
  }

  #grow(n: number): void {
    if (n < this.batch.length) return;
    const capacity = this.n === 0 ? n + 1 : Math.ceil((n + 1) * 1.25);
    const grown = <A extends Uint8Array | Uint32Array>(old: A, made: A): A => {
      made.set(old);
      return made;
    };
    this.batch = grown(this.batch, new Uint32Array(capacity));
    this.label = grown(this.label, new Uint32Array(capacity));
    this.predicted = grown(this.predicted, new Uint32Array(capacity));
    this.verdict = grown(this.verdict, new Uint8Array(capacity));
    this.flags = grown(this.flags, new Uint8Array(capacity));
    this.certainties = grown(this.certainties, new Uint8Array(capacity));
    this.stratum = grown(this.stratum, new Uint8Array(capacity));
  }

  async #newRun(): Promise<void> {
    const { explore, scores } = this.#store;
    const run = scores.runs().at(-1)?.id ?? 0;
    const { n } = this;
    this.predicted.fill(0);
    await inPages(0, n, (after, upTo) => {
      eachValue(
        [after, upTo],
        explore.predicted(run, after, upTo),
        () => explore.predictedIds(run, after, upTo),
        (id, label) => (this.predicted[id] = label),
      );
    });
    this.run = run;
    this.#newFlags();
  }

  #newFlags(): void {
    this.flags.fill(0);
    this.certainties.fill(0);
    for (const [id, rule, certainty] of this.#store.explore.flags(this.run)) {
      if (id > this.n) continue;
      this.flags[id]! |= 1 << RULES.indexOf(rule);
      this.certainties[id]! |= 1 << PAIR_CERTAINTIES.indexOf(certainty);
    }
  }

  #newQueue(): void {
    const { explore, queue } = this.#store;
    this.queue = queue.last()?.id ?? 0;
    this.stratum.fill(0);
    for (const [id, stratum] of explore.strata(this.queue))
      if (id <= this.n) this.stratum[id] = stratumCode(stratum);
  }

  /** Tags that events since the last call changed are read again, and those on no image any more let go. */
  #newTags(): void {
    const { tags } = this.#store;
    const known = tags.all();
    const ids = new Set(known.map(({ id }) => id));
    for (const id of this.tags.keys()) if (!ids.has(id)) this.tags.delete(id);
    for (const { id, name, changedSeq } of known)
      if (changedSeq > this.seq) this.tags.set(id, { name, images: Uint32Array.from(tags.images(id)) });
  }

  /** Images that have any of these tags. */
  *taggedWith(names: readonly string[]): Generator<number> {
    for (const { name, images } of this.tags.values()) if (names.includes(name)) yield* images;
  }

  async #allDecisions(upTo: number): Promise<void> {
    const { explore } = this.#store;
    this.verdict.fill(0);
    this.deciders.clear();
    await inPages(0, this.n, (after, last) => {
      for (const [id, verdict] of explore.verdicts(after, last))
        this.verdict[id] = DECISIONS.indexOf(verdict);
    });
    await inPages(0, upTo, (after, last) => {
      for (const [id, reviewer] of explore.deciders(after, last)) this.#decidedBy(reviewer).add(id);
    });
  }

  #decisionsOf(id: number): void {
    const { explore } = this.#store;
    if (id > this.n) return;
    const verdict = explore.verdicts(id - 1, id)[0]?.[1];
    this.verdict[id] = verdict ? DECISIONS.indexOf(verdict) : 0;
    for (const images of this.deciders.values()) images.delete(id);
    for (const reviewer of explore.decidersOf(id)) this.#decidedBy(reviewer).add(id);
  }

  #decidedBy(reviewer: string): Set<number> {
    let images = this.deciders.get(reviewer);
    if (!images) this.deciders.set(reviewer, (images = new Set()));
    return images;
  }
}
