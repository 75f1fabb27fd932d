/** What is made of some numbers, the latest ones kept ready. */
export class Recent<Value> {
  readonly #make: (id: number) => Promise<Value>;
  readonly #most: number;
  readonly #kept = new Map<number, Promise<Value>>();

  constructor(make: (id: number) => Promise<Value>, most: number) {
    this.#make = make;
    this.#most = most;
  }

  get(id: number): Promise<Value> {
    const known = this.#kept.get(id);
    // Deleted and set again, a key becomes the youngest of the map.
    if (known) this.#kept.delete(id);
    const value = known ?? this.#make(id);
    this.#kept.set(id, value);
    if (this.#kept.size > this.#most) this.#kept.delete(this.#kept.keys().next().value!);
    return value;
  }
}
