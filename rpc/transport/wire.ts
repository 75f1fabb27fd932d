type Listener = (event: { data: unknown }) => void;

/** A message port as Node and browsers have it. */
interface EventTargetPort {
  postMessage(data: unknown): void;
  addEventListener(event: string, listener: Listener): void;
  start?(): void;
  close(): void;
}

/** A message port as Electron's main and utility processes have it. */
interface EmitterPort {
  postMessage(data: unknown): void;
  on(event: string, listener: Listener): unknown;
  start?(): void;
  close(): void;
}

export type PortLike = EventTargetPort | EmitterPort;

/** What the transports need of any port. */
export interface Wire {
  send(data: unknown): void;
  /** Begins to receive. `closed` may come more than once. */
  listen(message: (data: unknown) => void, closed: () => void): void;
  close(): void;
}

/** The same interface for every kind of port. */
export function wireOf(port: PortLike): Wire {
  return {
    send: (data) => port.postMessage(data),
    listen(message, closed) {
      const received: Listener = (event) => message(event.data);
      if ('addEventListener' in port) {
        port.addEventListener('message', received);
        port.addEventListener('close', closed);
      } else {
        port.on('message', received);
        port.on('close', closed);
      }
      port.start?.();
    },
    close: () => port.close(),
  };
}
