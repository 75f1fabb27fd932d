import type { ArtefactMap as StoredMap } from '../../db/queries/patches.ts';
import type { ArtefactMap } from '../../rpc/contract/images.ts';
import { PLACES, type Place } from '../../rpc/contract/reasons.ts';
import type { Project } from '../project/project.ts';
import { USUAL_BYTE } from './facts/patches.ts';

/** The newest run's map of an image; null where it has none. */
export function artefactMap({ store }: Project, sha256: string): ArtefactMap | null {
  const run = store.scores.runs().at(-1);
  const image = store.images.idOf(sha256);
  const map = run && image !== undefined ? store.patches.map(run.id, image) : undefined;
  return map ? { columns: map.columns, cells: Array.from(map.cells, (cell) => cell / USUAL_BYTE) } : null;
}

/** The ninth of the picture in which the oddest patch lies. */
export function oddestPlace({ columns, cells }: StoredMap): Place {
  const rows = cells.length / columns;
  const at = cells.indexOf(Math.max(...cells));
  return placeAt((at % columns) / columns, Math.floor(at / columns) / rows);
}

/** The ninth of a picture in which a point lies, in shares of its width and height. */
export function placeAt(x: number, y: number): Place {
  const third = (share: number): number => Math.min(2, Math.max(0, Math.floor(3 * share)));
  return PLACES[3 * third(y) + third(x)]!;
}
