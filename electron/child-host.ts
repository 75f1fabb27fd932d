/**
 * A process below the core. To the module in it, it looks like a process that Node forked: with the `runAsNode` fuse
 * off nothing can be forked in Electron, and no module should have to know that.
 */
import type { MessagePortMain } from 'electron';
import type { Attach } from './messages.ts';
import { ownViews } from './own-views.ts';

process.parentPort.once('message', ({ data, ports }) => {
  const { entry, args } = data as Attach;
  const [port] = ports;
  if (!port) throw new Error('This process was started without a channel.');
  process.argv.splice(2, Infinity, ...args);
  actAsForked(port);
  // What came early waits in the port until the module listens.
  void import(entry).then(() => port.start());
});

function actAsForked(port: MessagePortMain): void {
  let isConnected = true;
  process.send = (message: unknown, ...rest: unknown[]) => {
    if (isConnected) port.postMessage(ownViews(message));
    const sent = rest.findLast((argument) => typeof argument === 'function');
    if (sent) queueMicrotask(() => (sent as (error: null) => void)(null));
    return isConnected;
  };
  port.on('message', ({ data }) => process.emit('message', data, undefined));
  port.on('close', () => {
    if (!isConnected) return;
    isConnected = false;
    process.emit('disconnect');
  });
}
