import type { SavedView } from '../../rpc/contract/views.ts';
import { AssayError } from '../../rpc/errors.ts';
import { EVENTS } from '../ledger/events.ts';
import { record } from '../ledger/ledger.ts';
import type { Project, WritableProject } from '../project/project.ts';

const MOST = 100;

/** The project's saved views, by name. */
export function listViews({ store }: Pick<Project, 'store'>): SavedView[] {
  const newest = store.events.newest('views.set');
  return newest ? EVENTS['views.set'].parse(JSON.parse(newest.body)).views : [];
}

/** Saves a view; one of that name, in capitals or not, is replaced. Throws `USAGE` for more than a hundred. */
export function saveView(project: WritableProject, by: string, view: SavedView): SavedView[] {
  const others = listViews(project).filter(({ name }) => !isSame(name, view.name));
  if (others.length >= MOST)
    throw new AssayError(
      'USAGE',
      `There are ${MOST} saved views already: remove one first. The view was not saved.`,
    );
  return set(project, by, [...others, view]);
}

/** Throws `NOT_FOUND`. */
export function removeView(project: WritableProject, by: string, name: string): SavedView[] {
  const views = listViews(project);
  const others = views.filter((view) => !isSame(view.name, name));
  if (others.length === views.length)
    throw new AssayError('NOT_FOUND', `There is no saved view named ${name}.`, { view: name });
  return set(project, by, others);
}

function set(project: WritableProject, by: string, views: SavedView[]): SavedView[] {
  const sorted = views.toSorted((a, b) => a.name.localeCompare(b.name, 'en'));
  record(project.store, by, 'views.set', { views: sorted });
  return sorted;
}

const isSame = (a: string, b: string): boolean => a.toLowerCase() === b.toLowerCase();
