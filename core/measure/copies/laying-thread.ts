/** A thread that lays pictures over each other. It asks its owner for those that it does not have. */
import { parentPort } from 'node:worker_threads';
import { Channel } from '../../../rpc/channel.ts';
import type { LayingOwner, LayingThread } from './laying-threads.ts';
import { bestOf, laidOver } from './laying.ts';
import { registrable, type Pictures } from './pictures.ts';
import { Recent } from './recent.ts';
import { inSharedMemory } from './shared-memory.ts';

/** Pictures that a thread need not ask for again: they are in memory that all threads share. */
const KEPT = 256;

const port = parentPort!;
const pictures: Pictures = new Recent((id) => owner.call('picture', [id]), KEPT);
const owner: Channel<LayingOwner, LayingThread> = new Channel<LayingOwner, LayingThread>({
  send: (message, transfer) => port.postMessage(message, transfer),
  handlers: {
    prepare: (small) => inSharedMemory(registrable(small)),
    bestOf: (id, others) => bestOf(pictures, id, others),
    laidOver: (id, others) => laidOver(pictures, id, others),
  },
});
port.on('message', (message) => owner.receive(message));
