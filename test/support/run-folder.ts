import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestProject } from 'vitest/node';

declare module 'vitest' {
  interface ProvidedContext {
    /** A folder that all test processes of one run share, for what is made once and copied (`reviewable.ts`). */
    runFolder: string;
  }
}

let folder: string | null = null;

/** Vitest's set-up of a whole run. It is called for each project of the run; they share one folder. */
export default function setup({ provide }: TestProject): () => void {
  folder ??= mkdtempSync(join(tmpdir(), 'assay-test-run-'));
  provide('runFolder', folder);
  return () => rmSync(folder!, { recursive: true, force: true });
}
