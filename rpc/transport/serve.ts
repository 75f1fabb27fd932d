import { RPCHandler } from '@orpc/server/websocket';
import type { Router } from '@orpc/server';
import type { Contract } from '../contract/index.ts';
import { withClientErrors } from './client-error.ts';
import { wireOf, type PortLike } from './wire.ts';

export type ServedPort = PortLike;

/**
 * Answers a client at the other end of a port: a window's, or what a host relays of a WebSocket. When the port closes,
 * from whichever side, the client's running calls are aborted. Returns a close function; `gone` is called once, afterwards.
 */
export function servePort<C extends Record<PropertyKey, unknown>>(
  router: Router<Contract, C>,
  context: C,
  port: ServedPort,
  gone: () => void = () => {},
): () => void {
  // The library's types cannot follow a context that is not known yet; the two parameters are tied to each other above.
  const handler = new RPCHandler<Record<PropertyKey, unknown>>(
    router as unknown as Router<Contract, object>,
    {
      clientInterceptors: [withClientErrors],
    },
  );
  const wire = wireOf(port);
  let isOpen = true;
  const peer = {
    send: (data: unknown) => {
      if (isOpen) wire.send(data);
    },
    // The handler is fed by hand below, so that what a garbled message makes it throw ends here.
    addEventListener: () => {},
  };
  const ended = (): void => {
    if (!isOpen) return;
    isOpen = false;
    handler.close(peer);
    gone();
  };
  const close = (): void => {
    ended();
    wire.close();
  };
  wire.listen((data) => {
    if (!isOpen) return;
    if (typeof data === 'string') handler.message(peer, data, { context }).catch(close);
    else close();
  }, ended);
  return close;
}
