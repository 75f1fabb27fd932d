/**
 * Maps a stream with up to `limit` items ahead of the consumer, results in the stream's order, so that memory is bounded
 * and the outcome does not depend on which item was fastest. Work continues while the consumer is busy.
 */
export async function* mapOrdered<T, R>(
  items: AsyncIterable<T> | Iterable<T>,
  limit: number,
  map: (item: T) => Promise<R>,
): AsyncGenerator<R> {
  const iterator = Symbol.asyncIterator in items ? items[Symbol.asyncIterator]() : items[Symbol.iterator]();
  const ahead: Promise<R>[] = [];
  let ended = false;
  let failure: { error: unknown } | undefined;
  let wake = () => {};
  let room = () => {};

  async function fill(): Promise<void> {
    try {
      while (!ended) {
        if (ahead.length >= limit) {
          await new Promise<void>((resolve) => (room = resolve));
          continue;
        }
        const next = await iterator.next();
        if (ended || next.done) break;
        const result = map(next.value);
        result.catch(() => {}); // reported when its turn comes
        ahead.push(result);
        wake();
      }
    } catch (error) {
      failure = { error };
    }
    ended = true;
    wake();
  }

  const filling = fill();
  try {
    for (;;) {
      const next = ahead.shift();
      room();
      if (next) yield await next;
      else if (ended) break;
      else await new Promise<void>((resolve) => (wake = resolve));
    }
    if (failure) throw failure.error;
  } finally {
    ended = true;
    room();
    await filling;
    await iterator.return?.();
    await Promise.allSettled(ahead);
  }
}

/** Groups a stream into arrays of `size`, the last one shorter. */
export async function* inChunks<T>(items: AsyncIterable<T>, size: number): AsyncGenerator<T[]> {
  let chunk: T[] = [];
  for await (const item of items) {
    chunk.push(item);
    if (chunk.length === size) {
      yield chunk;
      chunk = [];
    }
  }
  if (chunk.length > 0) yield chunk;
}
