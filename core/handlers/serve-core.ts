import { servePort, type ServedPort } from '../../rpc/transport/serve.ts';
import { Caller } from '../people/sign-in.ts';
import { router } from './index.ts';
import { Workbench, type WorkbenchOptions } from './workbench.ts';

/** The core as a host's process runs it: one workbench for any number of windows. */
export interface ServedCore {
  /**
   * Answers what comes through a port, until either side closes it. Takes Electron's `MessagePortMain`, Node's
   * `MessagePort`, or anything with `postMessage`, `on('message' | 'close')` and `close`.
   */
  connect(port: ServedPort): void;
  /** Closes every port, which ends the calls of their windows, then the projects and the processes below. Runs once. */
  end(): Promise<void>;
}

/**
 * Starts a core. A host that starts another one in the place of one that died gives both the same `keySecret`, so that
 * the addresses of files in its windows stay good.
 */
export function serveCore(options: WorkbenchOptions = {}): ServedCore {
  const workbench = new Workbench(options);
  const closers = new Set<() => void>();
  let ending: Promise<void> | undefined;
  return {
    connect(port) {
      const close: () => void = servePort(router, { workbench, caller: new Caller() }, port, () =>
        closers.delete(close),
      );
      closers.add(close);
    },
    end: () =>
      (ending ??= (async () => {
        for (const close of closers) close();
        await workbench.shutDown();
      })()),
  };
}
