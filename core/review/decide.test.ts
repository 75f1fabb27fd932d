import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { DecisionInput } from '../../rpc/contract/reviews.ts';
import { perform, prologue, shaOf } from '../../test/support/acts.ts';
import { temporaryFolder } from '../../test/support/folders.ts';
import type { EventBodies } from '../ledger/events.ts';
import { record } from '../ledger/ledger.ts';
import { verifyProjection } from '../ledger/verify.ts';
import { Project, type WritableProject } from '../project/project.ts';
import { agreementOf } from './agreement.ts';
import { boardOf } from './boards.ts';
import { decideMany } from './bulk.ts';
import { conflictsOf } from './conflicts.ts';
import { decide } from './decide.ts';
import { goldRecord, resumeReviewer } from './gold.ts';
import { reviewSession } from './session.ts';
import { undoLast } from './undo.ts';

/** Real images 5 to 11 (gear) and synthetic ones 0 to 4, of which 0 to 3 are queued. */
function made(queue: Partial<EventBodies['queue.made']> = {}): WritableProject {
  const project = Project.create(join(temporaryFolder(), 'p'), 'ada');
  for (const act of prologue(1).slice(0, -1)) perform(project, act);
  record(project.store, 'ada', 'queue.made', {
    run: 1,
    policy: '{}',
    seed: 3,
    frame: 9,
    rest: 5,
    audited: 2,
    items: [0, 1, 2, 3].map((image) => ({
      sha256: shaOf(image),
      stratum: image < 2 ? 'audit' : 'uncertain',
      reasons: [],
      priority: '0',
      inclusionProbability: '1',
      group: image === 3 ? [shaOf(4)] : [],
    })),
    ...queue,
  });
  return project;
}

const GOLD = {
  goldRate: '0.5',
  gold: [5, 6, 7, 8, 9, 10, 11].map((image) => ({ sha256: shaOf(image), label: 'gear' })),
};
/** Enough ordinary items for all seven gold ones. */
const ENOUGH = { ...GOLD, goldRate: '0.63' };

const say = (project: WritableProject, by: string, image: number, rest: Partial<DecisionInput> = {}) =>
  decide(project, by, [{ sha256: shaOf(image), verdict: 'accept', ...rest }]);
const refused = (act: () => unknown, message: RegExp) =>
  expect(act).toThrow(
    expect.objectContaining({ code: 'DECISION_REFUSED', message: expect.stringMatching(message) }),
  );
const verdictOf = ({ store }: Project, image: number) =>
  store.decisions.verdict(store.images.idOf(shaOf(image))!);
const goldOf = (project: WritableProject, by: string) => {
  const order = boardOf(project.store, null).order(by);
  return order.gold.map(({ imageId, known, shown }) => ({
    sha256: project.store.images.byId(imageId)!.sha256,
    honest: shown === known,
  }));
};

