import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, onTestFinished, test, vi } from 'vitest';
import type { DecisionInput } from '../../rpc/contract/reviews.ts';
import { forgetRecords } from '../../test/support/forget-records.ts';
import { REPOSITORY, temporaryFolder } from '../../test/support/folders.ts';
import { mulberry32, randomIndex, type Random } from '../base/numeric/random.ts';
import { workstationKey } from '../base/workstation-key.ts';
import { runDigest } from '../ledger/digests.ts';
import { record } from '../ledger/ledger.ts';
import { verifyChain, verifyProjection } from '../ledger/verify.ts';
import { invite, turnOnAccounts } from '../people/accounts.ts';
import { Caller, SignIns } from '../people/sign-in.ts';
import { Project, type WritableProject } from '../project/project.ts';
import { boardOf } from '../review/board.ts';
import { decide } from '../review/decide.ts';
import { reviewItems } from '../review/items.ts';
import { undoLast } from '../review/undo.ts';
import { verifyCollected, writeAnswers } from './answers-file.ts';
import { collectAnswers } from './collect.ts';
import { unpackHandout } from './handout-file.ts';
import { listHandouts, recallHandout } from './handouts.ts';
import { makeHandouts, type HandoutOptions } from './make-handouts.ts';
import { shareOut } from './share-out.ts';

const TASK = { signal: new AbortController().signal, progress: () => {} };
const CLASSES = ['gear', 'nut', 'bolt'];
const picture = (n: number): string => `picture ${n}`;
const shaOf = (n: number): string => createHash('sha256').update(picture(n)).digest('hex');
const GOLD = 100;
const boxOf = (n: number) => ({
  label: CLASSES[n % 2]!,
  format: 'xywh-pixel' as const,
  values: [n % 4, 1, 3, 2] as [number, number, number, number],
});

/** A project with a queue of so many pictures, and its folder. Decoding is not part of it: pictures are bytes. */
function homeOf(
  folder: string,
  { items = 6, reviewers = 1, blind = false, goldRate = 0, format = 'png', boxed = false } = {},
): WritableProject {
  const root = join(folder, 'pictures');
  mkdirSync(root, { recursive: true });
  const home = Project.create(join(folder, 'home'), 'lead');
  onTestFinished(() => {
    if (home.isOpen) home.close();
  });
  const pictures = (from: number, count: number) =>
    Array.from({ length: count }, (_, i) => {
      const n = from + i;
      writeFileSync(join(root, `${n}.png`), picture(n));
      const image = { sha256: shaOf(n), format, width: 8, height: 8, copied: false };
      const boxes = boxed ? [boxOf(n), boxOf(n + 1)] : undefined;
      return { path: `${n}.png`, bytes: picture(n).length, image, label: CLASSES[n % 2], boxes };
    });
  const batch = { root, source: 'flat-folder', parents: [], classes: CLASSES };
  const { store } = home;
  record(store, 'lead', 'batch.created', {
    ...batch,
    name: 'made',
    role: 'synthetic',
    generator: 'secret-generator',
  });
  record(store, 'lead', 'files.imported', { batch: 'made', files: pictures(0, items) });
  record(store, 'lead', 'batch.created', { ...batch, name: 'known', role: 'real' });
  record(store, 'lead', 'files.imported', { batch: 'known', files: pictures(GOLD, 20) });
  const run = { model: shaOf(0), modelId: 'm 1', device: 'cpu', parameters: {}, digest: runDigest(store, 1) };
  record(store, 'lead', 'run.finished', { ...run, images: items + 20 });
  record(store, 'lead', 'queue.made', {
    run: 1,
    policy: { everything: true },
    seed: 7,
    frame: items,
    rest: 0,
    audited: 0,
    reviewers,
    blind,
    goldRate,
    goldThreshold: 0,
    gold:
      goldRate > 0
        ? Array.from({ length: 20 }, (_, i) => ({ sha256: shaOf(GOLD + i), label: CLASSES[i % 2]! }))
        : [],
    items: Array.from({ length: items }, (_, n) => ({
      sha256: shaOf(n),
      stratum: 'audit' as const,
      reasons: [],
      priority: 0,
      inclusionProbability: 1,
      group: [],
    })),
  });
  return home;
}

