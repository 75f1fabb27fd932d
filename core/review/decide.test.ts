import { describe, expect, test } from 'vitest';
import type { DecisionInput } from '../../rpc/contract/reviews.ts';
import { placeOf, shaOf } from '../../test/support/acts.ts';
import { queuedProject } from '../../test/support/queued-project.ts';
import type { EventBodies } from '../ledger/events.ts';
import { record } from '../ledger/ledger.ts';
import { verifyProjection } from '../ledger/verify.ts';
import { Project, type WritableProject } from '../project/project.ts';
import { projectStatus } from '../overview/status.ts';
import { agreementOf, imagesOfCell } from './agreement.ts';
import { boardOf } from './board.ts';
import { conflictsOf } from './conflicts.ts';
import { estimateOfRest } from '../audit/rest.ts';
import { decide } from './decide.ts';
import { goldRecord, resumeReviewer } from './gold.ts';
import { reviewItems } from './items.ts';
import { reviewSession } from './session.ts';
import { undoLast } from './undo.ts';

const GOLD = {
  goldRate: 0.5,
  gold: [5, 6, 7, 8, 9, 10, 11].map((image) => ({ sha256: shaOf(image), label: 'gear' })),
};
/** Enough ordinary items for all seven gold ones. */
const ENOUGH = { ...GOLD, goldRate: 0.63 };

const REVIEW = { kind: 'review', queue: 1 } as const;
const CONFLICT = { kind: 'conflict', queue: 1 } as const;
/** Answers the item that stands at the image's place of the reviewer's order. */
const say = (project: WritableProject, by: string, image: number, rest: Partial<DecisionInput> = {}) => {
  const sha256 = shaOf(image);
  const place = placeOf(project, 1, by, sha256) ?? 0;
  return decide(project, by, REVIEW, [{ sha256, place, verdict: 'accept', ...rest }]);
};
const judge = (project: WritableProject, by: string, image: number, rest: Partial<DecisionInput> = {}) =>
  decide(project, by, CONFLICT, [{ sha256: shaOf(image), verdict: 'accept', ...rest }]);
/** The three ways to settle images without answering a queue. */
const SETTLING = {
  explore: (project: WritableProject, by: string, image: number, rest: Partial<DecisionInput> = {}) =>
    decide(project, by, { kind: 'explore' }, [{ sha256: shaOf(image), verdict: 'accept', ...rest }]),
  command: (project: WritableProject, by: string, image: number, rest: Partial<DecisionInput> = {}) =>
    decide(project, by, { kind: 'command' }, [{ sha256: shaOf(image), verdict: 'accept', ...rest }]),
  view: (project: WritableProject, by: string, image: number, rest: Partial<DecisionInput> = {}) =>
    decide(
      project,
      by,
      { kind: 'view' },
      {
        images: Uint32Array.of(project.store.images.idOf(shaOf(image))!),
        answer: { verdict: 'accept', ...(rest as object) },
      },
    ),
};
const refused = (act: () => unknown, message: RegExp) =>
  expect(act).toThrow(
    expect.objectContaining({ code: 'DECISION_REFUSED', message: expect.stringMatching(message) }),
  );
const verdictOf = ({ store }: Project, image: number) =>
  store.decisions.verdict(store.images.idOf(shaOf(image))!);
/** Every decision on record with the context of its act. */
const entriesOf = ({ store }: Project) =>
  [...store.events.all()]
    .filter(({ kind }) => kind === 'decisions.made')
    .flatMap(({ body }) => {
      const { context, decisions } = JSON.parse(body) as EventBodies['decisions.made'];
      return decisions.map((decision) => ({ context, ...decision }));
    });
const goldOf = (project: WritableProject, by: string) => {
  const order = boardOf(project.store, null).order(by);
  return order.gold.map(({ imageId }) => ({
    sha256: project.store.images.byId(imageId)!.sha256,
    place: order.goldOf(imageId)!.position,
  }));
};

