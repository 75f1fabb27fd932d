import { fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { CoreProcess, CoreProcessEvents } from '../rpc/core-supervisor.ts';
import type { FromCore, ToCore } from './core-messages.ts';
import { RelayPort } from './relay-port.ts';

const ENTRY = fileURLToPath(new URL('./core-process.ts', import.meta.url));

/** Forks a core with Node, and relays connections to it by number. */
export function forkCore(keySecret: string, events: CoreProcessEvents): CoreProcess<RelayPort> {
  const child = fork(ENTRY, [], {
    serialization: 'advanced',
    // None of the parent's flags: an inspector port or a test runner's hooks belong to the parent.
    execArgv: [],
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  });
  const ports = new Map<number, RelayPort>();
  let lastConnection = 0;
  const send = (message: ToCore): void => {
    if (child.connected) child.send(message, () => undefined);
  };
  child.on('message', (message: FromCore) => {
    if (message.kind === 'ready') {
      events.ready();
      return;
    }
    const port = ports.get(message.connection);
    if (message.kind === 'message') port?.received(message.data);
    else {
      ports.delete(message.connection);
      port?.ended();
    }
  });
  child.on('error', () => undefined); // a failed start and a failed send: `close` follows
  child.once('close', (code, signal) => {
    const open = [...ports.values()];
    ports.clear();
    events.gone(signal ? `was ended by ${signal}` : `ended with status ${code}`);
    for (const port of open) port.ended();
  });
  send({ kind: 'start', keySecret });
  return {
    get pid() {
      return child.pid;
    },
    connect() {
      const connection = ++lastConnection;
      const port = new RelayPort(
        (data) => send({ kind: 'message', connection, data }),
        () => {
          ports.delete(connection);
          send({ kind: 'close', connection });
        },
      );
      ports.set(connection, port);
      send({ kind: 'open', connection });
      return port;
    },
    end: () => send({ kind: 'end' }),
    kill: () => void child.kill('SIGKILL'),
  };
}
