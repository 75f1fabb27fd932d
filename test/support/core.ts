import { onTestFinished } from 'vitest';
import { router } from '../../core/handlers/index.ts';
import { Workbench } from '../../core/handlers/workbench.ts';
import { connectInProcess, type CoreClient } from '../../rpc/transport/inproc.ts';

/** A core of its own behind the contract, for many tests: whoever opens it must close it. */
export function openCore(): { core: CoreClient; close: () => Promise<void> } {
  const workbench = new Workbench();
  const close = async (): Promise<void> => workbench.shutDown();
  return { core: connectInProcess(router, { workbench }), close };
}

/** A core of its own behind the contract, closed after the test. */
export function startCore(): CoreClient {
  const { core, close } = openCore();
  onTestFinished(close);
  return core;
}
