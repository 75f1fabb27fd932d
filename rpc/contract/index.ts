import { catalog } from './catalog.ts';
import { imports } from './imports.ts';
import { ledger } from './ledger.ts';
import { projects } from './projects.ts';
import { queue } from './queue.ts';
import { releases } from './releases.ts';
import { reviews } from './reviews.ts';
import { scores } from './scores.ts';

/** Everything that any client may ask of the core, whatever carries the question. */
export const contract = { projects, imports, scores, queue, reviews, releases, ledger, catalog };
export type Contract = typeof contract;
