import { createHash } from 'node:crypto';
import { AssayError } from '../../rpc/errors.ts';

/** Files that the last import preview of a project found, by opaque id: they may be shown before they are imported. */
const found = new Map<string, Map<string, string>>();

/** Lets windows see these files of a preview, and those of earlier previews of the project no longer. Their ids. */
export function offerFound(folder: string, paths: readonly string[]): string[] {
  const ids = paths.map((path) => createHash('sha256').update(path).digest('hex'));
  found.set(folder, new Map(ids.map((id, i) => [id, paths[i]!])));
  return ids;
}

/** The file behind an id. Throws `NOT_FOUND` for one that the last preview did not offer. */
export function foundPath(folder: string, id: string): string {
  const path = found.get(folder)?.get(id);
  if (path !== undefined) return path;
  throw new AssayError('NOT_FOUND', 'This picture is of an earlier preview: look at the folder again.', {
    id,
  });
}
