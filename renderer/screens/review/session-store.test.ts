import { expect, test } from 'vitest';
import type { DecisionInput, ReviewItem, ReviewSession } from '../../../rpc/contract/reviews.ts';
import { AssayError } from '../../../rpc/errors.ts';
import type { ReviewCore } from './review-state.ts';
import { SessionStore } from './session-store.ts';

const TOTAL = 40;
const shaOf = (position: number) => position.toString(16).padStart(64, '0');

/** The core's side of a queue, in memory: what it has on record is what the tests look at. */
class MemoryCore implements ReviewCore {
  readonly written: DecisionInput[] = [];
  readonly answers = new Map<string, DecisionInput>();
  fail: { before?: Error; after?: Error } = {};
  paused = false;
  isReranked = false;
  /** The items from this position on stand in the opposite order; all keep their places where it is the total. */
  reorderedFrom = TOTAL;
  rankedSeq = 1;
  /** The queue that the newest act belongs to; null for one made in Explore. */
  madeIn: number | null = 1;
  hold: Promise<void> | null = null;

  async session(): Promise<ReviewSession> {
    const all = Array.from({ length: TOTAL }, (_, i) => i);
    const isSkipped = (i: number) => this.answers.get(shaOf(i))?.verdict === 'skip';
    const next = all.find((i) => !this.answers.has(shaOf(i))) ?? all.find(isSkipped);
    return {
      queue: 1,
      classes: ['apple', 'pear'],
      blind: false,
      independent: false,
      checked: false,
      reviewers: 1,
      endsIn: 'label',
      total: TOTAL,
      answered: this.answers.size,
      next: next ?? TOTAL,
      team: { answers: this.answers.size, wanted: TOTAL, conflicts: 0, questions: 0 },
      gold: this.paused ? { seen: 5, right: 3, accuracy: 0.6, threshold: 0.8, paused: true } : null,
      medianMs: null,
      undoable: this.written.length,
      rankedSeq: this.rankedSeq,
    };
  }

  async items(from: number, count: number): Promise<ReviewItem[]> {
    return Array.from({ length: Math.min(count, TOTAL - from) }, (_, i) => this.#item(from + i));
  }

  async decide(decision: DecisionInput): Promise<void> {
    await this.hold;
    const { before, after } = this.fail;
    this.fail = {};
    if (before) throw before;
    if (this.paused) throw new AssayError('DECISION_REFUSED', 'Paused.');
    if (this.#shaAt(decision.place!) !== decision.sha256)
      throw new AssayError('DECISION_REFUSED', 'Another item stands there.');
    this.written.push(decision);
    this.answers.set(decision.sha256, decision);
    if (after) throw after;
  }

  async undo() {
    const { after } = this.fail;
    this.fail = {};
    const last = this.written.pop();
    if (!last) throw new AssayError('DECISION_REFUSED', 'There is nothing left to undo.');
    this.answers.delete(last.sha256);
    if (after) throw after;
    const queue = this.madeIn;
    const was = {
      verdict: last.verdict as 'accept',
      label: last.label ?? 'apple',
      reason: last.reason ?? null,
      flagged: last.flag === true,
    };
    const position = queue === null ? null : last.place!;
    return { applied: 1, seq: 1, sha256: last.sha256, queue, purpose: 'review' as const, was, position };
  }

  /** After the queue was ranked again the items stand in the opposite order. */
  #shaAt(position: number): string {
    if (this.isReranked) return shaOf(TOTAL - 1 - position);
    return shaOf(position < this.reorderedFrom ? position : TOTAL - 1 + this.reorderedFrom - position);
  }

  #item(position: number): ReviewItem {
    const sha256 = this.#shaAt(position);
    const said = this.answers.get(sha256);
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
      answer: said
        ? {
            verdict: said.verdict as 'accept',
            label: said.label ?? (said.verdict === 'accept' ? 'apple' : null),
            reason: said.reason ?? null,
            flagged: said.flag === true,
          }
        : null,
    };
  }
}

async function sitting() {
  const record = new MemoryCore();
  const store = await SessionStore.open(record);
  return { record, store };
}

/** What the stage does once the image is on the screen. */
function paint(store: SessionStore) {
  const { item } = store.state();
  if (item) store.painted(item.sha256, performance.now());
}

async function answer(store: SessionStore, given: Parameters<SessionStore['answer']>[0]) {
  paint(store);
  store.answer(given, performance.now());
  await store.idle();
}

const accept = { verdict: 'accept' } as const;
const positions = (record: MemoryCore) => record.written.map(({ sha256 }) => parseInt(sha256, 16));

test('works through the queue in order, and ends when all is answered', async () => {
  const { record, store } = await sitting();
  for (let i = 0; i < TOTAL; i++) await answer(store, accept);
  expect(positions(record)).toEqual(Array.from({ length: TOTAL }, (_, i) => i));
  expect(store.state()).toMatchObject({ item: null, position: TOTAL, session: { answered: TOTAL } });
});

