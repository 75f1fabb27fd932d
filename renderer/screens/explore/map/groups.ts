import type { Colouring } from './colours.ts';
import { evenOrder } from './draw-budget.ts';
import { ROLES, type Role } from '../../../../rpc/contract/terms.ts';
import type { MapPoints } from './points.ts';

/** Points that are drawn alike, as the columns that the graphics card takes. */
export interface PointGroup {
  key: string;
  role: Role;
  isDimmed: boolean;
  count: number;
  /** x and y by turns. Every beginning of the list is an even sample of the group. */
  positions: { value: Float32Array; size: 2 };
  /** Red, green, blue, opacity by turns. */
  colours: { value: Uint8ClampedArray; size: 4 };
}

const DIMMED_OPACITY = 40;

/**
 * One group per role, those that the view leaves out before those that it holds, so that these lie on top.
 * Groups without points are left out.
 */
export function groupPoints(
  points: MapPoints,
  colouring: Colouring,
  isLit: (index: number) => boolean,
  opacity: number,
): PointGroup[] {
  const groupOf = new Uint8Array(points.count);
  const counts = new Uint32Array(2 * ROLES.length);
  for (let i = 0; i < points.count; i++) {
    const group = (isLit(i) ? ROLES.length : 0) + (PLACE_OF[points.roles[i] ?? 0] ?? 0);
    groupOf[i] = group;
    counts[group] = (counts[group] ?? 0) + 1;
  }
  const groups = [...counts].map((count, group): PointGroup => {
    const role = ROLES[DRAWN_AFTER[group % ROLES.length] ?? 0] ?? 'synthetic';
    const isDimmed = group < ROLES.length;
    return {
      key: `${isDimmed ? 'dimmed' : 'lit'}-${role}`,
      role,
      isDimmed,
      count,
      positions: { value: new Float32Array(2 * count), size: 2 },
      colours: { value: new Uint8ClampedArray(4 * count), size: 4 },
    };
  });
  const filled = new Uint32Array(2 * ROLES.length);
  const pointAt = evenOrder(points.count);
  for (let k = 0; k < points.count; k++) {
    const i = pointAt(k);
    const group = groups[groupOf[i] ?? 0];
    if (!group) continue;
    const at = filled[groupOf[i] ?? 0] ?? 0;
    filled[groupOf[i] ?? 0] = at + 1;
    const rgb = colouring.colourOf(i);
    group.positions.value[2 * at] = points.x[i] ?? 0;
    group.positions.value[2 * at + 1] = points.y[i] ?? 0;
    group.colours.value[4 * at] = rgb[0];
    group.colours.value[4 * at + 1] = rgb[1];
    group.colours.value[4 * at + 2] = rgb[2];
    group.colours.value[4 * at + 3] = group.isDimmed ? DIMMED_OPACITY : opacity;
  }
  return groups.filter(({ count }) => count > 0);
}

/** Role codes by when they are drawn: the many synthetic discs below, the rings of real and held-out images above. */
const DRAWN_AFTER = [2, 0, 1];
const PLACE_OF = [0, 1, 2].map((role) => DRAWN_AFTER.indexOf(role));
