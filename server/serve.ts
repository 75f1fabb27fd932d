import { once } from 'node:events';
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { CoreSupervisor } from '../rpc/core-supervisor.ts';
import { AssayError } from '../rpc/errors.ts';
import type { CoreClient } from '../rpc/transport/client.ts';
import { forkCore } from './fork-core.ts';
import { Guard } from './guard.ts';
import { answer } from './http.ts';
import { readPages } from './pages.ts';
import type { RelayPort } from './relay-port.ts';
import { Sessions } from './sessions.ts';
import { Sockets } from './sockets.ts';
import { Strangers } from './strangers.ts';

const ADDRESS = '127.0.0.1';
const MOST_CONNECTIONS = 512;

export interface ServeOptions {
  /** The folder with the built pages. */
  pages: string;
  /** 0, the default, takes any free port. */
  port?: number;
  /** Prints a line for the person who started the server; never a token. */
  say: (line: string) => void;
  /** Milliseconds since 1970, for the life of tokens. */
  now?: () => number;
}

export interface Served {
  origin: string;
  /** An address that lets one window in, once, within five minutes; `route` is a screen: `/p/<folder>/overview`. */
  newUrl: (route?: string) => string;
  /** The server's own client of the core. Throws `CONNECTION_LOST` while the core is being started again. */
  core: () => CoreClient;
  corePid: () => number | undefined;
  /** Says goodbye to the windows, ends the core cleanly, and frees the port. */
  close: () => Promise<void>;
}

/** Serves the workbench to browsers of this machine. Throws `USAGE` when the port is taken. */
export async function serve({ pages: folder, port = 0, say, now }: ServeOptions): Promise<Served> {
  const pages = readPages(folder);
  const sessions = new Sessions(now);
  // Slow clients: headers within ten seconds, a request within fifteen, and no more sockets than windows can use.
  const server = createServer({
    maxHeaderSize: 16 * 1024,
    headersTimeout: 10_000,
    requestTimeout: 15_000,
    connectionsCheckingInterval: 1000,
    keepAliveTimeout: 10_000,
  });
  server.maxConnections = MOST_CONNECTIONS;
  const supervisor = await startCore(say);
  server.listen(port, ADDRESS);
  await once(server, 'listening').catch(async (error: NodeJS.ErrnoException) => {
    await supervisor.stop();
    const why =
      error.code === 'EADDRINUSE' ? 'is taken by another program' : `cannot be used (${error.code})`;
    throw new AssayError(
      'USAGE',
      `Port ${port} ${why}. Choose another one with --port, or none for any that is free.`,
      { port },
      error,
    );
  });
  const bound = (server.address() as AddressInfo).port;
  const guard = new Guard(bound);
  const sockets = new Sockets(guard, sessions, supervisor);
  const site = {
    guard,
    sessions,
    pages,
    core: () => supervisor.client,
    state: () => {
      const { state, message } = supervisor.state;
      return { ready: supervisor.isRunning, message: state === 'failing' ? message : null };
    },
  };
  const strangers = new Strangers();
  const admit = (request: IncomingMessage): void => {
    if (sessions.holds(guard.cookie(request))) strangers.admit(request.socket);
  };
  server.on('connection', (socket) => strangers.add(socket));
  server.on('request', (request, response) => {
    admit(request);
    answer(site, request, response).catch(() => response.destroy());
  });
  server.on('upgrade', (request, socket, head) => {
    admit(request);
    sockets.upgrade(request, socket, head);
  });
  const origin = `http://${ADDRESS}:${bound}`;
  return {
    origin,
    newUrl: (route = '') => `${origin}/#token=${sessions.issueToken()}${route}`,
    core: () => supervisor.client,
    corePid: () => supervisor.pid,
    async close() {
      sockets.close();
      const closed = once(server, 'close');
      server.close();
      server.closeIdleConnections();
      await supervisor.stop();
      server.closeAllConnections();
      await closed;
    },
  };
}

/** Throws `INTERNAL` when the very first core does not come up: something is wrong with the installation. */
async function startCore(say: (line: string) => void): Promise<CoreSupervisor<RelayPort>> {
  let hasRun = false;
  const supervisor = new CoreSupervisor({
    start: forkCore,
    changed({ state, message }) {
      if (state === 'running') hasRun = true;
      else if (hasRun) say(message);
    },
    hint: 'What it printed is in the terminal.',
  });
  try {
    await supervisor.start();
  } catch (error) {
    await supervisor.stop();
    throw error;
  }
  return supervisor;
}
