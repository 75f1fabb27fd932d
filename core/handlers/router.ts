import { implement } from '@orpc/server';
import { contract } from '../../rpc/contract/index.ts';
import type { Workbench } from './workbench.ts';

/** The context of every call. */
export interface CoreContext {
  workbench: Workbench;
}

/** Handlers are made from this, so that each one is held to the contract's input and output. */
export const core = implement(contract).$context<CoreContext>();

/** Opens the project that a call names, for reading: `core.x.y.use(reading)` gives its handler `context.project`. */
export const reading = core.middleware(({ context, next }, input: { project: string }) =>
  next({ context: { project: context.workbench.open(input.project, 'read') } }),
);

/** The same for writing, once no thread writes. Throws `PROJECT_LOCKED` where another process has it. */
export const writing = core.middleware(async ({ context, next }, input: { project: string }) => {
  const project = context.workbench.open(input.project, 'write');
  await project.store.whenFree();
  return next({ context: { project } });
});
