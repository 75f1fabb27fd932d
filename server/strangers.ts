import type { Socket } from 'node:net';

/** As many as the windows of one browser open before they have a session, several times over. */
const MOST_STRANGERS = 64;

/**
 * Connections that have shown no session yet. Any user of this machine may open them, so of too many the oldest goes:
 * idle ones cannot keep a new window out, and windows with a session are not among them.
 */
export class Strangers {
  readonly #sockets = new Set<Socket>();

  add(socket: Socket): void {
    this.#sockets.add(socket);
    socket.once('close', () => this.#sockets.delete(socket));
    if (this.#sockets.size <= MOST_STRANGERS) return;
    const [oldest] = this.#sockets;
    this.#sockets.delete(oldest!);
    oldest!.destroy();
  }

  /** Takes a connection off the list for good. */
  admit(socket: Socket): void {
    this.#sockets.delete(socket);
  }
}