/** Hands a queue out and opens each hand-out as its reviewer would, on a machine without the project. */
async function handOut(
  home: WritableProject,
  to: string[],
  more: Partial<HandoutOptions> = {},
  password: string | null = null,
) {
  const folder = join(home.folder, '..', 'sent');
  const options: HandoutOptions = {
    by: 'lead',
    queue: 1,
    to,
    overlap: 0,
    most: null,
    pictures: 'originals',
    expires: null,
    instead: null,
    folder,
    ...more,
  };
  const summary = await makeHandouts(home, options, null as never, TASK);
  const opened = await Promise.all(summary.handouts.map(({ file }) => unpackHandout(file, password)));
  return { summary, files: summary.handouts.map(({ file }) => file), folders: opened };
}

/** Answers as the reviewer of a hand-out, which is opened and closed for it. */
function answerIn(folder: string, decisions: DecisionInput[], by?: string): void {
  inside(folder, (project) => {
    const reviewer = by ?? reviewerOf(project);
    const order = boardOf(project.store, 1);
    const placed = decisions.map((said) => ({
      place: order.placeOf(reviewer, project.store.images.idOf(said.sha256)!) ?? undefined,
      ...said,
    }));
    decide(project, reviewer, { kind: 'review', queue: 1 }, placed);
  });
}

function inside<T>(folder: string, act: (project: WritableProject) => T): T {
  const project = Project.open(folder, 'write');
  try {
    return act(project);
  } finally {
    project.close();
  }
}

const reviewerOf = (project: Project): string =>
  (JSON.parse(project.store.queue.last()!.assignees) as { reviewer: string }[])[0]!.reviewer;
const itemsOf = (folder: string): string[] =>
  inside(folder, (project) =>
    reviewItems(project, 1, reviewerOf(project), 0, 100).map(({ sha256 }) => sha256),
  );
const answersOf = (folder: string): string =>
  inside(folder, (project) => writeAnswers(project, workstationKey()));
const collect = (home: WritableProject, ...files: string[]) =>
  collectAnswers(home, { by: 'lead', files }).files;
const heldOn = ({ store }: Project, sha256: string) => store.decisions.verdict(store.images.idOf(sha256)!);
const relabel = (sha256: string, label = 'bolt'): DecisionInput => ({ sha256, verdict: 'relabel', label });

/** The ledger of a project is sound, and its rows follow from it. */
function expectSound({ store }: Project): void {
  expect(verifyChain(store).difference).toBeNull();
  expect(verifyProjection(store)).toBeNull();
  expect(verifyCollected(store)).toBeNull();
}

/** What the verifier that was written from docs/ledger.md alone finds. */
function foundOutside(folder: string): string {
  const verifier = join(REPOSITORY, 'test', 'verifier', 'verify_ledger.py');
  const { stdout, stderr, error } = spawnSync('python3', [verifier, folder, '--json'], { encoding: 'utf8' });
  if (error) console.warn('There is no Python here: the independent verifier did not run.');
  if (error) return '[]';
  return JSON.stringify(
    (JSON.parse(stdout || `{"findings":${JSON.stringify(stderr)}}`) as { findings: unknown }).findings,
  );
}

test('what is said of objects is handed out, and hidden where the queue is blind', async () => {
  for (const blind of [false, true]) {
    const home = homeOf(temporaryFolder(), { boxed: true, blind });
    home.store.transaction(() => {
      for (const position of [-1, 1])
        home.store.objects.insertVerdict(1, {
          imageId: 1,
          position,
          chance: position === 1 ? 0.75 : 0.5,
          fault: position === 1 ? 'wrong-class' : 'missing',
          labelId: position === 1 ? 3 : null,
          confidence: position === 1 ? 0.9 : null,
          area: position === 1 ? null : '[0.1,0.2,0.1,0.1]',
        });
    });
    const { folders } = await handOut(home, ['r1']);
    const said = inside(folders[0]!, (project) => {
      expectSound(project);
      return reviewItems(project, 1, 'r1', 0, 6).find(({ sha256 }) => sha256 === shaOf(0))!.objects;
    });
    expect(said).toEqual(
      blind ? [] : reviewItems(home, 1, 'r1', 0, 6).find(({ sha256 }) => sha256 === shaOf(0))!.objects,
    );
    expect(said.map(({ chance }) => chance)).toEqual(blind ? [] : [0.75, 0.5]);
  }
});

