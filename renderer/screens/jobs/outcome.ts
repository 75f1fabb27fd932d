import type { Job, TaskKind, TaskResults } from '../../../rpc/contract/jobs.ts';
import { counted, duration, integer } from '../../parts/format.ts';

const OUTCOMES: { [K in TaskKind]: (result: TaskResults[K]) => string } = {
  import: ({ batch, added, unchanged, broken, changed }) =>
    `${batch}: ${counted(added, 'file')} added, ${integer(unchanged)} in already, ${integer(broken.length)} broken, ${integer(changed.length)} changed on disk since.`,
  score: ({ run, images, model, device }) =>
    `Run ${run}: ${counted(images, 'image')} with ${model} on ${device}.`,
  release: ({ images, folder, manifestSha256 }) =>
    `${counted(images, 'image')} in ${folder}, manifest ${manifestSha256}.`,
  verify: ({ ok, difference, events, originals }) =>
    ok
      ? `${counted(events, 'event')} and ${counted(originals, 'original')} are as recorded.`
      : `Not as recorded: ${difference ?? 'originals are gone or changed'}.`,
  layout: ({ points, durationMs }) => `${counted(points, 'point')} in ${duration(durationMs)}.`,
  'sample-set': ({ folder }) => `Rendered into ${folder}.`,
  'sample-project': ({ project }) => `${project} is ready.`,
};

/** What came of a job that is done, in a sentence; null for the others. */
export function outcomeOf({ kind, result }: Pick<Job, 'kind' | 'result'>): string | null {
  if (result === null) return null;
  const say = OUTCOMES[kind] as (of: typeof result) => string;
  return say(result);
}

/** A verification that ran to its end may have found that something differs: that is no success. */
export function isSound({ kind, result }: Pick<Job, 'kind' | 'result'>): boolean {
  return kind !== 'verify' || result === null || (result as TaskResults['verify']).ok;
}
