import { RPCLink } from '@orpc/client/websocket';
import { callOver, clientOf, Closing, type Connection } from './client.ts';

/** What is used of a WebSocket: a browser's, Node's, or that of `ws`. */
export interface SocketLike {
  readonly readyState: number;
  send(data: string | ArrayBufferLike | ArrayBufferView | Blob): void;
  close(code?: number): void;
  addEventListener(
    event: string,
    listener: (event: { data?: unknown }) => void,
    options?: { once: boolean },
  ): void;
  removeEventListener(event: string, listener: (event: { data?: unknown }) => void): void;
}

/** A client over a WebSocket, open or still opening, that a host relays to the core. */
export function connectSocket(socket: SocketLike): Connection {
  const closing = new Closing();
  socket.addEventListener('close', () => closing.happened());
  const link = new RPCLink({
    websocket: socket as Pick<WebSocket, 'addEventListener' | 'removeEventListener' | 'send' | 'readyState'>,
    interceptors: [callOver(closing)],
  });
  return {
    core: clientOf(link),
    link,
    onClosed: (listener) => closing.afterwards(listener),
    close: () => socket.close(),
  };
}
