import { AssayError, errorCode, plainError, type ErrorCode } from './errors.ts';

/** What one side answers: functions by name, whose arguments and results are structured-cloneable. */
type Handlers<T> = { [N in keyof T]: (...args: never[]) => unknown };
type Call<T> = Extract<keyof T, string>;
export type Args<T, N extends keyof T> = T[N] extends (...args: infer A extends unknown[]) => unknown
  ? A
  : never;
export type Answer<T, N extends keyof T> = T[N] extends (...args: never[]) => infer R ? Awaited<R> : never;

/** What crosses. A call without an `id` is a notification: nobody waits for its answer. */
type Packet =
  | { call: string; args: unknown[]; id?: number }
  | { id: number; value: unknown }
  | { id: number; error: { code: ErrorCode; message: string; data: Record<string, unknown> } };

export interface ChannelOptions<Ours> {
  /** Carries a message to the other side. */
  send: (message: object, transfer: readonly ArrayBuffer[]) => void;
  /** What the other side may call; a function is asked for it at each call, so that it can be opened at the first. */
  handlers: Ours | (() => Ours);
  /** Called with true when the first answer is awaited, and with false when none is any more. */
  hold?: (held: boolean) => void;
}

interface Waiting {
  resolve: (value: never) => void;
  reject: (error: AssayError) => void;
}

/**
 * One end of the line between two of Assay's own processes or threads. `Theirs` is what the other side answers, `Ours`
 * what this one does. Calls overlap freely; an error arrives as an `AssayError` with its code and data. The owner feeds
 * `receive`, and says with `fail` when the other side is gone.
 */
export class Channel<Theirs extends Handlers<Theirs>, Ours extends Handlers<Ours> = object> {
  readonly #options: ChannelOptions<Ours>;
  readonly #waiting = new Map<number, Waiting>();
  #lastId = 0;
  #failure: AssayError | null = null;

  constructor(options: ChannelOptions<Ours>) {
    this.#options = options;
  }

  /** Calls the other side. Rejects with what it throws, or with what `fail` was given. */
  call<N extends Call<Theirs>>(
    call: N,
    args: Args<Theirs, N>,
    transfer: readonly ArrayBuffer[] = [],
  ): Promise<Answer<Theirs, N>> {
    return new Promise((resolve, reject) => {
      if (this.#failure) {
        reject(this.#failure);
        return;
      }
      const id = ++this.#lastId;
      if (this.#waiting.size === 0) this.#options.hold?.(true);
      this.#waiting.set(id, { resolve, reject });
      this.#options.send({ call, args, id } satisfies Packet, transfer);
    });
  }

  /** Notifies the other side, which must not fail. */
  tell<N extends Call<Theirs>>(call: N, args: Args<Theirs, N>, transfer: readonly ArrayBuffer[] = []): void {
    if (!this.#failure) this.#options.send({ call, args } satisfies Packet, transfer);
  }

  /** Takes a message of the other side. */
  receive(message: unknown): void {
    const packet = message as Packet;
    if ('call' in packet) {
      void this.#answer(packet);
      return;
    }
    const waiting = this.#waiting.get(packet.id);
    if (!waiting) return;
    this.#waiting.delete(packet.id);
    if (this.#waiting.size === 0) this.#options.hold?.(false);
    if ('value' in packet) waiting.resolve(packet.value as never);
    else waiting.reject(new AssayError(packet.error.code, packet.error.message, packet.error.data));
  }

  /** The other side is gone: what is awaited rejects with this, and so does every later call. */
  fail(error: AssayError): void {
    this.#failure ??= error;
    const waiting = [...this.#waiting.values()];
    this.#waiting.clear();
    if (waiting.length > 0) this.#options.hold?.(false);
    for (const { reject } of waiting) reject(error);
  }

  async #answer({ call, args, id }: Extract<Packet, { call: string }>): Promise<void> {
    if (id === undefined) {
      this.#run(call, args);
      return;
    }
    let packet: Packet;
    try {
      packet = { id, value: await this.#run(call, args) };
    } catch (thrown) {
      const error = plainError(thrown);
      const data = error instanceof AssayError ? error.data : {};
      packet = { id, error: { code: errorCode(error), message: error.message, data } };
    }
    this.#options.send(packet, []);
  }

  #run(call: string, args: unknown[]): unknown {
    const { handlers } = this.#options;
    const opened: unknown = typeof handlers === 'function' ? handlers() : handlers;
    return (opened as Record<string, (...given: unknown[]) => unknown>)[call]!(...args);
  }
}
