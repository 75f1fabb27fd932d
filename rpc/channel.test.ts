import { once } from 'node:events';
import { MessageChannel, type MessagePort } from 'node:worker_threads';
import { expect, onTestFinished, test } from 'vitest';
import { Channel } from './channel.ts';
import { AssayError } from './errors.ts';

interface Sums {
  add(a: number, b: number): Promise<number>;
  total(numbers: Float64Array): number;
  refuse(): never;
  crash(): never;
  never(): Promise<void>;
  note(text: string): void;
}

/** Two ends over a real port. */
function setting() {
  const { port1, port2 } = new MessageChannel();
  const notes: string[] = [];
  const holds: boolean[] = [];
  const release = Promise.withResolvers<void>();
  const sums: Sums = {
    add: async (a, b) => {
      if (a === 0) await release.promise;
      return a + b;
    },
    total: (numbers) => numbers.reduce((sum, number) => sum + number, 0),
    refuse() {
      throw new AssayError('INVALID_INPUT', 'not this one', { row: 3 });
    },
    crash() {
      throw new TypeError('no such thing');
    },
    never: () => new Promise(() => {}),
    note: (text) => void notes.push(text),
  };
  const sender = (port: MessagePort) => (message: object, transfer: readonly ArrayBuffer[]) =>
    port.postMessage(message, transfer);
  const near = new Channel<Sums>({
    send: sender(port1),
    handlers: {},
    hold: (held) => void holds.push(held),
  });
  const far = new Channel<object, Sums>({ send: sender(port2), handlers: sums });
  port1.on('message', (message) => near.receive(message));
  port2.on('message', (message) => far.receive(message));
  onTestFinished(() => port1.close());
  return { near, port1, notes, holds, release };
}

test('calls overlap, and each gets its own answer', async () => {
  const { near, release } = setting();
  const slow = near.call('add', [0, 1]);
  expect(await near.call('add', [2, 3])).toBe(5);
  release.resolve();
  expect(await slow).toBe(1);
});

test('an error arrives with its code, sentence and data; one without a code as INTERNAL', async () => {
  const { near } = setting();
  await expect(near.call('refuse', [])).rejects.toMatchObject({
    name: 'AssayError',
    code: 'INVALID_INPUT',
    message: 'not this one',
    data: { row: 3 },
  });
  await expect(near.call('crash', [])).rejects.toMatchObject({
    code: 'INTERNAL',
    message: expect.stringMatching(/^Assay made a mistake/),
    data: { details: 'no such thing' },
  });
});

test('a buffer that is transferred leaves this side', async () => {
  const { near } = setting();
  const numbers = Float64Array.of(1, 2, 3);
  const total = near.call('total', [numbers], [numbers.buffer]);
  expect(numbers.length).toBe(0);
  expect(await total).toBe(6);
});

test('notifications arrive in order, before the answer to a later call', async () => {
  const { near, notes } = setting();
  near.tell('note', ['first']);
  near.tell('note', ['second']);
  await near.call('add', [1, 1]);
  expect(notes).toEqual(['first', 'second']);
});

test('when the other side is gone, what is awaited and what is asked later reject with its name', async () => {
  const { near, port1 } = setting();
  const awaited = near.call('never', []);
  const closed = once(port1, 'close');
  port1.close();
  await closed;
  const gone = new AssayError('INFERENCE_FAILED', 'It is gone.');
  near.fail(gone);
  await expect(awaited).rejects.toBe(gone);
  await expect(near.call('add', [1, 1])).rejects.toBe(gone);
  near.tell('note', ['unheard']);
});

test('holds its process while an answer is awaited, and only then', async () => {
  const { near, holds, release } = setting();
  const both = [near.call('add', [0, 1]), near.call('add', [0, 2])];
  expect(holds).toEqual([true]);
  release.resolve();
  await Promise.all(both);
  expect(holds).toEqual([true, false]);
  const awaited = near.call('never', []);
  near.fail(new AssayError('CANCELLED', 'closed'));
  await expect(awaited).rejects.toMatchObject({ code: 'CANCELLED' });
  expect(holds).toEqual([true, false, true, false]);
});
