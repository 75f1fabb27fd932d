import { RPCLink } from '@orpc/client/message-port';
import { callOver, clientOf, Closing, type Connection } from './client.ts';
import { wireOf, type PortLike } from './wire.ts';

/** A client over a message port, whose other end `servePort` answers. */
export function connectPort(port: PortLike): Connection {
  const wire = wireOf(port);
  const closing = new Closing();
  let receive = (_event: { data: unknown }): void => {};
  const link = new RPCLink({
    port: {
      postMessage: (data: unknown) => wire.send(data),
      on: (event, listener: (event: { data: unknown }) => void) => {
        if (event === 'message') receive = listener;
        else closing.afterwards(() => listener({ data: undefined }));
      },
    },
    interceptors: [callOver(closing)],
  });
  wire.listen(
    (data) => receive({ data }),
    () => closing.happened(),
  );
  return {
    core: clientOf(link),
    link,
    onClosed: (listener) => closing.afterwards(listener),
    close() {
      wire.close();
      // Not every kind of port tells the side that closed it.
      closing.happened();
    },
  };
}
