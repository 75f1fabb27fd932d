import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, test } from 'vitest';
import type { Progress } from '../../rpc/progress.ts';
import { inChunks, mapOrdered } from '../base/parallel.ts';
import { taskStream } from './task-stream.ts';

async function all<T>(items: AsyncIterable<T>): Promise<T[]> {
  const found: T[] = [];
  for await (const item of items) found.push(item);
  return found;
}

describe('mapOrdered', () => {
  test('keeps the order and never has more than the limit ahead of its consumer', async () => {
    let running = 0;
    let most = 0;
    const results = mapOrdered(Array.from({ length: 50 }).keys(), 7, async (i) => {
      most = Math.max(most, ++running);
      await sleep((i * 7) % 5);
      running--;
      return i * i;
    });
    expect(await all(results)).toEqual(Array.from({ length: 50 }, (_, i) => i * i));
    // Seven ahead, and the one that the consumer waits for.
    expect(most).toBe(8);
  });

  test('goes on working while its consumer is busy', async () => {
    let started = 0;
    const results = mapOrdered([1, 2, 3, 4], 3, (i) => Promise.resolve((started++, i)));
    await results.next();
    await sleep(5);
    expect(started).toBeGreaterThanOrEqual(3);
    await results.return(undefined);
  });

  test('throws at the place of the failure and stops taking items', async () => {
    let taken = 0;
    function* items(): Generator<number> {
      for (;;) yield taken++;
    }
    const results = mapOrdered(items(), 4, (i) =>
      i === 5 ? Promise.reject(new Error('five')) : Promise.resolve(i),
    );
    const seen: number[] = [];
    await expect(
      (async () => {
        for await (const i of results) seen.push(i);
      })(),
    ).rejects.toThrow('five');
    expect(seen).toEqual([0, 1, 2, 3, 4]);
    expect(taken).toBeLessThan(15);
  });

  test('passes on a failure of the source, after what came before it', async () => {
    async function* items(): AsyncGenerator<number> {
      yield 1;
      await sleep(1);
      throw new Error('source');
    }
    const results = mapOrdered(items(), 4, (i) => Promise.resolve(i));
    expect((await results.next()).value).toBe(1);
    await expect(results.next()).rejects.toThrow('source');
  });

  test('of nothing is nothing', async () =>
    expect(await all(mapOrdered([], 3, (i) => Promise.resolve(i)))).toEqual([]));
});

test('inChunks leaves a shorter last one', async () => {
  expect(
    await all(
      inChunks(
        mapOrdered([1, 2, 3, 4, 5], 2, (i) => Promise.resolve(i)),
        2,
      ),
    ),
  ).toEqual([[1, 2], [3, 4], [5]]);
});

describe('taskStream', () => {
  const report = (done: number): Progress => ({ stage: 's', done, total: null, unit: 'things' });

  test('ends with the result, sends the last report, and few of the many between', async () => {
    const stream = taskStream(async ({ progress }) => {
      for (let i = 1; i <= 300; i++) {
        progress(report(i));
        await sleep(1);
      }
      return 'done';
    });
    const reports: number[] = [];
    let step = await stream.next();
    for (; !step.done; step = await stream.next()) reports.push(step.value.done);
    expect(step.value).toBe('done');
    expect(reports.at(-1)).toBe(300);
    expect(reports.length).toBeLessThan(60);
  });

  test('ends as CANCELLED when its caller aborts, whatever the task throws then', async () => {
    const stop = new AbortController();
    const stream = taskStream(async ({ signal, progress }) => {
      progress(report(1));
      await new Promise<void>((_, reject) =>
        signal.addEventListener('abort', () => reject(new Error('anything'))),
      );
    }, stop.signal);
    await stream.next();
    stop.abort();
    await expect(stream.next()).rejects.toMatchObject({ code: 'CANCELLED' });
  });

  test('aborts the task when its consumer leaves, and waits for its end', async () => {
    let ended = false;
    const stream = taskStream(async ({ signal, progress }) => {
      progress(report(1));
      await sleep(10_000, undefined, { signal }).catch(() => {});
      ended = true;
    });
    await stream.next();
    await stream.return(undefined);
    expect(ended).toBe(true);
  });

  test('passes on an error with its code', async () => {
    const failing = taskStream(() => Promise.reject(Object.assign(new Error('no'), { code: 'NOT_READY' })));
    await expect(failing.next()).rejects.toMatchObject({ code: 'NOT_READY', message: 'no' });
  });
});
