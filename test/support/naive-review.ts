import type { EventBodies } from '../../core/ledger/events.ts';
import type { Project } from '../../core/project/project.ts';

interface Entry {
  id: number;
  by: string;
  said: EventBodies['decisions.made']['decisions'][number];
}

/**
 * What holds for each image, from the events alone and in the plainest way: `sha256 -> number of the decision`. Boxes
 * agree here when they are the same numbers, so acts must not draw boxes that differ a little.
 */
export function naiveVerdicts(project: Project): Map<string, number> {
  const entries: Entry[] = [];
  const wanted = new Map<number, number>();
  for (const event of project.store.events.all()) {
    if (event.kind === 'queue.made')
      wanted.set(wanted.size + 1, (JSON.parse(event.body) as EventBodies['queue.made']).reviewers ?? 1);
    if (event.kind !== 'decisions.made') continue;
    for (const said of (JSON.parse(event.body) as EventBodies['decisions.made']).decisions)
      entries.push({ id: entries.length + 1, by: event.actor, said });
  }
  const undone = new Set(entries.map(({ said }) => said.undoes));
  const held = new Map<string, number>();
  const judging = entries.filter(
    ({ id, said }) =>
      !undone.has(id) && said.purpose !== 'gold' && ['accept', 'relabel', 'reject'].includes(said.verdict),
  );
  const text = ({ said }: Entry): string =>
    said.verdict === 'reject' ? 'reject' : JSON.stringify([said.label, said.boxes]);
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
    const k = queue === undefined ? 1 : wanted.get(queue)!;
    const holds =
      k === 1
        ? here.at(-1) === entry
        : newest.includes(entry) && newest.filter((other) => text(other) === text(entry)).length >= k;
    if (holds && entry.id > (held.get(sha256) ?? 0)) held.set(sha256, entry.id);
  }
  return held;
}
