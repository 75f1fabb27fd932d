import { implement } from '@orpc/server';
import { contract } from '../../rpc/contract/index.ts';
import { claimOf } from '../people/authority.ts';
import { requireMay } from '../people/may.ts';
import type { Caller } from '../people/sign-in.ts';
import type { Workbench } from './workbench.ts';

/** The context of every call. */
interface CoreContext {
  workbench: Workbench;
  /** Who calls: one for each connection. Calls without one are those of the process itself. */
  caller?: Caller;
}

const base = implement(contract).$context<CoreContext>();

/**
 * Handlers are made from this, so that each one is held to the contract's input and output, and none runs before its
 * caller was found to be allowed it.
 */
export const core = base.use(({ context, path, next }, input: unknown) => {
  const { workbench, caller = workbench.owner } = context;
  const claim = claimOf(path.join('.'), input);
  // Before the contract has looked at the input: what names no project that is there is for the handler to refuse.
  const project =
    claim.needed === 'anyone' || claim.project === null ? null : workbench.withAccounts(claim.project);
  if (project) requireMay(project, workbench.signIns, caller, claim);
  return next({ context: { caller } });
});

/** Opens the project that a call names, for reading: `core.x.y.use(reading)` gives its handler `context.project`. */
export const reading = base.middleware(({ context, next }, input: { project: string }) =>
  next({ context: { project: context.workbench.open(input.project, 'read') } }),
);

/** The same for writing, once no thread writes. Throws `PROJECT_LOCKED` where another process has it. */
export const writing = base.middleware(async ({ context, next }, input: { project: string }) => {
  const project = context.workbench.open(input.project, 'write');
  await project.store.whenFree();
  return next({ context: { project } });
});
