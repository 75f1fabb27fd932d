import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { DecisionInput } from '../../rpc/contract/reviews.ts';
import type { CoreClient } from '../../rpc/transport/client.ts';
import type { Store } from '../../db/store.ts';
import { Project } from '../project/project.ts';
import { reviewItems } from './items.ts';
import { startCore } from '../../test/support/core.ts';
import { temporaryFolder } from '../../test/support/folders.ts';
import { makeReviewable } from '../../test/support/reviewable.ts';

const GOLD = {
  everything: false,
  budget: { items: 24 },
  goldRate: 0.3,
  goldThreshold: 0,
} as const;

/** What a script with a reviewer's rights does to find the gold items. */
class Script {
  readonly core: CoreClient;
  readonly project: string;
  readonly by: string;
  readonly queue: number;

  constructor(core: CoreClient, project: string, by: string, queue: number) {
    this.core = core;
    this.project = project;
    this.by = by;
    this.queue = queue;
  }

  get place() {
    return { project: this.project, by: this.by, queue: this.queue };
  }

  /** Every count that a reviewer can ask for. */
  async counts() {
    const { team, answered, next, undoable, gold } = await this.core.reviews.session(this.place);
    const listed = async (by: string | null) => {
      const all = await this.core.queue.list({ project: this.project, by });
      const { items, done, conflicts, questions } = all.find(({ id }) => id === this.queue)!;
      return { items, done, conflicts, questions };
    };
    return {
      team,
      answered,
      next,
      undoable,
      gold,
      mine: await listed(this.by),
      anybodys: await listed(null),
    };
  }

  async item(position: number) {
    const [item] = await this.core.reviews.items({ ...this.place, from: position, count: 1 });
    return item!;
  }

  async decide(decision: DecisionInput, kind: 'review' | 'conflict' = 'review') {
    const { project, by, queue } = this;
    return this.core.reviews.decide({ project, by, context: { kind, queue }, decisions: [decision] });
  }

  /** What the core says when it refuses, without what names the image. */
  async refusal(sha256: string, call: Promise<unknown>): Promise<string> {
    const said = await call.then(
      () => 'allowed',
      ({ code, message }: { code: string; message: string }) => `${code} ${message}`,
    );
    return said.replaceAll(sha256, 'IMAGE');
  }

  /** Everything about the item at a position that answering, undoing and probing it shows. */
  async look(position: number): Promise<string> {
    const item = await this.item(position);
    const { sha256 } = item;
    const before = await this.counts();
    const probes = [
      await this.refusal(sha256, this.decide({ sha256, verdict: 'accept' })),
      await this.refusal(sha256, this.decide({ sha256, verdict: 'reject', reason: 'artefact' }, 'conflict')),
      await this.refusal(sha256, this.core.reviews.gold(this.place)),
      await this.refusal(sha256, this.core.reviews.agreement(this.place)),
      await this.refusal(sha256, this.core.answers.show(this.place)),
      await this.refusal(
        sha256,
        this.core.reviews.agreementImages({ ...this.place, a: this.by, b: 'b', saidA: 'a', saidB: 'b' }),
      ),
      await this.refusal(sha256, this.core.reviews.conflicts(this.place)),
      await this.refusal(sha256, this.core.reviews.askNext(this.place)),
    ].map((said, i) => (i > 1 && before.answered === 0 ? 'not begun' : said));
    const [stands] = await this.core.reviews.places({ ...this.place, images: [sha256] });
    const answer = { sha256, place: position, verdict: 'accept', spread: true, durationMs: 900 } as const;
    const { applied } = await this.decide(answer);
    const after = await this.counts();
    const undone = await this.core.reviews.undo({ project: this.project, by: this.by });
    const back = await this.counts();
    await this.decide(answer);
    return JSON.stringify({
      keys: Object.keys(item).toSorted(),
      told: { hidden: item.hidden, metadata: item.metadata, group: item.group, settled: item.settled },
      history: item.history,
      probes,
      stands: stands === position,
      applied,
      moved: moved(before, after),
      undone: [undone.applied, undone.purpose, undone.queue, undone.position === position],
      back: moved(before, back),
    });
  }
}

type Counted = Awaited<ReturnType<Script['counts']>>;

/** By how much each count differs; the score on gold items comes in steps and is looked at apart. */
function moved(before: Counted, after: Counted): unknown {
  const by = (a: unknown, b: unknown): unknown =>
    typeof a === 'number'
      ? (b as number) - a
      : Object.fromEntries(
          Object.entries(a as object).map(([key, value]) => [key, by(value, (b as never)[key])]),
        );
  return by({ ...before, gold: 0 }, { ...after, gold: 0 });
}

/** Who is gold, by the record, which the review lead may read. */
async function goldImages(script: Script): Promise<Set<string>> {
  const { core, project, queue } = script;
  const record = await core.reviews.gold({ project, by: 'The lead', queue });
  return new Set(record.filter(({ reviewer }) => reviewer === script.by).map(({ sha256 }) => sha256));
}

