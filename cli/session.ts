import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { userInfo } from 'node:os';
import { resolve } from 'node:path';
import type { TaskKind, TaskRequest, TaskResult } from '../rpc/contract/jobs.ts';
import { runTask } from '../rpc/run-task.ts';
import { connectInProcess, type CoreClient } from '../rpc/transport/inproc.ts';
import { ProgressView } from './progress-view.ts';
import { signingIn } from './sign-in.ts';

/** What a command works with: the core behind its contract, and a signal that Ctrl-C aborts. */
export interface Session {
  core: CoreClient;
  signal: AbortSignal;
  /** Runs a long task with its progress on standard error, and returns its result. Ctrl-C cancels it. */
  run: <K extends TaskKind>(kind: K, input: TaskRequest<K>) => Promise<TaskResult<K>>;
  /** Prints a line on standard error, apart from a JSON document. */
  say: (line: string) => void;
}

/** Opens a session, runs `act`, and closes everything whatever happened. A second Ctrl-C ends the process at once. */
export async function withSession<T>(act: (session: Session) => Promise<T>): Promise<T> {
  // Loaded when it is needed: help, and a command line that is refused, come at once.
  const [{ router }, { Workbench }] = await Promise.all([
    import('../core/handlers/index.ts'),
    import('../core/handlers/workbench.ts'),
  ]);
  const workbench = new Workbench();
  const interrupt = new AbortController();
  const stop = (): void => {
    if (interrupt.signal.aborted) process.exit(130);
    process.stderr.write('\nassay: stopping cleanly (once more to stop at once) …\n');
    interrupt.abort();
  };
  process.on('SIGINT', stop);
  process.on('SIGTERM', stop);
  try {
    const core: CoreClient = connectInProcess(
      router,
      { workbench },
      signingIn(() => core),
    );
    const { signal } = interrupt;
    return await act({
      core,
      signal,
      say: (line) => void process.stderr.write(`${line}\n`),
      async run(kind, input) {
        const view = new ProgressView(process.stderr);
        try {
          return await runTask(core, kind, input, { signal, report: (progress) => view.show(progress) });
        } finally {
          view.end();
        }
      },
    });
  } finally {
    if (!interrupt.signal.aborted)
      await Promise.race([workbench.reranks.idle(), once(interrupt.signal, 'abort')]);
    process.off('SIGINT', stop);
    process.off('SIGTERM', stop);
    await workbench.shutDown();
  }
}

/** A path as the user meant it: npm runs scripts in the package's folder and remembers where the user stood. */
export function userPath(path: string): string {
  const isScript = ['assay', 'start'].includes(process.env['npm_lifecycle_event'] ?? '');
  const base = isScript ? process.env['INIT_CWD'] : undefined;
  return resolve(base ?? '.', path);
}

/** A model as the user meant it: a folder where there is one, else the id of a pack. */
export function userModel(name: string): string {
  return existsSync(userPath(name)) ? userPath(name) : name;
}

/** The name on the record where none is given: the account's. */
export function defaultActor(): string {
  return userInfo().username;
}
