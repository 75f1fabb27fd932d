/** The explorer's thread: read-only, with no state that could be lost. */
import { parentPort, workerData } from 'node:worker_threads';
import { Channel } from '../../rpc/channel.ts';
import { Engine } from './engine.ts';
import type { EngineCalls } from './explorer.ts';

const port = parentPort!;
let engine: Engine | null = null;

const channel = new Channel<object, EngineCalls>({
  send: (message, transfer) => port.postMessage(message, transfer),
  // Opened at the first call, whose answer then says why it cannot be.
  handlers: () => (engine ??= new Engine(workerData as string)),
});

// Null is the end.
port.on('message', (message: object | null) => {
  if (message) {
    channel.receive(message);
    return;
  }
  engine?.close();
  port.close();
});