describe('shares', () => {
  const items = (count: number, needs = 1) =>
    Array.from({ length: count }, (_, id) => ({ id, needs, not: new Set<string>() }));

  test('are even, and pairs take turns at what two of them get', () => {
    const { of, overlapping } = shareOut(items(9), ['a', 'b', 'c'], new Set([0, 1, 2]));
    expect([...of.values()].map((own) => own.length)).toEqual([4, 4, 4]);
    expect(overlapping).toEqual([0, 1, 2]);
    const pairs = [0, 1, 2].map((id) =>
      [...of]
        .filter(([, own]) => own.includes(id))
        .map(([name]) => name)
        .join(''),
    );
    expect(pairs).toEqual(['ab', 'ac', 'bc']);
  });

  test('go to as many as an item needs, and never to who has it', () => {
    const open = items(2, 2).map((item) => ({ ...item, not: new Set(['a']) }));
    expect(shareOut(open, ['a', 'b'], new Set())).toMatchObject({ overlapping: [], left: [0, 1] });
    expect([...shareOut(open, ['a', 'b', 'c'], new Set(), 1).of]).toEqual([
      ['a', []],
      ['b', [0]],
      ['c', [0]],
    ]);
  });
});

test('a hand-out holds what its reviewer needs, works by itself, and its answers land once', async () => {
  const home = homeOf(temporaryFolder());
  const { folders, summary } = await handOut(home, ['r1', 'r2']);
  expect(summary).toMatchObject({
    queue: 1,
    overlapping: 0,
    left: 0,
    handouts: [{ items: 3 }, { items: 3 }],
  });
  const [one] = folders as [string];
  const shown = itemsOf(one);
  expect(shown).toHaveLength(3);
  inside(one, (project) => {
    expectSound(project);
    // Nothing of it tells of the project, its people, the other's items, or which was drawn for the audit.
    const all = readFileSync(join(one, 'project.db')).toString('latin1');
    for (const secret of ['lead', 'r2', 'secret-generator', 'assay-test-', '"audit"', ...itemsOfOther(shown)])
      expect([secret, all.includes(secret)]).toEqual([secret, false]);
  });
  answerIn(one, [{ sha256: shown[0]!, verdict: 'accept' }, relabel(shown[1]!)]);
  const file = answersOf(one);
  expect(collect(home, file)).toMatchObject([
    { reviewer: 'r1', taken: 2, before: 0, left: [], refused: null },
  ]);
  const head = home.store.events.last()!.hash;
  expect(collect(home, file, one)).toMatchObject([
    { taken: 0, before: 2 },
    { taken: 0, before: 2 },
  ]);
  expect(home.store.events.last()!.hash).toBe(head);
  expect(heldOn(home, shown[1]!)).toMatchObject({ verdict: 'relabel', label: 'bolt', reviewer: 'r1' });

  // Taken back, answered otherwise, and one more.
  inside(one, (project) => undoLast(project, 'r1'));
  answerIn(one, [{ sha256: shown[2]!, verdict: 'reject', reason: 'artefact' }]);
  expect(collect(home, answersOf(one))).toMatchObject([{ taken: 3, before: 2 }]);
  expect(shown.map((sha) => heldOn(home, sha)?.verdict)).toEqual([undefined, undefined, 'reject']);
  expect(listHandouts(home)).toMatchObject([
    { reviewer: 'r2', items: 3, answered: 0, cameBack: null },
    { reviewer: 'r1', items: 3, answered: 1, cameBack: expect.any(String) },
  ]);
  expectSound(home);

  function itemsOfOther(own: string[]): string[] {
    return Array.from({ length: 6 }, (_, n) => shaOf(n)).filter((sha) => !own.includes(sha));
  }
});

