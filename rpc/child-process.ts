/** Options for starting a child process in any host. */
export interface ChildOptions {
  /** Working directory; the parent's by default. */
  cwd?: string;
  /** Environment variables beyond the parent's. */
  env?: Record<string, string>;
  /** Flags of the runtime. None of the parent's are passed on. */
  execArgv?: string[];
}

export interface ChildEvents {
  message(message: unknown): void;
  /** Text that the child wrote to its error output. */
  stderr(text: string): void;
  /** The process ended or never started; `how` is a phrase for people. Sent exactly once, after the last `stderr`. */
  gone(how: string): void;
}

/** A parent's handle of a child process, forked by Node or started by Electron's main process. */
export interface ChildProcessLike {
  /** Null until the system has started it. */
  readonly pid: number | null;
  /** Sends a structured-cloneable message. If the child is dying the message is lost, and `gone` follows. */
  send(message: object): void;
  /** Ends the process at once. */
  kill(): void;
  /** Closes the channel, after which the process exits. */
  release(): void;
  /** Whether the child keeps the parent's event loop alive; it does at first. */
  hold(held: boolean): void;
}

/**
 * Starts a module in its own process. There, whatever the host, `process.send`, `process.on('message')` and
 * `process.on('disconnect')` talk to the parent.
 */
export type StartProcess = (
  entry: URL,
  args: string[],
  options: ChildOptions,
  events: ChildEvents,
) => ChildProcessLike;
