import { MessageChannelMain, utilityProcess, type MessagePortMain, type UtilityProcess } from 'electron';
import { CHILD_ENTRIES, CHILD_HOST } from './addresses.ts';
import type { Attach, FromCore, ToCore } from './messages.ts';

/** How long the last of the error output may take to arrive after the process has ended. */
const STDERR_PATIENCE_MS = 1000;

type Tell = (message: ToCore, ports?: MessagePortMain[]) => void;
type Start = Extract<FromCore, { kind: 'start-child' }>;

/** Processes below one core, on the main process's side: started and ended at the core's request, and with it. */
export class ChildStarter {
  readonly #tell: Tell;
  readonly #children = new Map<number, UtilityProcess>();

  constructor(tell: Tell) {
    this.#tell = tell;
  }

  start({ child: id, entry, args, options }: Start): void {
    if (!CHILD_ENTRIES.has(entry)) {
      this.#tell({ kind: 'child-gone', child: id, how: `refused: ${entry} is not a module of Assay` });
      return;
    }
    const child = utilityProcess.fork(CHILD_HOST, [], {
      ...(options.cwd === undefined ? {} : { cwd: options.cwd }),
      env: { ...process.env, ...options.env },
      execArgv: options.execArgv ?? [],
      stdio: ['ignore', 'ignore', 'pipe'],
      serviceName: 'Assay worker',
    });
    this.#children.set(id, child);
    const { port1: toChild, port2: toCore } = new MessageChannelMain();
    child.postMessage({ entry, args } satisfies Attach, [toChild]);
    child.once('spawn', () => {
      // Asked to be killed before the system had started it.
      if (!this.#children.has(id)) killNow(child);
      this.#tell({ kind: 'child-started', child: id, pid: child.pid ?? 0 }, [toCore]);
    });
    const { stderr } = child;
    stderr?.on('data', (bytes: Buffer) =>
      this.#tell({ kind: 'child-stderr', child: id, text: bytes.toString() }),
    );
    child.once('exit', (code) => {
      this.#children.delete(id);
      let isTold = false;
      const report = (): void => {
        if (isTold) return;
        isTold = true;
        this.#tell({ kind: 'child-gone', child: id, how: `ended with status ${code}` });
      };
      stderr?.once('close', report);
      setTimeout(report, stderr ? STDERR_PATIENCE_MS : 0).unref();
    });
  }

  kill(id: number): void {
    const child = this.#children.get(id);
    this.#children.delete(id);
    if (child) killNow(child);
  }

  /** The core is gone: nobody needs its children, and what they hold is on disk or can be computed again. */
  killAll(): void {
    for (const id of this.#children.keys()) this.kill(id);
  }
}

/** Ends a process by force. `UtilityProcess.kill` only asks it to end, which hanging native code does not hear. */
export function killNow(child: UtilityProcess): void {
  if (child.pid === undefined) return;
  try {
    process.kill(child.pid, 'SIGKILL');
  } catch {
    // It has ended by itself.
  }
}