test('answers that differ on what two reviewers get are judged between', async () => {
  const home = homeOf(temporaryFolder(), { items: 4 });
  const { folders, summary } = await handOut(home, ['r1', 'r2'], { overlap: 0.5 });
  expect(summary.overlapping).toBe(2);
  const [a, b] = folders.map(itemsOf) as [string[], string[]];
  const both = a.filter((sha) => b.includes(sha));
  expect(both).toHaveLength(2);
  answerIn(
    folders[0]!,
    a.map((sha) => relabel(sha)),
  );
  answerIn(
    folders[1]!,
    b.map((sha) => (sha === both[0] ? relabel(sha) : { sha256: sha, verdict: 'accept' })),
  );
  collect(home, ...folders);
  const states = both.map((sha) => boardOf(home.store, 1).state(home.store.images.idOf(sha)!));
  expect(states.map(({ conflict }) => conflict)).toEqual([false, true]);
  expect(boardOf(home.store, 1).counts).toMatchObject({ answers: 6, conflicts: 1, closed: 4 });
  expect(both.map((sha) => heldOn(home, sha)?.label)).toEqual(['bolt', undefined]);
  expect(listHandouts(home)[0]!.agreement).toEqual({ items: 2, alike: 1 });
  decide(home, 'judge', { kind: 'conflict', queue: 1 }, [relabel(both[1]!, 'nut')]);
  expect(heldOn(home, both[1]!)?.reviewer).toBe('judge');
  expectSound(home);
  home.close();
  expect([home.folder, folders[0]!].map(foundOutside)).toEqual(['[]', '[]']);
});

test('gold items look like any other, and are judged when they come back', async () => {
  const home = homeOf(temporaryFolder(), { items: 10, goldRate: 0.3 });
  const { folders } = await handOut(home, ['r1']);
  const shown = itemsOf(folders[0]!);
  const order = boardOf(home.store, 1).order('r1');
  const gold = order.gold.map(({ imageId, known }) => ({
    sha256: home.store.images.byId(imageId)!.sha256,
    label: home.store.batches.labelNames().get(known)!,
  }));
  expect(shown.filter((sha) => gold.some(({ sha256 }) => sha256 === sha))).toHaveLength(gold.length);
  inside(folders[0]!, ({ store }) => {
    expect(store.queue.gold(1)).toEqual([]);
    expect(shown.map((sha) => store.images.byId(store.images.idOf(sha)!)!.role)).toEqual(
      shown.map(() => 'synthetic'),
    );
  });
  answerIn(
    folders[0]!,
    shown.map((sha) =>
      relabel(sha, gold.find(({ sha256 }) => sha256 === sha && sha !== gold[0]!.sha256)?.label),
    ),
  );
  collect(home, folders[0]!);
  expect(listHandouts(home)[0]).toMatchObject({
    answered: shown.length,
    gold: { seen: gold.length, right: gold.length - 1 },
  });
  expect(heldOn(home, gold[1]!.sha256)).toBeUndefined();
  expectSound(home);
});

test('a blind hand-out holds no label, and naming the given one confirms it', async () => {
  const home = homeOf(temporaryFolder(), { blind: true });
  const { folders } = await handOut(home, ['r1']);
  const [first] = itemsOf(folders[0]!);
  inside(folders[0]!, ({ store }) => expect(store.review.shown(1)!.labelId).toBeNull());
  const given = home.store.images.byId(home.store.images.idOf(first!)!)!.labelId!;
  answerIn(folders[0]!, [relabel(first!, home.store.batches.labelNames().get(given))]);
  collect(home, folders[0]!);
  expect(heldOn(home, first!)).toMatchObject({ verdict: 'accept', reviewer: 'r1' });
});

