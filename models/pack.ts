import { createHash } from 'node:crypto';
import { constants } from 'node:fs';
import { lstat, open, readdir } from 'node:fs/promises';
import path from 'node:path';
import canonicalize from 'canonicalize';
import { z } from 'zod';
import { AssayError, errorCode } from '../rpc/errors.ts';
import { manifestSchema, MAX_PACK_BYTES, outputWidth } from './manifest.ts';
import { graphProblem, textGraphProblem } from './pack-graph.ts';
import type { ModelPack, PackManifest } from './types.ts';

const MANIFEST = 'pack.json';
const MAX_MANIFEST_BYTES = 16 * 1024 * 1024;
/** Ten times the largest vocabulary in use; what is larger would only fill the memory when it is read. */
const MAX_TOKENIZER_BYTES = 64 * 1024 * 1024;

/** Windows has no such flag; there the check of the entry itself has to do. */
const NO_FOLLOW = constants.O_NOFOLLOW ?? 0;

function refuse(folder: string, file: string, what: string, cause?: unknown): AssayError {
  const message = `Model pack ${path.basename(folder)} is refused: ${file} ${what}.`;
  return new AssayError('MODEL_REFUSED', message, { folder, file }, cause);
}

/**
 * The bytes of a plain file of the pack. Refuses symbolic links, and files over `limit` bytes. A hard link is as good as
 * a copy: whoever reads the file later checks its sha256 again, so that a change made through another name is noticed.
 */
async function readPlain(folder: string, name: string, limit: number): Promise<Buffer> {
  const file = path.join(folder, name);
  const entry = await lstat(file).catch((cause: unknown) => {
    throw refuse(folder, name, 'is missing or cannot be read', cause);
  });
  if (!entry.isFile())
    throw refuse(
      folder,
      name,
      'is not a regular file (a link, a folder or a pipe); put the file itself there',
    );
  const handle = await open(file, constants.O_RDONLY | NO_FOLLOW).catch((cause: unknown) => {
    throw refuse(folder, name, 'cannot be read', cause);
  });
  try {
    // Asked of the open file: what is checked is what is read.
    const { size } = await handle.stat();
    if (size > limit) throw refuse(folder, name, `is larger than ${limit} bytes`);
    return await handle.readFile();
  } finally {
    await handle.close();
  }
}

async function readManifest(folder: string): Promise<PackManifest> {
  const bytes = await readPlain(folder, MANIFEST, MAX_MANIFEST_BYTES);
  let json: unknown;
  try {
    json = JSON.parse(bytes.toString('utf8'));
  } catch (cause) {
    throw refuse(folder, MANIFEST, 'is not JSON', cause);
  }
  const parsed = manifestSchema.safeParse(json);
  if (!parsed.success) throw refuse(folder, MANIFEST, `does not hold: ${z.prettifyError(parsed.error)}`);
  return parsed.data;
}

/** Every listed file must be there with the stated bytes, and no other file may be. Checks the graphs among them. */
async function checkFiles(folder: string, manifest: PackManifest): Promise<void> {
  for (const name of await readdir(folder)) {
    if (name !== MANIFEST && !Object.hasOwn(manifest.files, name)) {
      throw refuse(folder, name, 'is not listed in pack.json; list it with its sha256, or take it away');
    }
  }
  const text = manifest.kind === 'embedder' ? manifest.text : undefined;
  let left = MAX_PACK_BYTES;
  for (const [name, expected] of Object.entries(manifest.files)) {
    const bytes = await readPlain(folder, name, left);
    left -= bytes.length;
    const found = createHash('sha256').update(bytes).digest('hex');
    if (found !== expected)
      throw refuse(folder, name, `hashes to sha256 ${found}, but pack.json says ${expected}`);
    if (name === text?.tokenizer && bytes.length > MAX_TOKENIZER_BYTES)
      throw refuse(folder, name, `is larger than ${MAX_TOKENIZER_BYTES} bytes, which no tokenizer is`);
    const problem =
      (name === manifest.model ? graphProblem(bytes, manifest) : null) ??
      (text && name === text.model ? textGraphProblem(bytes, text, outputWidth(manifest)) : null);
    if (problem) throw refuse(folder, name, problem);
  }
}

/**
 * Reads and checks a model pack without running it: pack.json, every file's kind, size and sha256, no file besides,
 * and the graphs themselves (standard operators only, nothing outside the file, inputs and outputs as stated).
 * Throws MODEL_REFUSED naming the pack, the file and what is false; NOT_FOUND without such a folder.
 * Whether the model computes what it claims is for `checkPack`.
 */
export async function loadPack(folder: string): Promise<ModelPack> {
  const absolute = path.resolve(folder);
  const entry = await lstat(absolute).catch((cause: unknown) => {
    throw new AssayError('NOT_FOUND', `There is no model pack at ${absolute}.`, { folder: absolute }, cause);
  });
  if (!entry.isDirectory()) throw refuse(absolute, path.basename(absolute), 'is not a folder');
  try {
    const manifest = await readManifest(absolute);
    await checkFiles(absolute, manifest);
    const { patches: _, ...identity } = { patches: undefined, ...manifest };
    const fingerprint = createHash('sha256')
      .update(canonicalize(identity) ?? '')
      .digest('hex');
    return { folder: absolute, manifest, fingerprint };
  } catch (thrown) {
    if (errorCode(thrown) !== 'INTERNAL') throw thrown;
    throw refuse(absolute, 'its folder', 'cannot be read', thrown);
  }
}
