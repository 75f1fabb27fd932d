import type { RerankSummary } from '../../rpc/contract/queue.ts';
import { AssayError } from '../../rpc/errors.ts';
import { prioritiesOf, readCandidates } from './candidates.ts';
import { canonicalJson } from '../ledger/canonical.ts';
import type { EventBodies } from '../ledger/events.ts';
import { record } from '../ledger/ledger.ts';
import type { WritableProject } from '../project/project.ts';
import { boardOf } from '../review/board.ts';
import { PRIORITY_STRATA, type PriorityStratum } from '../../rpc/contract/terms.ts';

/**
 * Reranks the rest of the newest queue by the label risk that decisions have trained. Within each stratum, items without
 * any entry change places among themselves, the most suspect first; the mix of strata, the audit's places and answered
 * items stay. No item leaves or joins, so the audit still represents the same rest. Throws `NOT_READY` without a
 * decision that tells whether a label is right.
 */
export async function rerankQueue(project: WritableProject, actor: string): Promise<RerankSummary> {
  const { store } = project;
  const { queue } = boardOf(store, null);
  const run = store.scores.run(queue.runId)!;
  const set = readCandidates(project, run, ['synthetic', 'real'], null);
  const images = [...set.open, ...set.decided];
  const { priorities, reasons, risk } = await prioritiesOf(project, run, images, set.seeds, {
    learn: true,
  });
  if (!risk)
    throw new AssayError(
      'NOT_READY',
      'No decision yet tells whether a label is right: answer some items of the queue first.',
    );
  const rowOf = new Map(images.map((image, row) => [image.id, row]));
  const left = store.queue.movable(queue.id);
  const items: EventBodies['queue.reranked']['items'] = [];
  let moved = 0;
  for (const stratum of PRIORITY_STRATA) {
    const own = left.filter((item) => item.stratum === stratum && rowOf.has(item.imageId));
    const strength = (imageId: number): number => priorities[stratum][rowOf.get(imageId)!]! || 0;
    const ranked = own.toSorted((a, b) => strength(b.imageId) - strength(a.imageId) || a.place - b.place);
    for (const [i, { place }] of own.entries()) {
      const { imageId, ...before } = ranked[i]!;
      const priority = strength(imageId);
      const why = reasons(rowOf.get(imageId)!, stratum);
      if (before.place !== place) moved++;
      else if (before.priority === priority && before.reasons === canonicalJson(why)) continue;
      items.push({ sha256: store.images.byId(imageId)!.sha256, place, priority, reasons: why });
    }
  }
  record(store, actor, 'queue.reranked', { queue: queue.id, risk, items });
  return {
    queue: queue.id,
    decisions: risk.decisions,
    wrong: risk.wrong,
    items: left.filter((item) => PRIORITY_STRATA.includes(item.stratum as PriorityStratum)).length,
    moved,
  };
}
