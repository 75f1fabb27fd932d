import { oc, type } from '@orpc/contract';
import * as z from 'zod';
import { Actor, ProjectPath } from './terms.ts';

/** A view of Explore that somebody gave a name. */
export interface SavedView {
  name: string;
  /** The search of Explore's address as JSON: filter, sort, and how it is shown. */
  link: string;
}

const ViewName = z.string().trim().min(1).max(80);

export const views = {
  /** By name. */
  list: oc.input(z.object({ project: ProjectPath })).output(type<SavedView[]>()),
  /** Saves a view, on record; one of that name is replaced. */
  save: oc
    .input(z.object({ project: ProjectPath, by: Actor, name: ViewName, link: z.string().max(20_000) }))
    .output(type<SavedView[]>()),
  /** Throws `NOT_FOUND`. */
  remove: oc.input(z.object({ project: ProjectPath, by: Actor, name: ViewName })).output(type<SavedView[]>()),
};
