import { lstat, readdir, readFile } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import type { ReleaseReport } from '../../rpc/contract/ledger.ts';
import { AssayError } from '../../rpc/errors.ts';
import type { TaskContext } from '../../rpc/progress.ts';
import { mapOrdered } from '../base/parallel.ts';
import { knownWorkstationKey } from '../base/workstation-key.ts';
import { originOf, projectKey } from '../ledger/checkpoint.ts';
import { parseProof, proofProblems } from '../ledger/event-proof.ts';
import { parseVerifierKey, verifierKey } from '../ledger/signed-note.ts';
import { hashFile } from '../project/originals.ts';
import { checkSignatures } from './signatures-beside.ts';
import {
  MANIFEST,
  manifestHash,
  parseManifest,
  PROOF,
  SIGNATURES,
  staysInside,
  type Manifest,
} from './manifest.ts';

// The same checks, in the same words, as verify.py and verify.html beside it, which go into every release. test/verifier
// runs all three.

/** The event of a release as its proof shows it, and what was found. */
interface Proven {
  problems: string[];
  events: number | null;
  head: string | null;
}

/**
 * Checks a release without its project: every file against the manifest, the manifest against the event that the proof
 * shows, and the proof against the key that the manifest names. `key`: the key that it has to be, as one word. Throws
 * `NOT_FOUND` where there is no release.
 */
export async function verifyRelease(
  folder: string,
  key: string | null,
  task: TaskContext,
): Promise<ReleaseReport> {
  const bytes = await readFile(join(folder, MANIFEST)).catch((error: unknown) => {
    throw new AssayError(
      'NOT_FOUND',
      `There is no release at ${folder}: it has no ${MANIFEST}.`,
      { folder },
      error,
    );
  });
  const manifest = parseManifest(bytes);
  if (!manifest) return reportOf(null, [`${MANIFEST}: is no manifest of a release`], bytes);
  const manifestSha256 = manifestHash(bytes);
  const proven = await proofOf(folder, manifest, manifestSha256);
  const { uid } = manifest.project;
  const signed = await checkSignatures(folder, { uid, manifestSha256, event: proven.events });
  const problems = [...(await fileProblems(folder, manifest, task)), ...proven.problems, ...signed.problems];
  if (key !== null && manifest.proof?.key !== key)
    problems.push(`${MANIFEST}: names another key than the one given`);
  return {
    ...reportOf(manifest, problems, bytes),
    events: proven.events,
    head: proven.head,
    signatures: signed.signatures,
  };
}

function reportOf(manifest: Manifest | null, problems: string[], bytes: Uint8Array): ReleaseReport {
  const key = knownWorkstationKey();
  const own = manifest && key ? verifierKey(projectKey(originOf(manifest.project.uid), key)) : null;
  return {
    ok: problems.length === 0,
    problems,
    project: manifest?.project.name ?? null,
    images: manifest?.images.length ?? 0,
    files: manifest?.files.length ?? 0,
    manifestSha256: manifestHash(bytes),
    events: null,
    head: null,
    signatures: [],
    key: manifest?.proof?.key ?? null,
    own: own !== null && own === manifest?.proof?.key,
  };
}

/** What of a release's files is not as its manifest says, in the order of the manifest; then what it does not list. */
export async function fileProblems(
  folder: string,
  { files }: Manifest,
  task: TaskContext,
): Promise<string[]> {
  const problems: string[] = [];
  const checked = mapOrdered(files, availableParallelism() * 2, async ({ path, sha256, bytes }) => {
    task.signal.throwIfAborted();
    if (!staysInside(path)) return `${path}: is outside of the release`;
    const found = await hashOf(join(folder, path), task.signal);
    if (!found) return `${path}: is missing`;
    return found.sha256 === sha256 && found.bytes === bytes ? null : `${path}: is not as it was written`;
  });
  let done = 0;
  for await (const problem of checked) {
    if (problem !== null) problems.push(problem);
    task.progress({ stage: 'hashing the release', done: ++done, total: files.length, unit: 'files' });
  }
  const known = new Set([...files.map(({ path }) => path), MANIFEST, PROOF, SIGNATURES]);
  const unknown = (await pathsBelow(folder, '')).filter((path) => !known.has(path)).sort();
  return [...problems, ...unknown.map((path) => `${path}: is not in the manifest`)];
}

/** Size and sha256 of a file, or null where there is no plain file. */
async function hashOf(file: string, signal: AbortSignal): Promise<{ sha256: string; bytes: number } | null> {
  const found = await lstat(file).catch(() => null);
  if (!found?.isFile()) return null;
  return { sha256: await hashFile(file, signal), bytes: found.size };
}

async function pathsBelow(folder: string, prefix: string): Promise<string[]> {
  const found = await readdir(join(folder, prefix), { withFileTypes: true });
  const paths: string[] = [];
  for (const item of found)
    if (item.isDirectory()) paths.push(...(await pathsBelow(folder, `${prefix}${item.name}/`)));
    else paths.push(prefix + item.name);
  return paths;
}

/** What of a manifest's proof does not hold; without problems, the manifest is on record, signed with the key that it names. */
export async function proofOf(folder: string, manifest: Manifest, manifestSha256: string): Promise<Proven> {
  const no = (problem: string): Proven => ({ problems: [problem], events: null, head: null });
  if (!manifest.proof)
    return no(`${MANIFEST}: names no proof, so that only its project can tell whether it is on record`);
  const key = parseVerifierKey(manifest.proof.key);
  if (!key) return no(`${MANIFEST}: names no key`);
  const text = await readFile(join(folder, PROOF), 'utf8').catch(() => null);
  if (text === null) return no(`${PROOF}: is missing`);
  const proof = parseProof(text);
  if (!proof) return no(`${PROOF}: is no proof`);
  const problems = proofProblems(proof, key);
  if (key.name !== originOf(manifest.project.uid))
    problems.push('its key is of another project than the manifest');
  if (!isEventOf(proof.line, proof.index + 1, manifestSha256, manifest.images.length))
    problems.push('its event is not that of a release with this manifest');
  return {
    problems: problems.map((problem) => `${PROOF}: ${problem}`),
    events: proof.checkpoint.size,
    head: proof.checkpoint.head,
  };
}

/** Whether a line is the event of a release with this manifest, at that place of the record. */
function isEventOf(line: string, seq: number, manifestSha256: string, images: number): boolean {
  try {
    const event = JSON.parse(line) as { kind: string; seq: number; body: Record<string, unknown> };
    const { body } = event;
    return (
      event.kind === 'release.exported' &&
      event.seq === seq &&
      body['manifestSha256'] === manifestSha256 &&
      body['images'] === images
    );
  } catch {
    return false;
  }
}
