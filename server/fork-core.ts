import { fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { CoreProcess, CoreProcessEvents } from '../rpc/core-supervisor.ts';
import { Channel } from '../rpc/channel.ts';
import { AssayError } from '../rpc/errors.ts';
import type { CoreCalls, CoreNotices } from './core-messages.ts';
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
  const channel = new Channel<CoreCalls, CoreNotices>({
    send: (message) => {
      if (child.connected) child.send(message, () => undefined);
    },
    handlers: {
      message: (connection, data) => ports.get(connection)?.received(data),
      close: (connection) => {
        const port = ports.get(connection);
        ports.delete(connection);
        port?.ended();
      },
    },
  });
  child.on('message', (message) => channel.receive(message));
  child.on('error', () => undefined); // a failed start and a failed send: `close` follows
  child.once('close', (code, signal) => {
    const open = [...ports.values()];
    ports.clear();
    channel.fail(new AssayError('CONNECTION_LOST', 'The core ended.'));
    events.gone(signal ? `was ended by ${signal}` : `ended with status ${code}`);
    for (const port of open) port.ended();
  });
  // A core that never gets ready ends, and `gone` says so.
  channel.call('start', [keySecret]).then(
    () => events.ready(),
    () => undefined,
  );
  return {
    get pid() {
      return child.pid;
    },
    connect() {
      const connection = ++lastConnection;
      const port = new RelayPort(
        (data) => channel.tell('message', [connection, data]),
        () => {
          ports.delete(connection);
          channel.tell('close', [connection]);
        },
      );
      ports.set(connection, port);
      channel.tell('open', [connection]);
      return port;
    },
    end: () => channel.tell('end', []),
    kill: () => void child.kill('SIGKILL'),
  };
}
