import {
  closeSync,
  existsSync,
  fsyncSync,
  openSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmdirSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { knownWorkstationKey } from '../base/workstation-key.ts';
import { originOf, projectKey } from '../ledger/checkpoint.ts';
import { proveEvent } from '../ledger/event-proof.ts';
import { record } from '../ledger/ledger.ts';
import { verifierKey } from '../ledger/signed-note.ts';
import type { WritableProject } from '../project/project.ts';
import { partialsOf } from './formats/output.ts';
import { MANIFEST, manifestHash, parseManifest, PROOF, type Manifest } from './manifest.ts';

/**
 * Ends the newest release of a project where its process ended between the event and the name of its folder: gives the
 * folder its name where it is whole, else takes the release back. Takes a look into one folder. Where the disk does not
 * let it, the next time is another chance: nothing here may keep a project from being opened.
 */
export function finishRelease(project: WritableProject): void {
  try {
    finish(project);
  } catch {
    // `verify` names the release as one that is not there.
  }
}

function finish({ store }: WritableProject): void {
  const release = store.decisions.releases().at(-1);
  if (!release) return;
  for (const partial of partialsOf(release.folder)) {
    const manifest = manifestIn(partial, release.manifestSha256);
    if (!manifest) continue;
    const event = store.events.next(release.seq - 1, 'release.exported')!;
    const reason = problemOf(partial, manifest, release.folder);
    if (reason === null) {
      writeFileSync(join(partial, PROOF), proveEvent(store, event, knownWorkstationKey()!), { flush: true });
      if (existsSync(release.folder)) rmdirSync(release.folder);
      renameSync(partial, release.folder);
      sync(dirname(release.folder));
    } else {
      const { manifestSha256, folder } = release;
      record(store, event.actor, 'release.withdrawn', { manifestSha256, folder, reason });
      rmSync(partial, { recursive: true, force: true });
    }
    return;
  }
}

function manifestIn(folder: string, sha256: string): Manifest | null {
  const file = join(folder, MANIFEST);
  if (!existsSync(file)) return null;
  const bytes = readFileSync(file);
  return manifestHash(bytes) === sha256 ? parseManifest(bytes) : null;
}

/** Why a release cannot be given its name, or null. */
function problemOf(partial: string, { project, files, proof }: Manifest, target: string): string | null {
  const place = statSync(target, { throwIfNoEntry: false });
  if (place && (!place.isDirectory() || readdirSync(target).length > 0))
    return 'its process ended, and something else is in its place';
  const isWhole = files.every(
    ({ path, bytes }) => statSync(join(partial, path), { throwIfNoEntry: false })?.size === bytes,
  );
  if (!isWhole) return 'its process ended before all of it was on disk';
  const key = knownWorkstationKey();
  if (!key || verifierKey(projectKey(originOf(project.uid), key)) !== proof?.key)
    return 'its process ended, and the key that it names is not that of this workstation any more';
  return null;
}

function sync(folder: string): void {
  if (process.platform === 'win32') return;
  const handle = openSync(folder, 'r');
  fsyncSync(handle);
  closeSync(handle);
}
