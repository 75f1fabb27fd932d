/** How long a frame should take while the map moves, and may take once it rests. */
const TARGET_MS = { moving: 30, resting: 1200 } as const;
const LEAST_POINTS = { moving: 50_000, resting: 200_000 } as const;
const GROWTH = { moving: 2, resting: 4 } as const;

/** How many points a machine is given to draw in one frame, while the map moves and when it rests. */
export interface DrawBudget {
  moving: number;
  resting: number;
}

export const FIRST_BUDGET: DrawBudget = { moving: 100_000, resting: LEAST_POINTS.resting };

/**
 * The budget after one more frame. It grows and shrinks by steps instead of being computed: on a machine without a
 * graphics card most of a frame's time may have nothing to do with the number of points.
 */
export function adapted(
  budget: DrawBudget,
  kind: keyof DrawBudget,
  frame: { points: number; tookMs: number },
): DrawBudget {
  const target = TARGET_MS[kind];
  const { points, tookMs } = frame;
  if (tookMs <= target && points >= budget[kind]) return { ...budget, [kind]: budget[kind] * GROWTH[kind] };
  if (tookMs <= 2 * target) return budget;
  return { ...budget, [kind]: Math.max(Math.min(points, budget[kind]) / GROWTH[kind], LEAST_POINTS[kind]) };
}

/**
 * The `k`-th point of an order in which every beginning is an even sample of all: steps of the golden section around
 * the list, made to have no divisor in common with its length, so that every point comes once.
 */
export function evenOrder(count: number): (k: number) => number {
  const GOLDEN = 0.618_033_988_749_895;
  let step = Math.max(Math.round(count * GOLDEN), 1);
  while (divisor(step, count) !== 1) step += 1;
  return (k) => (k * step) % count;
}

function divisor(a: number, b: number): number {
  return b === 0 ? a : divisor(b, a % b);
}