test('what was decided, changed or withdrawn meanwhile is listed with both answers, and nothing is overwritten', async () => {
  const home = homeOf(temporaryFolder());
  const { folders } = await handOut(home, ['r1']);
  const shown = itemsOf(folders[0]!);
  answerIn(
    folders[0]!,
    shown.map((sha) => relabel(sha)),
  );
  decide(home, 'lead', { kind: 'command' }, [relabel(shown[0]!, 'nut')]);
  const board = boardOf(home.store, 1);
  const place = board.placeOf('other', home.store.images.idOf(shown[1]!)!)!;
  decide(home, 'other', { kind: 'review', queue: 1 }, [{ sha256: shown[1]!, verdict: 'accept', place }]);
  // The same picture again, of real images and with another label.
  record(home.store, 'lead', 'files.imported', {
    batch: 'known',
    files: [
      {
        path: 'again.png',
        image: { sha256: shown[2]!, format: 'png', width: 8, height: 8, copied: false },
        label: 'bolt',
      },
    ],
  });
  const [{ left, taken }] = collect(home, folders[0]!) as [ReturnType<typeof collect>[0]];
  expect(taken).toBe(3);
  expect(left).toMatchObject([
    {
      sha256: shown[0],
      why: 'decided',
      reviewer: 'r1',
      label: 'bolt',
      held: { reviewer: 'lead', label: 'nut' },
    },
    { sha256: shown[1], why: 'decided', label: 'bolt', held: { reviewer: 'other', verdict: 'accept' } },
    { sha256: shown[2], why: 'changed', label: 'bolt', held: null },
  ]);
  expect(heldOn(home, shown[0]!)).toMatchObject({ reviewer: 'lead', label: 'nut' });
  expect(listHandouts(home)[0]!.left).toEqual(left);
  expectSound(home);
});

test('a hand-out holds no DICOM file, which names a patient', async () => {
  const home = homeOf(temporaryFolder(), { format: 'dicom' });
  await expect(handOut(home, ['Ann'])).rejects.toMatchObject({
    code: 'EXPORT_REFUSED',
    message: expect.stringMatching(/0\.png is a DICOM file, which names the patient: hand out previews\.$/),
  });
});

test('a hand-out is recalled, given to somebody else, or expires', async () => {
  vi.useFakeTimers({ toFake: ['Date'], now: new Date('2026-03-01T10:00:00Z') });
  onTestFinished(() => void vi.useRealTimers());
  const home = homeOf(temporaryFolder());
  const { folders, summary } = await handOut(home, ['r1'], { expires: '2026-03-02' });
  const shown = itemsOf(folders[0]!);
  answerIn(folders[0]!, [relabel(shown[0]!)]);
  vi.setSystemTime(new Date('2026-03-01T11:00:00Z'));
  await expect(handOut(home, ['r2'])).rejects.toThrow(/Nothing of queue 1 is open/);
  const { handout } = summary.handouts[0]!;
  await expect(handOut(home, ['r2'], { instead: handout, overlap: 1 })).rejects.toThrow(
    /two reviewers or more/,
  );
  expect(listHandouts(home)[0]!.recalled).toBeNull();
  const again = await handOut(home, ['r2'], { instead: handout });
  expect(again.summary.handouts).toMatchObject([{ reviewer: 'r2', items: 6 }]);
  expect(() => recallHandout(home, 'lead', summary.handouts[0]!.handout, null)).toThrow(/recalled already/);
  vi.setSystemTime(new Date('2026-03-01T12:00:00Z'));
  answerIn(folders[0]!, [relabel(shown[1]!)]);
  expect(collect(home, folders[0]!)).toMatchObject([
    { taken: 1, left: [{ sha256: shown[1], why: 'recalled' }] },
  ]);
  vi.setSystemTime(new Date('2026-03-04T12:00:00Z'));
  expect(() => answerIn(folders[0]!, [relabel(shown[2]!)])).toThrow(/expired/);
  expect(() => answerIn(again.folders[0]!, [relabel(shown[2]!)], 'r1')).toThrow(/for r2/);
});

