import { existsSync, mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** Writes a file atomically, creating its folder if missing. */
export function replaceFile(folder: string, name: string, content: Uint8Array | string): void {
  mkdirSync(folder, { recursive: true });
  const partial = join(folder, `${name}.${process.pid}.partial`);
  try {
    writeFileSync(partial, content);
    renameSync(partial, join(folder, name));
  } catch (error) {
    if (existsSync(partial)) rmSync(partial);
    throw error;
  }
}
