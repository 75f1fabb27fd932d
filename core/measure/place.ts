import type { ArtefactMap } from '../../db/queries/patches.ts';
import { PLACES, type Place } from '../../rpc/contract/reasons.ts';

/** The ninth of the picture in which the oddest patch lies. */
export function oddestPlace({ columns, cells }: ArtefactMap): Place {
  const rows = cells.length / columns;
  const at = cells.indexOf(Math.max(...cells));
  const third = (place: number, of: number): number => Math.floor((3 * place) / of);
  return PLACES[3 * third(Math.floor(at / columns), rows) + third(at % columns, columns)]!;
}