test('with accounts it is sealed for who may review, opened with their password, and signed with their key', async () => {
  const home = homeOf(temporaryFolder());
  const password = 'lamp river candle 9';
  const signIns = new SignIns();
  const identity = 'known for years';
  const lead = { id: 'lead', name: 'Lead', roles: ['administrator' as const, 'lead' as const], identity };
  await turnOnAccounts(home, { ...lead, password, idleMinutes: 15 });
  const { code } = invite(home, 'lead', { id: 'r1', name: 'Reader One', roles: ['annotator'], identity });
  invite(home, 'lead', { id: 'r2', name: 'Reader Two', roles: ['annotator'], identity });
  await expect(handOut(home, ['r2'])).rejects.toThrow(/account is invited/);
  await expect(handOut(home, ['nobody'])).rejects.toThrow(/Nobody here/);
  await signIns.enrol(home, new Caller(), { id: 'r1', code, password: `${password} of r1` });
  const { files, folders } = await handOut(home, ['r1'], {}, `${password} of r1`);
  const [one] = folders as [string];
  const sealed = readFileSync(files[0]!);
  const shown = itemsOf(one);
  for (const told of [shown[0]!, 'SQLite format', picture(0), '"files"'])
    expect([told, sealed.includes(told)]).toEqual([told, false]);
  // Opened before, it is a folder; elsewhere it takes the password, and every byte as it was.
  expect(await unpackHandout(files[0]!)).toBe(one);
  const elsewhere = join(temporaryFolder(), 'sent.assay-handout');
  for (const [bytes, given, why] of [
    [sealed, null, /opens with the password of r1 in home/],
    [sealed, password, /does not open the hand-out of r1/],
    [sealed.subarray(0, -1), `${password} of r1`, /damaged, cut short or changed/],
    [Buffer.concat([sealed, Buffer.of(0)]), `${password} of r1`, /damaged, cut short or changed/],
    [
      Buffer.from(sealed.toString('latin1').replace('"r1"', '"r2"'), 'latin1'),
      `${password} of r1`,
      /damaged/,
    ],
    [sealed.subarray(0, 100), null, /damaged/],
  ] as const) {
    writeFileSync(elsewhere, bytes);
    await expect(unpackHandout(elsewhere, given)).rejects.toThrow(why);
  }
  expect(readdirSync(dirname(elsewhere))).toEqual(['sent.assay-handout']);
  answerIn(one, [relabel(shown[0]!)]);
  const project = Project.open(one, 'write');
  expect(project.store.people.all().map(({ id }) => id)).toEqual(['r1']);
  await expect(signIns.check(project, 'r1', password)).rejects.toThrow(/not right/);
  const file = writeAnswers(project, await signIns.check(project, 'r1', `${password} of r1`));
  const signed = readFileSync(file);
  expect(collect(home, writeAnswers(project, workstationKey()))[0]!.refused).toMatch(
    /not signed with the key of r1/,
  );
  project.close();
  expect(collect(home, one)[0]!.refused).toMatch(/not signed: the reviewer/);
  writeFileSync(file, signed);
  expect(collect(home, file)).toMatchObject([{ reviewer: 'r1', taken: 1, refused: null }]);
  expectSound(home);
  home.close();
  expect([home.folder, one].map(foundOutside)).toEqual(['[]', '[]']);
});

