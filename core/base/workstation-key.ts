import { createPrivateKey, generateKeyPairSync, type KeyObject } from 'node:crypto';
import { existsSync, linkSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { AssayError } from '../../rpc/errors.ts';
import { PRIVATE_FILE, PRIVATE_FOLDER } from './private.ts';
import { configFolder } from './user-settings.ts';

const NAME = 'workstation-key.pem';

/**
 * The Ed25519 key of this workstation, in the user's settings folder; made when it is first needed, for its owner alone
 * to read. It signs checkpoints. Throws `INVALID_INPUT` where it can be neither read nor made.
 */
export function workstationKey(folder = configFolder()): KeyObject {
  const file = join(folder, NAME);
  try {
    if (!existsSync(file)) make(folder, file);
    return createPrivateKey(readFileSync(file));
  } catch (error) {
    throw new AssayError(
      'INVALID_INPUT',
      `The key of this workstation, ${file}, cannot be used (${(error as Error).message}): make its folder and the file yours to read and write, or name another folder in ASSAY_CONFIG. A key that is damaged can be moved away: a new one is made.`,
      { file },
      error,
    );
  }
}

/** The same where it was made already, else null. */
export function knownWorkstationKey(folder = configFolder()): KeyObject | null {
  return existsSync(join(folder, NAME)) ? workstationKey(folder) : null;
}

/** Makes the key whole or not at all; where another process was first, its key stays. */
function make(folder: string, file: string): void {
  mkdirSync(folder, { recursive: true, mode: PRIVATE_FOLDER });
  const pem = generateKeyPairSync('ed25519').privateKey.export({ type: 'pkcs8', format: 'pem' });
  const partial = `${file}.${process.pid}.partial`;
  writeFileSync(partial, pem, { mode: PRIVATE_FILE, flush: true });
  try {
    linkSync(partial, file);
  } catch {
    // Another one was first, or this file system has no links.
    if (!existsSync(file)) renameSync(partial, file);
  } finally {
    rmSync(partial, { force: true });
  }
}
