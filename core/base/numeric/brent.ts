const GOLDEN = (3 - Math.sqrt(5)) / 2;

/**
 * The minimum of a function of one variable on [low, high], by Brent's method (golden section with parabolic steps;
 * R. P. Brent, "Algorithms for Minimization without Derivatives", 1973, chapter 5). Finds the global minimum when the
 * function has one valley. `tolerance` is absolute, in units of x.
 */
export function minimise(f: (x: number) => number, low: number, high: number, tolerance = 1e-9): number {
  let a = low;
  let b = high;
  let x = a + GOLDEN * (b - a);
  let w = x;
  let v = x;
  let fx = f(x);
  let fw = fx;
  let fv = fx;
  let step = 0;
  let before = 0;
  for (let i = 0; i < 200; i++) {
    const middle = (a + b) / 2;
    const tiny = tolerance + 1e-12 * Math.abs(x);
    if (Math.abs(x - middle) <= 2 * tiny - (b - a) / 2) break;
    const parabola = vertexStep(x, w, v, fx, fw, fv);
    const usable =
      Math.abs(before) > tiny &&
      Math.abs(parabola) < Math.abs(before) / 2 &&
      x + parabola > a &&
      x + parabola < b;
    before = usable ? step : x >= middle ? a - x : b - x;
    step = usable ? parabola : GOLDEN * before;
    if (usable && (x + step - a < 2 * tiny || b - x - step < 2 * tiny)) step = x < middle ? tiny : -tiny;
    const u = x + (Math.abs(step) >= tiny ? step : step > 0 ? tiny : -tiny);
    const fu = f(u);
    if (fu <= fx) {
      if (u >= x) a = x;
      else b = x;
      [v, fv, w, fw, x, fx] = [w, fw, x, fx, u, fu];
    } else {
      if (u < x) a = u;
      else b = u;
      if (fu <= fw || w === x) [v, fv, w, fw] = [w, fw, u, fu];
      else if (fu <= fv || v === x || v === w) [v, fv] = [u, fu];
    }
  }
  return x;
}

/** Step from x to the vertex of the parabola through three points; NaN when they lie on a line. */
function vertexStep(x: number, w: number, v: number, fx: number, fw: number, fv: number): number {
  const r = (x - w) * (fx - fv);
  const q = (x - v) * (fx - fw);
  return ((x - v) * q - (x - w) * r) / (-2 * (q - r));
}