describe('a decision', () => {
  test('goes to the newest queue that has the image, or to the one named', () => {
    const project = made();
    say(project, 'Ada', 0);
    expect(verdictOf(project, 0)).toMatchObject({ verdict: 'accept', label: 'gear', reviewer: 'Ada' });
    refused(
      () => say(project, 'Ada', 9, { queue: 1 }),
      /Line 1: .* is not in queue 1\. Nothing was recorded/,
    );
    refused(() => say(project, 'Ada', 0, { queue: 7 }), /no queue 7/);
    refused(() => say(project, 'Ada', 0, { purpose: 'gold' }), /not for the reviewer to say/);
    refused(() => say(project, 'Ada', 9, { purpose: 'adjudication' }), /nothing to adjudicate/);
    refused(() => say(project, 'Ada', 0, { flag: true }), /only a skip/);
    say(project, 'Ada', 9, { verdict: 'reject', reason: 'torn' });
    expect(boardOf(project.store, 1).entries(project.store.images.idOf(shaOf(9))!)).toEqual([]);
    project.close();
  });

  test('that names the given label confirms it, and in a blind queue only naming one does', () => {
    const project = made({ blind: true });
    refused(() => say(project, 'Ada', 0), /hides the given label/);
    say(project, 'Ada', 0, { verdict: 'relabel', label: 'gear' });
    say(project, 'Ada', 1, { verdict: 'relabel', label: 'nut' });
    expect([verdictOf(project, 0)?.verdict, verdictOf(project, 1)?.verdict]).toEqual(['accept', 'relabel']);
    expect(project.store.queue.audit(1)).toEqual({ answered: 2, wrong: 1, skipped: 0 });
    project.close();
  });

  test('spreads over the near-duplicates of its item, and is taken back with them', () => {
    const project = made();
    expect(say(project, 'Ada', 3, { verdict: 'relabel', label: 'nut', spread: true }).applied).toBe(2);
    expect(verdictOf(project, 4)).toMatchObject({ verdict: 'relabel', label: 'nut' });
    expect(undoLast(project, 'Ada')).toMatchObject({ applied: 2, sha256: shaOf(3), queue: 1, position: 3 });
    expect([verdictOf(project, 3), verdictOf(project, 4)]).toEqual([undefined, undefined]);
    project.close();
  });

  test('may put boxes right, whose common class is the label where none is named', () => {
    const project = made();
    const boxes = [
      { label: 'nut', format: 'xywh-pixel', values: [0.1, 0, 2, 1e-7] as [number, number, number, number] },
    ];
    say(project, 'Ada', 0, { verdict: 'relabel', boxes });
    const held = verdictOf(project, 0)!;
    expect(held).toMatchObject({ label: 'nut', boxed: 1 });
    expect(project.store.decisions.boxes(held.decisionId)).toEqual([
      { label: 'nut', format: 'xywh-pixel', v0: 0.1, v1: 0, v2: 2, v3: 1e-7 },
    ]);
    say(project, 'Ada', 1, { verdict: 'relabel', label: 'gear', boxes: [] });
    expect(verdictOf(project, 1)).toMatchObject({ verdict: 'relabel', boxed: 1 });
    refused(() => say(project, 'Ada', 0, { boxes }), /only a relabel/);
    const wrong = (over: object) => ({ verdict: 'relabel' as const, boxes: [{ ...boxes[0]!, ...over }] });
    refused(() => say(project, 'Ada', 0, wrong({ label: 'x' })), /not a class/);
    refused(() => say(project, 'Ada', 0, wrong({ format: 'polygon' })), /format/);
    refused(() => say(project, 'Ada', 0, wrong({ values: [0, 0, 0, 1] })), /above 0/);
    expect(verifyProjection(project.store)).toBeNull();
    project.close();
  });

  test('for a whole view is one act, in no queue and no answer to its audit', () => {
    const project = made();
    const all = Uint32Array.from([0, 1, 9], (image) => project.store.images.idOf(shaOf(image))!);
    const result = decideMany(project, 'Ada', all, { verdict: 'reject', reason: 'blurred' });
    expect(result.applied).toBe(3);
    expect(project.store.decisions.counts()).toEqual({ accept: 0, relabel: 0, reject: 3 });
    expect(project.store.queue.audit(1)).toEqual({ answered: 0, wrong: 0, skipped: 0 });
    expect(project.store.queue.strata(1).map(({ decided, changed }) => [decided, changed])).toEqual([
      [0, 0],
      [0, 0],
    ]);
    refused(() => decideMany(project, 'Ada', all, { verdict: 'reject' }), /needs a reason/);
    refused(() => decideMany(project, 'Ada', all, { verdict: 'relabel', label: 'x' }), /not a class/);
    expect(undoLast(project, 'Ada')).toMatchObject({ applied: 3, sha256: shaOf(0), queue: null });
    refused(() => undoLast(project, 'Ada'), /no decision left/);
    expect(project.store.decisions.counts()).toEqual({ accept: 0, relabel: 0, reject: 0 });
    project.close();
  });
});

describe('two reviewers', () => {
  test('settle what they agree on; the rest is a conflict until somebody adjudicates', () => {
    const project = made({ reviewers: 2 });
    say(project, 'Ada', 0);
    expect(verdictOf(project, 0)).toBeUndefined();
    say(project, 'Grace', 0);
    say(project, 'Ada', 1, { verdict: 'relabel', label: 'nut' });
    say(project, 'Grace', 1, { verdict: 'reject', reason: 'torn' });
    say(project, 'Ada', 2, { verdict: 'skip', flag: true, reason: 'which thread?' });
    expect(verdictOf(project, 0)).toMatchObject({ verdict: 'accept', reviewer: 'Grace' });
    expect(verdictOf(project, 1)).toBeUndefined();
    // Those who cannot agree say nothing good of an audit item.
    expect(project.store.queue.audit(1)).toEqual({ answered: 1, wrong: 0, skipped: 1 });
    expect(reviewSession(project, null, 'Ada')).toMatchObject({
      total: 4,
      answered: 3,
      next: 3,
      team: { answers: 4, wanted: 8, conflicts: 2 },
      undoable: 3,
    });
    expect(reviewSession(project, null, 'Ken').answered).toBe(3);
    expect(conflictsOf(project, null, true)).toMatchObject([
      { sha256: shaOf(1), majority: null, flaggedBy: [], answers: [{ label: 'nut' }, { verdict: 'reject' }] },
      { sha256: shaOf(2), flaggedBy: ['Ada'], answers: [{ verdict: 'skip', reason: 'which thread?' }] },
    ]);
    expect(agreementOf(project, null)).toMatchObject({
      items: 2,
      pairs: [{ a: 'Ada', b: 'Grace', items: 2, agreed: 1, answers: ['gear', 'nut', 'reject'] }],
    });

    say(project, 'Lead', 1, { verdict: 'relabel', label: 'nut', purpose: 'adjudication' });
    expect(verdictOf(project, 1)).toMatchObject({ verdict: 'relabel', label: 'nut', reviewer: 'Lead' });
    // Whatever is said after it.
    say(project, 'Ada', 1, { verdict: 'reject', reason: 'torn' });
    expect(verdictOf(project, 1)).toMatchObject({ reviewer: 'Lead' });
    expect(conflictsOf(project, null, true).map(({ sha256 }) => sha256)).toEqual([shaOf(2)]);
    expect(conflictsOf(project, null, false)[0]).toMatchObject({ adjudicated: { by: 'Lead', label: 'nut' } });
    expect(agreementOf(project, null).reviewers).toMatchObject([
      { reviewer: 'Ada', upheld: { items: 1, stood: 0 } },
      { reviewer: 'Grace', upheld: { items: 1, stood: 0 } },
    ]);
    undoLast(project, 'Lead');
    expect(verdictOf(project, 1)).toMatchObject({ verdict: 'reject' });
    project.close();
  });

  test('who draw the same box a little apart agree, and those who draw another one do not', () => {
    const project = made({ reviewers: 2 });
    const box = (x: number, label = 'nut') => ({
      verdict: 'relabel' as const,
      label: 'nut',
      boxes: [{ label, format: 'xywh-pixel', values: [x, 0, 10, 10] as [number, number, number, number] }],
    });
    say(project, 'Ada', 0, box(0));
    say(project, 'Grace', 0, box(1));
    say(project, 'Ada', 1, box(0));
    say(project, 'Grace', 1, box(6));
    say(project, 'Ada', 2, box(0));
    say(project, 'Grace', 2, box(0, 'gear'));
    expect([0, 1, 2].map((image) => verdictOf(project, image)?.reviewer)).toEqual([
      'Grace',
      undefined,
      undefined,
    ]);
    expect(conflictsOf(project, null, true)).toHaveLength(2);
    project.close();
  });
});

