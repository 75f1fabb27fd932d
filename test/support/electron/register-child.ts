/** Loaded before the module of a utility process: gives it `process.parentPort`, and takes away what a fork has. */
import { EventEmitter } from 'node:events';
import { Channel, PortWires, type Envelope } from './ports.ts';

class ParentPort extends EventEmitter {
  readonly #wires: PortWires;
  #early: unknown[] | null = [];

  constructor(wires: PortWires) {
    super();
    this.#wires = wires;
    this.on('newListener', (event) => {
      if (event === 'message') setImmediate(() => this.#flush());
    });
  }

  #flush(): void {
    for (const event of this.#early?.splice(0) ?? []) this.emit('message', event);
    this.#early = null;
  }

  receive(event: unknown): void {
    if (this.#early) this.#early.push(event);
    else this.emit('message', event);
  }

  postMessage(data: unknown): void {
    this.#wires.send('', data, []);
  }
}

const toParent = process.send!.bind(process);
const wires = new PortWires((envelope) => void toParent(envelope, undefined, undefined, () => undefined));
const parentPort = new ParentPort(wires);

function receive(envelope: Envelope): void {
  if (envelope.standIn !== 'message') return wires.receive(envelope);
  const ports = envelope.ports.map((id) => {
    const { port1, port2 } = new Channel();
    wires.attach(id, port1);
    return port2;
  });
  parentPort.receive({ data: envelope.data, ports });
}

// What arrives over the channel of the fork is for the stand-in alone: a utility process has no such channel.
const emit = process.emit.bind(process) as (event: string, ...args: unknown[]) => boolean;
process.emit = ((event: string, ...args: unknown[]) => {
  const [first] = args as [Partial<Envelope> | undefined];
  if (event !== 'message' || first?.standIn === undefined) return emit(event, ...args);
  receive(first as Envelope);
  return true;
}) as typeof process.emit;
// Without a listener Node keeps the messages to itself.
process.on('message', () => undefined);
delete process.send;
// Electron ends its utility processes when it ends.
process.once('disconnect', () => process.kill(process.pid, 'SIGKILL'));

Object.assign(process, { parentPort });
