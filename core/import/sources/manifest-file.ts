import { basename, dirname, extname, join } from 'node:path';
import { contents, isFolder } from './source-files.ts';
import { unreadable } from './untrusted.ts';

/** Base names that win when a folder has several manifests, best first. */
const USUAL = ['manifest', 'labels', 'images', 'data', 'index', 'annotations'];

interface Kind {
  extensions: string[];
  /** Base names that belong to another source. */
  except: string[];
  accepts(file: string): Promise<boolean>;
}

/** Files that could be the manifest: `root` itself, or those of the folder; only the one with a usual name if there is one. */
async function candidates(root: string, kind: Kind): Promise<string[]> {
  const fits = (name: string): boolean =>
    kind.extensions.includes(extname(name).toLowerCase()) &&
    !kind.except.includes(basename(name).toLowerCase());
  if (!(await isFolder(root))) return fits(root) && (await kind.accepts(root)) ? [root] : [];
  const found: string[] = [];
  for (const { name, kind: type } of await contents(root)) {
    if (type === 'file' && fits(name) && (await kind.accepts(join(root, name)))) found.push(join(root, name));
  }
  const usual = USUAL.map((name) =>
    found.find((file) => basename(file, extname(file)).toLowerCase() === name),
  );
  const best = usual.find((file) => file !== undefined);
  return best === undefined ? found : [best];
}

/** Whether a folder has a manifest of this kind, or `root` is one. */
export async function hasManifest(root: string, kind: Kind): Promise<boolean> {
  return (await candidates(root, kind)).length > 0;
}

/** Returns the manifest of this kind; throws `SOURCE_UNREADABLE` if there is none, or several without a usual name. */
export async function findManifest(root: string, kind: Kind): Promise<string> {
  const found = await candidates(root, kind);
  if (found.length === 1) return found[0]!;
  if (found.length === 0) {
    const wanted = kind.extensions.map((extension) => `*${extension}`).join(' or ');
    throw unreadable(root, null, `there is no ${wanted} with a column of image paths.`);
  }
  const names = found.map((file) => basename(file)).join(', ');
  throw unreadable(
    dirname(found[0]!),
    null,
    `there are several manifests (${names}). Name the one to import.`,
  );
}
