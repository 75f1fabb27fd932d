import { TASKS, type TaskKind } from '../../../rpc/contract/jobs.ts';
import { collect } from '../../base/registry.ts';
import type { TaskDefinition } from '../task.ts';

const tasks = await collect<TaskDefinition & { id: TaskKind }>(new URL('./', import.meta.url));

for (const kind of Object.keys(TASKS))
  if (!tasks.has(kind)) throw new Error(`no file of core/jobs/tasks/ defines the task ${kind}`);

/** The long task of a kind: the default export of its file in this folder. */
export function taskOf(kind: TaskKind): TaskDefinition {
  return tasks.get(kind)!;
}
