import type { Page } from '@playwright/test';

/** What the grid showed while it scrolled. */
export interface Blanks {
  /** Thumbnails that came into sight. */
  cells: number;
  /** Milliseconds from in sight to painted: middle, 99th percentile, longest, and the share of cells over 100 ms. */
  median: number;
  p99: number;
  most: number;
  over100: number;
  frames: number;
  frameMedian: number;
}

/** Watches every cell of the grid that is in sight, frame by frame, from inside the page. */
const WATCH = `(() => {
  const box = document.querySelector('[role=grid]');
  const blank = new Map();
  const seen = new Set();
  const state = { done: [], frames: [], stop: false };
  let last = performance.now();
  const tick = () => {
    if (state.stop) return;
    const now = performance.now();
    state.frames.push(now - last);
    last = now;
    const { top, bottom } = box.getBoundingClientRect();
    for (const cell of document.querySelectorAll('[role=gridcell]')) {
      const place = cell.getBoundingClientRect();
      const key = cell.dataset.index;
      if (place.bottom < top + 30 || place.top > bottom - 30) {
        if (blank.has(key)) state.done.push(now - blank.get(key));
        blank.delete(key);
        seen.delete(key);
        continue;
      }
      const image = cell.querySelector('img');
      const painted = image && image.complete && image.naturalWidth > 0;
      if (!painted) { if (!blank.has(key)) blank.set(key, now); }
      else if (blank.has(key)) { state.done.push(now - blank.get(key)); blank.delete(key); }
      else if (!seen.has(key)) state.done.push(0);
      seen.add(key);
    }
    requestAnimationFrame(tick);
  };
  requestAnimationFrame(tick);
  window.assayWatch = state;
})()`;

/** Turns the wheel a number of times by some pixels, and measures how long thumbnails were blank. */
export async function scrollBlanks(page: Page, wheelPx: number, turns: number): Promise<Blanks> {
  await page.locator('[role=grid]').hover();
  await page.evaluate(WATCH);
  for (let turn = 0; turn < turns; turn++) {
    await page.mouse.wheel(0, wheelPx);
    await page.waitForTimeout(50);
  }
  const { done, frames } = (await page.evaluate(
    '(window.assayWatch.stop = true, { done: window.assayWatch.done, frames: window.assayWatch.frames })',
  )) as { done: number[]; frames: number[] };
  const at = (values: number[], q: number): number =>
    values.toSorted((a, b) => a - b)[Math.floor((values.length - 1) * q)] ?? 0;
  return {
    cells: done.length,
    median: at(done, 0.5),
    p99: at(done, 0.99),
    most: at(done, 1),
    over100: done.filter((ms) => ms > 100).length / Math.max(1, done.length),
    frames: frames.length,
    frameMedian: at(frames, 0.5),
  };
}
