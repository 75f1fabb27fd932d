import { existsSync, mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { PRIVATE_FILE, PRIVATE_FOLDER } from './private.ts';

/** Writes a file atomically, creating its folder if missing. `isPrivate`: for its owner alone, where it is new. */
export function replaceFile(
  folder: string,
  name: string,
  content: Uint8Array | string,
  isPrivate = false,
): void {
  mkdirSync(folder, { recursive: true, ...(isPrivate && { mode: PRIVATE_FOLDER }) });
  const partial = join(folder, `${name}.${process.pid}.partial`);
  try {
    writeFileSync(partial, content, isPrivate ? { mode: PRIVATE_FILE } : {});
    renameSync(partial, join(folder, name));
  } catch (error) {
    if (existsSync(partial)) rmSync(partial);
    throw error;
  }
}
