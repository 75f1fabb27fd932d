import { existsSync, mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** Writes a file whole or not at all, in a folder that is made where it is missing. */
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
