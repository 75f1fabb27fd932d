import { existsSync } from 'node:fs';
import path from 'node:path';

/** Real data beside the repository; absent in most checkouts, and tests that need it then say that they are skipped. */
export function sharedData(name: string): { folder: string; isAbsent: boolean; reason: string } {
  const folder = path.resolve(import.meta.dirname, '../../../shared/data', name);
  const isAbsent = !existsSync(folder);
  return {
    folder,
    isAbsent,
    reason: isAbsent ? ` (skipped: no shared/data/${name} beside the repository)` : '',
  };
}
