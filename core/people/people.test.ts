import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import Database from 'better-sqlite3';
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from 'vitest';
import { perform, prologue, shaOf } from '../../test/support/acts.ts';
import { chainAnew, eventsOf, withoutTriggers } from '../../test/support/forger.ts';
import { contract } from '../../rpc/contract/index.ts';
import { TASKS, type TaskKind } from '../../rpc/contract/jobs.ts';
import type { PersonRole } from '../../rpc/contract/people.ts';
import { runTask } from '../../rpc/run-task.ts';
import { connectInProcess, type CoreClient } from '../../rpc/transport/inproc.ts';
import { router } from '../handlers/index.ts';
import { Workbench } from '../handlers/workbench.ts';
import { verifyChain, verifyProjection } from '../ledger/verify.ts';
import { Project } from '../project/project.ts';
import { AUTHORITY, claimOf, permissionsOf, TASK_AUTHORITY, type Procedure } from './authority.ts';
import { requireMay } from './may.ts';
import { requireStrong } from './password.ts';
import { Caller, SignIns } from './sign-in.ts';
import { verifySignatures } from './signatures.ts';

const PASSWORD = 'lamp river candle 9';
const OTHER = 'stone paper window 4';
const folder = mkdtempSync(join(tmpdir(), 'assay-people-'));
/** Whether there is a Python that the verifier runs on. */
const python = /^Python 3\.1[1-9]/.test(
  spawnSync('python3', ['--version'], { encoding: 'utf8' }).stdout ?? '',
);
let workbench: Workbench;
/** The project of most tests. */
let main: string;
let project: string;

/** What it gives, or the code of its error. */
function attempt(act: () => string): string {
  try {
    return act();
  } catch (error) {
    return (error as { code: string }).code;
  }
}

/** A window of its own. */
const window = (caller = new Caller()): CoreClient => connectInProcess(router, { workbench, caller });
const code = async (call: Promise<unknown>): Promise<string> =>
  call.then(
    () => 'done',
    (error: { code?: string }) => String(error.code),
  );
const store = () => workbench.open(project, 'write').store;

/** Invites a person and opens their account, in a window of their own. */
async function enrolled(
  admin: CoreClient,
  id: string,
  roles: PersonRole[],
  at: string = main,
): Promise<CoreClient> {
  const { code: once } = await admin.people.invite({
    project: at,
    by: 'ada',
    id,
    name: `${id} Person`,
    roles,
    identity: 'passport seen',
  });
  const own = window();
  await own.people.enrol({ project: at, id, code: once, password: `${PASSWORD} ${id}` });
  return own;
}

let admin: CoreClient;
let people: Record<'anna' | 'sven' | 'lena', CoreClient>;

beforeAll(async () => {
  vi.stubEnv('ASSAY_CONFIG', join(folder, 'config'));
  const made = Project.create(join(folder, 'p'), 'before');
  for (const act of prologue(2)) perform(made, act);
  project = main = made.folder;
  made.close();
  workbench = new Workbench();
  admin = window();
  await admin.people.turnOn({
    project,
    id: 'ada',
    name: 'Ada Lovelace',
    roles: ['administrator'],
    identity: 'known to all for years',
    password: PASSWORD,
  });
  people = {
    anna: await enrolled(admin, 'anna', ['annotator']),
    sven: await enrolled(admin, 'sven', ['specialist']),
    lena: await enrolled(admin, 'lena', ['lead']),
  };
});

afterAll(async () => {
  await workbench.shutDown();
  vi.unstubAllEnvs();
  rmSync(folder, { recursive: true, force: true });
});

