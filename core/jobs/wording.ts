import { basename, resolve } from 'node:path';
import type { Task, TaskKind, TaskResults } from '../../rpc/contract/jobs.ts';

/** What a task does, as a phrase for people. */
export function titleOf({ kind, input }: Task): string {
  switch (kind) {
    case 'import':
      return `Importing ${input.batch ?? basename(resolve(input.from))}`;
    case 'score':
      return 'Scoring every image';
    case 'release':
      return `Exporting to ${basename(resolve(input.to))}`;
    case 'verify':
      return 'Verifying the record';
    case 'layout':
      return `Drawing the ${input.layout.toUpperCase()} map`;
    case 'sample-set':
      return 'Rendering the sample set';
    case 'sample-project':
      return 'Making the sample project';
    default:
      return kind satisfies never;
  }
}

/** What came of a task, as lines for its log. */
export function outcomeLines<K extends TaskKind>(kind: K, result: TaskResults[K]): string[] {
  const lines = OUTCOMES[kind] as (result: TaskResults[K]) => string[];
  return lines(result);
}

const OUTCOMES: { [K in TaskKind]: (result: TaskResults[K]) => string[] } = {
  import: ({ added, unchanged, broken, changed, notes }) => [
    `${images(added)} added, ${unchanged} there already, ${broken.length} broken, ${changed.length} changed on disk since`,
    ...notes,
  ],
  score: ({ run, images: count, model, device, notes }) => [
    `run ${run}: ${images(count)} with ${model} on ${device}`,
    ...notes,
  ],
  release: ({ images: count, folder }) => [`${images(count)} in ${folder}`],
  verify: ({ ok, difference, events, originals }) => [
    ok
      ? `${events} events and ${originals} originals are as recorded`
      : `not as recorded: ${difference ?? 'unknown'}`,
  ],
  layout: ({ points, durationMs }) => [`${points} points in ${(durationMs / 1000).toFixed(1)} s`],
  'sample-set': ({ real, holdout, synthetic }) => [
    `${real} real, ${holdout} hold-out and ${synthetic} synthetic images`,
  ],
  'sample-project': ({ project }) => [`${project} is ready`],
};

function images(count: number): string {
  return `${count} ${count === 1 ? 'image' : 'images'}`;
}
