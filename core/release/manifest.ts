import { hash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as z from 'zod';

/** Lists a release's images and files. Its hash is in the event of the release. */
export const MANIFEST = 'assay-manifest.json';
/** Shows that this event is on the record of the project: core/ledger/event-proof.ts. */
export const PROOF = 'assay-manifest.tlog-proof';
/** Signatures of people on the release, made after it: core/release/signatures-beside.ts. */
export const SIGNATURES = 'assay-manifest.signatures.json';
/** Check the release without Assay: where there is Python, and in any browser. */
export const VERIFIERS = ['verify.py', 'verify.html'] as const;

/** What of a manifest its verification reads. */
const ManifestSchema = z.object({
  format: z.literal('assay-manifest-1'),
  project: z.object({ uid: z.string(), name: z.string() }),
  files: z.array(z.object({ path: z.string(), sha256: z.string(), bytes: z.int() })),
  images: z.array(z.unknown()),
  /** Omitted by earlier versions. */
  proof: z.object({ file: z.literal(PROOF), key: z.string() }).optional(),
});
export type Manifest = z.output<typeof ManifestSchema>;

/** A manifest from its bytes; null where they are none. */
export function parseManifest(bytes: Uint8Array): Manifest | null {
  try {
    return ManifestSchema.parse(JSON.parse(Buffer.from(bytes).toString('utf8')));
  } catch {
    return null;
  }
}

export function manifestHash(bytes: Uint8Array | string): string {
  return hash('sha256', bytes);
}

/** The manifest in a folder, as it lies there; null without one. */
export function readManifest(folder: string): { bytes: Buffer; sha256: string } | null {
  try {
    const bytes = readFileSync(join(folder, MANIFEST));
    return { bytes, sha256: manifestHash(bytes) };
  } catch {
    return null;
  }
}

/** Whether a path of a manifest stays below the release, on any system. */
export function staysInside(path: string): boolean {
  return path
    .split('/')
    .every((part) => part !== '' && part !== '.' && part !== '..' && !/[\\:\0]/.test(part));
}