describe('authority', () => {
  const ROLES: [who: string, roles: PersonRole[]][] = [
    ['nobody', []],
    ['anna', ['annotator']],
    ['sven', ['specialist']],
    ['lena', ['lead']],
    ['ada', ['administrator']],
  ];
  const PROCEDURES = Object.entries(contract).flatMap(([group, all]) =>
    Object.keys(all).map((name) => `${group}.${name}` as Procedure),
  );
  const refusals = ['SIGN_IN_NEEDED', 'NOT_ALLOWED'];

  test('is stated for every procedure and task, and for none that is not there', () => {
    expect(Object.keys(AUTHORITY).toSorted()).toEqual(PROCEDURES.toSorted());
    expect(Object.keys(TASK_AUTHORITY).toSorted()).toEqual(Object.keys(TASKS).toSorted());
  });

  test('leaves open only what tells nothing of the images, and how people sign in', () => {
    const open = PROCEDURES.filter((path) => AUTHORITY[path] === 'anyone');
    expect(open.filter((path) => !/^(catalog|settings|files|people|jobs)\./.test(path))).toEqual([
      'projects.open',
      'projects.create',
      'projects.checkpoint',
      'projects.close',
      'scores.list',
      'queue.methods',
      'handouts.open',
    ]);
    expect(open.filter((path) => path.startsWith('people.'))).toEqual([
      'people.access',
      'people.turnOn',
      'people.signIn',
      'people.attach',
      'people.signOut',
      'people.active',
      'people.enrol',
    ]);
  });

  test('keeps apart who judges images, who runs the pipeline and who administers people', () => {
    expect(permissionsOf(['annotator'])).toEqual(['look', 'review']);
    expect(permissionsOf(['administrator'])).toEqual(['look', 'administer']);
    expect(permissionsOf(['specialist'])).not.toContain('manage');
    expect(permissionsOf(['lead'])).not.toContain('administer');
  });

  const cases = ROLES.flatMap(([who, roles]) =>
    PROCEDURES.filter((path) => path !== 'people.signOut').map((path) => [path, who, roles] as const),
  );
  test.each(cases)('%s for %s', async (path, who, roles) => {
    const core = who === 'nobody' ? window() : who === 'ada' ? admin : people[who as 'anna'];
    const [group, name] = path.split('.') as [keyof CoreClient, never];
    // Too little for any act: what passes the gate is refused by the contract, or has nothing to do.
    const input = { project, by: who, input: { project, by: who } };
    const asked = (core[group][name] as (input: unknown) => Promise<unknown>)(input);
    const answer = await code(asked.then(endStream));
    const needed = claimOf(path, input).needed;
    const may = needed === 'anyone' || permissionsOf(roles).includes(needed);
    const expected = may ? 'passes' : who === 'nobody' ? 'SIGN_IN_NEEDED' : 'NOT_ALLOWED';
    expect(refusals.includes(answer) ? answer : 'passes').toBe(expected);
  });

  test.each(Object.keys(TASKS) as TaskKind[])('the task %s asks for its own', (kind) => {
    const claim = claimOf('jobs.start', { kind, input: { project, by: 'anna' } });
    const opened = workbench.open(project, 'write');
    const may = (): string => {
      requireMay(opened, workbench.signIns, new Caller(), claim);
      return 'anyone';
    };
    const answer = attempt(may);
    expect(answer).toBe(claim.needed === 'anyone' ? 'anyone' : 'SIGN_IN_NEEDED');
  });

  test('a task is judged by what it says itself, not by what stands beside it', async () => {
    const simple = Project.create(join(folder, 'simple'), 'x').folder;
    const input = {
      kind: 'import',
      project: simple,
      by: 'anna',
      input: { project, by: 'anna', from: folder },
    };
    expect(claimOf('jobs.start', input)).toEqual({ needed: 'manage', project, by: 'anna' });
    expect(await code(window().jobs.start(input as never))).toBe('SIGN_IN_NEEDED');
  });

  test('jobs are told of to those alone who may look at their project', async () => {
    const { id } = await people.lena.jobs.start({ kind: 'verify', input: { project, originals: false } });
    const isListed = async (core: CoreClient, named: string | null): Promise<boolean> =>
      (await core.jobs.list({ project: named })).some((job) => job.id === id);
    const stranger = window();
    expect([await isListed(people.anna, project), await isListed(people.anna, null)]).toEqual([true, true]);
    expect([await isListed(stranger, project), await isListed(stranger, null)]).toEqual([false, false]);
    expect(await code(stranger.jobs.get({ job: id }))).toBe('NOT_FOUND');
    expect(await code(stranger.jobs.cancel({ job: id }))).toBe('NOT_FOUND');
    const watched = (await stranger.jobs.watch({ project }))[Symbol.asyncIterator]();
    expect((await watched.next()).value).toEqual([]);
    await watched.return?.();
    // What is not shown to a window is not cleared by it either.
    for await (const jobs of await people.anna.jobs.watch({ project }))
      if (jobs.find((job) => job.id === id)?.state !== 'running') break;
    await stranger.jobs.clear({ project: null });
    expect(await isListed(people.anna, project)).toBe(true);
    await people.anna.jobs.clear({ project: null });
    expect(await isListed(people.anna, null)).toBe(false);
  });

  test('nobody acts in the name of another', async () => {
    const decision = { sha256: shaOf(0), verdict: 'accept' as const };
    const asked = { project, context: { kind: 'explore' as const }, decisions: [decision] };
    expect(await code(people.sven.reviews.decide({ ...asked, by: 'lena' }))).toBe('NOT_ALLOWED');
    expect(await code(people.anna.reviews.decide({ ...asked, by: 'anna' }))).toBe('NOT_ALLOWED');
    expect(await code(people.sven.reviews.decide({ ...asked, by: 'sven' }))).toBe('done');
  });

  test('whoever has not signed in is told neither classes nor where pictures are', async () => {
    expect(await window().projects.open({ project })).toMatchObject({ accounts: true, key: '', classes: [] });
    expect((await people.anna.projects.open({ project })).key).not.toBe('');
  });
});

