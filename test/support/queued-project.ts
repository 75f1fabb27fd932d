import { join } from 'node:path';
import type { EventBodies } from '../../core/ledger/events.ts';
import { record } from '../../core/ledger/ledger.ts';
import { Project, type WritableProject } from '../../core/project/project.ts';
import { perform, prologue, shaOf } from './acts.ts';
import { temporaryFolder } from './folders.ts';

/** A project of real images 5 to 11 (gear) and synthetic ones 0 to 4, of which 0 to 3 are queued. */
export function queuedProject(queue: Partial<EventBodies['queue.made']> = {}): WritableProject {
  const project = Project.create(join(temporaryFolder(), 'p'), 'ada');
  for (const act of prologue(1).slice(0, -1)) perform(project, act);
  record(project.store, 'ada', 'queue.made', {
    run: 1,
    policy: {},
    seed: 3,
    frame: 9,
    rest: 5,
    audited: 2,
    items: [0, 1, 2, 3].map((image): EventBodies['queue.made']['items'][number] => ({
      sha256: shaOf(image),
      stratum: image < 2 ? 'audit' : 'uncertain',
      reasons: [],
      priority: 0,
      inclusionProbability: 1,
      group: image === 3 ? [shaOf(4)] : [],
    })),
    ...queue,
  });
  return project;
}
