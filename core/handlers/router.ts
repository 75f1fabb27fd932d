import { implement } from '@orpc/server';
import { contract } from '../../rpc/contract/index.ts';
import type { Workbench } from '../project/workbench.ts';

/** What every handler gets from its host. */
export interface CoreContext {
  workbench: Workbench;
}

/** Handlers are made from this, so that each one is held to the contract's input and output. */
export const core = implement(contract).$context<CoreContext>();