describe('passwords and accounts', () => {
  test('weak passwords are refused, and no kind of character is asked for', () => {
    const weak = (password: string) => () => requireStrong(password, ['ada', 'Ada Lovelace']);
    for (const password of [
      'short one',
      'aaaaaaaaaaaaaaaaaaaaa',
      'abcabcabcabcabcabc',
      'qwertyuiopasdfghjkl',
      'Correct Horse Battery Staple',
      '9876543210987654',
      'Ada Lovelace 2026',
      'x'.repeat(300),
    ])
      expect(weak(password)).toThrow(/This password/);
    expect(weak('nur kleine wörter hier')).not.toThrow();
  });

  test('a code opens an account once, and an id is never given again', async () => {
    const invited = await admin.people.invite({
      project,
      by: 'ada',
      id: 'otto',
      name: 'Otto Person',
      roles: ['annotator'],
      identity: 'passport seen',
    });
    const wrong = { project, id: 'otto', code: 'AAAA-BBBB', password: OTHER };
    expect(await code(window().people.enrol(wrong))).toBe('NOT_ALLOWED');
    const right = { ...wrong, code: invited.code.toLowerCase().replaceAll('-', '') };
    expect(await code(window().people.enrol({ ...right, password: 'short' }))).toBe('INVALID_INPUT');
    expect(await code(window().people.enrol(right))).toBe('done');
    expect(await code(window().people.enrol(right))).toBe('NOT_ALLOWED');
    await admin.people.revoke({ project, by: 'ada', person: 'otto', reason: 'left the team' });
    expect(await code(window().people.signIn({ project, id: 'otto', password: OTHER }))).toBe('NOT_ALLOWED');
    const again = { project, by: 'ada', id: 'OTTO', name: 'Another Otto', roles: ['annotator' as const] };
    expect(await code(admin.people.invite({ ...again, identity: 'passport seen' }))).toBe('ALREADY_EXISTS');
  });

  test('nobody changes their own roles, and the only administrator stays one', async () => {
    const roles: PersonRole[] = ['administrator', 'lead'];
    expect(await code(admin.people.change({ project, by: 'ada', person: 'ada', roles }))).toBe('NOT_ALLOWED');
    const gone = { project, by: 'ada', person: 'ada', reason: 'leaves' };
    expect(await code(admin.people.revoke(gone))).toBe('NOT_READY');
  });

  test('who was idle signs in again, and time spent looking counts as long as they are there', async () => {
    let now = 0;
    const signIns = new SignIns(() => now);
    const caller = new Caller();
    const opened = workbench.open(project, 'write');
    await signIns.signIn(opened, caller, 'lena', `${PASSWORD} lena`);
    now += 14 * 60_000;
    signIns.active(opened, caller);
    now += 14 * 60_000;
    expect(signIns.require(opened, caller).id).toBe('lena');
    now += 16 * 60_000;
    expect(() => signIns.require(opened, caller)).toThrow(/idle for 15 minutes/);
    signIns.active(opened, caller);
    expect(signIns.access(opened, caller)).toMatchObject({ signedIn: null, idle: { id: 'lena' } });
  });

  test('another connection takes a session over by its token, and signing out ends it', async () => {
    const first = window();
    const { token } = await first.people.signIn({ project, id: 'anna', password: `${PASSWORD} anna` });
    const second = window();
    expect((await second.people.attach({ project, token })).id).toBe('anna');
    await first.people.signOut({ project });
    expect(await code(second.tags.list({ project }))).toBe('SIGN_IN_NEEDED');
    expect(await code(window().people.attach({ project, token }))).toBe('SIGN_IN_NEEDED');
  });
});

