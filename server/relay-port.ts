type Listener = (event: { data: unknown }) => void;

/** One connection's end in a process that relays it: a message port without a channel of its own. */
export class RelayPort {
  readonly #send: (data: string) => void;
  readonly #closed: () => void;
  readonly #listeners: { message: Listener[]; close: Listener[] } = { message: [], close: [] };
  #isOpen = true;

  /** `send` carries a message to the other end; `closed` tells it that this end closed. */
  constructor(send: (data: string) => void, closed: () => void) {
    this.#send = send;
    this.#closed = closed;
  }

  on(event: string, listener: Listener): void {
    if (event === 'message' || event === 'close') this.#listeners[event].push(listener);
  }

  postMessage(data: unknown): void {
    if (this.#isOpen) this.#send(String(data));
  }

  close(): void {
    if (!this.#isOpen) return;
    this.ended();
    this.#closed();
  }

  /** A message came from the other end. */
  received(data: string): void {
    if (this.#isOpen) for (const listener of this.#listeners.message) listener({ data });
  }

  /** The other end is gone. */
  ended(): void {
    if (!this.#isOpen) return;
    this.#isOpen = false;
    for (const listener of this.#listeners.close) listener({ data: undefined });
  }
}
