import { renameSync, rmSync, writeFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import * as z from 'zod';
import type { Store } from '../../db/store.ts';
import { Sha256 } from '../../rpc/contract/terms.ts';
import { AssayError } from '../../rpc/errors.ts';
import { isSigned, signedStatements } from '../people/signatures.ts';
import { refusal } from './formats/output.ts';
import { MANIFEST, readManifest, SIGNATURES } from './manifest.ts';

const Signed = z.strictObject({
  type: z.literal('assay-signature-1'),
  project: z.string(),
  signer: z.string(),
  record: z.strictObject({ kind: z.literal('release'), release: z.int() }),
  version: z.string(),
  event: z.int(),
  name: z.string(),
  meaning: z.string(),
  comment: z.string().optional(),
  time: z.string(),
  local: z.string(),
  headEvents: z.int(),
  head: z.string(),
  publicKey: Sha256,
  signature: z.string().regex(/^[0-9a-f]{128}$/),
});
const FileSchema = z.strictObject({ format: z.literal('assay-signatures-1'), signatures: z.array(Signed) });
export type SignedStatement = z.output<typeof Signed>;

/**
 * Writes every signature on a release beside its manifest: in `elsewhere`, or in the folder where it was written.
 * Returns the file. Throws `NOT_FOUND` where there is no such release, or that folder does not hold it, and
 * `EXPORT_REFUSED` or `DISK_FULL` where nothing can be written there.
 */
export function writeSignatures(store: Store, release: number, elsewhere: string | null = null): string {
  const written = store.decisions.releases().find(({ id }) => id === release);
  if (!written) throw new AssayError('NOT_FOUND', `There is no release ${release}.`);
  const folder = elsewhere ?? written.folder;
  const signatures = signedStatements(store, release);
  if (signatures.length === 0) throw new AssayError('NOT_READY', `Nobody has signed release ${release}.`);
  if (readManifest(folder)?.sha256 !== written.manifestSha256)
    throw new AssayError(
      'NOT_FOUND',
      `Release ${release} is not in ${folder}: no ${MANIFEST} there is the one that was written. Name the folder that holds it.`,
    );
  const file = join(folder, SIGNATURES);
  const partial = join(folder, `.${SIGNATURES}.partial`);
  try {
    writeFileSync(partial, `${JSON.stringify({ format: 'assay-signatures-1', signatures }, null, 1)}\n`, {
      flush: true,
    });
    renameSync(partial, file);
  } catch (error) {
    rmSync(partial, { force: true });
    throw refusal(error, file);
  }
  return file;
}

/** The release that signatures have to be of. */
export interface SignedRelease {
  uid: string;
  manifestSha256: string;
  /** Number of its event; null where no proof shows it. */
  event: number | null;
}

/** What is wrong with the signatures beside a release, and those that hold. */
export async function checkSignatures(
  folder: string,
  release: SignedRelease,
): Promise<{ problems: string[]; signatures: SignedStatement[] }> {
  const text = await readFile(join(folder, SIGNATURES), 'utf8').catch(() => null);
  if (text === null) return { problems: [], signatures: [] };
  const all = parse(text);
  if (!all) return { problems: [`${SIGNATURES}: holds no signatures of a release`], signatures: [] };
  const found = all.map((each) => ({ each, problem: problemOf(each, release) }));
  return {
    problems: found.flatMap(({ problem }, i) =>
      problem === null ? [] : [`${SIGNATURES}: signature ${i + 1}: ${problem}`],
    ),
    signatures: found.flatMap(({ each, problem }) => (problem === null ? [each] : [])),
  };
}

function parse(text: string): SignedStatement[] | null {
  try {
    return FileSchema.parse(JSON.parse(text)).signatures;
  } catch {
    return null;
  }
}

function problemOf({ signature, ...statement }: SignedStatement, release: SignedRelease): string | null {
  if (
    statement.project !== release.uid ||
    statement.version !== release.manifestSha256 ||
    (release.event !== null && statement.event !== release.event)
  )
    return 'is of another release';
  return isSigned(statement, { publicKey: statement.publicKey, signature })
    ? null
    : 'its key did not sign this';
}
