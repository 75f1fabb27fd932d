import type { EventBodies } from '../../core/ledger/events.ts';
import type { Project } from '../../core/project/project.ts';

interface Entry {
  id: number;
  by: string;
  context: string | undefined;
  said: EventBodies['decisions.made']['decisions'][number];
}

function readEvents(project: Project): { entries: Entry[]; queues: EventBodies['queue.made'][] } {
  const entries: Entry[] = [];
  const queues: EventBodies['queue.made'][] = [];
  for (const event of project.store.events.all()) {
    if (event.kind === 'queue.made') queues.push(JSON.parse(event.body) as EventBodies['queue.made']);
    if (event.kind !== 'decisions.made') continue;
    const { context, decisions } = JSON.parse(event.body) as EventBodies['decisions.made'];
    for (const said of decisions) entries.push({ id: entries.length + 1, by: event.actor, context, said });
  }
  return { entries, queues };
}

/** What entries are filed under that their act's context does not allow: nothing, if all is well. */
export function misfiled(project: Project): Entry[] {
  const { entries } = readEvents(project);
  return entries.filter(({ context, said }) => {
    if (said.verdict === 'undo') {
      const taken = entries[said.undoes! - 1]!.said;
      return said.queue !== taken.queue || said.purpose !== taken.purpose;
    }
    const { queue, place, purpose, spread } = said;
    if (context === 'review')
      return queue === undefined || purpose === 'adjudication' || (place === undefined) !== (spread === true);
    if (context === 'conflict')
      return queue === undefined || place !== undefined || purpose !== 'adjudication';
    return [queue, place, purpose, said.shown, said.known, spread].some((value) => value !== undefined);
  });
}

/** Audit items of a queue that were looked at in its review, from the events alone: `sha256 -> what it came to`. */
export function naiveAudit(project: Project, queue: number): Map<string, 'sound' | 'wrong' | 'unsure'> {
  const { entries, queues } = readEvents(project);
  const { items, reviewers: k = 1 } = queues[queue - 1]!;
  const undone = new Set(entries.map(({ said }) => said.undoes));
  const found = new Map<string, 'sound' | 'wrong' | 'unsure'>();
  for (const { sha256 } of items.filter(({ stratum }) => stratum === 'audit')) {
    const here = entries.filter(
      ({ id, said }) =>
        said.sha256 === sha256 && said.queue === queue && !undone.has(id) && said.verdict !== 'undo',
    );
    const judged = here.findLast(({ said }) => said.purpose === 'adjudication');
    const reviews = here.filter(({ said }) => said.purpose === undefined);
    const answers = reviews.filter(({ said }) => said.verdict !== 'skip');
    const newest = answers.filter(
      (one) => !answers.some((other) => other.by === one.by && other.id > one.id),
    );
    const holds =
      judged ??
      (k === 1
        ? answers.at(-1)
        : newest.find((one) => newest.filter((other) => textOf(other) === textOf(one)).length >= k));
    if (holds) found.set(sha256, holds.said.verdict === 'accept' ? 'sound' : 'wrong');
    else if (reviews.length > answers.length || newest.length >= k) found.set(sha256, 'unsure');
  }
  return found;
}

const textOf = ({ said }: Entry): string =>
  said.verdict === 'reject' ? 'reject' : JSON.stringify([said.label, said.boxes]);

/**
 * What holds for each image, from the events alone and in the plainest way: `sha256 -> number of the decision`. Boxes
 * agree here when they are the same numbers, so acts must not draw boxes that differ a little.
 */
export function naiveVerdicts(project: Project): Map<string, number> {
  const { entries, queues } = readEvents(project);
  const undone = new Set(entries.map(({ said }) => said.undoes));
  const held = new Map<string, number>();
  const judging = entries.filter(
    ({ id, said }) =>
      !undone.has(id) && said.purpose !== 'gold' && ['accept', 'relabel', 'reject'].includes(said.verdict),
  );
  for (const entry of judging) {
    const { sha256, queue } = entry.said;
    const about = judging.filter(({ said }) => said.sha256 === sha256);
    const last = about.findLast(({ said }) => said.purpose === 'adjudication');
    if (last) {
      held.set(sha256, last.id);
      continue;
    }
    const here = about.filter(({ said }) => said.queue === queue);
    const newest = here.filter((one) => !here.some((other) => other.by === one.by && other.id > one.id));
    const k = queue === undefined ? 1 : (queues[queue - 1]!.reviewers ?? 1);
    const holds =
      k === 1
        ? here.at(-1) === entry
        : newest.includes(entry) && newest.filter((other) => textOf(other) === textOf(entry)).length >= k;
    if (holds && entry.id > (held.get(sha256) ?? 0)) held.set(sha256, entry.id);
  }
  return held;
}