describe('a decision', () => {
  test('answers the item that stands at its place in the queue, and no other one', () => {
    const project = queuedProject();
    say(project, 'Ada', 0);
    expect(verdictOf(project, 0)).toMatchObject({ verdict: 'accept', label: 'gear', reviewer: 'Ada' });
    expect(entriesOf(project)).toMatchObject([{ context: 'review', queue: 1, place: 0 }]);
    refused(() => say(project, 'Ada', 9), /Another item stands at place 0 .* Nothing was recorded/);
    refused(() => say(project, 'Ada', 0, { place: 1 }), /Another item stands at place 1 of queue 1/);
    refused(() => say(project, 'Ada', 0, { place: 4 }), /no place 4 in queue 1/);
    refused(() => say(project, 'Ada', 0, { place: undefined }), /names the place/);
    refused(() => say(project, 'Ada', 9, { place: undefined }), /not an item of queue 1/);
    refused(
      () =>
        decide(project, 'Ada', { kind: 'review', queue: 7 }, [
          { sha256: shaOf(0), verdict: 'accept', place: 0 },
        ]),
      /no queue 7/,
    );
    const bad = { sha256: shaOf(1), verdict: 'accept', place: 0 } as const;
    refused(
      () => decide(project, 'Ada', REVIEW, [{ sha256: shaOf(0), verdict: 'accept', place: 0 }, bad]),
      /Line 2: another item/,
    );
    refused(() => say(project, 'Ada', 0, { flag: true }), /Only a skip/);
    expect(project.store.decisions.total()).toBe(1);
    project.close();
  });

  test.each(['explore', 'command', 'view'] as const)(
    'from %s settles an image and answers nothing',
    (kind) => {
      const project = queuedProject({ ...GOLD, blind: true });
      const settle = SETTLING[kind];
      // 0 is an audit item of a blind queue; the given label is shown outside the review.
      settle(project, 'Ada', 0);
      expect(verdictOf(project, 0)).toMatchObject({ verdict: 'accept', label: 'gear' });
      // A gold item of Ada's: what she says is said of the image, and the label that was shown to nobody is not in it.
      const [gold] = goldOf(project, 'Ada');
      const image = [5, 6, 7, 8, 9, 10, 11].find((n) => shaOf(n) === gold!.sha256)!;
      settle(project, 'Ada', image);
      expect(verdictOf(project, image)).toMatchObject({ verdict: 'accept', label: 'gear' });
      for (const entry of entriesOf(project)) {
        expect(entry.context).toBe(kind);
        for (const key of ['queue', 'place', 'purpose', 'shown', 'known'])
          expect(entry).not.toHaveProperty(key);
      }
      expect(goldRecord(project, null)).toEqual([]);
      // The audit does not count what was only ticked, and the review of it is still asked for.
      expect(estimateOfRest(project.store)).toBeNull();
      expect(reviewSession(project, null, 'Ada')).toMatchObject({ answered: 0, team: { answers: 0 } });
      say(project, 'Ada', 0, { verdict: 'relabel', label: 'nut' });
      expect(estimateOfRest(project.store)).toMatchObject({ sampled: 1, errors: 1 });
      // Nor does it take an answer out of the audit again.
      settle(project, 'Ada', 0, { verdict: 'reject', reason: 'torn' });
      expect(verdictOf(project, 0)).toMatchObject({ verdict: 'reject' });
      expect(estimateOfRest(project.store)).toMatchObject({ sampled: 1, errors: 1 });
      settle(project, 'Ada', 0);
      expect(estimateOfRest(project.store)).toMatchObject({ sampled: 1, errors: 1 });
      for (const only of [{ verdict: 'skip' }, { place: 0 }, { spread: true }] as const)
        if (kind !== 'view') refused(() => settle(project, 'Ada', 0, only), /in a queue/);
      expect(verifyProjection(project.store)).toBeNull();
      project.close();
    },
  );

  test('what a list takes back itself is not taken back again', () => {
    const project = queuedProject();
    SETTLING.command(project, 'Ada', 0);
    const [sha256, context] = [shaOf(1), { kind: 'command' } as const];
    decide(project, 'Ada', context, [
      { sha256, verdict: 'accept' },
      { sha256, verdict: 'undo' },
    ]);
    expect(undoLast(project, 'Ada')).toMatchObject({ applied: 1, sha256: shaOf(0) });
    refused(() => undoLast(project, 'Ada'), /no decision left/);
    expect(verifyProjection(project.store)).toBeNull();
  });

  test('is taken back where it was filed, whichever way', () => {
    const project = queuedProject();
    SETTLING.explore(project, 'Ada', 0);
    say(project, 'Ada', 0, { verdict: 'relabel', label: 'nut' });
    expect(undoLast(project, 'Ada')).toMatchObject({ queue: 1, position: 0 });
    expect(undoLast(project, 'Ada')).toMatchObject({ queue: null, position: null });
    SETTLING.command(project, 'Ada', 0);
    say(project, 'Ada', 0, { verdict: 'relabel', label: 'nut' });
    SETTLING.explore(project, 'Ada', 0, { verdict: 'reject', reason: 'torn' });
    // In a queue only what was said there.
    say(project, 'Ada', 0, { verdict: 'undo', place: undefined });
    refused(() => say(project, 'Ada', 0, { verdict: 'undo', place: undefined }), /no decision/);
    SETTLING.command(project, 'Ada', 0, { verdict: 'undo' });
    expect(
      entriesOf(project).flatMap(({ context, queue, undoes }) => (undoes ? [[context, queue, undoes]] : [])),
    ).toEqual([
      ['review', 1, 2],
      ['explore', undefined, 1],
      ['review', 1, 6],
      ['command', undefined, 7],
    ]);
    expect(verdictOf(project, 0)).toMatchObject({ verdict: 'accept' });
    expect(verifyProjection(project.store)).toBeNull();
    project.close();
  });

  test('of an earlier version, which names no context, counts as it did', () => {
    const project = queuedProject(GOLD);
    const [gold] = goldOf(project, 'Ada');
    record(project.store, 'Ada', 'decisions.made', {
      decisions: [
        { sha256: shaOf(0), verdict: 'accept', label: 'gear', queue: 1 },
        {
          sha256: gold!.sha256,
          verdict: 'accept',
          label: 'nut',
          queue: 1,
          purpose: 'gold',
          shown: 'nut',
          known: 'gear',
        },
      ],
    });
    expect(estimateOfRest(project.store)).toMatchObject({ sampled: 1, errors: 0 });
    expect(goldRecord(project, null)).toMatchObject([{ answered: 'nut', right: false }]);
    undoLast(project, 'Ada');
    expect(entriesOf(project).at(-1)).toMatchObject({ undoes: 1, queue: 1, context: undefined });
    expect(estimateOfRest(project.store)).toBeNull();
    expect(verifyProjection(project.store)).toBeNull();
    project.close();
  });

  test('that names the given label confirms it, and in a blind queue only naming one does', () => {
    const project = queuedProject({ blind: true });
    refused(() => say(project, 'Ada', 0), /hides the given label/);
    say(project, 'Ada', 0, { verdict: 'relabel', label: 'gear' });
    say(project, 'Ada', 1, { verdict: 'relabel', label: 'nut' });
    expect([verdictOf(project, 0)?.verdict, verdictOf(project, 1)?.verdict]).toEqual(['accept', 'relabel']);
    expect(estimateOfRest(project.store)).toMatchObject({ sampled: 2, errors: 1, unsure: 0 });
    project.close();
  });

  test('spreads over the near-duplicates of its item, and is taken back with them', () => {
    const project = queuedProject();
    expect(say(project, 'Ada', 3, { verdict: 'relabel', label: 'nut', spread: true }).applied).toBe(2);
    expect(verdictOf(project, 4)).toMatchObject({ verdict: 'relabel', label: 'nut' });
    expect(undoLast(project, 'Ada')).toMatchObject({ applied: 2, sha256: shaOf(3), queue: 1, position: 3 });
    expect([verdictOf(project, 3), verdictOf(project, 4)]).toEqual([undefined, undefined]);
    project.close();
  });

  test('may put boxes right, whose common class is the label where none is named', () => {
    const project = queuedProject();
    const boxes = [
      { label: 'nut', format: 'xywh-pixel', values: [0.1, 0, 2, 1e-7] as [number, number, number, number] },
    ];
    say(project, 'Ada', 0, { verdict: 'relabel', boxes });
    const held = verdictOf(project, 0)!;
    expect(held).toMatchObject({ label: 'nut', boxed: 1 });
    expect(project.store.decisions.boxes(held.decisionId)).toEqual([
      { label: 'nut', format: 'xywh-pixel', v0: 0.1, v1: 0, v2: 2, v3: 1e-7, detail: null },
    ]);
    say(project, 'Ada', 2, { verdict: 'relabel', boxes: [{ ...boxes[0]!, label: '\u00A0nut ' }] });
    const spaced = verdictOf(project, 2)!;
    expect(spaced.label).toBe('nut');
    expect(project.store.decisions.boxes(spaced.decisionId)).toMatchObject([{ label: 'nut' }]);
    say(project, 'Ada', 1, { verdict: 'relabel', label: 'gear', boxes: [] });
    expect(verdictOf(project, 1)).toMatchObject({ verdict: 'relabel', boxed: 1 });
    refused(() => say(project, 'Ada', 0, { boxes }), /Only a relabel/);
    const wrong = (over: object) => ({ verdict: 'relabel' as const, boxes: [{ ...boxes[0]!, ...over }] });
    refused(() => say(project, 'Ada', 0, wrong({ label: 'x' })), /not a class/);
    refused(() => say(project, 'Ada', 0, wrong({ format: 'polygon' })), /format/);
    refused(() => say(project, 'Ada', 0, wrong({ values: [0, 0, 0, 1] })), /above 0/);
    expect(verifyProjection(project.store)).toBeNull();
    project.close();
  });

  test('keeps what is known of the objects of its boxes, but an outline only where the box stays', () => {
    const project = queuedProject();
    const outline = { polygons: [[1, 1, 5, 1, 5, 5]], keypoints: [[2, 2, 2]] };
    const facts = { attributes: { occluded: true }, columns: { score: 0.5 } };
    const detail = JSON.stringify({
      ...outline,
      attributes: facts.attributes,
      columns: { score: 0.5, area: 8 },
    });
    type Four = [number, number, number, number];
    const values: Four = [1, 1, 4, 4];
    const image = { sha256: shaOf(90), format: 'png', width: 8, height: 6, copied: false };
    const given = { label: 'gear', format: 'xywh-pixel', values, detail };
    const files = [{ path: 'boxed.png', image, boxes: [given, { ...given, values: [2, 2, 2, 2] as Four }] }];
    record(project.store, 'Ada', 'files.imported', { batch: 'batch 1', files });
    const kept = (boxes: DecisionInput['boxes']) => {
      SETTLING.command(project, 'Ada', 90, { verdict: 'relabel', label: 'nut', boxes });
      const { decisionId } = verdictOf(project, 90)!;
      return project.store.decisions.boxes(decisionId).map((box) => box.detail && JSON.parse(box.detail));
    };
    const box = { label: 'nut', format: 'xywh-pixel', values };
    const whole = JSON.parse(detail) as object;
    const moved: Four = [0, 1, 4, 4];
    expect(kept([box])).toEqual([whole]);
    expect(
      kept([
        { ...box, of: { decision: null, place: 0 } },
        { ...box, values: moved },
      ]),
    ).toEqual([whole, null]);
    expect(kept([{ ...box, values: moved, of: { decision: null, place: 1 } }])).toEqual([facts]);
    // What was moved once has no outline to be given back.
    const before = { decision: verdictOf(project, 90)!.decisionId, place: 0 };
    expect(kept([{ ...box, values: moved, of: before }])).toEqual([facts]);
    const wrong = (of: { decision: number | null; place: number }) => () => kept([{ ...box, of }]);
    refused(wrong({ decision: null, place: 2 }), /one that the image does not have/);
    SETTLING.command(project, 'Ada', 0, { verdict: 'relabel', boxes: [box] });
    const other = verdictOf(project, 0)!.decisionId;
    refused(wrong({ decision: other, place: 0 }), /one that the image does not have/);
    expect(verifyProjection(project.store)).toBeNull();
    project.close();
  });

  test('for a whole view is one act, in no queue and no answer to its audit', () => {
    const project = queuedProject();
    const all = Uint32Array.from([0, 1, 9], (image) => project.store.images.idOf(shaOf(image))!);
    const whole = (answer: object) =>
      decide(project, 'Ada', { kind: 'view' }, { images: all, answer: { verdict: 'accept', ...answer } });
    expect(whole({ verdict: 'reject', reason: 'blurred' }).applied).toBe(3);
    expect(project.store.decisions.counts()).toEqual({ accept: 0, relabel: 0, reject: 3 });
    expect(estimateOfRest(project.store)).toBeNull();
    // The audit is still open.
    const { strata } = projectStatus(project).queue!;
    expect(strata.map(({ stratum, items, decided, changed }) => [stratum, items, decided, changed])).toEqual([
      ['audit', 2, 0, 0],
      ['uncertain', 2, 0, 0],
    ]);
    refused(() => whole({ verdict: 'reject' }), /^A reject needs a reason/);
    refused(() => whole({ verdict: 'relabel', label: 'x' }), /not a class/);
    expect(whole({ verdict: 'relabel', label: ' nut\u200B' }).applied).toBe(3);
    expect(verdictOf(project, 9)).toMatchObject({ verdict: 'relabel', label: 'nut' });
    undoLast(project, 'Ada');
    expect(undoLast(project, 'Ada')).toMatchObject({ applied: 3, sha256: shaOf(0), queue: null });
    refused(() => undoLast(project, 'Ada'), /no decision left/);
    expect(project.store.decisions.counts()).toEqual({ accept: 0, relabel: 0, reject: 0 });
    project.close();
  });
});