describe('gold items', () => {
  test('are found by the core, recorded with what was shown, and never settle an image', () => {
    const project = made(GOLD);
    const [first, second, third] = goldOf(project, 'Ada');
    for (const [item, label] of [
      [first, 'gear'],
      [second, 'nut'],
    ] as const)
      decide(project, 'Ada', [{ sha256: item!.sha256, verdict: 'relabel', label, queue: 1 }]);
    decide(project, 'Ada', [{ sha256: third!.sha256, verdict: 'skip', queue: 1 }]);
    expect(goldRecord(project, null).map(({ answered, right, known }) => [answered, right, known])).toEqual([
      ['gear', true, 'gear'],
      ['nut', false, 'gear'],
    ]);
    expect(project.store.decisions.counts()).toEqual({ accept: 0, relabel: 0, reject: 0 });
    // To the reviewer an undone gold answer is one like any other.
    expect(undoLast(project, 'Ada')).toMatchObject({ purpose: 'review', queue: 1, sha256: third!.sha256 });
    // Nor may somebody else take a gold answer back, or be shown what it was.
    refused(() => decide(project, 'Grace', [{ sha256: first!.sha256, verdict: 'undo' }]), /no decision/);
    expect(reviewSession(project, null, 'Ada').gold).toBeNull();
    expect(verifyProjection(project.store)).toBeNull();
    project.close();
  });

  test('pause a queue after five with too many wrong, until somebody else lets the reviewer go on', () => {
    const project = made(ENOUGH);
    const items = goldOf(project, 'Ada');
    expect(items).toHaveLength(7);
    expect(items.some(({ honest }) => honest) && items.some(({ honest }) => !honest)).toBe(true);
    const answer = (i: number, label: string) =>
      decide(project, 'Ada', [{ sha256: items[i]!.sha256, verdict: 'relabel', label, queue: 1 }]);
    for (let i = 0; i < 4; i++) answer(i, 'nut');
    expect(reviewSession(project, null, 'Ada').gold).toBeNull();
    answer(4, 'gear');
    expect(reviewSession(project, null, 'Ada').gold).toMatchObject({
      seen: 5,
      right: 1,
      paused: true,
      threshold: 0.8,
    });
    refused(() => answer(5, 'gear'), /1 of 5 .*\(20 %; 80 % is required\)/);
    refused(() => say(project, 'Ada', 0), /paused/);
    refused(() => undoLast(project, 'Ada'), /paused/);
    say(project, 'Grace', 0);
    refused(() => resumeReviewer(project, 'ada', 1, 'Ada'), /somebody else/);
    refused(() => resumeReviewer(project, 'Lead', 1, 'Grace'), /not paused/);
    resumeReviewer(project, 'Lead', 1, 'Ada');
    answer(5, 'nut');
    expect(agreementOf(project, null).reviewers[0]).toMatchObject({
      reviewer: 'Ada',
      answers: 0,
      gold: { seen: 6, right: 1, paused: false },
    });
    expect(verifyProjection(project.store)).toBeNull();
    project.close();
  });
});
