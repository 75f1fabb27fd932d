import { randomBytes, type KeyObject } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { PersonRow } from '../../db/queries/people.ts';
import type { Store } from '../../db/store.ts';
import type { Access, SignedIn } from '../../rpc/contract/people.ts';
import { AssayError } from '../../rpc/errors.ts';
import { counted, utcTime } from '../../rpc/format.ts';
import { workstationKey } from '../base/workstation-key.ts';
import { record } from '../ledger/ledger.ts';
import { rawPublicKey } from '../ledger/signed-note.ts';
import type { Project, WritableProject } from '../project/project.ts';
import { enrol, isLastAdministrator, keepPassword } from './accounts.ts';
import { permissionsOf } from './authority.ts';
import { isCode } from './one-time-code.ts';
import { requireStrong } from './password.ts';
import { NOBODY, personRow, rolesOf } from './person-row.ts';
import { unwrapKey, wrapKey } from './wrapped-key.ts';

/** Wrong passwords in a row from which on each costs a wait, twice as long each time; and with which an account locks. */
const WAIT_FROM = 3;
const LOCK_AT = 10;
const LONGEST_WAIT_MS = 60_000;
/** The only administrator is not locked out, since nobody could unlock them: they wait. */
const LAST_WAIT_MS = 15 * 60_000;
/** So that an unknown id answers as slowly as a wrong password. */
const UNKNOWN_MS = 300;

/** One person who signed in to one project. Ends with the core. */
interface Session {
  folder: string;
  person: string;
  token: string;
  /** By a clock that nobody sets. */
  activeMs: number;
}

/** What a connection says with every call: who it signed in. */
export class Caller {
  readonly #tokens = new Map<string, string>();
  /** Whether it may look without signing in: the command, whose user can read the files anyway. */
  readonly isOwner: boolean;

  constructor({ isOwner = false }: { isOwner?: boolean } = {}) {
    this.isOwner = isOwner;
  }

  tokenFor(folder: string): string | undefined {
    return this.#tokens.get(folder);
  }

  take(folder: string, token: string): void {
    this.#tokens.set(folder, token);
  }

  drop(folder: string): void {
    this.#tokens.delete(folder);
  }
}

/** Everybody who is signed in, in this process. */
export class SignIns {
  readonly #now: () => number;
  readonly #sessions = new Map<string, Session>();
  /** One password at a time for each project, so that guesses cannot run beside each other. */
  readonly #turns = new Map<string, Promise<unknown>>();

  constructor(now: () => number = () => performance.now()) {
    this.#now = now;
  }

  /** How a project stands for a caller. */
  access({ folder, store }: Project, caller: Caller): Access {
    const access = store.people.access();
    const session = this.#sessionOf(folder, caller);
    const isIdle = session !== null && access !== undefined && this.#isIdle(session, access.idleMinutes);
    const signedIn = session && !isIdle ? this.#signedIn(store, session) : null;
    return {
      accounts: access !== undefined,
      signedIn,
      idle: isIdle ? { id: session.person } : null,
      idleMinutes: access?.idleMinutes ?? 0,
      misuse: signedIn?.permissions.some((one) => one === 'administer' || one === 'manage')
        ? misuseOf(store)
        : [],
    };
  }

