import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import { WebSocketServer, type WebSocket } from 'ws';
import type { CoreSupervisor } from '../rpc/core-supervisor.ts';
import type { Guard } from './guard.ts';
import type { RelayPort } from './relay-port.ts';
import type { Sessions } from './sessions.ts';

/** The largest message that a window may send: a bulk of decisions stays far below. */
const MOST_BYTES = 8 * 1024 * 1024;
const MOST_SOCKETS = 64;
/** How much may be waiting for a window that does not read before it is disconnected. */
const MOST_WAITING_BYTES = 64 * 1024 * 1024;
const PING_EVERY_MS = 30_000;
const PROTOCOL = 'assay';
const CSRF = 'csrf.';
/** "Service Restart": the window reconnects by itself. */
const RESTARTING = 1012;
const UNSUPPORTED_DATA = 1003;
const GOING_AWAY = 1001;

/** The windows' WebSockets: let in by session, each relayed to a connection of its own to the core. */
export class Sockets {
  readonly #guard: Guard;
  readonly #sessions: Sessions;
  readonly #supervisor: CoreSupervisor<RelayPort>;
  readonly #server = new WebSocketServer({
    noServer: true,
    maxPayload: MOST_BYTES,
    perMessageDeflate: false,
    handleProtocols: () => PROTOCOL,
  });
  readonly #answered = new WeakSet<WebSocket>();
  readonly #pinging: NodeJS.Timeout;

  constructor(guard: Guard, sessions: Sessions, supervisor: CoreSupervisor<RelayPort>) {
    this.#guard = guard;
    this.#sessions = sessions;
    this.#supervisor = supervisor;
    this.#pinging = setInterval(() => this.#ping(), PING_EVERY_MS);
    this.#pinging.unref();
  }

  upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void {
    socket.on('error', () => undefined);
    const refusal = this.#refusal(request);
    if (refusal !== null) {
      socket.end(`HTTP/1.1 ${refusal}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`);
      return;
    }
    this.#server.handleUpgrade(request, socket, head, (window) => this.#relay(window));
  }

  close(): void {
    clearInterval(this.#pinging);
    for (const window of this.#server.clients) {
      window.close(GOING_AWAY);
      // A browser that does not answer the close must not keep the server.
      setTimeout(() => window.terminate(), 500).unref();
    }
  }

  /** The status line of a refused upgrade, or null. The same checks as for a page, before anything is upgraded. */
  #refusal(request: IncomingMessage): string | null {
    if (!this.#guard.isOrigin(request) || this.#guard.isForeign(request)) return '403 Forbidden';
    if (request.url !== '/rpc') return '404 Not Found';
    const offered = (request.headers['sec-websocket-protocol'] ?? '').split(',').map((name) => name.trim());
    const csrf = offered.find((name) => name.startsWith(CSRF))?.slice(CSRF.length) ?? null;
    if (!offered.includes(PROTOCOL) || !this.#sessions.holds(this.#guard.cookie(request), csrf))
      return '401 Unauthorized';
    if (!this.#supervisor.isRunning || this.#server.clients.size >= MOST_SOCKETS)
      return '503 Service Unavailable';
    return null;
  }

  #relay(window: WebSocket): void {
    const port = this.#supervisor.connect();
    this.#answered.add(window);
    window.on('pong', () => this.#answered.add(window));
    window.on('error', () => undefined); // `close` follows
    window.on('close', () => port.close());
    window.on('message', (data, isBinary) => {
      if (isBinary) window.close(UNSUPPORTED_DATA);
      else port.postMessage((data as Buffer).toString('utf8'));
    });
    port.on('message', ({ data }) => {
      window.send(data as string, () => undefined);
      if (window.bufferedAmount > MOST_WAITING_BYTES) window.terminate();
    });
    port.on('close', () => window.close(RESTARTING, 'the core is restarting'));
  }

  /** Lets go of windows whose machine or process has gone without closing the socket. */
  #ping(): void {
    for (const window of this.#server.clients) {
      if (!this.#answered.delete(window)) window.terminate();
      else window.ping();
    }
  }
}
