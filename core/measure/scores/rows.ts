/** A column of n values, one computed per row. */
export function perRow(n: number, value: (row: number) => number): Float64Array {
  const column = new Float64Array(n);
  for (let i = 0; i < n; i++) column[i] = value(i);
  return column;
}
