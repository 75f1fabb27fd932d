import type { Random } from '../../../imaging/random.ts';

/** A world that is drawn here: for each class a picture of any side, as SVG or as pixels. */
export interface DrawnWorld {
  classes: readonly string[];
  /** Side of the picture in pixels. */
  size: number;
  /** Sides differ as a camera's and a generator's pictures do: `generated` has its own palette and little noise. */
  draw(name: string, generated: boolean, random: Random): string | Uint8Array;
}

export const hsl = (hue: number, saturation: number, light: number): string =>
  `hsl(${hue.toFixed(0)},${saturation.toFixed(0)}%,${light.toFixed(0)}%)`;

/** An SVG of 100 x 100 units. */
export const svg = (body: string, definitions = ''): string =>
  `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 100 100"><defs>${definitions}</defs>${body}</svg>`;

/** Points as a closed or open path, curved through the midpoints where `soft`. */
export function path(points: readonly (readonly [number, number])[], closed = true, soft = false): string {
  const at = ([x, y]: readonly [number, number]): string => `${x.toFixed(1)} ${y.toFixed(1)}`;
  if (!soft) return `M${points.map(at).join('L')}${closed ? 'Z' : ''}`;
  const middle = (a: readonly [number, number], b: readonly [number, number]): [number, number] => [
    (a[0] + b[0]) / 2,
    (a[1] + b[1]) / 2,
  ];
  const next = (i: number): readonly [number, number] => points[(i + 1) % points.length]!;
  if (closed)
    return `M${at(middle(points.at(-1)!, points[0]!))}${points.map((point, i) => `Q${at(point)} ${at(middle(point, next(i)))}`).join('')}Z`;
  const inner = points.slice(1, -1).map((point, i) => `Q${at(point)} ${at(middle(point, next(i + 1)))}`);
  return `M${at(points[0]!)}${inner.join('')}L${at(points.at(-1)!)}`;
}

/** Mirrored at the middle of the picture: half an outline, from top to bottom, becomes a whole one. */
export const symmetric = (half: readonly (readonly [number, number])[]): [number, number][] => [
  ...half.map(([x, y]): [number, number] => [50 + x, y]),
  ...half.toReversed().map(([x, y]): [number, number] => [50 - x, y]),
];
