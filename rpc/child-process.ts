/** How a child process is started, whichever host does it. */
export interface ChildOptions {
  /** Working directory; the parent's where none is named. */
  cwd?: string;
  /** Environment variables beyond the parent's. */
  env?: Record<string, string>;
  /** Flags of the runtime. None of the parent's are passed on. */
  execArgv?: string[];
}

export interface ChildEvents {
  message(message: unknown): void;
  /** What the child wrote to its error output. */
  stderr(text: string): void;
  /** The process is gone, or never came; `how` is a phrase for people. Comes exactly once, after the last `stderr`. */
  gone(how: string): void;
}

/** A child process as its parent uses it: one that Node forked, or one that Electron's main process started for it. */
export interface ChildProcessLike {
  /** Null until the system has started it. */
  readonly pid: number | null;
  /** Sends a structured-cloneable message. One that a dying child no longer gets is lost: `gone` follows. */
  send(message: object): void;
  /** Ends the process at once. */
  kill(): void;
  /** Closes the channel, upon which the process ends by itself. */
  release(): void;
  /** Whether the child keeps the parent's event loop alive; it does at first. */
  hold(held: boolean): void;
}

/**
 * Starts a module in a process of its own. In that process, whoever started it, `process.send`, `process.on('message')`
 * and `process.on('disconnect')` talk to the parent.
 */
export type StartProcess = (
  entry: URL,
  args: string[],
  options: ChildOptions,
  events: ChildEvents,
) => ChildProcessLike;
