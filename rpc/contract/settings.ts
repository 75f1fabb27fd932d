import { eventIterator, oc, type } from '@orpc/contract';
import * as z from 'zod';

export const SettingsSchema = z.object({
  /** The reviewer's name for the record. */
  reviewer: z.string().default(''),
  theme: z.enum(['auto', 'light', 'dark']).default('auto'),
  /** Keys by action that differ from the built-in ones: `accept` -> `KeyA`, `Shift+Digit1`. */
  keys: z.record(z.string(), z.string()).default({}),
  /** Remembered by screens: panel widths, thumbnail size. */
  panels: z.record(z.string(), z.union([z.string(), z.number(), z.boolean()])).default({}),
});
export type Settings = z.infer<typeof SettingsSchema>;

const { reviewer, theme, keys, panels } = SettingsSchema.shape;

/** Without defaults: omitted settings stay unchanged. */
const SettingsChanges = z.object({
  reviewer: reviewer.unwrap().optional(),
  theme: theme.unwrap().optional(),
  keys: keys.unwrap().optional(),
  panels: panels.unwrap().optional(),
});

export interface RecentProject {
  folder: string;
  name: string;
  openedAt: string;
  /** False if it is no longer there. */
  exists: boolean;
}

/** Settings of the person at this machine, not of a project: a small file in the user's configuration. */
export const settings = {
  get: oc.output(type<Settings>()),
  /** Changes only the named settings. */
  set: oc.input(SettingsChanges).output(type<Settings>()),
  recent: oc.output(type<RecentProject[]>()),
  /** The same now, and again whenever a project is opened or forgotten through this core. */
  watchRecent: oc.output(eventIterator(type<RecentProject[]>())),
  forget: oc.input(z.object({ folder: z.string() })).output(type<RecentProject[]>()),
};
