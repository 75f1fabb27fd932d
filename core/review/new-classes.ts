import { AssayError } from '../../rpc/errors.ts';
import { cleanName, foldedName, shownName } from '../base/class-name.ts';
import { EVENTS } from '../ledger/events.ts';
import { record } from '../ledger/ledger.ts';
import type { Project, WritableProject } from '../project/project.ts';

/** Whether reviewers may add classes in this project: as set last, and not before it is. */
function newClassesAllowed({ store }: Pick<Project, 'store'>): boolean {
  const set = store.events.newest('new-classes.set');
  return set !== undefined && EVENTS['new-classes.set'].parse(JSON.parse(set.body)).allowed;
}

/** Every class of the project, and whether reviewers may add some. */
export const classesOf = ({ store }: Project): { classes: string[]; newAllowed: boolean } => ({
  classes: store.batches.labels().map(({ name }) => name),
  newAllowed: newClassesAllowed({ store }),
});

/** Sets it; recorded only where it changes anything. */
export function setNewClasses(project: WritableProject, by: string, allowed: boolean): boolean {
  if (newClassesAllowed(project) !== allowed) record(project.store, by, 'new-classes.set', { allowed });
  return allowed;
}

/**
 * Adds a class, its name cleaned as imports clean them, and returns that name. Throws `USAGE` where the project does not
 * allow it, for a name of nothing but blanks, and for one that differs from a class of the project in nothing or only in
 * capitals, blanks and signs that do not show.
 */
export function addClass(project: WritableProject, by: string, name: string): string {
  if (!newClassesAllowed(project))
    throw new AssayError(
      'USAGE',
      'This project does not allow new classes: somebody who leads it can (assay classes <project> --allow-new).',
    );
  const clean = cleanName(name);
  if (clean === '') throw new AssayError('USAGE', 'A class needs a name. Nothing was added.');
  const same = project.store.batches.labels().find((label) => foldedName(label.name) === foldedName(clean));
  if (same)
    throw new AssayError(
      'USAGE',
      `The project has the class ${shownName(same.name)} already${same.name === clean ? '' : `, which ${shownName(clean)} would be taken for`}. Nothing was added.`,
    );
  record(project.store, by, 'class.added', { name: clean });
  return clean;
}
