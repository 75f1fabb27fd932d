import { fork } from 'node:child_process';
import { Socket } from 'node:net';
import { fileURLToPath } from 'node:url';
import type { ChildEvents, ChildOptions, ChildProcessLike, StartProcess } from './child-process.ts';

/** How long to wait for the last error output after the process has ended. */
const STDERR_PATIENCE_MS = 1000;

/** Forks the module with Node, in every host but Electron, whose fuses forbid it. */
export const forkProcess: StartProcess = (entry, args, options, events): ChildProcessLike => {
  const child = fork(fileURLToPath(entry), args, {
    ...cwdOf(options),
    env: { ...process.env, ...options.env },
    // No flags of the parent: an inspector port, a test runner's hooks or a watch mode belong to the parent.
    execArgv: options.execArgv ?? [],
    serialization: 'advanced',
    stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
  });
  const { stderr } = child;
  stderr?.setEncoding('utf8').on('data', (text: string) => events.stderr(text));
  child.on('message', (message) => events.message(message));
  const gone = once(events);
  // Also reports a failed send, after which `exit` follows; only a failed start has no process id.
  child.on('error', (error) => child.pid === undefined && gone(error.message));
  // The last error output, which gives the cause, may arrive after `exit`; but another holder of that pipe must not
  // delay this. The child's own `close` does not fire once this side has disconnected.
  child.on('exit', (code, signal) => {
    const report = (): void => gone(signal ? `ended by ${signal}` : `ended with status ${code}`);
    if (!stderr || stderr.closed) return report();
    const late = setTimeout(report, STDERR_PATIENCE_MS);
    stderr.once('close', () => {
      clearTimeout(late);
      report();
    });
  });
  return {
    get pid() {
      return child.pid ?? null;
    },
    send: (message) => void child.send(message, () => undefined),
    kill: () => void child.kill('SIGKILL'),
    release() {
      if (child.connected) child.disconnect();
    },
    hold(held) {
      // A child's pipe is a socket, though its declared type is the wider Readable.
      const pipe = stderr instanceof Socket ? stderr : null;
      for (const handle of [child, child.channel, pipe]) {
        if (held) handle?.ref();
        else handle?.unref();
      }
    },
  };
};

function cwdOf({ cwd }: ChildOptions): { cwd?: string } {
  return cwd === undefined ? {} : { cwd };
}

function once(events: ChildEvents): (how: string) => void {
  let isGone = false;
  return (how) => {
    if (isGone) return;
    isGone = true;
    events.gone(how);
  };
}