test('no answer of the core tells a reviewer which items are gold', { timeout: 240_000 }, async () => {
  const core = startCore();
  const project = await makeReviewable(core, join(temporaryFolder(), 'parts'), 90, GOLD);
  const [made] = await core.queue.list({ project });
  const script = new Script(core, project, 'Bob', made!.id);
  const { total } = await core.reviews.session(script.place);
  // The first tells that nothing was begun, and the last closes the queue.
  const seen: { sha256: string; look: string }[] = [];
  for (let position = 0; position < total - 1; position++) {
    const { sha256 } = await script.item(position);
    const look = await script.look(position);
    if (position > 0) seen.push({ sha256, look });
  }
  const gold = await goldImages(script);
  const looks = (isGold: boolean) =>
    new Set(seen.filter(({ sha256 }) => gold.has(sha256) === isGold).map(({ look }) => look));
  expect(gold.size).toBeGreaterThan(4);
  expect([...looks(true)]).toEqual([...looks(false)]);
  expect(looks(true).size).toBe(1);

  // The score moves by steps of 20 items, and neither saying a thing again nor taking it back moves it.
  const told = (await script.counts()).gold;
  expect(told).not.toBeNull();
  for (let position = 0; position < 4; position++) {
    const { sha256 } = await script.item(position);
    for (const verdict of ['reject', 'accept'] as const)
      await script.decide({ sha256, place: position, verdict, reason: 'artefact' });
    await core.reviews.undo({ project, by: 'Bob' });
    expect((await script.counts()).gold).toEqual(told);
  }

  // What was taken back stays on record.
  const record = await core.reviews.gold({ project, by: 'The lead', queue: script.queue });
  expect(record.filter(({ undone }) => undone).length).toBeGreaterThanOrEqual(gold.size);

  // Whoever is through may look.
  const last = await script.item(total - 1);
  await script.decide({ sha256: last.sha256, place: total - 1, verdict: 'accept' });
  expect((await core.reviews.gold(script.place)).length).toBeGreaterThan(0);
  const [listed] = await core.queue.list({ project });
  expect(listed!.done).toBe(listed!.items);
});

test(
  'nor does it where two are asked, and one of them disagrees with all',
  { timeout: 240_000 },
  async () => {
    const core = startCore();
    const project = await makeReviewable(core, join(temporaryFolder(), 'parts'), 90, {
      ...GOLD,
      reviewers: 2,
    });
    const [made] = await core.queue.list({ project });
    const ann = new Script(core, project, 'Ann', made!.id);
    const bob = new Script(core, project, 'Bob', made!.id);
    const { total } = await core.reviews.session(ann.place);
    for (let position = 0; position < total; position++) {
      const { sha256 } = await ann.item(position);
      await ann.decide({ sha256, place: position, verdict: 'reject', reason: 'artefact' });
    }
    const start = await bob.counts();
    for (let position = 0; position < total - 1; position++) {
      const { sha256 } = await bob.item(position);
      await bob.decide({ sha256, place: position, verdict: 'accept' });
      const { team, mine, anybodys } = await bob.counts();
      expect(team).toEqual({ ...start.team, answers: start.team.answers + position + 1 });
      expect(anybodys).toEqual(mine);
      // Half an item each time, whatever it was.
      expect(mine.done).toBe(Math.floor((total + position + 1) / 2));
      expect([mine.conflicts, mine.questions]).toEqual([0, 0]);
    }
    const conflicts = await core.reviews.conflicts({ project, by: 'The lead', queue: bob.queue });
    expect(conflicts.length).toBeGreaterThan(10);

    // Ann is through, but her own answer is part of it.
    const [{ sha256 } = { sha256: '' }] = conflicts;
    await expect(ann.decide({ sha256, verdict: 'accept' }, 'conflict')).rejects.toMatchObject({
      code: 'DECISION_REFUSED',
      message: expect.stringMatching(/own answer is part of this conflict/),
    });
    const lead = new Script(core, project, 'The lead', bob.queue);
    await expect(lead.decide({ sha256, verdict: 'accept' }, 'conflict')).resolves.toMatchObject({
      applied: 1,
    });
  },
);

test(
  'nor does what is read for an item, which would show in how long it takes',
  { timeout: 240_000 },
  async () => {
    const core = startCore();
    const folder = await makeReviewable(core, join(temporaryFolder(), 'parts'), 90, GOLD);
    const project = Project.open(folder, 'read');
    const calls: string[] = [];
    const counting = { store: counted(project.store, calls) } as Project;
    const [made] = await core.queue.list({ project: folder });
    const script = new Script(core, folder, 'Bob', made!.id);
    const { total } = await core.reviews.session(script.place);
    const reads: { sha256: string; read: string }[] = [];
    for (const isWarm of [false, true])
      for (let position = 0; position < total; position++) {
        calls.length = 0;
        const [item] = reviewItems(counting, made!.id, 'Bob', position, 1);
        if (isWarm) reads.push({ sha256: item!.sha256, read: calls.join(' ') });
      }
    for (let position = 0; position < total; position++) {
      const { sha256 } = await script.item(position);
      await script.decide({ sha256, place: position, verdict: 'accept' });
    }
    const gold = await goldImages(script);
    const of = (isGold: boolean) =>
      new Set(reads.filter(({ sha256 }) => gold.has(sha256) === isGold).map(({ read }) => read));
    expect(gold.size).toBeGreaterThan(4);
    expect([...of(true)].filter((read) => !of(false).has(read))).toEqual([]);
    project.close();
  },
);

/** A store that notes each question that it is asked. */
function counted(store: Store, calls: string[]): Store {
  const topic = (name: string, of: object): object =>
    new Proxy(of, {
      get(target, key) {
        const value: unknown = Reflect.get(target, key);
        if (typeof value !== 'function') return value;
        return (...args: unknown[]): unknown => {
          calls.push(`${name}.${String(key)}`);
          return Reflect.apply(value, target, args);
        };
      },
    });
  const topics = new Map<PropertyKey, object>();
  return new Proxy(store, {
    get(target, key) {
      const value: unknown = Reflect.get(target, key);
      if (typeof value !== 'object' || value === null) return value;
      if (!topics.has(key)) topics.set(key, topic(String(key), value));
      return topics.get(key);
    },
  });
}
