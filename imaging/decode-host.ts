/**
 * A decoder process: the only place where untrusted image bytes meet native code. Forked by DecodePool, which may kill
 * it at any moment; it holds nothing worth saving.
 */
import { errorCode } from '../rpc/errors.ts';
import type { DecodeReply, DecodeTask } from './decode-messages.ts';
import { decodeImage } from './decode.ts';

function reply(message: DecodeReply): void {
  // A pool that has gone needs no answer; `disconnect` ends this process.
  process.send?.(message, undefined, undefined, () => undefined);
}

async function work({ id, request, limits }: DecodeTask): Promise<void> {
  try {
    const outcome = await decodeImage(request, limits);
    reply({ kind: 'done', id, outcome, rss: process.memoryUsage.rss() });
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    reply({ kind: 'failed', id, code: errorCode(error), message, rss: process.memoryUsage.rss() });
  }
}

process.on('message', (task: DecodeTask) => void work(task));
process.on('disconnect', () => process.exit());
// Ctrl-C reaches every process of the terminal: the pool decides when its decoders end, so that the images in flight
// are not taken for crashes.
process.on('SIGINT', () => undefined);
reply({ kind: 'ready' });
