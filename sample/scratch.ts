/** Reusable memory that grows to the largest part: drawing is synchronous, so one of each is enough. */
export class Scratch<T extends Float32Array | Uint8Array> {
  #memory: T;
  readonly #make: (length: number) => T;

  constructor(make: (length: number) => T) {
    this.#make = make;
    this.#memory = make(0);
  }

  /** Returns `length` elements with undefined content. */
  take(length: number): T {
    if (this.#memory.length < length) this.#memory = this.#make(length);
    return this.#memory.subarray(0, length) as T;
  }
}