describe('files that are not as they were sent', () => {
  test('a hand-out that was changed, cut short or is no hand-out is not opened', async () => {
    const home = homeOf(temporaryFolder());
    const { files, folders } = await handOut(home, ['r1']);
    const sound = readFileSync(files[0]!);
    const folder = temporaryFolder();
    const changed = (at: number): Buffer => {
      const copy = Buffer.from(sound);
      copy[at]! ^= 1;
      return copy;
    };
    const header = sound.indexOf(10, 17) + 1;
    for (const [bytes, why] of [
      [changed(3), /no hand-out/],
      [Buffer.from(sound.toString('latin1').replace('"r1"', '"r9"'), 'latin1'), /not those that were signed/],
      [changed(header + 5000), /project\.db in it was damaged/],
      [changed(sound.length - 1), /objects.*damaged/],
      [sound.subarray(0, -1), /its end is missing/],
      [Buffer.concat([sound, Buffer.of(0)]), /added to its end/],
      [Buffer.from(sound.toString('latin1').replace('"objects/', '"../ects/'), 'latin1'), /first lines/],
      [sound.subarray(0, 500), /first lines/],
    ] as const) {
      const file = join(folder, 'sent.assay-handout');
      writeFileSync(file, bytes);
      await expect(unpackHandout(file)).rejects.toThrow(why);
      expect(existsSync(join(folder, 'sent.assay'))).toBe(false);
    }
    // Opened again it is the same folder, answers and all.
    expect(await unpackHandout(files[0]!)).toBe(folders[0]);
  });

  test('answers that are damaged, edited, foreign, older or of a second copy are refused, and the others are taken', async () => {
    const home = homeOf(temporaryFolder());
    const { folders } = await handOut(home, ['r1']);
    const [one] = folders as [string];
    const shown = itemsOf(one);
    const folder = temporaryFolder();
    const second = join(folder, 'second.assay');
    cpSync(one, second, { recursive: true });
    answerIn(one, [relabel(shown[0]!)]);
    const older = join(folder, 'older.assay-answers');
    cpSync(answersOf(one), older);
    answerIn(one, [relabel(shown[1]!)]);
    const file = answersOf(one);
    forgetRecords();
    answerIn(second, [relabel(shown[0]!, 'nut'), relabel(shown[1]!, 'nut')]);
    answerIn(second, [relabel(shown[2]!, 'nut')]);

    const sound = readFileSync(file, 'utf8');
    type Text = { entries: { body: string; hash: string }[]; events: number; handout: string };
    const written = (name: string, change: (answers: Text) => void, text = sound): string => {
      const answers = JSON.parse(text) as Text;
      change(answers);
      const path = join(folder, `${name}.assay-answers`);
      writeFileSync(path, JSON.stringify(answers));
      return path;
    };
    const cut = join(folder, 'cut.assay-answers');
    writeFileSync(cut, sound.slice(0, -40));
    const foreign = homeOf(temporaryFolder());
    const [elsewhere] = (await handOut(foreign, ['r1'])).folders;
    answerIn(elsewhere!, [relabel(shown[0]!)]);
    const refused: [file: string, why: RegExp][] = [
      [cut, /damaged, cut short/],
      [
        written('edited', ({ entries }) => (entries[0]!.body = entries[0]!.body.replace('bolt', 'gear'))),
        /was edited/,
      ],
      [written('dropped', ({ entries }) => entries.splice(0, 1)), /does not begin/],
      [written('short', ({ entries }) => entries.splice(1, 1)), /events are missing/],
      [written('renamed', (answers) => (answers.handout = crypto.randomUUID())), /signature does not hold/],
      [answersOf(elsewhere!), /another project/],
      [join(folder, 'gone.assay-answers'), /no file/],
      [join(foreign.folder, '..', 'pictures'), /no answers files/],
      [home.folder, /no hand-out/],
    ];
    for (const [path, why] of refused) {
      const [result] = collect(home, path);
      expect(result!.refused).toMatch(why);
    }
    expect(home.store.decisions.lastId()).toBe(0);

    expect(collect(home, cut, file)).toMatchObject([
      { refused: expect.any(String) },
      { taken: 2, refused: null },
    ]);
    // The folder that they lie in, with the hand-out and its project beside them.
    expect(collect(home, dirname(file))).toMatchObject([{ file, taken: 0, before: 2 }]);
    expect(collect(home, older)[0]!.refused).toMatch(/older copy: it ends 1 events/);
    expect(collect(home, answersOf(second))[0]!.refused).toMatch(/second|two copies/);
    expect(shown.map((sha) => heldOn(home, sha)?.label)).toEqual([
      'bolt',
      'bolt',
      ...Array(4).fill(undefined),
    ]);
    expectSound(home);
  });
});

/** What stands of a queue: what holds for each item, and who says what of it. */
function stateOf({ store }: Project, without: ReadonlySet<string>): unknown {
  const names = store.batches.labelNames();
  return Array.from({ length: 8 }, (_, n) => {
    const sha = shaOf(n);
    const held = store.decisions.verdict(store.images.idOf(sha)!);
    const holds = held && [held.verdict, held.label];
    if (without.has(sha)) return holds;
    const { answers, conflict, question } = boardOf(store, 1).state(store.images.idOf(sha)!);
    const said = answers.map(({ reviewer, verdict, labelId }) => [
      reviewer,
      verdict,
      names.get(labelId ?? 0),
    ]);
    return { holds, conflict, question, said: said.map(String).toSorted() };
  });
}

