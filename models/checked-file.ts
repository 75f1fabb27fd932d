import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { AssayError } from '../rpc/errors.ts';

/** The bytes of a pack's file, which must still be those that were checked. Rejects with MODEL_REFUSED where not. */
export async function readChecked(file: string, sha256: string): Promise<Buffer> {
  const bytes = await readFile(file);
  if (createHash('sha256').update(bytes).digest('hex') !== sha256) {
    throw new AssayError('MODEL_REFUSED', `${file} changed since its pack was checked; load the pack again.`);
  }
  return bytes;
}
