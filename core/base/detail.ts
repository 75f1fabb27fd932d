import * as z from 'zod';
import type { Keypoint } from '../../rpc/contract/terms.ts';
import { parseMask, turnMask, type Mask } from './mask.ts';

/**
 * What an annotation has besides its box, in the numbers of its dataset, so that a round trip changes nothing. Positions
 * are in the unit of the box: pixels or fractions of the image.
 */
export interface Detail {
  /** The outline: rings of x, y, x, y … */
  polygons?: number[][];
  /** Always in pixels. */
  mask?: Mask;
  keypoints?: Keypoint[];
  /** A region of objects that are not told apart: no object of its own. Readers ignore what is found there. */
  crowd?: true;
  /** Facts about the object by name, as the dataset has them: occluded, truncated, instance … */
  attributes?: Record<string, unknown>;
  /** What else the record has at its top: COCO's `score`, `track_id`, `area` … */
  columns?: Record<string, unknown>;
}

const point = z.union([z.tuple([z.number(), z.number()]), z.tuple([z.number(), z.number(), z.number()])]);
const DetailSchema = z.strictObject({
  polygons: z
    .array(z.array(z.number()).refine((ring) => ring.length > 0 && ring.length % 2 === 0))
    .optional(),
  // Whatever draws it relies on runs that fit their size.
  mask: z
    .strictObject({ size: z.tuple([z.int(), z.int()]), counts: z.union([z.string(), z.array(z.int())]) })
    .refine((mask) => parseMask(mask) !== null)
    .optional(),
  keypoints: z.array(point).optional(),
  crowd: z.literal(true).optional(),
  attributes: z.record(z.string(), z.unknown()).optional(),
  columns: z.record(z.string(), z.unknown()).optional(),
});

/** A detail from untrusted JSON; null if it has another form. */
export function parseDetail(value: unknown): Detail | null {
  return (DetailSchema.safeParse(value).data as Detail | undefined) ?? null;
}

/** The detail as JSON text, as the record keeps it; undefined where there is nothing in it. */
export function detailText(detail: Detail | undefined): string | undefined {
  const text = detail && JSON.stringify(detail);
  return text === '{}' ? undefined : text;
}

/** What of a detail does not say where the object is, so that it holds for another box of the object too. */
export function factsOf(detail: Detail | undefined): Detail | undefined {
  if (!detail) return undefined;
  const { attributes, columns, crowd } = detail;
  const { area: _, ...others } = columns ?? {};
  const facts: Detail = {
    ...(crowd && { crowd }),
    ...(attributes && { attributes }),
    ...(Object.keys(others).length > 0 && { columns: others }),
  };
  return Object.keys(facts).length > 0 ? facts : undefined;
}

/** Whether and how a keypoint was marked; without a visibility 0, 0 stands for one that nobody marked, all others are seen. */
export function visibilityOf([x, y, visibility]: Keypoint): number {
  return visibility ?? (x === 0 && y === 0 ? 0 : 2);
}

/** The box around a ring, as left, top, width, height. */
export function ringBox(ring: readonly number[]): [number, number, number, number] {
  let [left, top, right, bottom] = [Infinity, Infinity, -Infinity, -Infinity];
  for (let i = 0; i + 1 < ring.length; i += 2) {
    [left, right] = [Math.min(left, ring[i]!), Math.max(right, ring[i]!)];
    [top, bottom] = [Math.min(top, ring[i + 1]!), Math.max(bottom, ring[i + 1]!)];
  }
  return [left, top, right - left, bottom - top];
}

/** The area of rings, each by the shoelace formula: those of COCO add up, since it has no holes. */
export function ringsArea(rings: readonly (readonly number[])[]): number {
  return rings.reduce((sum, ring) => sum + ringArea(ring), 0);
}

function ringArea(ring: readonly number[]): number {
  let twice = 0;
  for (let i = 0; i < ring.length; i += 2) {
    const [x, y] = [ring[i]!, ring[i + 1]!];
    const [nextX, nextY] = [ring[(i + 2) % ring.length]!, ring[(i + 3) % ring.length]!];
    twice += x * nextY - nextX * y;
  }
  return Math.abs(twice) / 2;
}

/**
 * The detail with every position moved by `move`, and its mask turned by an EXIF orientation (1 to 8; 1 leaves it). The
 * area that a record states is dropped where `scales`.
 */
export function moveDetail(
  detail: Detail,
  move: (x: number, y: number) => [number, number],
  orientation: number,
  scales: boolean,
): Detail {
  const { polygons, mask, keypoints, columns, ...rest } = detail;
  const { area, ...others } = columns ?? {};
  const kept = scales || area === undefined ? others : { ...others, area };
  return {
    ...rest,
    ...(polygons && { polygons: polygons.map((ring) => movedRing(ring, move)) }),
    ...(mask && { mask: turnMask(mask, orientation) }),
    ...(keypoints && {
      keypoints: keypoints.map((at): (typeof keypoints)[number] => {
        // A point that nobody marked is at 0, 0 by convention, wherever the picture is turned.
        const [x, y] = at[2] === 0 && at[0] === 0 && at[1] === 0 ? [0, 0] : move(at[0], at[1]);
        return at.length === 3 ? [x, y, at[2]] : [x, y];
      }),
    }),
    ...(columns && Object.keys(kept).length > 0 && { columns: kept }),
  };
}

function movedRing(ring: readonly number[], move: (x: number, y: number) => [number, number]): number[] {
  const moved: number[] = [];
  for (let i = 0; i + 1 < ring.length; i += 2) moved.push(...move(ring[i]!, ring[i + 1]!));
  return moved;
}
