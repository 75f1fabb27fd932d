import { AssayError } from '../../rpc/errors.ts';
import type { OneTimeCode, Person, PersonRole } from '../../rpc/contract/people.ts';
import type { PersonRow } from '../../db/queries/people.ts';
import type { Store, WritableStore } from '../../db/store.ts';
import { record } from '../ledger/ledger.ts';
import type { WritableProject } from '../project/project.ts';
import { blocksOf } from './competence.ts';
import { newCode } from './one-time-code.ts';
import { requireStrong } from './password.ts';
import { NOBODY, personRow, rolesOf } from './person-row.ts';
import { newKey } from './wrapped-key.ts';

export interface NewPerson {
  id: string;
  name: string;
  roles: PersonRole[];
  /** How it was made sure who they are. */
  identity: string;
}

/** Everybody who ever had an account, by id. */
export function listPeople(store: Store): Person[] {
  return store.people.all().map((row) => toPerson(store, row));
}

function toPerson(store: Store, row: PersonRow): Person {
  return {
    id: row.id,
    name: row.name,
    roles: rolesOf(row),
    state: row.state,
    identity: { how: row.identityHow, by: row.identityBy },
    publicKey: row.publicKey,
    maySign: row.maySign === 1,
    failures: row.failures,
    lastSignIn: row.signedInAt,
    blocked: row.state === 'revoked' ? {} : blocksOf(store, row.id),
  };
}

const personOf = (store: Store, id: string): Person => toPerson(store, personRow(store, id));

/** Turns accounts on with a first administrator. Throws `ALREADY_EXISTS` where they are on. */
export async function turnOnAccounts(
  { store }: WritableProject,
  { id, name, roles, identity, password, idleMinutes }: NewPerson & { password: string; idleMinutes: number },
): Promise<void> {
  refuseId(store, id);
  requireStrong(password, [id, name]);
  const { publicKey, wrapped } = await newKey(password);
  store.transaction(() => {
    if (store.people.access())
      throw new AssayError('ALREADY_EXISTS', 'This project has accounts already: sign in.');
    record(store, id, 'accounts.enabled', { id, name, roles, identity, publicKey, idleMinutes });
    store.people.putWrapped(id, wrapped);
  });
}

/** Gives a new person an account, and the code that opens it. Throws `ALREADY_EXISTS` for an id that was ever given. */
export function invite(
  { store }: WritableProject,
  by: string,
  { id, name, roles, identity }: NewPerson,
): OneTimeCode {
  refuseId(store, id);
  const { code, ...kept } = newCode();
  record(store, by, 'person.invited', { id, name, roles, identity, ...kept });
  return { person: id, code, until: kept.codeUntil };
}

function refuseId(store: Store, id: string): void {
  if (id.toLowerCase() === NOBODY)
    throw new AssayError('INVALID_INPUT', `${id} stands for nobody in the record: choose another id.`);
  const known = store.people.byId(id);
  if (known)
    throw new AssayError(
      'ALREADY_EXISTS',
      `The id ${known.id} was given to ${known.name}, and is never given again: choose another one.`,
    );
}

/** Sets the password and the key of a person whose code was right. */
export async function enrol({ store }: WritableProject, row: PersonRow, password: string): Promise<void> {
  requireStrong(password, [row.id, row.name]);
  const { publicKey, wrapped } = await newKey(password);
  store.transaction(() => {
    if (personRow(store, row.id).codeHash !== row.codeHash)
      throw new AssayError('NOT_ALLOWED', 'This code was used or replaced in the meantime.');
    record(store, row.id, 'person.enrolled', { publicKey });
    store.people.putWrapped(row.id, wrapped);
  });
}

/** Changes the printed name or the roles of a person. */
export function changePerson(
  { store }: WritableProject,
  by: string,
  person: string,
  { name, roles }: { name?: string | undefined; roles?: PersonRole[] | undefined },
): Person {
  const row = personRow(store, person);
  refuseRevoked(row);
  if (roles) refuseOwnRoles(by, row);
  if (roles && !roles.includes('administrator')) refuseLast(store, row);
  if (name === undefined && roles === undefined) return personOf(store, row.id);
  record(store, by, 'person.changed', { person: row.id, name, roles });
  return personOf(store, row.id);
}

/** Takes password and key away, and gives a new code. The person cannot sign until somebody else allows it. */
export function resetPerson(
  { store }: WritableProject,
  by: string,
  person: string,
  reason: string,
): OneTimeCode {
  const row = personRow(store, person);
  refuseRevoked(row);
  if (by === row.id)
    throw new AssayError('NOT_ALLOWED', 'You cannot reset yourself: change your password instead.');
  const { code, ...kept } = newCode();
  store.transaction(() => {
    record(store, by, 'person.reset', { person: row.id, reason, ...kept });
    store.people.dropWrapped(row.id);
  });
  return { person: row.id, code, until: kept.codeUntil };
}

/** Lets a person sign after a reset. The one who allows it is neither they nor who reset them. */
export function allowSigning({ store }: WritableProject, by: string, person: string): Person {
  const row = personRow(store, person);
  if (row.maySign === 1) throw new AssayError('NOT_READY', `${row.id} may sign already.`);
  if (by === row.id || by === row.resetBy)
    throw new AssayError(
      'NOT_ALLOWED',
      `${by === row.id ? 'You' : `You reset ${row.id}, and`} cannot allow this: a second administrator has to, so that nobody alone can sign for another.`,
    );
  record(store, by, 'signing.allowed', { person: row.id });
  return personOf(store, row.id);
}

export function unlockPerson({ store }: WritableProject, by: string, person: string): Person {
  const row = personRow(store, person);
  if (row.state !== 'locked') throw new AssayError('NOT_READY', `The account of ${row.id} is not locked.`);
  record(store, by, 'person.unlocked', { person: row.id });
  return personOf(store, row.id);
}

/** Closes an account for good. */
export function revokePerson({ store }: WritableProject, by: string, person: string, reason: string): Person {
  const row = personRow(store, person);
  refuseRevoked(row);
  refuseLast(store, row);
  store.transaction(() => {
    record(store, by, 'person.revoked', { person: row.id, reason });
    store.people.dropWrapped(row.id);
  });
  return personOf(store, row.id);
}

function refuseRevoked(row: PersonRow): void {
  if (row.state === 'revoked')
    throw new AssayError('NOT_READY', `The account of ${row.id} is closed for good.`);
}

function refuseOwnRoles(by: string, row: PersonRow): void {
  if (by === row.id)
    throw new AssayError('NOT_ALLOWED', 'Nobody changes their own roles: another administrator has to.');
}

/** A project without an administrator could never again let anybody in. */
function refuseLast(store: Store, row: PersonRow): void {
  if (isLastAdministrator(store, row))
    throw new AssayError('NOT_READY', `${row.id} is the only administrator: make somebody else one first.`);
}

export function isLastAdministrator(store: Store, row: PersonRow): boolean {
  const isOne = (one: PersonRow): boolean =>
    (one.state === 'active' || one.state === 'locked') && rolesOf(one).includes('administrator');
  return isOne(row) && store.people.all().filter(isOne).length === 1;
}

/** Keeps the key of a person under another password. */
export function keepPassword(store: WritableStore, person: string, wrapped: string): void {
  store.transaction(() => {
    record(store, person, 'password.changed', {});
    store.people.putWrapped(person, wrapped);
  });
}
