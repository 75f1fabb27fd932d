import type { Picture } from '../canvas.ts';
import { CAPITAL, extentOf, hasInk } from './font.ts';
import { toByte } from './tools.ts';

export interface Lettering {
  lines: readonly string[];
  /** Where the middle of the text is, pixels. */
  x: number;
  y: number;
  /** Height of a capital, pixels. */
  height: number;
  /** Clockwise, radians. */
  angle: number;
  colour: readonly number[];
  /** 1 hides what is behind the ink. */
  opacity: number;
  /** Repeats the text with these distances between its middles, in capitals' heights; once without it. */
  every?: { across: number; down: number } | undefined;
}

/** Places inside a pixel that are asked for ink, a side. */
const FINE = 3;

/** Writes text into the picture itself, with soft edges. */
export function write(picture: Picture, text: Lettering): void {
  const { width, height, rgb } = picture;
  const extent = extentOf(text.lines);
  const dots = CAPITAL / text.height;
  const cos = Math.cos(text.angle) * dots;
  const sin = Math.sin(text.angle) * dots;
  const across = (text.every?.across ?? 0) * CAPITAL;
  const down = (text.every?.down ?? 0) * CAPITAL;
  for (let y = 0, at = 0; y < height; y++) {
    for (let x = 0; x < width; x++, at += 3) {
      let ink = 0;
      for (let fine = 0; fine < FINE * FINE; fine++) {
        const px = x + ((fine % FINE) + 0.5) / FINE - 0.5 - text.x;
        const py = y + (Math.floor(fine / FINE) + 0.5) / FINE - 0.5 - text.y;
        let dx = cos * px + sin * py;
        let dy = cos * py - sin * px;
        if (text.every) {
          const row = Math.round(dy / down);
          dy -= row * down;
          // Every other row stands half a step aside, as on stock photographs.
          dx += (row & 1) * (across / 2);
          dx -= Math.round(dx / across) * across;
        }
        if (hasInk(text.lines, dx + extent.width / 2, dy + extent.height / 2)) ink++;
      }
      if (ink === 0) continue;
      const share = (text.opacity * ink) / (FINE * FINE);
      for (let c = 0; c < 3; c++) rgb[at + c] = toByte(rgb[at + c]! * (1 - share) + text.colour[c]! * share);
    }
  }
}