describe('any interleaving of answers, collects and edits', () => {
  test('comes to what the same answers do when they are given in one place', async () => {
    const folder = temporaryFolder();
    const home = homeOf(folder, { items: 8 });
    const { folders } = await handOut(home, ['r1', 'r2', 'r3'], { overlap: 0.5 });
    home.close();
    for (let seed = 1; seed <= 5; seed++) {
      const random = mulberry32(seed);
      forgetRecords();
      const at = join(folder, `seed-${seed}`);
      const copyOf = (from: string, name: string): WritableProject => {
        cpSync(from, join(at, `${name}.assay`), { recursive: true });
        return Project.open(join(at, `${name}.assay`), 'write');
      };
      const here = copyOf(home.folder, 'here');
      const away = folders.map((from, i) => copyOf(from, `r${i + 1}`));
      const edits = interleave(random, here, away, at);
      forgetRecords();
      const onePlace = copyOf(home.folder, 'one-place');
      for (const project of away) repeatIn(onePlace, project);
      for (const decision of edits.values()) decide(onePlace, 'lead', { kind: 'command' }, [decision]);
      const edited = new Set(edits.keys());
      expect([seed, stateOf(here, edited)]).toEqual([seed, stateOf(onePlace, edited)]);
      expectSound(here);
      for (const project of [here, onePlace, ...away]) project.close();
    }
  });

  /** Answers, collects and edits at random, and collects all at the end. What was edited here. */
  function interleave(random: Random, here: WritableProject, away: WritableProject[], at: string) {
    const edits = new Map<string, DecisionInput>();
    const kept: string[] = [];
    const any = <T>(from: readonly T[]): T => from[randomIndex(random, from.length)]!;
    const send = (project: WritableProject): string => {
      const file = join(at, `${kept.length}.assay-answers`);
      cpSync(writeAnswers(project, workstationKey()), file);
      kept.push(file);
      return file;
    };
    const anyAnswer = (sha256: string): DecisionInput => {
      const kind = randomIndex(random, 5);
      if (kind === 0) return { sha256, verdict: 'accept' };
      if (kind === 1) return { sha256, verdict: 'reject', reason: 'artefact' };
      return kind === 2 ? { sha256, verdict: 'skip', flag: true } : relabel(sha256, any(CLASSES));
    };
    for (let step = 0; step < 40; step++) {
      const project = any(away);
      const reviewer = reviewerOf(project);
      const what = randomIndex(random, 10);
      if (what < 4) {
        const items = reviewItems(project, 1, reviewer, 0, 100);
        const { sha256, position: place } = any(items);
        decide(project, reviewer, { kind: 'review', queue: 1 }, [{ ...anyAnswer(sha256), place }]);
      } else if (what < 6) {
        if (project.store.decisions.acts(reviewer) > 0) undoLast(project, reviewer);
      } else if (what === 6) {
        const edit = relabel(shaOf(randomIndex(random, 8)), any(['nut', 'bolt']));
        decide(here, 'lead', { kind: 'command' }, [edit]);
        edits.delete(edit.sha256);
        edits.set(edit.sha256, edit);
      } else if (what < 9) collect(here, send(project));
      else if (kept.length > 0) collect(here, any(kept));
    }
    collect(here, ...away.map(send));
    return edits;
  }

  /** Gives the answers of a hand-out, as they stand there, in the project itself. */
  function repeatIn(onePlace: WritableProject, { store }: WritableProject): void {
    const { reviewer } = JSON.parse(store.events.newest('handout.contents')!.body) as { reviewer: string };
    const names = store.batches.labelNames();
    for (const entry of store.decisions.standingIn(1)) {
      const { sha256 } = store.images.byId(entry.imageId)!;
      const { verdict, reason, labelId, flagged } = entry;
      const place = boardOf(onePlace.store, 1).placeOf(reviewer, onePlace.store.images.idOf(sha256)!)!;
      const said: DecisionInput = {
        sha256,
        verdict,
        place,
        ...(reason !== null && { reason }),
        ...(verdict === 'relabel' && { label: names.get(labelId!)! }),
        ...(flagged && { flag: true }),
      };
      decide(onePlace, reviewer, { kind: 'review', queue: 1 }, [said]);
    }
  }
});
