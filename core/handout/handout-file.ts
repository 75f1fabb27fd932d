import { createHash, sign, type KeyObject } from 'node:crypto';
import { existsSync } from 'node:fs';
import { chmod, mkdir, open, rename, rm, stat, type FileHandle } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import * as z from 'zod';
import { openStore } from '../../db/store.ts';
import { HANDOUT_EXTENSION } from '../../rpc/contract/handouts.ts';
import { Sha256 } from '../../rpc/contract/terms.ts';
import { AssayError } from '../../rpc/errors.ts';
import { PRIVATE_FILE, PRIVATE_FOLDER } from '../base/private.ts';
import { canonicalJson } from '../ledger/canonical.ts';
import { rawPublicKey } from '../ledger/signed-note.ts';
import { hashFile } from '../project/originals.ts';
import { isSigned } from '../people/signatures.ts';
import { readSeal, unseal } from './sealed.ts';

// The file of a hand-out: a line that names the format, a line of JSON that says what it holds and is signed, and then
// the bytes of its files one after the other. There are no links, no compression and no names to choose, so that a
// hostile file can neither write elsewhere nor grow.

const MAGIC = Buffer.from('Assay hand-out 1\n');
const LONGEST_HEADER = 64 * 2 ** 20;
const CHUNK = 2 ** 20;

const HeaderSchema = z.strictObject({
  type: z.literal('assay-handout-1'),
  handout: z.uuid(),
  project: z.strictObject({ uid: z.uuid(), name: z.string() }),
  queue: z.int().positive(),
  reviewer: z.string().min(1),
  expires: z.string().optional(),
  /** Of its own record. */
  events: z.int().positive(),
  head: Sha256,
  files: z.array(
    z.strictObject({
      path: z
        .string()
        .regex(/^(project\.db|objects\/[0-9a-f]{2}\/[0-9a-f]{64}|thumbs\/[0-9a-f]{2}\/[0-9a-f]{64}\.webp)$/),
      bytes: z.int().nonnegative(),
      sha256: Sha256,
    }),
  ),
  /** Of the workstation that made it. */
  publicKey: Sha256,
  signature: z.string().regex(/^[0-9a-f]{128}$/),
});
export type HandoutHeader = z.output<typeof HeaderSchema>;

/** A file that goes in, and where its bytes are. */
export interface PackedFile {
  path: string;
  from: string;
  bytes: number;
  sha256: string;
}

/** Writes a hand-out to a file that is not there yet, for its owner alone to read. */
export async function writeHandoutFile(
  file: string,
  facts: Omit<HandoutHeader, 'type' | 'files' | 'publicKey' | 'signature'>,
  files: readonly PackedFile[],
  key: KeyObject,
  signal: AbortSignal,
): Promise<void> {
  const unsigned = {
    type: 'assay-handout-1' as const,
    ...facts,
    files: files.map(({ path, bytes, sha256 }) => ({ path, bytes, sha256 })),
    publicKey: rawPublicKey(key).toString('hex'),
  };
  const signature = sign(null, Buffer.from(canonicalJson(unsigned)), key).toString('hex');
  const header = Buffer.from(`${canonicalJson({ ...unsigned, signature })}\n`);
  const to = await open(file, 'wx', PRIVATE_FILE);
  try {
    await to.writeFile(Buffer.concat([MAGIC, header]));
    for (const each of files) {
      signal.throwIfAborted();
      const found = await copyBytes(await open(each.from, 'r'), to, each.bytes);
      if (found !== each.sha256)
        throw new AssayError('INTERNAL', `${each.from} was changed while it was handed out: do it again.`);
    }
    await to.sync();
  } finally {
    await to.close();
  }
}

/** Copies so many bytes of a file, which it closes, to another. Their sha256. */
async function copyBytes(from: FileHandle, to: FileHandle, bytes: number): Promise<string> {
  try {
    return await passBytes(from, to, bytes);
  } finally {
    await from.close();
  }
}

async function passBytes(
  from: FileHandle,
  to: FileHandle,
  bytes: number,
  at: number | null = null,
): Promise<string> {
  const digest = createHash('sha256');
  const chunk = Buffer.allocUnsafe(Math.min(CHUNK, Math.max(bytes, 1)));
  for (let done = 0; done < bytes;) {
    const place = at === null ? null : at + done;
    const { bytesRead } = await from.read(chunk, 0, Math.min(chunk.length, bytes - done), place);
    if (bytesRead === 0) break;
    const part = chunk.subarray(0, bytesRead);
    digest.update(part);
    await to.writeFile(part);
    done += bytesRead;
  }
  return digest.digest('hex');
}