test('the next image is not shown before the answer is on record', async () => {
  const { record, store } = await sitting();
  let release = () => {};
  record.hold = new Promise((done) => {
    release = done;
  });
  paint(store);
  store.answer(accept, performance.now());
  await new Promise((done) => setTimeout(done));
  expect(store.state()).toMatchObject({ position: 0, saved: null });
  release();
  await store.idle();
  expect(store.state()).toMatchObject({ position: 1, saved: { of: 'item 1' } });
});

test('keys pressed before the next image is painted never reach it', async () => {
  const { record, store } = await sitting();
  paint(store);
  const pressedAt = performance.now();
  store.answer(accept, pressedAt);
  store.answer(accept, performance.now());
  await store.idle();
  // The second image is there, but was painted only after this key went down: it speaks of the first one.
  store.answer({ verdict: 'relabel', label: 'pear' }, performance.now());
  await store.idle();
  expect(record.written.map(({ sha256, verdict }) => [sha256, verdict])).toEqual([
    [shaOf(0), 'accept'],
    [shaOf(0), 'relabel'],
  ]);
  expect(store.state().position).toBe(1);
});

test('an answer that cannot be saved stays, and goes on record when tried again', async () => {
  const { record, store } = await sitting();
  record.fail = { before: new AssayError('DISK_FULL', 'The disk is full: free some space.') };
  await answer(store, accept);
  expect(store.state()).toMatchObject({ position: 0, failure: { code: 'DISK_FULL' } });
  store.retry();
  await store.idle();
  expect(positions(record)).toEqual([0]);
  expect(store.state()).toMatchObject({ position: 1, failure: null });
});

test('an answer whose reply was lost is not written twice', async () => {
  const { record, store } = await sitting();
  record.fail = { after: new AssayError('INTERNAL', 'The connection was lost.') };
  await answer(store, accept);
  expect(store.state().failure).not.toBeNull();
  store.retry();
  await store.idle();
  expect(positions(record)).toEqual([0]);
  expect(store.state().position).toBe(1);
});

test('another answer takes the place of one that was refused', async () => {
  const { record, store } = await sitting();
  record.fail = { before: new AssayError('DECISION_REFUSED', '"kiwi" is not a class of this project.') };
  await answer(store, { verdict: 'relabel', label: 'kiwi' });
  store.answer({ verdict: 'relabel', label: 'pear' }, performance.now());
  await store.idle();
  expect(record.written).toMatchObject([{ verdict: 'relabel', label: 'pear' }]);
  expect(store.state()).toMatchObject({ position: 1, failure: null });
});

test('undo goes back through the whole sitting, and past its beginning says so', async () => {
  const { record, store } = await sitting();
  for (let i = 0; i < 3; i++) await answer(store, accept);
  for (const position of [2, 1, 0]) {
    store.undo();
    await store.idle();
    expect(store.state()).toMatchObject({ position, notice: 'Undone: accepted as apple.' });
    expect(store.state().item?.answer).toBeNull();
  }
  store.undo();
  await store.idle();
  expect(store.state()).toMatchObject({ notice: 'There is nothing left to undo.', failure: null });
  expect(record.written).toEqual([]);
});

test('an undo at the end of the queue returns to the item', async () => {
  const { record, store } = await sitting();
  for (let i = 0; i < TOTAL; i++) await answer(store, accept);
  expect(store.state().item).toBeNull();
  store.undo();
  await store.idle();
  expect(store.state()).toMatchObject({
    position: TOTAL - 1,
    item: { sha256: shaOf(TOTAL - 1), answer: null },
    notice: 'Undone: accepted as apple.',
  });
  expect(record.written).toHaveLength(TOTAL - 1);
});

test('an undo of what was decided in Explore stays at the item, and says so', async () => {
  const { record, store } = await sitting();
  for (let i = 0; i < 3; i++) await answer(store, accept);
  record.madeIn = null;
  store.undo();
  await store.idle();
  expect(store.state()).toMatchObject({
    position: 3,
    noticeOf: shaOf(2),
    notice: 'Undone: accepted as apple (decided outside the queues).',
  });
});

test('an undo whose reply was lost is not repeated by itself', async () => {
  const { record, store } = await sitting();
  for (let i = 0; i < 3; i++) await answer(store, accept);
  record.fail = { after: new AssayError('INTERNAL', 'The connection was lost.') };
  store.undo();
  await store.idle();
  expect(store.state()).toMatchObject({ notice: 'The connection was lost.', failure: null });
  expect(positions(record)).toEqual([0, 1]);
  store.retry();
  await store.idle();
  expect(positions(record)).toEqual([0, 1]);
});