describe('wrong passwords', () => {
  /** A project of its own, whose clock the tests move. */
  let guarded: string;
  let own: CoreClient;

  beforeAll(async () => {
    const empty = Project.create(join(folder, 'guarded'), 'x');
    guarded = empty.folder;
    empty.close();
    own = window();
    await own.people.turnOn({
      project: guarded,
      id: 'ada',
      name: 'Ada Lovelace',
      roles: ['administrator'],
      identity: 'known to all for years',
      password: PASSWORD,
    });
  });

  afterEach(() => void vi.useRealTimers());

  test('wrong passwords are on record, cost waits, and lock the account; an administrator unlocks it', async () => {
    const rita = await enrolled(own, 'rita', ['annotator'], guarded);
    vi.useFakeTimers({ toFake: ['Date'] });
    for (let n = 0; n < 10; n++) {
      vi.setSystemTime(Date.now() + 70_000);
      const wrong = { project: guarded, id: 'rita', password: 'wrong' };
      expect(await code(window().people.signIn(wrong))).toBe('NOT_ALLOWED');
    }
    expect(workbench.open(guarded, 'write').store.people.byId('rita')).toMatchObject({
      state: 'locked',
      failures: 10,
    });
    const right = { project: guarded, id: 'rita', password: `${PASSWORD} rita` };
    await expect(window().people.signIn(right)).rejects.toThrow(/locked/);
    // Whoever was signed in is out too.
    expect(await code(rita.tags.list({ project: guarded }))).toBe('SIGN_IN_NEEDED');
    expect((await own.people.access({ project: guarded })).misuse).toEqual([
      expect.stringMatching(
        /^rita is locked after 10 wrong passwords, the last at \d{4}-\d\d-\d\d \d\d:\d\d:\d\d UTC\.$/,
      ),
    ]);
    await own.people.unlock({ project: guarded, by: 'ada', person: 'rita' });
    expect(await code(window().people.signIn(right))).toBe('done');
    expect(workbench.open(guarded, 'write').store.people.byId('rita')).toMatchObject({
      state: 'active',
      failures: 0,
    });
  });

  test('the third wrong password costs a wait that a clock set back does not lengthen', async () => {
    await enrolled(own, 'walt', ['annotator'], guarded);
    const wrong = { project: guarded, id: 'walt', password: 'wrong' };
    for (let n = 0; n < 3; n++) await code(window().people.signIn(wrong));
    const right = { project: guarded, id: 'walt', password: `${PASSWORD} walt` };
    await expect(window().people.signIn(right)).rejects.toThrow(/wait 1 second/);
    vi.useFakeTimers({ toFake: ['Date'] });
    vi.setSystemTime(Date.now() - 86_400_000);
    await expect(window().people.signIn(right)).rejects.toThrow(/wait 1 second/);
  });
});