  /**
   * The person whom a caller signed in. Throws `SIGN_IN_NEEDED` where nobody is, where they were idle for too long, and
   * where their account was reset, locked or closed since.
   */
  require({ folder, store }: Project, caller: Caller): SignedIn {
    const session = this.#sessionOf(folder, caller);
    const access = store.people.access()!;
    if (!session) throw new AssayError('SIGN_IN_NEEDED', 'This project has accounts: sign in first.');
    if (this.#isIdle(session, access.idleMinutes))
      throw new AssayError(
        'SIGN_IN_NEEDED',
        `${session.person} was idle for ${counted(access.idleMinutes, 'minute')}: sign in again.`,
        { idle: session.person },
      );
    return this.#signedIn(store, session);
  }

  /** Signs a person in with their password, on record where the project can be written. Throws `NOT_ALLOWED`. */
  async signIn(project: Project, caller: Caller, id: string, password: string): Promise<SignedIn> {
    await this.check(project, id, password);
    const { id: person } = personRow(project.store, id);
    if (project.isWritable()) {
      await project.store.whenFree();
      record(project.store, person, 'person.signed-in', { workstation: workstation() });
    }
    return this.#begin(project, caller, person);
  }

  /** Opens an account with its code, and signs in. Throws `NOT_ALLOWED` for a wrong or an old code. */
  async enrol(
    project: WritableProject,
    caller: Caller,
    { id, code, password }: { id: string; code: string; password: string },
  ): Promise<SignedIn> {
    return this.#inTurn(project.folder, async () => {
      const row = project.store.people.byId(id);
      if (!row?.codeHash || (row.state !== 'invited' && row.state !== 'reset')) {
        await sleep(UNKNOWN_MS);
        throw new AssayError('NOT_ALLOWED', `No code is open for ${id}: ask an administrator for one.`);
      }
      refuseTooSoon(project.store, row);
      if (!isCode(code, row.codeHash)) {
        await this.#failed(project, row);
        throw new AssayError(
          'NOT_ALLOWED',
          'This code is not right: look at it again, or ask for a new one.',
        );
      }
      if (new Date().toISOString() > row.codeUntil!)
        throw new AssayError('NOT_ALLOWED', 'This code is too old: ask an administrator for a new one.');
      await enrol(project, row, password);
      return this.#begin(project, caller, row.id);
    });
  }

  /** Keeps the key of a person under a new password. Throws `NOT_ALLOWED` where the old one is wrong. */
  async changePassword(
    project: WritableProject,
    id: string,
    { password, newPassword }: { password: string; newPassword: string },
  ): Promise<void> {
    const { name } = personRow(project.store, id);
    requireStrong(newPassword, [id, name]);
    const key = await this.check(project, id, password);
    const wrapped = await wrapKey(key, newPassword);
    await project.store.whenFree();
    keepPassword(project.store, id, wrapped);
  }

  /** Takes over a session from another connection. Throws `SIGN_IN_NEEDED` where it has ended. */
  attach(project: Project, caller: Caller, token: string): SignedIn {
    caller.take(project.folder, token);
    try {
      return this.require(project, caller);
    } catch (error) {
      caller.drop(project.folder);
      throw error;
    }
  }

  signOut(folder: string, caller: Caller): void {
    const token = caller.tokenFor(folder);
    if (token !== undefined) this.#sessions.delete(token);
    caller.drop(folder);
  }

  /** Says that the person of a caller is there. An idle session stays idle. */
  active({ folder, store }: Project, caller: Caller): void {
    const session = this.#sessionOf(folder, caller);
    const access = store.people.access();
    if (session && access && !this.#isIdle(session, access.idleMinutes)) session.activeMs = this.#now();
  }

  /**
   * The private key of a person, opened with their password. Wrong ones are counted on record: from the third on each
   * costs a wait, the tenth locks the account. Throws `NOT_ALLOWED`, with the same words whether there is such an id.
   */
  async check(project: Project, id: string, password: string): Promise<KeyObject> {
    return this.#inTurn(project.folder, async () => {
      const { store } = project;
      const row = store.people.byId(id);
      const wrapped = row && store.people.wrapped(row.id);
      if (!row || row.state === 'revoked') {
        await sleep(UNKNOWN_MS);
        throw wrong();
      }
      if (row.state === 'locked')
        throw new AssayError(
          'NOT_ALLOWED',
          'This account is locked after too many wrong passwords. An administrator can unlock it.',
        );
      if (row.state !== 'active' || !wrapped || row.publicKey === null)
        throw new AssayError(
          'NOT_ALLOWED',
          'This account is not open: use the code that an administrator gives you.',
        );
      refuseTooSoon(store, row);
      const key = await unwrapKey(wrapped, password, row.publicKey);
      if (key) return key;
      await this.#failed(project, row);
      throw wrong();
    });
  }

  /** Counts a wrong password or code on record. */
  async #failed(project: Project, row: PersonRow): Promise<void> {
    if (!project.isWritable()) {
      await sleep(UNKNOWN_MS);
      return;
    }
    await project.store.whenFree();
    const failures = row.failures + 1;
    const locked = row.state === 'active' && failures >= LOCK_AT && !isLastAdministrator(project.store, row);
    record(project.store, NOBODY, 'sign-in.refused', {
      person: row.id,
      failures,
      locked,
      workstation: workstation(),
    });
    if (!locked) return;
    for (const [token, session] of this.#sessions)
      if (session.folder === project.folder && session.person === row.id) this.#sessions.delete(token);
  }

  #begin({ folder, store }: Project, caller: Caller, person: string): SignedIn {
    this.signOut(folder, caller);
    const token = randomBytes(32).toString('base64url');
    const session = { folder, person, token, activeMs: this.#now() };
    this.#sessions.set(token, session);
    caller.take(folder, token);
    return this.#signedIn(store, session);
  }

  #signedIn(store: Store, { person, token }: Session): SignedIn {
    const row = personRow(store, person);
    if (row.state !== 'active') {
      this.#sessions.delete(token);
      throw new AssayError('SIGN_IN_NEEDED', `The account of ${person} is ${row.state}: sign in again.`);
    }
    const roles = rolesOf(row);
    return { id: row.id, name: row.name, roles, permissions: permissionsOf(roles), token };
  }

  #sessionOf(folder: string, caller: Caller): Session | null {
    const token = caller.tokenFor(folder);
    const session = token === undefined ? undefined : this.#sessions.get(token);
    return session?.folder === folder ? session : null;
  }

  #isIdle({ activeMs }: Session, idleMinutes: number): boolean {
    return this.#now() - activeMs > idleMinutes * 60_000;
  }

  #inTurn<T>(folder: string, act: () => Promise<T>): Promise<T> {
    const before = this.#turns.get(folder) ?? Promise.resolve();
    const turn = before.then(act, act);
    this.#turns.set(
      folder,
      turn.catch(() => {}),
    );
    return turn;
  }
}

