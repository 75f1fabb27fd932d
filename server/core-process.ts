/**
 * The core's own process below the browser host. It listens only to the process that forked it, which has
 * checked who is asking before it relays a message.
 */
import { serveCore, type ServedCore } from '../core/handlers/serve-core.ts';
import type { FromCore, ToCore } from './core-messages.ts';
import { RelayPort } from './relay-port.ts';

const ports = new Map<number, RelayPort>();
let core: ServedCore | undefined;

function send(message: FromCore): void {
  // If the server has gone, `disconnect` ends this process.
  process.send?.(message, undefined, undefined, () => undefined);
}

function open(connection: number): void {
  const port = new RelayPort(
    (data) => send({ kind: 'message', connection, data }),
    () => {
      ports.delete(connection);
      send({ kind: 'close', connection });
    },
  );
  ports.set(connection, port);
  core!.connect(port);
}

function receive(message: ToCore): void {
  switch (message.kind) {
    case 'start':
      core = serveCore({ keySecret: message.keySecret });
      send({ kind: 'ready' });
      break;
    case 'open':
      open(message.connection);
      break;
    case 'message':
      ports.get(message.connection)?.received(message.data);
      break;
    case 'close':
      ports.get(message.connection)?.ended();
      ports.delete(message.connection);
      break;
    case 'end':
      void end();
      break;
    default:
      message satisfies never;
  }
}

async function end(): Promise<void> {
  await core?.end();
  process.exit();
}

process.on('message', receive);
process.on('disconnect', () => void end());
// Ctrl-C reaches every process of the terminal: the server decides when this one ends.
process.on('SIGINT', () => undefined);
process.on('SIGTERM', () => void end());
