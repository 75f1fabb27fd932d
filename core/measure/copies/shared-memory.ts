/**
 * A copy of a value, made of objects, arrays, numbers and arrays of floats, whose floats lie in one block of memory that
 * threads share: sent to another thread, they are not copied. Whoever gets it must not write into it.
 */
export function inSharedMemory<T>(value: T): T {
  let floats = 0;
  mapped(value, (array) => {
    floats += array.length;
    return array;
  });
  const block = new SharedArrayBuffer(floats * Float32Array.BYTES_PER_ELEMENT);
  let at = 0;
  return mapped(value, (array) => {
    const copy = new Float32Array(block, at * Float32Array.BYTES_PER_ELEMENT, array.length);
    copy.set(array);
    at += array.length;
    return copy;
  });
}

function mapped<T>(value: T, change: (array: Float32Array) => Float32Array): T {
  const of = (each: unknown): unknown => {
    if (each instanceof Float32Array) return change(each);
    if (Array.isArray(each)) return each.map(of);
    if (typeof each !== 'object' || each === null) return each;
    return Object.fromEntries(Object.entries(each).map(([key, inner]) => [key, of(inner)]));
  };
  return of(value) as T;
}
