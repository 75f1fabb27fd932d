import type { MessagePortMain } from 'electron';
import type { ChildEvents, ChildProcessLike, StartProcess } from '../rpc/child-process.ts';
import type { FromCore, ToCore } from './messages.ts';
import { ownViews } from './own-views.ts';

interface Child {
  events: ChildEvents;
  pid: number | null;
  port: MessagePortMain | null;
  /** What was sent before the process had started. */
  early: unknown[];
  isReleased: boolean;
}

/**
 * Processes below the core, on the core's side. Only the main process can start one, so the core asks it to; messages
 * then go straight to the new process over a port.
 */
export class Children {
  readonly #ask: (message: FromCore) => void;
  readonly #children = new Map<number, Child>();
  #lastId = 0;

  constructor(ask: (message: FromCore) => void) {
    this.#ask = ask;
  }

  readonly start: StartProcess = (entry, args, options, events): ChildProcessLike => {
    const id = ++this.#lastId;
    const child: Child = { events, pid: null, port: null, early: [], isReleased: false };
    this.#children.set(id, child);
    this.#ask({ kind: 'start-child', child: id, entry: entry.href, args, options });
    return {
      get pid() {
        return child.pid;
      },
      send(message) {
        if (child.port) child.port.postMessage(ownViews(message));
        else child.early.push(ownViews(message));
      },
      kill: () => this.#ask({ kind: 'kill-child', child: id }),
      release() {
        child.isReleased = true;
        child.port?.close();
      },
      // The core's process lives until it is told to end, whatever runs below it.
      hold: () => undefined,
    };
  };

  /** Takes a message of the main process about a child. */
  receive(message: Extract<ToCore, { child: number }>, port: MessagePortMain | undefined): void {
    const child = this.#children.get(message.child);
    if (!child) return;
    switch (message.kind) {
      case 'child-started':
        child.pid = message.pid;
        if (port) attach(child, port);
        break;
      case 'child-stderr':
        child.events.stderr(message.text);
        break;
      case 'child-gone':
        this.#children.delete(message.child);
        child.port?.close();
        child.events.gone(message.how);
        break;
      default:
        message satisfies never;
    }
  }
}

function attach(child: Child, port: MessagePortMain): void {
  child.port = port;
  port.on('message', ({ data }) => child.events.message(data));
  port.start();
  for (const message of child.early) port.postMessage(message);
  child.early = [];
  if (child.isReleased) port.close();
}
