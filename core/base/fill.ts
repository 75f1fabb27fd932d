/**
 * Calls `put` with every pixel of a picture whose centre is inside a closed ring of x, y, x, y … in pixels, by the even-odd
 * rule.
 */
export function eachInside(
  ring: readonly number[],
  width: number,
  height: number,
  put: (x: number, y: number) => void,
): void {
  const points = ring.length / 2;
  let [top, bottom] = [Infinity, -Infinity];
  for (let i = 1; i < ring.length; i += 2)
    [top, bottom] = [Math.min(top, ring[i]!), Math.max(bottom, ring[i]!)];
  const first = Math.max(0, Math.floor(top - 0.5));
  const last = Math.min(height - 1, Math.ceil(bottom));
  for (let y = first; y <= last; y++) {
    const line = y + 0.5;
    const crossings: number[] = [];
    for (let i = 0; i < points; i++) {
      const next = (i + 1) % points;
      const [x0, y0, x1, y1] = [ring[2 * i]!, ring[2 * i + 1]!, ring[2 * next]!, ring[2 * next + 1]!];
      // Half open, so that a corner on the line counts once.
      if (y0 <= line !== y1 <= line) crossings.push(x0 + ((line - y0) / (y1 - y0)) * (x1 - x0));
    }
    crossings.sort((a, b) => a - b);
    for (let i = 0; i + 1 < crossings.length; i += 2) {
      const from = Math.max(0, Math.ceil(crossings[i]! - 0.5));
      const to = Math.min(width, Math.ceil(crossings[i + 1]! - 0.5));
      for (let x = from; x < to; x++) put(x, y);
    }
  }
}
