/**
 * The core's process under Electron. The main process only hands it ports; windows talk to the core over them, past
 * the main process.
 */
import type { MessagePortMain } from 'electron';
import { serveCore, type ServedCore } from '../core/handlers/serve-core.ts';
import { Children } from './children.ts';
import type { FromCore, ToCore } from './messages.ts';

const parent = process.parentPort;
const tell = (message: FromCore): void => parent.postMessage(message);
const children = new Children(tell);
let core: ServedCore | undefined;

parent.on('message', ({ data, ports: [port] }) => receive(data as ToCore, port));

function receive(message: ToCore, port: MessagePortMain | undefined): void {
  switch (message.kind) {
    case 'start':
      core = serveCore({
        keySecret: message.keySecret,
        builtInPacks: message.builtInPacks,
        startProcess: children.start,
      });
      tell({ kind: 'ready' });
      break;
    case 'connect':
      if (port) core?.connect(port);
      break;
    case 'end':
      void end();
      break;
    default:
      children.receive(message, port);
  }
}

async function end(): Promise<void> {
  await core?.end();
  process.exit();
}
