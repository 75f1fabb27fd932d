/**
 * How a picture is lit on the screen, in whole steps from 0, as it is. Only what is seen changes: the file and the
 * pixel values that are told stay.
 */
export interface Light {
  brightness: number;
  contrast: number;
  gamma: number;
}

export const AS_IT_IS: Light = { brightness: 0, contrast: 0, gamma: 0 };
export const MOST_STEPS = 12;
const FACTOR = 1.15;
const LEVELS = 256;

/** A level 0..1 as it is shown: gamma first, then contrast about the middle, then brightness. */
export function litLevel(level: number, { brightness, contrast, gamma }: Light): number {
  const bent = level ** (1 / FACTOR ** gamma);
  const spread = (bent - 0.5) * FACTOR ** contrast + 0.5;
  return Math.min(Math.max(spread * FACTOR ** brightness, 0), 1);
}

/** What every one of the 256 levels becomes, as `tableValues` of an SVG filter. */
export function lightTable(light: Light): string {
  return Array.from({ length: LEVELS }, (_, i) => litLevel(i / (LEVELS - 1), light).toFixed(4)).join(' ');
}

/** `Brightness +2, gamma −1`; empty as it is. */
export function lightWords({ brightness, contrast, gamma }: Light): string {
  const words = Object.entries({ brightness, contrast, gamma })
    .filter(([, steps]) => steps !== 0)
    .map(([name, steps]) => `${name} ${steps > 0 ? '+' : '−'}${Math.abs(steps)}`)
    .join(', ');
  return words.charAt(0).toUpperCase() + words.slice(1);
}
