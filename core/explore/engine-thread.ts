/** The explorer's thread: read-only, with no state that could be lost. */
import { parentPort, workerData } from 'node:worker_threads';
import { AssayError, errorCode } from '../../rpc/errors.ts';
import { Engine } from './engine.ts';
import type { Ask, Reply } from './messages.ts';

const port = parentPort!;
let engine: Engine | null = null;

async function answer({ id, call, args }: Ask): Promise<Reply> {
  try {
    engine ??= new Engine(workerData as string);
    const act = engine[call] as (...given: unknown[]) => unknown;
    return { id, value: await act.apply(engine, args) };
  } catch (error) {
    const data = error instanceof AssayError ? error.data : {};
    return { id, error: { code: errorCode(error), message: (error as Error).message, data } };
  }
}

port.on('message', (ask: Ask | null) => {
  if (ask) {
    void answer(ask).then((reply) => port.postMessage(reply));
    return;
  }
  engine?.close();
  port.close();
});