describe('competence', () => {
  const requirements = {
    review: { training: true, calibration: null, credentials: [] },
    judge: { training: false, calibration: null, credentials: ['radiologist'] },
    sign: { training: false, calibration: null, credentials: [] },
  };

  test('what is missing or lapsed blocks its task, and is named', async () => {
    const { lena, sven } = people;
    const guideline = await lena.people.publishGuideline({ project, by: 'lena', text: '# How to answer\n' });
    await lena.people.setRequirements({ project, by: 'lena', requirements });
    const decision = { sha256: shaOf(1), verdict: 'accept' as const };
    const judged = { project, by: 'sven', context: { kind: 'explore' as const }, decisions: [decision] };
    await expect(sven.reviews.decide(judged)).rejects.toThrow(
      /credential radiologist, which is not on record/,
    );
    await expect(sven.reviews.session({ project, by: 'sven', queue: 1 })).rejects.toThrow(
      /training on the guideline/,
    );

    const credential = { project, by: 'ada', person: 'sven', issuer: 'the medical board', number: '17' };
    await admin.people.addCredential({ ...credential, credential: 'Radiologist', validUntil: '2020-01-31' });
    await expect(sven.reviews.decide(judged)).rejects.toThrow(/ended on 2020-01-31/);
    await admin.people.addCredential({ ...credential, credential: 'Radiologist', validUntil: '2999-01-31' });
    expect(await code(sven.reviews.decide(judged))).toBe('done');
    const { competence } = await admin.people.list({ project });
    const newest = competence.at(-1)!;
    await admin.people.withdraw({ project, by: 'ada', competence: newest.id, reason: 'entered by mistake' });
    expect(await code(sven.reviews.decide(judged))).toBe('NOT_ALLOWED');

    const trained = { project, by: 'lena', person: 'sven', guideline: guideline.sha256, score: 0.9 };
    await lena.people.addTraining(trained);
    expect(await code(sven.reviews.session({ project, by: 'sven', queue: 1 }))).toBe('done');
    await lena.people.publishGuideline({ project, by: 'lena', text: '# How to answer, again\n' });
    expect(await code(sven.reviews.session({ project, by: 'sven', queue: 1 }))).toBe('NOT_ALLOWED');
    const mine = { project, by: 'lena', person: 'lena', guideline: guideline.sha256 };
    expect(await code(lena.people.addTraining(mine))).toBe('NOT_ALLOWED');
  });

  test('a credential counts to the end of its last day', async () => {
    const { blockOf } = await import('./competence.ts');
    await admin.people.addCredential({
      project,
      by: 'ada',
      person: 'sven',
      credential: 'radiologist',
      issuer: 'the medical board',
      number: '18',
      validUntil: '2030-06-30',
    });
    expect(blockOf(store(), 'sven', 'judge', new Date(2030, 5, 30, 23, 59))).toBeNull();
    expect(blockOf(store(), 'sven', 'judge', new Date(2030, 6, 1, 0, 0))).toMatch(/ended on 2030-06-30/);
  });

  afterAll(async () => {
    const none = { training: false, calibration: null, credentials: [] };
    await people.lena.people.setRequirements({
      project,
      by: 'lena',
      requirements: { review: none, judge: none, sign: none },
    });
  });
});

