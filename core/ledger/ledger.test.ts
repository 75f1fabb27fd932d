import { copyFileSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import fc from 'fast-check';
import { describe, expect, test, vi } from 'vitest';
import { storeOver } from '../../db/store.ts';
import { anyAct, perform, type Act } from '../../test/support/acts.ts';
import { forge } from '../../test/support/forger.ts';
import { naiveVerdicts } from '../../test/support/naive-review.ts';
import { temporaryFolder } from '../../test/support/folders.ts';
import { configFolder } from '../base/user-settings.ts';
import { giveCheckpoint } from '../project/checkpoint.ts';
import { Project, type WritableProject } from '../project/project.ts';
import { projectStatus } from '../overview/status.ts';
import { verifyCheckpoints } from './anchor.ts';
import { canonicalJson } from './canonical.ts';
import { eventHash, record } from './ledger.ts';
import { verifyChain, verifyProjection } from './verify.ts';

const STORY: Act[] = [
  { act: 'batch', role: 0, label: 2 },
  { act: 'batch', role: 2, label: 1 },
  { act: 'files', batch: 0, files: [{ path: 1, image: 1, label: 0, box: 2 }] },
  {
    act: 'files',
    batch: 1,
    files: [
      { path: 1, image: 2, label: 1, box: 0 },
      { path: 2, image: 12, label: 1, box: 0 },
    ],
  },
  { act: 'run' },
  { act: 'queue', images: [1, 2] },
  { act: 'decide', by: 0, in: 0, decisions: [{ image: 2, verdict: 1, label: 0 }] },
  { act: 'undo', by: 0 },
  { act: 'release' },
];

/** Random operations, at least; all 100,000 before a release: ASSAY_OPERATIONS=100000. */
const OPERATIONS = Number(process.env['ASSAY_OPERATIONS'] ?? 800);
const SEQUENCE = 20;

function told(story: Act[] = STORY): WritableProject {
  const project = Project.create(join(temporaryFolder(), 'p'), 'ada');
  for (const act of story) perform(project, act);
  return project;
}

function heldVerdicts({ store }: Project): Map<string, number> {
  const found = [...store.images.homes()].map(
    ({ id, sha256 }) => [sha256, store.decisions.verdict(id)?.decisionId] as const,
  );
  return new Map(found.filter((pair): pair is [string, number] => pair[1] !== undefined));
}

describe('canonical JSON', () => {
  test('sorts keys, drops absent ones, and keeps text unchanged', () => {
    expect(canonicalJson({ b: [1, true, 'é"'], a: { z: undefined, y: null, x: -3 } })).toBe(
      '{"a":{"x":-3},"b":[1,true,"é\\""]}',
    );
  });

  test('writes numbers as ECMAScript does, so that they parse to the same numbers', () => {
    expect(canonicalJson([0.5, -0, 1e21, 1e-7, 2 ** 53, 0.1 + 0.2, 5e-324, 100, null])).toBe(
      '[0.5,0,1e+21,1e-7,9007199254740992,0.30000000000000004,5e-324,100,null]',
    );
    fc.assert(
      fc.property(fc.double({ noNaN: true, noDefaultInfinity: true }), (number) => {
        const text = canonicalJson({ number });
        expect(JSON.parse(text)).toEqual({ number: number + 0 });
        expect(canonicalJson(JSON.parse(text))).toBe(text);
      }),
    );
  });

  test.each([Number.NaN, Infinity, -Infinity, new Date(), 10n, '\ud800', [undefined]])(
    'refuses %s',
    (value) => {
      expect(() => canonicalJson({ value })).toThrow();
    },
  );
});

describe('replay', () => {
  test('of any acts rebuilds the state tables', { timeout: 3_600_000 }, () => {
    fc.assert(
      fc.property(fc.array(anyAct, { minLength: SEQUENCE, maxLength: 2 * SEQUENCE }), (acts) => {
        const project = Project.create(join(temporaryFolder(), 'p'), 'ada');
        for (const act of acts) perform(project, act);
        const chain = verifyChain(project.store);
        expect(chain.difference).toBeNull();
        expect(chain.events).toBe(project.store.events.last()!.seq);
        expect(verifyProjection(project.store)).toBeNull();
        expect(heldVerdicts(project)).toEqual(naiveVerdicts(project));
        project.close();
      }),
      { numRuns: Math.ceil(OPERATIONS / SEQUENCE) },
    );
  });
});

describe('a body that does not fit its schema', () => {
  test('is not recorded, and the error names the path', () => {
    const { store } = told();
    const before = store.events.last()!.seq;
    const body = { decisions: [{ sha256: 'abc', verdict: 'accept' as const }] };
    expect(() => record(store, 'ada', 'decisions.made', body)).toThrow(
      /Event 11, decisions.made, does not fit its schema at decisions\[0\]\.sha256/,
    );
    expect(store.events.last()!.seq).toBe(before);
    store.close();
  });

  test.each([
    ['policy.removed', { name: 7 }, /Event 11, policy.removed, .* at name: .*string/],
    ['policy.removed', { name: 'a', extra: 'b' }, /Event 11, policy.removed, .* at its top: .*extra/],
    ['toString', {}, /Event 11 has the unknown kind toString/],
    ['policy.removed', { name: 'never saved' }, /names the policy never saved, which it never made/],
    [
      'queue.reranked',
      { queue: 77, risk: { decisions: 1, wrong: 0, coefficients: [0] }, items: [] },
      /names the queue 77/,
    ],
    ['reviewer.resumed', { queue: 77, reviewer: 'ada' }, /do not replay/],
  ])('is found by replaying, though its chain is sound: %s %j', (kind, body, message) => {
    const { store } = told();
    const { seq, hash: previousHash } = store.events.last()!;
    const event = {
      seq: seq + 1,
      at: '2026-01-01T00:00:00.000Z',
      zoneOffsetMinutes: 0,
      actor: 'eve',
      app: '0',
      kind,
      body: canonicalJson(body),
      previousHash,
    };
    store.events.insert({ ...event, hash: eventHash(event) });
    expect(verifyChain(store).difference).toBeNull();
    expect(verifyProjection(store)).toMatch(message);
    store.close();
  });
});

/** Drops the triggers of a closed project's file, changes it behind Assay's back, and verifies the result. */
function tampered(sql: string): { chain: string | null; projection: string | null } {
  const project = told();
  project.close();
  const file = join(project.folder, 'project.db');
  const db = new Database(file);
  db.pragma('foreign_keys = OFF');
  const triggers = db
    .prepare<[], { name: string; sql: string }>("SELECT name, sql FROM sqlite_schema WHERE type = 'trigger'")
    .all();
  for (const { name } of triggers) db.exec(`DROP TRIGGER ${name}`);
  expect(db.exec(sql) && db.prepare('SELECT total_changes()').pluck().get()).not.toBe(0);
  const store = storeOver(db);
  const found = { chain: verifyChain(store).difference, projection: verifyProjection(store) };
  db.close();
  return found;
}

describe('tampering', () => {
  test.each([
    ["at = '2001-01-01T00:00:00.000Z'", /hash does not match/],
    ['zone_offset_minutes = zone_offset_minutes + 60', /hash does not match/],
    ["actor = 'eve'", /hash does not match/],
    ["app = '9'", /hash does not match/],
    ["kind = 'run.finished'", /hash does not match/],
    ["body = replace(body, 'synthetic', 'holdout')", /hash does not match/],
    ["body = body || ' '", /canonical/],
    [`previous_hash = '${'f'.repeat(64)}'`, /link/],
    [`hash = '${'f'.repeat(64)}'`, /hash does not match/],
    ['seq = 99', /expected number 3/],
  ])('with an event (%s) is found', (change, message) => {
    expect(tampered(`UPDATE event SET ${change} WHERE seq = 3`).chain).toMatch(message);
  });

  test('with a removed event is found', () => {
    expect(tampered('DELETE FROM event WHERE seq = 4').chain).toMatch(/event 5: expected number 4/);
  });

  test('with a ledger cut short is found only by a head kept elsewhere', () => {
    const project = told();
    const { head } = verifyChain(project.store);
    expect(verifyChain(project.store, head).difference).toBeNull();
    const shorter = told(STORY.slice(0, -1));
    expect(verifyChain(shorter.store).difference).toBeNull();
    expect(verifyChain(shorter.store, head).difference).toMatch(/cut short or rewritten/);
    project.close();
    shorter.close();
  });

  test.each([
    ["UPDATE label SET name = 'other' WHERE id = 1", /table label, row 1, name: "other"/],
    ["UPDATE decision SET reviewer = 'eve' WHERE id = 1", /table decision, row 1, reviewer/],
    ["UPDATE decision SET verdict = 'accept' WHERE id = 1", /table decision, row 1, verdict/],
    ['DELETE FROM queue_item WHERE position = 1', /table queue_item: row 2 is missing/],
    ['UPDATE file SET label_id = 2 WHERE id = 1', /table file, row 1, label_id/],
    ['UPDATE image SET home_file_id = 2 WHERE id = 1', /table image, row 1, home_file_id/],
    ['UPDATE box SET v0 = 0.2', /table box, row 1, v0/],
    [
      "INSERT INTO verdict VALUES (1, 1, 'accept', NULL, NULL, 'eve', 'now', NULL, 0)",
      /table verdict: row 1 .* is explained by no event/,
    ],
    ["UPDATE decision SET purpose = 'gold'", /table decision, row 1, purpose/],
    ["INSERT INTO label (name) VALUES ('planted')", /table label: row 3 .* is explained by no event/],
  ])('with state (%s) is found and named', (sql, message) => {
    expect(tampered(sql)).toEqual({ chain: null, projection: expect.stringMatching(message) });
  });
});

/** Where this user's settings keep what is known of a project. */
const remembered = (uid: string): string => join(configFolder(), 'checkpoints', `${uid}.json`);

/** What is found of a project that was closed and changed: by itself, and by what is known of it. */
function findingsOf(folder: string) {
  const project = Project.open(folder, 'read');
  try {
    const { store, alarm } = project;
    return {
      itself: verifyChain(store).difference ?? verifyProjection(store),
      alarm: alarm && `${alarm.message} ${alarm.details}`,
      verified: verifyCheckpoints(folder, store).difference,
    };
  } finally {
    project.close();
  }
}

describe('a record that is sound in itself', () => {
  /** A closed project, its identity, and a copy of its database from before the last act. */
  function closed(): { folder: string; uid: string; file: string; older: string } {
    const first = told(STORY.slice(0, -1));
    first.close();
    const file = join(first.folder, 'project.db');
    const older = join(temporaryFolder(), 'older.db');
    copyFileSync(file, older);
    const project = Project.open(first.folder, 'write');
    perform(project, STORY.at(-1)!);
    const { uid } = project.store.batches.project()!;
    project.close();
    return { folder: first.folder, uid, file, older };
  }

  const FORGERIES: [what: string, act: (made: ReturnType<typeof closed>) => void, says: RegExp][] = [
    [
      'written anew with another reviewer',
      ({ folder }) =>
        forge(folder, (db) => {
          db.exec("UPDATE event SET actor = 'eve' WHERE kind = 'decisions.made'");
          for (const table of ['decision', 'verdict', 'act']) db.exec(`UPDATE ${table} SET reviewer = 'eve'`);
        }),
      /its events are not those that were recorded/,
    ],
    [
      'without its last event',
      ({ folder }) =>
        forge(folder, (db) => db.exec("DELETE FROM release; DELETE FROM event WHERE kind LIKE 'release%'")),
      /missing at its end/,
    ],
    ['replaced by an older copy', ({ file, older }) => copyFileSync(older, file), /missing at its end/],
  ];

  test.each(FORGERIES)('but %s, is found when it is opened, and cannot be written', (_what, act, says) => {
    const made = closed();
    expect(findingsOf(made.folder)).toEqual({ itself: null, alarm: null, verified: null });
    act(made);
    const is = { itself: null, alarm: expect.stringMatching(says), verified: expect.stringMatching(says) };
    expect(findingsOf(made.folder)).toEqual(is);
    expect(() => Project.open(made.folder, 'write')).toThrow(
      expect.objectContaining({ code: 'RECORD_DIFFERS', message: expect.stringMatching(says) }),
    );
    // The settings know it without the project's own file, and the project's own file without the settings.
    const own = join(made.folder, 'checkpoint.txt');
    const note = readFileSync(own);
    rmSync(own);
    expect(findingsOf(made.folder)).toEqual(is);
    writeFileSync(own, note);
    rmSync(remembered(made.uid));
    expect(findingsOf(made.folder)).toEqual(is);
    // Without both, nothing in the folder tells.
    rmSync(own);
    expect(findingsOf(made.folder)).toEqual({ itself: null, alarm: null, verified: null });
  });

  test('and older, can be accepted, which is on record; what was given up may come back', () => {
    const { folder, file, older } = closed();
    const newer = join(temporaryFolder(), 'newer.db');
    copyFileSync(file, newer);
    copyFileSync(older, file);
    Project.accept(folder, 'ada');
    expect(findingsOf(folder)).toEqual({ itself: null, alarm: null, verified: null });
    const project = Project.open(folder, 'write');
    const last = [...project.store.events.all()].at(-1)!;
    expect(last).toMatchObject({ kind: 'record.accepted', actor: 'ada' });
    expect(JSON.parse(last.body)).toEqual({
      givenUp: [{ events: last.seq, head: expect.stringMatching(/^[0-9a-f]{64}$/) }],
    });
    project.close();
    expect(() => Project.accept(folder, 'ada')).toThrow(/nothing to accept/);
    // In another folder, since this one knows that it went on from the older copy.
    copyFileSync(newer, file);
    expect(findingsOf(folder).alarm).toContain('checkpoint.txt');
    rmSync(join(folder, 'checkpoint.txt'));
    expect(findingsOf(folder)).toEqual({ itself: null, alarm: null, verified: null });
  });

  test('is proved to have grown out of an earlier checkpoint, and out of no other', () => {
    const { folder } = closed();
    const project = Project.open(folder, 'write');
    const { note, events } = giveCheckpoint(project, null);
    perform(project, { act: 'batch', role: 1, label: 1 });
    const now = giveCheckpoint(project, note);
    expect(now.growth).toMatch(new RegExp(`^old ${events}\n`));
    expect(now.growth).toContain(now.note);
    const other = told();
    expect(() => giveCheckpoint(other, note)).toThrow(/did not grow out of/);
    expect(() => giveCheckpoint(other, 'no note')).toThrow(/INVALID_INPUT|is none/);
    other.close();
    project.close();
  });

  test('goes on from the edge of its tree, and from the beginning where that leads to another root', () => {
    const { folder } = closed();
    const edge = join(folder, 'checkpoint-edge.txt');
    const others: ((text: string) => string)[] = [
      (text) => text,
      (text) => text.replace(/.$/, (digit) => (digit === 'a' ? 'b' : 'a')),
      (text) => text.replace(/^\d+/, (size) => `${Number(size) - 1}`),
      () => 'nothing',
      () => '',
    ];
    for (const change of others) {
      writeFileSync(edge, change(readFileSync(edge, 'utf8')));
      const project = Project.open(folder, 'write');
      perform(project, { act: 'release' });
      project.close();
      // The roots are computed from all events.
      expect(findingsOf(folder)).toEqual({ itself: null, alarm: null, verified: null });
    }
  });

  test('has the root and the signature of its checkpoints', () => {
    const { folder } = closed();
    const own = join(folder, 'checkpoint.txt');
    const note = readFileSync(own, 'utf8');
    const lines = note.split('\n');
    const spoilt = (line: number, change: (text: string) => string): string =>
      lines.with(line, change(lines[line]!)).join('\n');
    const flip = (text: string): string => text.replace(/.(?=.{20}$)/, (c) => (c === 'A' ? 'B' : 'A'));
    for (const [changed, says] of [
      [spoilt(2, flip), /its root is not that/],
      [spoilt(5, flip), /signature by this workstation is false/],
      ['nothing', /holds no checkpoint/],
    ] as const) {
      writeFileSync(own, changed);
      expect(findingsOf(folder).verified).toMatch(says);
    }
  });

  test('says itself where the clock was set back, in front of the act that came next', () => {
    const { folder } = closed();
    const project = Project.open(folder, 'write');
    const { seq, at } = project.store.events.last()!;
    vi.useFakeTimers({ toFake: ['Date'], now: Date.parse(at) - 365 * 86_400_000 });
    try {
      perform(project, { act: 'release' });
      perform(project, { act: 'release' });
    } finally {
      vi.useRealTimers();
    }
    const added = [...project.store.events.all()].slice(seq);
    expect(added.map(({ kind }) => kind)).toEqual(['clock.set-back', 'release.exported', 'release.exported']);
    expect(JSON.parse(added[0]!.body)).toEqual({ before: at });
    const jump = { seq: seq + 1, before: at, at: added[0]!.at };
    expect(verifyChain(project.store)).toMatchObject({ difference: null, clockJumps: [jump] });
    expect(projectStatus(project).clockJumps).toEqual([jump]);
    expect(verifyProjection(project.store)).toBeNull();
    project.close();
  });

  test('shows by its times where the clock was set back, in records of earlier versions', () => {
    const { folder } = closed();
    forge(folder, (db) => db.exec("UPDATE event SET at = '2001-01-01T00:00:00.000Z' WHERE seq = 3"));
    const project = Project.open(folder, 'read');
    expect(verifyChain(project.store)).toMatchObject({
      difference: null,
      clockJumps: [{ seq: 3, at: '2001-01-01T00:00:00.000Z' }],
    });
    project.close();
  });
});
