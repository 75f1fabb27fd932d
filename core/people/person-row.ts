import type { PersonRow } from '../../db/queries/people.ts';
import type { Store } from '../../db/store.ts';
import type { PersonRole } from '../../rpc/contract/people.ts';
import { AssayError } from '../../rpc/errors.ts';

/** The actor of what nobody did: nobody can have this id. */
export const NOBODY = 'assay';

export function rolesOf({ roles }: Pick<PersonRow, 'roles'>): PersonRole[] {
  return JSON.parse(roles) as PersonRole[];
}

/** The person of an id. Throws `NOT_FOUND`. */
export function personRow(store: Store, id: string): PersonRow {
  const row = store.people.byId(id);
  if (!row) throw new AssayError('NOT_FOUND', `Nobody here has the id ${id}.`, { person: id });
  return row;
}