/** What the file of a hand-out says that it holds, its signature checked, and where the bytes begin. Throws `INVALID_INPUT`. */
async function readHeader(file: string, from: FileHandle): Promise<{ header: HandoutHeader; start: number }> {
  const { size } = await from.stat();
  const first = Buffer.alloc(Math.min(size, MAGIC.length));
  await from.read(first, 0, first.length, 0);
  if (!first.equals(MAGIC)) throw refused(file, 'it is no hand-out, or one of another version of Assay');
  let text = Buffer.alloc(0);
  let end = -1;
  while (end < 0 && text.length < LONGEST_HEADER) {
    const part = Buffer.alloc(CHUNK);
    const { bytesRead } = await from.read(part, 0, CHUNK, MAGIC.length + text.length);
    if (bytesRead === 0) break;
    text = Buffer.concat([text, part.subarray(0, bytesRead)]);
    end = text.indexOf(10);
  }
  const header = parseHeader(end < 0 ? '' : text.subarray(0, end).toString());
  if (!header) throw refused(file, 'its first lines were damaged or changed');
  const { signature, ...unsigned } = header;
  if (!isSigned(unsigned, { publicKey: unsigned.publicKey, signature }))
    throw refused(file, 'its contents are not those that were signed: they were changed');
  const start = MAGIC.length + end + 1;
  const total = header.files.reduce((sum, { bytes }) => sum + bytes, start);
  if (size !== total)
    throw refused(file, size < total ? 'its end is missing' : 'something was added to its end');
  return { header, start };
}

function parseHeader(text: string): HandoutHeader | null {
  try {
    const header = HeaderSchema.parse(JSON.parse(text));
    const paths = new Set(header.files.map(({ path }) => path));
    return paths.size === header.files.length && paths.has('project.db') ? header : null;
  } catch {
    return null;
  }
}

function refused(file: string, why: string): AssayError {
  return new AssayError('INVALID_INPUT', `${file} was not opened: ${why}. Ask for the file again.`, { file });
}

/** The folder that the file of a hand-out is unpacked to: beside it, with its name. */
const folderOf = (file: string): string => `${file.slice(0, -HANDOUT_EXTENSION.length)}.assay`;

/**
 * Unpacks a hand-out beside its file, whole or not at all; the folder. Where that was done before it stays, with the
 * answers in it. A sealed one takes the password of its person. Throws `NOT_FOUND`, `NOT_ALLOWED` without the right
 * password, `INVALID_INPUT` for a file that is damaged or was changed, and `ALREADY_EXISTS` where the folder is something
 * else.
 */
export async function unpackHandout(given: string, password: string | null = null): Promise<string> {
  const file = resolve(given);
  if (!file.endsWith(HANDOUT_EXTENSION)) throw refused(file, `its name does not end in ${HANDOUT_EXTENSION}`);
  if (!existsSync(file))
    throw new AssayError('NOT_FOUND', `There is no file ${file}: look at its name.`, { file });
  const folder = folderOf(file);
  const sealed = await readSeal(file);
  if (!sealed) return unpack(file, file, folder);
  const { handout, person, project } = sealed.seal;
  if (isHandout(folder, handout)) return folder;
  if (password === null)
    throw new AssayError(
      'NOT_ALLOWED',
      `This hand-out is sealed: it opens with the password of ${person} in ${project}.`,
      { sealedFor: person },
    );
  const plain = `${folder}.${process.pid}.plain`;
  try {
    await unseal(file, sealed, password, plain);
    return await unpack(plain, file, folder);
  } finally {
    await rm(plain, { force: true });
  }
}

/** Unpacks a hand-out that is not sealed, or not any more; `file` is its name for people. */
async function unpack(plain: string, file: string, folder: string): Promise<string> {
  const from = await open(plain, 'r');
  try {
    const { header, start } = await readHeader(file, from);
    if (existsSync(folder)) {
      if (isHandout(folder, header.handout)) return folder;
      throw new AssayError(
        'ALREADY_EXISTS',
        `${folder} exists already and is another project: move ${file} elsewhere, and open it there.`,
        { folder },
      );
    }
    await unpackTo(folder, file, from, header, start);
    return folder;
  } finally {
    await from.close();
  }
}

async function unpackTo(
  folder: string,
  file: string,
  from: FileHandle,
  { files }: HandoutHeader,
  start: number,
): Promise<void> {
  const partial = `${folder}.${process.pid}.partial`;
  await rm(partial, { recursive: true, force: true });
  try {
    await mkdir(partial, { mode: PRIVATE_FOLDER });
    await chmod(partial, PRIVATE_FOLDER);
    let at = start;
    for (const { path, bytes, sha256 } of files) {
      const target = join(partial, path);
      await mkdir(dirname(target), { recursive: true });
      const to = await open(target, 'wx', PRIVATE_FILE);
      try {
        if ((await passBytes(from, to, bytes, at)) !== sha256)
          throw refused(file, `${path} in it was damaged or changed`);
        await to.sync();
      } finally {
        await to.close();
      }
      at += bytes;
    }
    await rename(partial, folder);
  } catch (error) {
    await rm(partial, { recursive: true, force: true });
    throw error;
  }
}

/** Whether a folder is the project of a hand-out. */
function isHandout(folder: string, handout: string): boolean {
  try {
    const store = openStore(join(folder, 'project.db'), 'read');
    try {
      return store.batches.project()?.uid === handout;
    } finally {
      store.close();
    }
  } catch {
    return false;
  }
}

/** A file as it goes in. */
export async function packed(path: string, from: string): Promise<PackedFile> {
  const { size } = await stat(from);
  return { path, from, bytes: size, sha256: await hashFile(from) };
}
