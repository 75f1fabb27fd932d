import { oc, type } from '@orpc/contract';
import * as z from 'zod';

export const SettingsSchema = z.object({
  /** The reviewer's name, as it goes on the record. */
  reviewer: z.string().default(''),
  theme: z.enum(['auto', 'light', 'dark']).default('auto'),
  /** Keys by action, where they differ from the built-in ones: `accept` -> `KeyA`, `Shift+Digit1`. */
  keys: z.record(z.string(), z.string()).default({}),
  /** What a screen remembers: panel widths, the thumbnails' size. */
  panels: z.record(z.string(), z.union([z.string(), z.number(), z.boolean()])).default({}),
});
export type Settings = z.infer<typeof SettingsSchema>;

const { reviewer, theme, keys, panels } = SettingsSchema.shape;

/** Without the defaults: what is left out stays as it is. */
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
  /** False when it is no longer where it was. */
  exists: boolean;
}

/** What belongs to the person at this machine rather than to a project: a small file in the user's configuration. */
export const settings = {
  get: oc.output(type<Settings>()),
  /** Only what is named changes. */
  set: oc.input(SettingsChanges).output(type<Settings>()),
  recent: oc.output(type<RecentProject[]>()),
  forget: oc.input(z.object({ folder: z.string() })).output(type<RecentProject[]>()),
};
