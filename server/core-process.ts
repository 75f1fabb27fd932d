/**
 * The core's own process below the browser host. It listens only to the process that forked it, which has
 * checked who is asking before it relays a message.
 */
import { serveCore, type ServedCore } from '../core/handlers/serve-core.ts';
import { Channel } from '../rpc/channel.ts';
import type { CoreCalls, CoreNotices } from './core-messages.ts';
import { RelayPort } from './relay-port.ts';

const ports = new Map<number, RelayPort>();
let core: ServedCore | undefined;

const channel = new Channel<CoreNotices, CoreCalls>({
  // If the server has gone, `disconnect` ends this process.
  send: (message) => void process.send?.(message, undefined, undefined, () => undefined),
  handlers: {
    start: (keySecret) => void (core = serveCore({ keySecret })),
    open: (connection) => {
      const port = new RelayPort(
        (data) => channel.tell('message', [connection, data]),
        () => {
          ports.delete(connection);
          channel.tell('close', [connection]);
        },
      );
      ports.set(connection, port);
      core!.connect(port);
    },
    message: (connection, data) => ports.get(connection)?.received(data),
    close: (connection) => {
      ports.get(connection)?.ended();
      ports.delete(connection);
    },
    end: () => void end(),
  },
});

async function end(): Promise<void> {
  await core?.end();
  process.exit();
}

process.on('message', (message) => channel.receive(message));
process.on('disconnect', () => void end());
// Ctrl-C reaches every process of the terminal: the server decides when this one ends.
process.on('SIGINT', () => undefined);
process.on('SIGTERM', () => void end());
