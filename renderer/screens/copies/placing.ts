import type { Alteration } from '../../../rpc/contract/alteration.ts';
import type { Size } from '../review/viewport.ts';

type Onto = NonNullable<Alteration['onto']>;

/** Of a map between the sides of two pictures, the way back; null where there is none. */
export function inverseOf([a, b, c, d, e, f]: Onto): Onto | null {
  const determinant = a * d - b * c;
  if (Math.abs(determinant) < 1e-9) return null;
  return [
    d / determinant,
    -b / determinant,
    -c / determinant,
    a / determinant,
    (c * f - d * e) / determinant,
    (b * e - a * f) / determinant,
  ];
}

/**
 * Where the original lies on its copy, which is shown in `shown` CSS pixels: the transform of a picture that is drawn as
 * large as the copy, about its corner. As it is where nothing is known of it.
 */
export function placedOn(alteration: Alteration | null, shown: Size): string {
  const back = alteration?.onto && inverseOf(alteration.onto);
  if (!back) return 'none';
  const [a, b, c, d, e, f] = back;
  const { width, height } = shown;
  return `matrix(${[a, (b * height) / width, (c * width) / height, d, e * width, f * height].join(', ')})`;
}

/** The outline of the original on its copy, in parts of the copy's sides, as a CSS polygon. */
export function outlineOn(alteration: Alteration | null): string {
  const back = alteration?.onto && inverseOf(alteration.onto);
  const [a, b, c, d, e, f] = back || [1, 0, 0, 1, 0, 0];
  const corners = [
    [0, 0],
    [1, 0],
    [1, 1],
    [0, 1],
  ] as const;
  const percent = (share: number): string => `${(100 * share).toFixed(2)}%`;
  return `polygon(${corners
    .map(([x, y]) => `${percent(a * x + c * y + e)} ${percent(b * x + d * y + f)}`)
    .join(', ')})`;
}
