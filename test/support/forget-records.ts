import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { configFolder } from '../../core/base/user-settings.ts';

/**
 * Forgets what this user knows of all projects (core/ledger/anchor.ts). Copies of one project are the same project, and
 * each goes on from its beginning: without this, the second copy would be an older state of the first.
 */
export function forgetRecords(): void {
  rmSync(join(configFolder(), 'checkpoints'), { recursive: true, force: true });
}
