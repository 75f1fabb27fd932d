/**
 * Limited-memory BFGS (Nocedal and Wright, Numerical Optimization, 2nd ed., algorithm 7.4) with a line search by
 * bisection for the weak Wolfe conditions (Lewis and Overton 2013), all in float64.
 */

const MEMORY = 10;
const SUFFICIENT_DECREASE = 1e-4;
const CURVATURE = 0.9;
const MAX_LINE_STEPS = 30;

export interface Objective {
  /** The function's value at `x`; its gradient is written into `gradient`. */
  (x: Float64Array, gradient: Float64Array): Promise<number>;
}

export interface Minimum {
  x: Float64Array;
  iterations: number;
  converged: boolean;
}

function dot(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += a[i]! * b[i]!;
  return sum;
}

function addScaled(target: Float64Array, scale: number, source: Float64Array): void {
  for (let i = 0; i < target.length; i++) target[i]! += scale * source[i]!;
}

function largestEntry(values: Float64Array): number {
  let largest = 0;
  for (const value of values) largest = Math.max(largest, Math.abs(value));
  return largest;
}

interface Pair {
  s: Float64Array;
  y: Float64Array;
  rho: number;
}

/** Minus the inverse-Hessian approximation times the gradient: the two-loop recursion. */
function direction(gradient: Float64Array, pairs: readonly Pair[]): Float64Array {
  const result = gradient.map((value) => -value);
  const alphas: number[] = [];
  for (const { s, y, rho } of pairs.toReversed()) {
    const alpha = rho * dot(s, result);
    alphas.push(alpha);
    addScaled(result, -alpha, y);
  }
  const last = pairs.at(-1);
  if (last) {
    const scale = 1 / (last.rho * dot(last.y, last.y));
    for (let i = 0; i < result.length; i++) result[i]! *= scale;
  }
  for (const { s, y, rho } of pairs) addScaled(result, alphas.pop()! - rho * dot(y, result), s);
  return result;
}

interface Point {
  x: Float64Array;
  value: number;
  gradient: Float64Array;
}

/** A point along `along` that meets the weak Wolfe conditions, or null where rounding leaves none. */
async function lineSearch(
  objective: Objective,
  from: Point,
  along: Float64Array,
  firstStep: number,
): Promise<Point | null> {
  const slope = dot(from.gradient, along);
  if (!(slope < 0)) return null;
  let low = 0;
  let high = Infinity;
  let step = firstStep;
  for (let attempt = 0; attempt < MAX_LINE_STEPS; attempt++) {
    const x = Float64Array.from(from.x);
    addScaled(x, step, along);
    const gradient = new Float64Array(x.length);
    const value = await objective(x, gradient);
    // Written so that NaN, from a step too far, shortens the step.
    if (!(value <= from.value + SUFFICIENT_DECREASE * step * slope)) high = step;
    else if (dot(gradient, along) < CURVATURE * slope) low = step;
    else return { x, value, gradient };
    step = high === Infinity ? 2 * low : (low + high) / 2;
  }
  return null;
}

/**
 * Minimises `objective` from `start`. Converged when the gradient's largest entry is at most `tolerance`; ends
 * otherwise after `maxIterations`, or where the line search finds no decrease any more.
 */
export async function minimise(
  objective: Objective,
  start: Float64Array,
  tolerance: number,
  maxIterations: number,
): Promise<Minimum> {
  const gradient = new Float64Array(start.length);
  let point: Point = { x: start, value: await objective(start, gradient), gradient };
  const pairs: Pair[] = [];
  let iterations = 0;
  while (iterations < maxIterations && largestEntry(point.gradient) > tolerance) {
    const along = direction(point.gradient, pairs);
    const firstStep = pairs.length > 0 ? 1 : Math.min(1, 1 / Math.sqrt(dot(point.gradient, point.gradient)));
    const next = await lineSearch(objective, point, along, firstStep);
    if (!next) {
      // Old pairs may mislead where rounding dominates: try once more along the plain gradient, then stop.
      if (pairs.length === 0) break;
      pairs.length = 0;
      continue;
    }
    iterations++;
    const s = next.x.map((value, i) => value - point.x[i]!);
    const y = next.gradient.map((value, i) => value - point.gradient[i]!);
    const curvature = dot(s, y);
    if (curvature > 0) pairs.push({ s, y, rho: 1 / curvature });
    if (pairs.length > MEMORY) pairs.shift();
    point = next;
  }
  return { x: point.x, iterations, converged: largestEntry(point.gradient) <= tolerance };
}