describe('signatures', () => {
  const sign = async (
    core: CoreClient,
    id: string,
    meaning: 'authorship' | 'review' | 'approval' | 'responsibility',
    more: {
      despiteClock?: boolean;
      password?: string;
      version?: string;
      record?: { kind: 'decision'; image: string };
    } = {},
  ) => {
    const { version } = await core.signatures.preview({ project, by: id });
    return core.signatures.sign({
      project,
      by: id,
      id,
      password: `${PASSWORD} ${id}`,
      record: { kind: 'dataset' },
      version,
      meaning,
      ...more,
    });
  };

  test('take id and password each time, the version that was seen, and another person than the maker', async () => {
    const { sven, lena, anna } = people;
    const preview = await lena.signatures.preview({ project, by: 'lena' });
    expect(preview.groups.flatMap(({ reviewers }) => reviewers)).toContain('sven');
    expect(preview.refused).toEqual({ authorship: 'lena did not make this.' });
    await expect(sign(sven, 'sven', 'approval')).rejects.toThrow(/nobody signs approval of their own work/);
    expect(await code(sign(lena, 'lena', 'approval', { password: 'wrong' }))).toBe('NOT_ALLOWED');
    expect(await code(sign(anna, 'anna', 'approval'))).toBe('NOT_ALLOWED');
    expect(await code(sign(lena, 'lena', 'approval', { version: '0'.repeat(64) }))).toBe('NOT_READY');
    const signed = await sign(lena, 'lena', 'approval');
    expect(signed).toMatchObject({ name: 'lena Person', meaning: 'approval', stands: true, holds: true });
    expect(signed.local).toMatch(/[+-]\d\d:\d\d$/);
    expect(Date.parse(signed.local)).toBe(Date.parse(signed.at));
    expect(await code(sign(lena, 'lena', 'approval'))).toBe('ALREADY_EXISTS');
    await admin.people.change({ project, by: 'ada', person: 'lena', name: 'Lena Married' });
    expect((await lena.signatures.list({ project }))[0]).toMatchObject({ name: 'lena Person', holds: true });
  });

  test('a sign-off of a version leaves its makers what they were', async () => {
    const { lena, sven } = people;
    expect(await code(sign(sven, 'sven', 'approval'))).toBe('NOT_ALLOWED');
    expect(await sign(sven, 'sven', 'responsibility')).toMatchObject({ holds: true });
    const { refused } = await lena.signatures.preview({ project, by: 'lena' });
    expect(refused.approval).toBe('lena signed this as approval already.');
    expect(refused.review).toBeUndefined();
  });

  test('an edit makes a new version, which is not signed, and keeps the old signature', async () => {
    const { sven, lena } = people;
    const decision = { sha256: shaOf(2), verdict: 'relabel' as const, label: 'nut' };
    await sven.reviews.decide({ project, by: 'sven', context: { kind: 'explore' }, decisions: [decision] });
    expect((await lena.signatures.list({ project }))[0]).toMatchObject({ stands: false, holds: true });
    expect(await code(sign(sven, 'sven', 'approval'))).toBe('NOT_ALLOWED');
    const { groups } = await lena.signatures.preview({ project, by: 'lena' });
    expect(groups).toMatchObject([{ verdict: 'relabel', to: 'nut', images: 1, reviewers: ['sven'] }]);
  });

  test('a decision is signed by its maker as their own, and approved by another', async () => {
    const { sven, lena } = people;
    const record = { kind: 'decision' as const, image: shaOf(2) };
    const version = (await sven.images.detail({ project, sha256: shaOf(2) })).decisionVersion!;
    await sign(sven, 'sven', 'authorship', { record, version });
    expect(await code(sign(sven, 'sven', 'approval', { record, version }))).toBe('NOT_ALLOWED');
    await sign(lena, 'lena', 'approval', { record, version });
    expect(verifySignatures(store())).toEqual({ difference: null, signatures: 4 });
  });

  test('a reset takes signing away until a second administrator allows it', async () => {
    const once = await admin.people.reset({ project, by: 'ada', person: 'lena', reason: 'forgot it' });
    const lena = window();
    await lena.people.enrol({ project, id: 'lena', code: once.code, password: `${PASSWORD} lena` });
    await expect(sign(lena, 'lena', 'responsibility')).rejects.toThrow(/reset by ada/);
    const allow = { project, person: 'lena' };
    expect(await code(admin.people.allowSigning({ ...allow, by: 'ada' }))).toBe('NOT_ALLOWED');
    const second = await enrolled(admin, 'bert', ['administrator']);
    await second.people.allowSigning({ ...allow, by: 'bert' });
    expect(await sign(lena, 'lena', 'responsibility')).toMatchObject({ holds: true });
    // The old key is gone, and what it signed still holds.
    expect((await lena.signatures.list({ project })).every(({ holds }) => holds)).toBe(true);
  });

  test('a clock that was set back is asked about first', async () => {
    const again = window();
    await again.people.signIn({ project, id: 'lena', password: `${PASSWORD} lena` });
    vi.useFakeTimers({ toFake: ['Date'] });
    vi.setSystemTime(Date.now() - 3_600_000);
    try {
      const preview = await again.signatures.preview({ project, by: 'lena' });
      expect(preview.clockSetBack).toHaveLength(1);
      await expect(sign(again, 'lena', 'review')).rejects.toThrow(/clock of this machine was set back/);
      expect(await sign(again, 'lena', 'review', { despiteClock: true })).toMatchObject({ holds: true });
    } finally {
      vi.useRealTimers();
    }
  });

  test('a signature that was moved, or whose words were changed, does not hold', () => {
    const opened = store();
    const all = opened.signatures.all();
    const rows = [all[0]!, ...all.filter(({ kind }) => kind === 'decision')];
    const spoilt = [
      { ...rows[0]!, meaning: 'authorship' as const },
      { ...rows[0]!, name: 'Somebody Else' },
      { ...rows[0]!, version: rows[1]!.version },
      { ...rows[1]!, record: shaOf(1) },
      { ...rows[1]!, signer: 'lena' },
      { ...rows[1]!, publicKey: rows[2]!.publicKey },
      { ...rows[1]!, signature: rows[2]!.signature },
      { ...rows[1]!, seq: rows[1]!.seq + 1 },
      { ...rows[1]!, comment: 'and more' },
    ];
    for (const row of spoilt) {
      const of = { ...opened, signatures: { ...opened.signatures, all: () => [row] } };
      expect(verifySignatures(of).difference).not.toBeNull();
    }
  });

  test('the record of all this verifies, and holds no password and no key that opens anything', () => {
    expect(verifyChain(store()).difference).toBeNull();
    expect(verifyProjection(store())).toBeNull();
    for (const { body } of store().events.all()) {
      expect(body).not.toContain(PASSWORD);
      expect(body).not.toContain('scrypt');
    }
  });
});

