import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import * as z from 'zod';
import { SettingsSchema, type RecentProject, type Settings } from '../../rpc/contract/settings.ts';
import { AssayError } from '../../rpc/errors.ts';
import { PRIVATE_FILE, PRIVATE_FOLDER } from './private.ts';
import { Changes } from './changes.ts';

const MOST_RECENT = 20;
const WATCH_EVERY_MS = 100;

const FileSchema = z.object({
  settings: SettingsSchema.default(SettingsSchema.parse({})),
  recent: z.array(z.object({ folder: z.string(), name: z.string(), openedAt: z.string() })).default([]),
});
type Kept = z.infer<typeof FileSchema>;

/** The folder of this user's settings: `ASSAY_CONFIG`, or the system's usual place. */
export function configFolder(env: NodeJS.ProcessEnv = process.env, system = process.platform): string {
  if (env['ASSAY_CONFIG']) return env['ASSAY_CONFIG'];
  if (system === 'win32') return join(env['APPDATA'] ?? join(homedir(), 'AppData', 'Roaming'), 'assay');
  if (system === 'darwin') return join(homedir(), 'Library', 'Application Support', 'assay');
  return join(env['XDG_CONFIG_HOME'] ?? join(homedir(), '.config'), 'assay');
}

/**
 * The person's settings and recent projects: one small file, reread for every query because another process may have
 * written it, and replaced whole.
 */
export class UserSettings {
  readonly #folder: string;
  readonly #changes = new Changes();

  constructor(folder = configFolder()) {
    this.#folder = folder;
  }

  get(): Settings {
    return this.#read().settings;
  }

  /** Changes only the named settings. Throws `INVALID_INPUT` if the file cannot be written. */
  set(changes: { [K in keyof Settings]?: Settings[K] | undefined }): Settings {
    const kept = this.#read();
    const given = Object.fromEntries(Object.entries(changes).filter(([, value]) => value !== undefined));
    kept.settings = { ...kept.settings, ...given };
    this.#write(kept);
    return kept.settings;
  }

  /** Projects in the order of use, the newest first. */
  recent(): RecentProject[] {
    return this.#read().recent.map((project) => ({
      ...project,
      exists: existsSync(join(project.folder, 'project.db')),
    }));
  }

  /** The recent projects now, and again after `remember` and `forget`, until the signal aborts. */
  watchRecent(signal: AbortSignal | undefined): AsyncGenerator<RecentProject[]> {
    return this.#changes.follow(() => this.recent(), WATCH_EVERY_MS, signal);
  }

  /** Puts a project on top of the recent ones. */
  remember(folder: string, name: string): void {
    const kept = this.#read();
    const others = kept.recent.filter((project) => project.folder !== folder);
    kept.recent = [{ folder, name, openedAt: new Date().toISOString() }, ...others].slice(0, MOST_RECENT);
    this.#write(kept);
    this.#changes.happened();
  }

  forget(folder: string): RecentProject[] {
    const kept = this.#read();
    kept.recent = kept.recent.filter((project) => project.folder !== folder);
    this.#write(kept);
    this.#changes.happened();
    return this.recent();
  }

  get #file(): string {
    return join(this.#folder, 'settings.json');
  }

  /** The stored settings. An unreadable file is renamed, and the defaults apply. */
  #read(): Kept {
    let text: string;
    try {
      text = readFileSync(this.#file, 'utf8');
    } catch {
      return FileSchema.parse({});
    }
    try {
      return FileSchema.parse(JSON.parse(text));
    } catch {
      const aside = `settings.broken-${new Date().toISOString().replaceAll(/[:.]/g, '-')}.json`;
      try {
        renameSync(this.#file, join(this.#folder, aside));
      } catch {
        // It stays in place if the folder cannot be written; its content is not used.
      }
      return FileSchema.parse({});
    }
  }

  #write(kept: Kept): void {
    const partial = `${this.#file}.${process.pid}.partial`;
    try {
      mkdirSync(this.#folder, { recursive: true, mode: PRIVATE_FOLDER });
      writeFileSync(partial, `${JSON.stringify(kept, null, 2)}\n`, { mode: PRIVATE_FILE, flush: true });
      renameSync(partial, this.#file);
    } catch (error) {
      if (existsSync(partial)) rmSync(partial);
      throw new AssayError(
        'INVALID_INPUT',
        `The settings could not be kept in ${this.#file} (${(error as Error).message}): make the folder writable, or name another one in ASSAY_CONFIG.`,
        { file: this.#file },
        error,
      );
    }
  }
}
