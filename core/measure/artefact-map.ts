import type { ArtefactMap } from '../../rpc/contract/images.ts';
import type { Project } from '../project/project.ts';
import { USUAL_BYTE } from './facts/patches.ts';

/** The newest run's map of an image; null where it has none. */
export function artefactMap({ store }: Project, sha256: string): ArtefactMap | null {
  const run = store.scores.runs().at(-1);
  const image = store.images.idOf(sha256);
  const map = run && image !== undefined ? store.patches.map(run.id, image) : undefined;
  return map ? { columns: map.columns, cells: Array.from(map.cells, (cell) => cell / USUAL_BYTE) } : null;
}