test('an item can be given the same answer again after an undo', async () => {
  const { record, store } = await sitting();
  await answer(store, accept);
  store.undo();
  await store.idle();
  store.answer(accept, performance.now());
  await store.idle();
  expect(positions(record)).toEqual([0]);
});

test('an answered item can be corrected, and the reviewer returns to where they were', async () => {
  const { record, store } = await sitting();
  for (let i = 0; i < 3; i++) await answer(store, accept);
  store.go(0);
  await store.idle();
  expect(store.state().item?.answer).toMatchObject({ verdict: 'accept' });
  await answer(store, { verdict: 'reject', reason: 'artefact' });
  expect(store.state().position).toBe(3);
  expect(record.answers.get(shaOf(0))).toMatchObject({ verdict: 'reject' });
  expect(store.state().session.answered).toBe(3);
});

test('the same answer again moves on without a second entry', async () => {
  const { record, store } = await sitting();
  await answer(store, accept);
  store.go(0);
  await store.idle();
  await answer(store, accept);
  expect(positions(record)).toEqual([0]);
  expect(store.state().position).toBe(1);
});

test('who looks ahead goes on from there, and meets at the end what was left out, then what was skipped', async () => {
  const { store } = await sitting();
  await answer(store, { verdict: 'skip' });
  store.go(2);
  await store.idle();
  for (let i = 2; i < TOTAL; i++) await answer(store, accept);
  expect(store.state().position).toBe(1);
  await answer(store, accept);
  expect(store.state()).toMatchObject({ position: 0, item: { answer: { verdict: 'skip' } } });
});

test('what is skipped again does not come round a third time, unless it is asked for', async () => {
  const { store } = await sitting();
  for (let i = 0; i < TOTAL; i++) await answer(store, i % 20 === 3 ? { verdict: 'skip' } : accept);
  expect(store.state().position).toBe(3);
  await answer(store, { verdict: 'skip' });
  expect(store.state().position).toBe(23);
  await answer(store, accept);
  expect(store.state().item).toBeNull();
  store.goToSkipped();
  await store.idle();
  expect(store.state().position).toBe(3);
  // A question to a specialist is no skip.
  await answer(store, { verdict: 'skip', flag: true, comment: 'which one?' });
  expect(store.state().saved?.words).toBe('Asked a specialist');
  store.goToSkipped();
  await store.idle();
  expect(store.state()).toMatchObject({ item: null, notice: 'Nothing was skipped.' });
});

test('a pause is a state, and the answer that met it is saved when it ends', async () => {
  const { record, store } = await sitting();
  record.paused = true;
  await answer(store, accept);
  expect(store.state().session.gold?.paused).toBe(true);
  expect(record.written).toEqual([]);
  record.paused = false;
  store.goOn();
  await store.idle();
  expect(store.state()).toMatchObject({ position: 1, failure: null, session: { gold: null } });
  expect(positions(record)).toEqual([0]);
});

test('an item that stands elsewhere by now is not answered, and the new order is shown', async () => {
  const { record, store } = await sitting();
  record.isReranked = true;
  await answer(store, accept);
  expect(record.written).toEqual([]);
  expect(store.state()).toMatchObject({
    failure: null,
    item: { sha256: shaOf(TOTAL - 1) },
    notice: expect.stringMatching(/ranked again/),
  });
  await answer(store, accept);
  expect(record.written).toMatchObject([{ sha256: shaOf(TOTAL - 1), place: 0 }]);
});

test('a new order of what comes later is told once, and met item by item without a refusal', async () => {
  const { record, store } = await sitting();
  for (let i = 0; i < 3; i++) await answer(store, accept);
  // Somebody who went ahead holds items of the old order.
  store.go(30);
  await store.idle();
  store.go(3);
  await store.idle();
  paint(store);
  await new Promise((done) => setTimeout(done));
  record.reorderedFrom = 30;
  record.rankedSeq = 9;
  await answer(store, accept);
  const { item } = store.state();
  paint(store);
  await new Promise((done) => setTimeout(done));
  expect(store.state()).toMatchObject({ item, notice: expect.stringMatching(/ranked again/) });
  await answer(store, accept);
  expect(store.state().notice).toBeNull();
  while (store.state().item) await answer(store, accept);
  expect(positions(record)).toEqual([
    ...Array.from({ length: 30 }, (_, i) => i),
    ...Array.from({ length: TOTAL - 30 }, (_, i) => TOTAL - 1 - i),
  ]);
});

test('every decision carries the image’s hash, its place and the time that it took', async () => {
  const { record, store } = await sitting();
  const at = performance.now();
  store.painted(shaOf(0), at);
  store.answer(accept, at + 1234);
  await store.idle();
  expect(record.written).toEqual([{ verdict: 'accept', sha256: shaOf(0), place: 0, durationMs: 1234 }]);
});