describe.skipIf(!python)('a verifier that was written from the document', () => {
  const verifier = fileURLToPath(new URL('../../test/verifier/verify_ledger.py', import.meta.url));
  const findings = (change: (db: Database.Database) => void = () => {}): string[] => {
    const copy = join(mkdtempSync(join(folder, 'copy-')), 'project.db');
    const opened = new Database(join(main, 'project.db'), { readonly: true });
    opened.prepare('VACUUM INTO ?').run(copy);
    opened.close();
    const db = new Database(copy);
    withoutTriggers(db, () => {
      change(db);
      chainAnew(db);
    });
    db.close();
    const { stdout, stderr } = spawnSync('python3', [verifier, copy, '--json'], { encoding: 'utf8' });
    if (stdout === '') throw new Error(stderr);
    const report = JSON.parse(stdout) as { findings: { name: string; what: string }[] };
    // The acts of tests have made-up digests of runs.
    return report.findings
      .filter(({ name }) => name !== 'digest')
      .map(({ name, what }) => `${name}: ${what}`);
  };
  const edit = (kind: string, from: RegExp | string, to: string, by?: string) => (db: Database.Database) => {
    const { seq, body } = eventsOf(db).findLast(
      (event) => event.kind === kind && (by === undefined || event.actor === by),
    )!;
    expect(body).toMatch(from);
    db.prepare('UPDATE event SET body = ? WHERE seq = ?').run(body.replace(from, to), seq);
  };

  test('agrees with ours', () => {
    expect(findings()).toEqual([]);
  });

  test.each([
    [
      'words of a signature',
      edit('record.signed', /"name":"[^"]*"/, '"name":"Somebody Else"'),
      /key did not sign/,
    ],
    ['its meaning', edit('record.signed', /"meaning":"\w+"/, '"meaning":"authorship"'), /key did not sign/],
    ['its version', edit('record.signed', /"version":"\w{4}/, '"version":"abcd'), /key did not sign/],
    [
      'an earlier event',
      edit('person.invited', '"identity":"passport seen"', '"identity":"never"'),
      /events before it/,
    ],
    ['an actor', rename('sven', 'otto'), /no open account/],
    ['who allows signing', actor('signing.allowed', 'ada'), /cannot allow/],
    [
      'a key',
      edit('person.enrolled', /"publicKey":"\w{4}/, '"publicKey":"abcd', 'lena'),
      /does not have this key/,
    ],
    ['a guideline', edit('guideline.published', 'again', 'never'), /another sha256/],
  ])('finds another %s, with the chain written anew', (_, change, finding) => {
    expect(findings(change).join('\n')).toMatch(finding);
  });

  function actor(kind: string, to: string) {
    return (db: Database.Database): void =>
      void db.prepare('UPDATE event SET actor = ? WHERE kind = ?').run(to, kind);
  }

  function rename(from: string, to: string) {
    return (db: Database.Database): void =>
      void db.prepare("UPDATE event SET actor = ? WHERE actor = ? AND kind = 'decisions.made'").run(to, from);
  }
});

test('the trail tells who did what, by person, kind, image and words', async () => {
  const { sven } = people;
  const by = 'sven';
  const all = await sven.trail.query({ project, by, limit: 500 });
  expect(all.events.map(({ seq }) => seq)).toEqual(
    all.events.map(({ seq }) => seq).toSorted((a, b) => b - a),
  );
  const mine = await sven.trail.query({ project, by, actor: 'sven', kinds: ['decisions.made'] });
  expect(mine.events.length).toBeGreaterThan(1);
  expect(mine.events.every(({ actor, kind }) => actor === 'sven' && kind === 'decisions.made')).toBe(true);
  const glare = { project, by, tag: 'glare', images: [shaOf(2)] };
  for (const off of [false, true]) await runTask(sven, 'tag', { ...glare, off });
  const life = await sven.trail.query({ project, by, image: shaOf(2) });
  expect(life.events.map(({ kind }) => kind)).toEqual([
    'images.untagged',
    'images.tagged',
    'record.signed',
    'record.signed',
    'decisions.made',
    'queue.made',
    'files.imported',
  ]);
  expect((await sven.trail.query({ project, by, text: 'PASSPORT' })).events.length).toBeGreaterThan(3);
  const page = await sven.trail.query({ project, by, limit: 3 });
  const next = await sven.trail.query({ project, by, limit: 3, before: page.next });
  expect(next.events[0]!.seq).toBe(page.events.at(-1)!.seq - 1);
  const { line, hash } = await sven.trail.event({ project, by, seq: page.events[0]!.seq });
  expect(line).toContain(`"seq":${page.events[0]!.seq}`);
  expect(hash).toBe(page.events[0]!.hash);
});

async function endStream(answer: unknown): Promise<void> {
  if (typeof answer !== 'object' || answer === null || !(Symbol.asyncIterator in answer)) return;
  const bits = (answer as AsyncIterable<unknown>)[Symbol.asyncIterator]();
  await bits.next();
  await bits.return?.();
}
