import { expect, test } from 'vitest';
import type { DecisionInput, ReviewItem, ReviewSession } from '../../../../rpc/contract/reviews.ts';
import { AssayError } from '../../../../rpc/errors.ts';
import { GridStore, type GridCore } from './grid-store.ts';

const TOTAL = 15;
const shaOf = (position: number) => position.toString(16).padStart(64, '0');

/** The core's side of a queue of one class, in memory. */
class MemoryCore implements GridCore {
  readonly acts: DecisionInput[][] = [];
  fail: { before?: Error; after?: Error } = {};
  /** Items stand in the opposite order. */
  isReranked = false;

  async session(): Promise<ReviewSession> {
    return {
      queue: 1,
      classes: ['apple', 'pear'],
      blind: false,
      independent: false,
      checked: false,
      reviewers: 1,
      endsIn: 'label',
      total: TOTAL,
      answered: this.acts.flat().filter(({ verdict }) => verdict !== 'skip').length,
      next: 0,
      team: { answers: 0, wanted: TOTAL, conflicts: 0, questions: 0 },
      gold: null,
      medianMs: null,
      undoable: this.acts.length,
      rankedSeq: 1,
    };
  }

  async items(from: number, count: number): Promise<ReviewItem[]> {
    return Array.from({ length: count }, (_, i) => this.#item(from + i));
  }

  async grid(count: number): Promise<ReviewItem[]> {
    const all = Array.from({ length: TOTAL }, (_, at) => this.#item(at));
    return all.filter(({ answer }) => answer === null).slice(0, count);
  }

  async decide(): Promise<void> {
    throw new Error('a grid decides as a whole');
  }

  async decideGrid(decisions: DecisionInput[]): Promise<void> {
    const { before, after } = this.fail;
    this.fail = {};
    if (before) throw before;
    if (decisions.some(({ sha256, place }) => this.#item(place!).sha256 !== sha256))
      throw new AssayError('DECISION_REFUSED', 'Another item stands there.');
    this.acts.push(decisions);
    if (after) throw after;
  }

  async undo() {
    const taken = this.acts.pop();
    if (!taken) throw new AssayError('DECISION_REFUSED', 'There is nothing left to undo.');
    const { sha256, place } = taken[0]!;
    const was = { verdict: 'accept' as const, label: 'apple', reason: null, flagged: false };
    return {
      applied: taken.length,
      seq: 1,
      sha256,
      queue: 1,
      purpose: 'review' as const,
      was,
      position: place!,
    };
  }

  #item(position: number): ReviewItem {
    const sha256 = shaOf(this.isReranked ? TOTAL - 1 - position : position);
    const said = this.acts.flat().find((decision) => decision.sha256 === sha256);
    const answer = said && {
      verdict: said.verdict as 'accept',
      label: said.label ?? 'apple',
      reason: said.reason ?? null,
      flagged: false,
    };
    return {
      position,
      sha256,
      width: 64,
      height: 64,
      format: 'png',
      hidden: false,
      givenLabel: 'apple',
      predicted: null,
      probabilities: [],
      reasons: [],
      examples: { given: [], predicted: [] },
      metadata: null,
      tags: [],
      keptOut: null,
      boxes: [],
      objects: [],
      group: 0,
      settled: false,
      distribution: null,
      history: [],
      answer: answer ?? null,
    };
  }
}

async function sitting() {
  const core = new MemoryCore();
  const store = await GridStore.open(core, 6, 'class');
  let now = 1000;
  /** Shows the grid, and accepts what is left of it so much later. */
  const accept = async (afterMs = 6000) => {
    store.painted(store.state().items, now);
    store.acceptRest(now + afterMs, 6, 'class');
    now += afterMs + 1000;
    await store.idle();
  };
  const undo = async () => {
    store.undo(6, 'class');
    await store.idle();
  };
  return { core, store, accept, undo, shown: () => store.state().items.map(({ position }) => position) };
}

test('a grid is one act: what is marked as marked, the rest accepted, each with its share of the time', async () => {
  const { core, store, accept, shown } = await sitting();
  store.mark(shaOf(1), { verdict: 'relabel', label: 'pear' });
  store.toggle(shaOf(3));
  store.mark(shaOf(4), { verdict: 'reject', reason: 'text' });
  store.toggle(shaOf(4));
  await accept();
  expect(core.acts).toHaveLength(1);
  expect(core.acts[0]!.map(({ verdict, place, durationMs }) => [place, verdict, durationMs])).toEqual([
    [0, 'accept', 1000],
    [1, 'relabel', 1000],
    [2, 'accept', 1000],
    [3, 'skip', 1000],
    [4, 'accept', 1000],
    [5, 'accept', 1000],
  ]);
  expect(shown()).toEqual([6, 7, 8, 9, 10, 11]);
  // A skip is no answer: the pace is of the others, and of their time.
  expect(store.state()).toMatchObject({
    pace: { answers: 5, ms: 5000, activeMs: 6000 },
    session: { answered: 5 },
    saved: { of: '6 items', words: '4 accepted' },
  });
});

test('a key that bounced accepts no grid that nobody has seen', async () => {
  const { core, store, accept } = await sitting();
  store.acceptRest(5000, 6, 'class');
  await accept(120);
  expect(core.acts).toHaveLength(0);
  expect(store.state().notice).toMatch(/look at them first/);
  await accept();
  expect(core.acts).toHaveLength(1);
});

test('undo takes back the last mark, then the last grid whole, with its marks', async () => {
  const { core, store, accept, undo, shown } = await sitting();
  store.mark(shaOf(2), { verdict: 'reject', reason: 'text' });
  await accept();
  store.toggle(shaOf(7));
  await undo();
  expect(store.state().marks.size).toBe(0);
  expect(core.acts).toHaveLength(1);
  await undo();
  expect(core.acts).toHaveLength(0);
  expect(shown()).toEqual([0, 1, 2, 3, 4, 5]);
  expect([...store.state().marks]).toEqual([[shaOf(2), { verdict: 'reject', reason: 'text' }]]);
  expect(store.state().notice).toMatch(/^Undone: the whole grid of 6/);
});

test('what could not be saved stays marked; without a reply it is not written twice', async () => {
  const { core, store, accept, shown } = await sitting();
  store.toggle(shaOf(0));
  core.fail = { before: new Error('disk full') };
  await accept();
  expect(store.state()).toMatchObject({ failure: new Error('disk full') });
  expect(store.state().marks.size).toBe(1);
  core.fail = { after: new Error('connection lost') };
  store.retry();
  await store.idle();
  expect(core.acts).toHaveLength(1);
  store.retry();
  await store.idle();
  expect(core.acts).toHaveLength(1);
  expect(shown()).toEqual([6, 7, 8, 9, 10, 11]);
  expect(store.state()).toMatchObject({ failure: null, pace: { answers: 5 } });
});

test('a queue that was ranked again gives another grid, and nothing is recorded', async () => {
  const { core, store, accept, shown } = await sitting();
  core.isReranked = true;
  await accept();
  expect(core.acts).toHaveLength(0);
  expect(store.state().notice).toMatch(/ranked again/);
  expect(store.state().items[0]!.sha256).toBe(shaOf(TOTAL - 1));
  expect(shown()).toEqual([0, 1, 2, 3, 4, 5]);
});

test('another size keeps what is said of the items that stay', async () => {
  const { store, shown } = await sitting();
  store.focusOn(2);
  store.toggle(shaOf(2));
  store.gather(12, 'class');
  await store.idle();
  expect(shown()).toHaveLength(12);
  expect(store.state()).toMatchObject({ at: 2, item: { sha256: shaOf(2) } });
  expect(store.state().marks.get(shaOf(2))).toEqual({ verdict: 'skip' });
});
