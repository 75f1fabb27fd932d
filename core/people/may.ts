import { GUARDED_TASKS, type GuardedTask } from '../../rpc/contract/people.ts';
import { AssayError } from '../../rpc/errors.ts';
import { listed } from '../../rpc/format.ts';
import { PERSON_ROLE_WORDS, PERSON_ROLES, type Permission } from '../../rpc/contract/people.ts';
import type { Project } from '../project/project.ts';
import { permissionsOf, type Claim } from './authority.ts';
import { blockOf } from './competence.ts';
import type { Caller, SignIns } from './sign-in.ts';

const ACTS: Record<Permission, string> = {
  look: 'looks at this project',
  review: 'reviews',
  judge: 'judges',
  manage: 'runs the pipeline',
  sign: 'signs',
  administer: 'administers people',
};

/** Whether a caller may look at a project: it has no accounts, its files are theirs to read, or they signed in. */
export function mayLook(project: Project, signIns: SignIns, caller: Caller): boolean {
  return (
    !project.store.people.access() || caller.isOwner || signIns.access(project, caller).signedIn !== null
  );
}

/**
 * Lets a call pass where its caller is allowed it: in a project without accounts whatever it is, else where they signed
 * in, act in their own name, have a role that allows it, and have on record what its task takes. Throws `SIGN_IN_NEEDED`
 * and `NOT_ALLOWED`.
 */
export function requireMay(
  project: Project,
  signIns: SignIns,
  caller: Caller,
  { needed, by }: Pick<Claim, 'needed' | 'by'>,
): void {
  if (needed === 'anyone' || !project.store.people.access()) return;
  if (needed === 'look' && caller.isOwner) return;
  const { id, roles } = signIns.require(project, caller);
  if (by !== null && by !== id)
    throw new AssayError(
      'NOT_ALLOWED',
      `${id} is signed in, and this is said to be done by ${by}: people act in their own name.`,
    );
  if (!permissionsOf(roles).includes(needed))
    throw new AssayError(
      'NOT_ALLOWED',
      `${id} is ${listed(roles.map((role) => PERSON_ROLE_WORDS[role].title))}, and nobody with that role ${ACTS[needed]}: that takes ${PERSON_ROLES.filter(
        (role) => permissionsOf([role]).includes(needed),
      )
        .map((role) => PERSON_ROLE_WORDS[role].title)
        .join(' or ')}.`,
    );
  const block = isGuarded(needed) ? blockOf(project.store, id, needed) : null;
  if (block !== null) throw new AssayError('NOT_ALLOWED', block, { task: needed });
  // Windows look by themselves, every few seconds: only acts, and what `people.active` says, show that somebody is there.
  if (needed !== 'look') signIns.active(project, caller);
}

const isGuarded = (needed: Permission): needed is GuardedTask =>
  (GUARDED_TASKS as readonly string[]).includes(needed);