describe('two reviewers', () => {
  test('settle what they agree on; the rest is a conflict until somebody adjudicates', () => {
    const project = queuedProject({ reviewers: 2 });
    say(project, 'Ada', 0);
    expect(verdictOf(project, 0)).toBeUndefined();
    say(project, 'Grace', 0);
    say(project, 'Ada', 1, { verdict: 'relabel', label: 'nut' });
    say(project, 'Grace', 1, { verdict: 'reject', reason: 'torn' });
    say(project, 'Ada', 2, { verdict: 'skip', flag: true, comment: 'which thread?' });
    expect(verdictOf(project, 0)).toMatchObject({ verdict: 'accept', reviewer: 'Grace' });
    expect(verdictOf(project, 1)).toBeUndefined();
    // Those who cannot agree say nothing good of an audit item.
    expect(estimateOfRest(project.store)).toMatchObject({ sampled: 2, errors: 0, unsure: 1 });
    expect(reviewSession(project, null, 'Ada')).toMatchObject({
      total: 4,
      answered: 3,
      next: 3,
      team: { answers: 4, wanted: 8, conflicts: 1, questions: 1 },
      undoable: 3,
    });
    expect(reviewSession(project, null, 'Ken').answered).toBe(3);
    expect(conflictsOf(project, null, true)).toMatchObject([
      { sha256: shaOf(1), majority: null, questions: [], answers: [{ label: 'nut' }, { verdict: 'reject' }] },
      { sha256: shaOf(2), questions: [{ reviewer: 'Ada', question: 'which thread?' }], answers: [] },
    ]);
    expect(agreementOf(project, null)).toMatchObject({
      items: 2,
      pairs: [{ a: 'Ada', b: 'Grace', items: 2, agreed: 1, answers: ['gear', 'nut', 'reject'] }],
    });
    const { answers, confusion } = agreementOf(project, null).pairs[0]!;
    const cells = answers.map((saidA) =>
      answers.map(
        (saidB) => imagesOfCell(project, null, { a: 'Ada', b: 'Grace', saidA, saidB, count: 9 }).length,
      ),
    );
    expect(cells).toEqual(confusion);

    const kinds = (['conflict', 'question'] as const).map((kind) => conflictsOf(project, null, true, kind));
    expect(kinds.map((found) => found.map(({ sha256 }) => sha256))).toEqual([[shaOf(1)], [shaOf(2)]]);
    refused(() => judge(project, 'Lead', 0), /not in conflict/);
    refused(() => judge(project, 'Lead', 9), /not an item of queue 1/);
    refused(() => judge(project, 'Lead', 1, { verdict: 'skip' }), /A judgement/);
    // Somebody who only settles the image does not judge between them.
    SETTLING.explore(project, 'Lead', 1);
    expect(conflictsOf(project, null, true)).toHaveLength(2);
    undoLast(project, 'Lead');
    judge(project, 'Lead', 1, { verdict: 'relabel', label: 'nut' });
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

  test('of a queue that ends in distributions are never judged: what most say holds, and is told to who has spoken', () => {
    const project = queuedProject({ reviewers: 2, endsIn: 'distribution' });
    const nut = { verdict: 'relabel', label: 'nut' } as const;
    const torn = { verdict: 'reject', reason: 'torn' } as const;
    const told = (by: string, place: number) =>
      reviewItems(project, null, by, place, 1)[0]!.distribution?.map(
        ({ label, annotators, share, by: who }) => [label ?? 'rejected', annotators, share, who],
      );
    say(project, 'Ada', 0, nut);
    expect([verdictOf(project, 0), told('Ada', 0)]).toEqual([undefined, undefined]);
    say(project, 'Grace', 0);
    // Between as many answers the given label holds, else what was said first; an audit item stays unsure.
    expect(verdictOf(project, 0)).toMatchObject({ verdict: 'accept', label: 'gear', reviewer: 'Grace' });
    expect(estimateOfRest(project.store)).toMatchObject({ sampled: 1, unsure: 1 });
    expect(told('Ada', 0)).toEqual([
      ['gear', 1, 0.5, ['Grace']],
      ['nut', 1, 0.5, ['Ada']],
    ]);
    expect(told('Ken', 0)).toBeUndefined();
    say(project, 'Ada', 1, nut);
    say(project, 'Grace', 1, torn);
    expect(verdictOf(project, 1)).toMatchObject({ verdict: 'relabel', label: 'nut', reviewer: 'Ada' });
    // A third answer counts as well; a skip does not.
    say(project, 'Ken', 1, torn);
    expect(verdictOf(project, 1)).toMatchObject({ verdict: 'reject', reviewer: 'Ken' });
    expect(told('Ken', 1)).toEqual([
      ['rejected', 2, 2 / 3, ['Grace', 'Ken']],
      ['nut', 1, 1 / 3, ['Ada']],
    ]);
    say(project, 'Ada', 2, nut);
    say(project, 'Grace', 2, { verdict: 'skip' });
    expect(verdictOf(project, 2)).toBeUndefined();
    expect(conflictsOf(project, null, true)).toEqual([]);
    refused(() => judge(project, 'Lead', 0), /not in conflict/);
    expect(reviewSession(project, null, 'Ada')).toMatchObject({
      endsIn: 'distribution',
      team: { answers: 5, wanted: 8, conflicts: 0 },
    });
    undoLast(project, 'Ken');
    expect(verdictOf(project, 1)).toMatchObject({ verdict: 'relabel', label: 'nut' });
    // A question still goes to a specialist, whose word holds.
    say(project, 'Ada', 2, { verdict: 'skip', flag: true });
    judge(project, 'Lead', 2, nut);
    expect(verdictOf(project, 2)).toMatchObject({ label: 'nut', reviewer: 'Lead' });
    project.close();

    const unnamed = queuedProject({ reviewers: 2, endsIn: 'distribution', blind: true });
    for (const by of ['Ada', 'Grace']) say(unnamed, by, 0, nut);
    expect(reviewItems(unnamed, null, 'Ada', 0, 1)[0]!.distribution).toEqual([
      { label: 'nut', rejected: false, annotators: 2, share: 1, by: [] },
    ]);
    unnamed.close();
  });

  test('of a blind queue are judged by class: the given label is hidden from the judge too', () => {
    const project = queuedProject({ reviewers: 2, blind: true });
    say(project, 'Ada', 0, { verdict: 'relabel', label: 'nut' });
    say(project, 'Grace', 0, { verdict: 'relabel', label: 'gear' });
    refused(() => judge(project, 'Lead', 0), /hides the given label/);
    judge(project, 'Lead', 0, { verdict: 'relabel', label: 'gear' });
    expect(verdictOf(project, 0)).toMatchObject({ verdict: 'accept', label: 'gear', reviewer: 'Lead' });
    // Now that it is shown it can be accepted.
    judge(project, 'Lead', 0);
    project.close();
  });

  test('who draw the same box a little apart agree, and those who draw another one do not', () => {
    const project = queuedProject({ reviewers: 2 });
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
    const project = queuedProject(GOLD);
    const [first, second, third] = goldOf(project, 'Ada');
    for (const [item, label] of [
      [first, 'gear'],
      [second, 'nut'],
    ] as const)
      decide(project, 'Ada', REVIEW, [{ ...item!, verdict: 'relabel', label }]);
    decide(project, 'Ada', REVIEW, [{ ...third!, verdict: 'skip' }]);
    expect(goldRecord(project, null).map(({ answered, right, known }) => [answered, right, known])).toEqual([
      ['gear', true, 'gear'],
      ['nut', false, 'gear'],
    ]);
    expect(project.store.decisions.counts()).toEqual({ accept: 0, relabel: 0, reject: 0 });
    // To the reviewer an undone gold answer is one like any other.
    expect(undoLast(project, 'Ada')).toMatchObject({ purpose: 'review', queue: 1, sha256: third!.sha256 });
    // Nor may somebody else take a gold answer back, or be shown what it was.
    refused(
      () => decide(project, 'Grace', { kind: 'command' }, [{ sha256: first!.sha256, verdict: 'undo' }]),
      /no decision/,
    );
    expect(reviewSession(project, null, 'Ada').gold).toBeNull();
    expect(verifyProjection(project.store)).toBeNull();
    project.close();
  });

  test('accepted in the review are recorded with the label that was shown there', () => {
    const project = queuedProject(ENOUGH);
    const order = boardOf(project.store, null).order('Ada');
    for (const item of goldOf(project, 'Ada').slice(0, 4))
      decide(project, 'Ada', REVIEW, [{ ...item, verdict: 'accept' }]);
    const names = project.store.batches.labelNames();
    expect(goldRecord(project, null).map(({ answered, shown }) => [answered, shown])).toEqual(
      order.gold.slice(0, 4).map(({ shown }) => [names.get(shown!), names.get(shown!)]),
    );
    // The place is one of the reviewer's own order: somebody else's says nothing.
    const forged = goldOf(project, 'Ada').find(
      ({ sha256, place }) => placeOf(project, 1, 'Grace', sha256) !== place,
    )!;
    refused(() => decide(project, 'Grace', REVIEW, [{ ...forged, verdict: 'accept' }]), /at place/);
    project.close();
  });

  test('pause a queue after five with too many wrong, until somebody else lets the reviewer go on', () => {
    const project = queuedProject(ENOUGH);
    const items = goldOf(project, 'Ada');
    expect(items).toHaveLength(7);
    const shown = boardOf(project.store, null)
      .order('Ada')
      .gold.map((gold) => gold.shown === gold.known);
    expect(new Set(shown).size).toBe(2);
    const answer = (i: number, label: string) =>
      decide(project, 'Ada', REVIEW, [{ ...items[i]!, verdict: 'relabel', label }]);
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
    refused(() => judge(project, 'Ada', 0), /paused/);
    say(project, 'Grace', 0);
    // Nor by ticking the queue's images elsewhere, its near-duplicates among them; others are free.
    for (const settle of Object.values(SETTLING)) {
      refused(() => settle(project, 'Ada', 0), /paused for Ada, and holds the image/);
      refused(() => settle(project, 'Ada', 4), /paused for Ada, and holds the image/);
      settle(project, 'Grace', 0);
      undoLast(project, 'Grace');
    }
    refused(() => SETTLING.command(project, 'Ada', 0, { verdict: 'undo' }), /paused/);
    // Gold images too: a refusal would tell that they are gold.
    SETTLING.explore(project, 'Ada', 5);
    undoLast(project, 'Ada');
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

test('an image called a copy since is accepted nowhere, gold or not, and checks nobody', () => {
  const project = queuedProject({ ...GOLD, goldThreshold: 0.9 });
  const { store } = project;
  const id = (image: number) => store.images.idOf(shaOf(image))!;
  const items = goldOf(project, 'Ada');
  const accept = (at: { sha256: string; place: number }) =>
    decide(project, 'Ada', REVIEW, [{ ...at, verdict: 'accept' }]);
  accept(items[0]!);
  const known = agreementOf(project, null).reviewers[0]!.gold!;
  const call = (sha256: string) => {
    const pair = { sha256, other: shaOf(4), similarity: 1, certainty: 'same-picture' as const };
    store.transaction(() =>
      store.scores.insertFlag(1, {
        imageId: store.images.idOf(sha256)!,
        otherImageId: id(4),
        rule: 'near-duplicate',
        similarity: 1,
        certainty: 'same-picture',
        alteration: null,
      }),
    );
    record(store, 'Lead', 'copies.answered', { answers: [{ ...pair, answer: 'copy' }] });
  };
  for (const sha256 of [shaOf(0), items[0]!.sha256, items[1]!.sha256]) call(sha256);
  expect(known.seen).toBe(1);
  // Both are told and refused in the same words.
  const [first] = reviewItems(project, 1, 'Ada', placeOf(project, 1, 'Ada', shaOf(0))!, 1);
  const [gold] = reviewItems(project, 1, 'Ada', items[1]!.place, 1);
  expect(first!.keptOut).toEqual({ words: expect.stringMatching(/^same picture as batch 1\/f4\.png/) });
  expect(gold!.keptOut).toEqual(first!.keptOut);
  const refusal = (act: () => unknown, sha256: string) => {
    try {
      act();
      return 'allowed';
    } catch (error) {
      return (error as Error).message.replace(sha256, 'IMAGE');
    }
  };
  const said = refusal(() => say(project, 'Ada', 0), shaOf(0));
  expect(said).toMatch(/IMAGE is left out of releases: same picture as .* not a copy \(Copies/);
  expect(refusal(() => accept(items[1]!), items[1]!.sha256)).toBe(said);
  decide(project, 'Ada', REVIEW, [{ ...items[1]!, verdict: 'reject', reason: 'near-copy' }]);
  expect(agreementOf(project, null).reviewers[0]!.gold).toBeNull();
  // What is still before the reviewer has no such mark.
  const others = reviewItems(project, 1, 'Ada', 0, 8).filter(
    ({ sha256 }) => ![shaOf(0), items[0]!.sha256, items[1]!.sha256].includes(sha256),
  );
  expect(others.map(({ keptOut }) => keptOut)).toEqual(others.map(() => null));
  project.close();
});

test('the pace of a reviewer is of answers alone, and of times in which somebody can have looked', () => {
  const project = queuedProject();
  say(project, 'bob', 0, { durationMs: 2000 });
  say(project, 'bob', 1, { durationMs: 120 });
  say(project, 'bob', 2, { verdict: 'skip', durationMs: 9000 });
  say(project, 'bob', 3, { durationMs: 4000 });
  expect(reviewSession(project, 1, 'bob').medianMs).toBe(3000);
});
