import type { DecisionInput, DecisionResult } from '../../rpc/contract/reviews.ts';
import { AssayError } from '../../rpc/errors.ts';
import type { EventBodies } from '../ledger/events.ts';
import { record } from '../ledger/ledger.ts';
import type { Project } from '../project.ts';

type Recorded = EventBodies['decisions.made']['decisions'][number];

/**
 * Records decisions, all of them or none. Throws `DECISION_REFUSED` naming the line (1-based) and the reason when one
 * names an unknown image or label, a relabel without a label, a reject without a reason, or an undo of nothing.
 */
export function decide(
  project: Project,
  reviewer: string,
  inputs: DecisionInput[],
  queue: number | null = null,
): DecisionResult {
  const { store } = project;
  if (reviewer.trim() === '')
    throw new AssayError('USAGE', 'A decision needs the name of its reviewer: --by "Ada Lovelace".');
  if (inputs.length === 0) return { applied: 0, seq: store.events.last()?.seq ?? 0 };
  const queueId = queue ?? store.queue.last()?.id;
  // Undos in one list refer to what the list itself did before them; decisions get their numbers in list order.
  const firstId = store.decisions.total() + 1;
  const standing = new Map<number, number[]>();
  const decisions = inputs.map((input, i): Recorded => {
    const refuse = (why: string): never => {
      throw new AssayError('DECISION_REFUSED', `Line ${i + 1}: ${why} Nothing was recorded.`, {
        line: i + 1,
      });
    };
    const [image, another] = store.images.startingWith(input.sha256);
    if (!image) return refuse(`there is no image ${input.sha256} in this project.`);
    if (another)
      return refuse(`${input.sha256} is the start of more than one image's hash: give more digits.`);
    const own = standing.get(image.id) ?? store.decisions.undoable(image.id);
    standing.set(image.id, own);
    const common = { sha256: image.sha256, verdict: input.verdict, queue: queueId, reason: input.reason };
    if (input.verdict === 'undo') {
      const undoes = own.pop() ?? refuse(`there is no decision on ${image.sha256} to undo.`);
      return { ...common, undoes };
    }
    own.push(firstId + i);
    if (input.verdict === 'relabel') {
      if (input.label === undefined) return refuse('a relabel needs a label.');
      if (store.batches.labelId(input.label) === undefined)
        return refuse(
          `"${input.label}" is not a class of this project (${store.batches
            .labels()
            .map((label) => label.name)
            .join(', ')}).`,
        );
      return { ...common, label: input.label };
    }
    if (input.verdict === 'reject' && !input.reason) return refuse('a reject needs a reason.');
    if (input.verdict === 'accept') return { ...common, label: labelName(project, image.labelId) };
    return common;
  });
  const seq = record(store, reviewer, 'decisions.made', { decisions });
  return { applied: decisions.length, seq };
}

/** Takes back the newest decision of a reviewer. Throws `DECISION_REFUSED` when there is none left. */
export function undoLast(project: Project, reviewer: string): DecisionResult & { sha256: string } {
  const last = project.store.decisions.lastOfReviewer(reviewer);
  if (!last) throw new AssayError('DECISION_REFUSED', `${reviewer} has no decision left to undo.`);
  const { sha256 } = project.store.images.byId(last.imageId)!;
  return { ...decide(project, reviewer, [{ sha256, verdict: 'undo' }]), sha256 };
}

function labelName(project: Project, labelId: number | null): string | undefined {
  return project.store.batches.labels().find((label) => label.id === labelId)?.name;
}
