/** Where values lie between 0 and 1 on a line that holds them all, with a little room at both ends. */
export function placesOn(values: readonly number[]): (value: number) => number {
  const [least, most] = [Math.min(...values), Math.max(...values)];
  return (value) => (most === least ? 0.5 : 0.04 + (0.92 * (value - least)) / (most - least));
}
