import { EventEmitter } from 'node:events';

/** A message port of Electron's main and utility processes: `MessagePortMain`, with its queue and its clones. */
export class Port extends EventEmitter {
  peer: Port | null = null;
  #early: unknown[] | null = [];

  postMessage(data: unknown, transfer: Port[] = []): void {
    if (transfer.length > 0) throw new Error('The stand-in carries no ports over ports.');
    const { peer } = this;
    const clone: unknown = structuredClone(data);
    setImmediate(() => peer?.receive(clone));
  }

  receive(data: unknown): void {
    if (this.#early) this.#early.push(data);
    else this.emit('message', { data, ports: [] });
  }

  start(): void {
    const early = this.#early ?? [];
    this.#early = null;
    for (const data of early) this.emit('message', { data, ports: [] });
  }

  close(): void {
    const { peer } = this;
    this.peer = null;
    if (!peer) return;
    // After what was sent before.
    setImmediate(() => {
      peer.peer = null;
      peer.emit('close');
    });
  }
}

/** Two ports that talk to each other. */
export class Channel {
  readonly port1 = new Port();
  readonly port2 = new Port();

  constructor() {
    this.port1.peer = this.port2;
    this.port2.peer = this.port1;
  }
}

/** What crosses from one process to the other, a page included. */
export type Envelope =
  | { standIn: 'message'; channel: string; data: unknown; ports: number[] }
  | { standIn: 'port'; port: number; data: unknown }
  | { standIn: 'close'; port: number };

/** Ports handed to another process: this side's end of the wires that stand in for them there. */
export class PortWires {
  readonly #send: (envelope: Envelope) => void;
  readonly #ports = new Map<number, Port>();
  #lastId = 0;

  constructor(send: (envelope: Envelope) => void) {
    this.#send = send;
  }

  /** Sends a message with ports along. */
  send(channel: string, data: unknown, ports: Port[]): void {
    this.#send({ standIn: 'message', channel, data, ports: ports.map((port) => this.#give(port)) });
  }

  #give(port: Port): number {
    const id = ++this.#lastId;
    this.attach(id, port);
    return id;
  }

  /** Ties a port of this side to the wire of that number. */
  attach(id: number, port: Port): void {
    this.#ports.set(id, port);
    port.on('message', ({ data }: { data: unknown }) => this.#send({ standIn: 'port', port: id, data }));
    port.on('close', () => {
      if (this.#ports.delete(id)) this.#send({ standIn: 'close', port: id });
    });
    port.start();
  }

  receive(envelope: Exclude<Envelope, { standIn: 'message' }>): void {
    const port = this.#ports.get(envelope.port);
    if (envelope.standIn === 'port') port?.postMessage(envelope.data);
    else {
      this.#ports.delete(envelope.port);
      port?.close();
    }
  }

  /** The other process is gone. */
  closeAll(): void {
    const ports = [...this.#ports.values()];
    this.#ports.clear();
    for (const port of ports) port.close();
  }
}
