import { expect, test } from 'vitest';
import { PORT_MESSAGE, portsOf, type CoreState, type PortWindow } from './bridge.ts';

type Told = Parameters<Parameters<PortWindow<EventTarget>['addEventListener']>[1]>[0];

/** A window and its bridge, controlled by a test. */
function setting() {
  const listeners = new Set<(event: Told) => void>();
  const coreListeners = new Set<(state: CoreState) => void>();
  const asked: number[] = [];
  const window: PortWindow<EventTarget> = {
    addEventListener: (_type, listener) => void listeners.add(listener),
    removeEventListener: (_type, listener) => void listeners.delete(listener),
  };
  const bridge = {
    requestPort: () => void asked.push(1),
    onCore: (callback: (state: CoreState) => void) => {
      coreListeners.add(callback);
      return () => void coreListeners.delete(callback);
    },
  };
  const tell = (data: unknown, ports: EventTarget[], source: unknown = window): void => {
    for (const listener of listeners) listener({ data, ports, source });
  };
  const core = (state: CoreState['state']): void => {
    for (const listener of coreListeners) listener({ state, message: '' });
  };
  return { window, bridge, asked, tell, core, listeners, coreListeners };
}

test('asks once, and accepts ports from the preload script only', () => {
  const { window, bridge, asked, tell } = setting();
  const ports: EventTarget[] = [];
  portsOf(window, bridge, (port) => ports.push(port));
  const port = new EventTarget();
  tell('something else', [new EventTarget()]);
  tell(PORT_MESSAGE, []);
  tell(PORT_MESSAGE, [new EventTarget()], { another: 'window' });
  tell(PORT_MESSAGE, [port]);
  expect(ports).toEqual([port]);
  expect(asked).toHaveLength(1);
});

test('a port closes when its core dies or is replaced', () => {
  const { window, bridge, tell, core } = setting();
  const closed: string[] = [];
  portsOf(window, bridge, () => undefined);
  const named = (name: string): EventTarget => {
    const port = new EventTarget();
    port.addEventListener('close', () => closed.push(name));
    return port;
  };
  tell(PORT_MESSAGE, [named('first')]);
  core('running');
  expect(closed).toEqual([]);
  core('restarting');
  core('failing');
  tell(PORT_MESSAGE, [named('second')]);
  expect(closed).toEqual(['first']);
  tell(PORT_MESSAGE, [named('third')]);
  expect(closed).toEqual(['first', 'second']);
});

test('stops when told to', () => {
  const { window, bridge, listeners, coreListeners } = setting();
  portsOf(window, bridge, () => undefined)();
  expect([listeners.size, coreListeners.size]).toEqual([0, 0]);
});
