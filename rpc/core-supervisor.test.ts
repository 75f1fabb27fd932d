import { MessageChannel, type MessagePort } from 'node:worker_threads';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { CoreState } from './bridge.ts';
import { CoreSupervisor, type CoreProcessEvents } from './core-supervisor.ts';

/** A supervisor whose processes live and die as a test says; `server/supervision.test.ts` kills real ones. */
function setting() {
  const starts: { keySecret: string; events: CoreProcessEvents; calls: string[] }[] = [];
  const states: CoreState[] = [];
  const ports: MessagePort[] = [];
  const supervisor = new CoreSupervisor<MessagePort>({
    start(keySecret, events) {
      const calls: string[] = [];
      starts.push({ keySecret, events, calls });
      return {
        pid: starts.length,
        connect() {
          const { port1, port2 } = new MessageChannel();
          ports.push(port1, port2);
          return port1;
        },
        end: () => void calls.push('end'),
        kill: () => void calls.push('kill'),
      };
    },
    changed: (state) => states.push(state),
    hint: 'Look here.',
  });
  return { supervisor, starts, states, ports, newest: () => starts.at(-1)! };
}

let current: ReturnType<typeof setting>;
beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance'] });
  current = setting();
});
afterEach(() => {
  for (const port of current.ports) port.close();
  vi.useRealTimers();
});

test('waits longer the more often the core dies within a minute, and says from the third time that it fails', async () => {
  const { supervisor, starts, states, newest } = current;
  const started = supervisor.start();
  newest().events.ready();
  await started;
  const waits: number[] = [];
  for (let death = 1; death <= 5; death++) {
    newest().events.gone('ended with status 7');
    const before = starts.length;
    const at = performance.now();
    while (starts.length === before) vi.advanceTimersToNextTimer();
    waits.push(performance.now() - at);
    newest().events.ready();
  }
  expect(waits.map(Math.round)).toEqual([0, 100, 1000, 10_000, 10_000]);
  expect(states.map(({ state }) => state)).toEqual(
    ['running', 'restarting', 'running', 'restarting', 'running', 'failing', 'running', 'failing'].concat([
      'running',
      'failing',
      'running',
    ]),
  );
  expect(states[5]!.message).toBe(
    'The core ended with status 7. It has stopped 3 times within a minute, so something makes it fail. Look here. The next attempt is in 1 s.',
  );
  expect(new Set(starts.map(({ keySecret }) => keySecret)).size).toBe(1);
  vi.advanceTimersByTime(60_000);
  newest().events.gone('ended with status 7');
  expect(supervisor.state.state).toBe('restarting');
});

test('connects and answers only while the core runs', async () => {
  const { supervisor, newest } = current;
  const started = supervisor.start();
  const order: string[] = [];
  const ready = supervisor.ready().then(() => order.push('first core'));
  expect(() => supervisor.connect()).toThrow('connect again');
  expect(order).toEqual([]);
  newest().events.ready();
  await started;
  await ready;
  supervisor.connect();
  newest().events.gone('was ended by SIGKILL');
  expect(() => supervisor.connect()).toThrow(expect.objectContaining({ code: 'CONNECTION_LOST' }));
  expect(() => void supervisor.client).toThrow(expect.objectContaining({ code: 'CONNECTION_LOST' }));
  const again = supervisor.ready().then(() => order.push('second core'));
  vi.advanceTimersToNextTimer();
  await Promise.resolve();
  expect(order).toEqual(['first core']);
  newest().events.ready();
  await again;
  expect(order).toEqual(['first core', 'second core']);
});

test('a first core that dies before it is ready is reported, and stopping then starts no other', async () => {
  const { supervisor, starts, newest } = current;
  const started = supervisor.start();
  newest().events.gone('ended with status 1');
  await expect(started).rejects.toMatchObject({
    code: 'INTERNAL',
    message: "The core's process ended with status 1 before it was ready.",
  });
  await supervisor.stop();
  vi.advanceTimersByTime(60_000);
  expect(starts).toHaveLength(1);
});

test('stopping asks the core to end, and ends it by force after ten seconds', async () => {
  const { supervisor, starts, newest } = current;
  const started = supervisor.start();
  newest().events.ready();
  await started;
  const stopped = supervisor.stop();
  vi.advanceTimersByTime(9_999);
  expect(newest().calls).toEqual(['end']);
  vi.advanceTimersByTime(1);
  expect(newest().calls).toEqual(['end', 'kill']);
  newest().events.gone('was ended by SIGKILL');
  await stopped;
  vi.advanceTimersByTime(60_000);
  expect(starts).toHaveLength(1);
});