/** Alarms about wrong passwords. */
function misuseOf(store: Store): string[] {
  return store.people.all().flatMap(({ id, state, failures, failedAt }) => {
    if (state === 'locked')
      return [
        `${id} is locked after ${counted(failures, 'wrong password')}, the last at ${utcTime(failedAt!)}.`,
      ];
    return failures >= WAIT_FROM
      ? [`${counted(failures, 'wrong password')} in a row for ${id}, the last at ${utcTime(failedAt!)}.`]
      : [];
  });
}

/** Throws `NOT_ALLOWED` while the wait after a wrong password lasts. A clock set back does not make it longer. */
function refuseTooSoon(store: Store, row: PersonRow): void {
  if (row.failures < WAIT_FROM || row.failedAt === null) return;
  const wait =
    row.failures >= LOCK_AT && isLastAdministrator(store, row)
      ? LAST_WAIT_MS
      : Math.min(1000 * 2 ** (row.failures - WAIT_FROM), LONGEST_WAIT_MS);
  const since = Date.now() - Date.parse(row.failedAt);
  const left = Math.min(wait - since, wait);
  if (left > 0)
    throw new AssayError(
      'NOT_ALLOWED',
      `${counted(row.failures, 'wrong password')} in a row: wait ${counted(Math.ceil(left / 1000), 'second')}, then try again.`,
      { waitMs: left },
    );
}

function wrong(): AssayError {
  return new AssayError('NOT_ALLOWED', 'Id or password is not right.');
}

const workstation = (): string => rawPublicKey(workstationKey()).toString('hex');
