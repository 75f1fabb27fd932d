/** A thread that lays pictures over each other. It asks its owner for those that it does not have. */
import { parentPort, workerData } from 'node:worker_threads';
import { Channel } from '../../../rpc/channel.ts';
import type { LayingOwner, LayingThread } from './laying-threads.ts';
import { bestOf, laidOver } from './laying.ts';
import { picturesOf } from './pictures.ts';

const port = parentPort!;
const pictures = picturesOf((id) => owner.call('read', [id]), workerData as number);
const owner: Channel<LayingOwner, LayingThread> = new Channel<LayingOwner, LayingThread>({
  send: (message, transfer) => port.postMessage(message, transfer),
  handlers: {
    bestOf: (id, others) => bestOf(pictures, id, others),
    laidOver: (id, others) => laidOver(pictures, id, others),
  },
});
port.on('message', (message) => owner.receive(message));
