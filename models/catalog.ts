import { constants } from 'node:fs';
import { copyFile, mkdir, mkdtemp, readdir, rename, rm } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { AssayError, errorCode } from '../rpc/errors.ts';
import { loadPack } from './pack.ts';
import type { ModelPack } from './types.ts';

/** The packs that ship with Assay. */
export const BUILT_IN_PACKS = fileURLToPath(new URL('packs', import.meta.url));
/** The embedder used unless another is chosen; a folder of BUILT_IN_PACKS. */
export const DEFAULT_EMBEDDER = 'efficientnet-lite0';

export interface PackList {
  packs: ModelPack[];
  /** Folders that hold no usable pack, each with the refusal that says why. */
  refused: { folder: string; error: AssayError }[];
}

async function subfolders(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { withFileTypes: true }).catch((thrown: NodeJS.ErrnoException) => {
    if (thrown.code === 'ENOENT') return [];
    throw new AssayError(
      'SOURCE_UNREADABLE',
      `The folder of model packs ${folder} cannot be read.`,
      { folder },
      thrown,
    );
  });
  // A dot hides what an interrupted addPack left behind.
  const names = entries
    .filter((entry) => !entry.isFile() && !entry.name.startsWith('.'))
    .map((entry) => entry.name);
  return names.sort().map((name) => path.join(folder, name));
}

/**
 * All packs in these folders, each one checked (`loadPack`), in the order of the folders, then of names. A folder that
 * does not exist is empty. One bad pack does not hide the others; of two with the same id and version the first counts.
 */
export async function listPacks(folders: string[]): Promise<PackList> {
  const list: PackList = { packs: [], refused: [] };
  for (const folder of (await Promise.all(folders.map(subfolders))).flat()) {
    try {
      const pack = await loadPack(folder);
      const { id, version } = pack.manifest;
      const twin = list.packs.find(({ manifest }) => manifest.id === id && manifest.version === version);
      if (twin) {
        const message = `Model pack ${id} ${version} is there twice: ${twin.folder} is used, ${folder} is not.`;
        throw new AssayError('ALREADY_EXISTS', message, { folder });
      }
      list.packs.push(pack);
    } catch (error) {
      if (!(error instanceof AssayError)) throw error;
      list.refused.push({ folder, error });
    }
  }
  return list;
}

/**
 * Copies the pack in folder `from` to `<to>/<id>-<version>`: checked, copied into a fresh private folder, checked again
 * there, and only then given its name, so that a pack is there whole or not at all. Throws what `loadPack` throws, and
 * ALREADY_EXISTS where that id and version is there. Run `checkPack` on `from` first: this runs no model.
 */
export async function addPack(from: string, to: string): Promise<ModelPack> {
  const source = await loadPack(from);
  const { id, version, files } = source.manifest;
  const target = path.join(path.resolve(to), `${id}-${version}`);
  const taken = new AssayError(
    'ALREADY_EXISTS',
    `Model pack ${id} ${version} is already in ${to}; raise its version, or remove that one first.`,
    { folder: target },
  );
  await mkdir(to, { recursive: true, mode: 0o700 });
  if ((await readdir(to)).includes(path.basename(target))) throw taken;
  const fresh = await mkdtemp(path.join(to, '.adding-'));
  try {
    for (const name of ['pack.json', ...Object.keys(files)]) {
      await copyFile(path.join(source.folder, name), path.join(fresh, name), constants.COPYFILE_EXCL);
    }
    const copy = await loadPack(fresh);
    if (copy.fingerprint !== source.fingerprint) {
      const message = `Model pack ${id} ${version} changed while it was being added; add it again.`;
      throw new AssayError('MODEL_REFUSED', message, { folder: source.folder });
    }
    await rename(fresh, target).catch((thrown: NodeJS.ErrnoException) => {
      throw thrown.code === 'ENOTEMPTY' || thrown.code === 'EEXIST' ? taken : thrown;
    });
    return { ...copy, folder: target };
  } catch (thrown) {
    await rm(fresh, { recursive: true, force: true });
    if (errorCode(thrown) !== 'INTERNAL') throw thrown;
    const full = thrown instanceof Error && 'code' in thrown && thrown.code === 'ENOSPC';
    const message = `Model pack ${id} ${version} could not be copied to ${to}.`;
    throw new AssayError(full ? 'DISK_FULL' : 'SOURCE_UNREADABLE', message, { folder: target }, thrown);
  }
}
