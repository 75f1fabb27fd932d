/**
 * A decoder process: the only place where untrusted image bytes meet native code. Forked by DecodePool, which may kill
 * it at any moment; it holds nothing worth saving.
 */
import { Channel } from '../rpc/channel.ts';
import type { DecodeCalls, DecodeNotices } from './decode-messages.ts';
import { decodeImage } from './decode.ts';
import { readLabelMap } from './label-map.ts';

const channel = new Channel<DecodeNotices, DecodeCalls>({
  // A pool that has gone needs no answer; `disconnect` ends this process.
  send: (message) => void process.send?.(message, undefined, undefined, () => undefined),
  handlers: {
    decode: async (request, limits) => ({
      outcome: await decodeImage(request, limits),
      rss: process.memoryUsage.rss(),
    }),
    map: async (request, limits) => ({
      outcome: await readLabelMap(request, limits),
      rss: process.memoryUsage.rss(),
    }),
  },
});

process.on('message', (message) => channel.receive(message));
process.on('disconnect', () => process.exit());
// Ctrl-C reaches every process of the terminal: the pool decides when its decoders end, so that the images in flight
// are not taken for crashes.
process.on('SIGINT', () => undefined);
channel.tell('ready', []);
