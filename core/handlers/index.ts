import { catalog } from './catalog.ts';
import { imports } from './imports.ts';
import { ledger } from './ledger.ts';
import { projects } from './projects.ts';
import { queue } from './queue.ts';
import { releases } from './releases.ts';
import { reviews } from './reviews.ts';
import { core } from './router.ts';
import { scores } from './scores.ts';

/** The core behind the contract. Every host serves this router, whatever carries the calls. */
export const router = core.router({ projects, imports, scores, queue, reviews, releases, ledger, catalog });
