import {
  isSameReason,
  likelyRejectReason,
  parseRejectReason,
  REJECT_REASON_WORDS,
  REJECT_REASONS,
  rejectReasonEntry,
  type RejectReasonEntry,
} from '../../rpc/contract/terms.ts';
import type { Store } from '../../db/store.ts';
import { AssayError } from '../../rpc/errors.ts';
import { EVENTS } from '../ledger/events.ts';
import { record } from '../ledger/ledger.ts';
import type { Project, WritableProject } from '../project/project.ts';

/** One for each digit key. */
const MOST = 10;

/** The reasons for a reject in this project, the usual one first: those set last, else all known ones. */
export function rejectReasonsOf(store: Store): RejectReasonEntry[] {
  const set = store.events.newest('reject-reasons.set');
  const ids = set ? EVENTS['reject-reasons.set'].parse(JSON.parse(set.body)).reasons : REJECT_REASONS;
  return ids.map(rejectReasonEntry);
}

export const listRejectReasons = ({ store }: Project): RejectReasonEntry[] => rejectReasonsOf(store);

/**
 * Sets the project's list, by known reasons in any spelling and by own words. `other` stays, last where it is not named:
 * what nobody thought of has to go somewhere. Throws `USAGE` for an empty or repeated reason, a colon, or more than ten.
 */
export function setRejectReasons(
  project: WritableProject,
  by: string,
  reasons: readonly string[],
): RejectReasonEntry[] {
  const refuse = (why: string): never => {
    throw new AssayError('USAGE', `${why} The list was not changed.`);
  };
  const ids: string[] = [];
  for (const reason of reasons) {
    if (!/[\p{L}\p{N}]/u.test(reason)) refuse('A reason needs words.');
    if (reason.includes(':'))
      refuse(`"${reason}" has a colon, which stands between a reason and its details.`);
    const { id } = rejectReasonEntry(reason);
    if (ids.some((other) => isSameReason(other, id))) refuse(`"${reason}" is in the list twice.`);
    ids.push(id);
  }
  if (!ids.includes('other')) ids.push('other');
  if (ids.length > MOST)
    refuse(`${ids.length} reasons are more than there are digit keys (${MOST}, "other" among them).`);
  record(project.store, by, 'reject-reasons.set', { reasons: ids });
  return rejectReasonsOf(project.store);
}

/**
 * What goes on the record as the reason of a reject: a reason of the project's list however it is spelt, with a detail
 * after a colon where there is one, and `other: …` for free text. Refuses text that is probably a known reason misspelt:
 * recorded as free text it would teach nothing, and nobody would notice; and a known reason that the project's list left
 * out.
 */
export function rejectReason(
  text: string,
  reasons: readonly RejectReasonEntry[],
  refuse: (why: string) => never,
): string {
  const [head = '', ...rest] = text.split(':');
  const detail = rest.join(':').trim();
  const own = reasons.find(({ id }) => isSameReason(id, head));
  const id = own?.id ?? parseRejectReason(text)?.reason;
  const all = reasons.map((reason) => reason.id).join(', ');
  if (id !== undefined) {
    if (!reasons.some((reason) => reason.id === id))
      refuse(
        `${id} is not among the reasons of this project (${all}). Write one of them, or "other: ${text}".`,
      );
    return detail === '' ? id : `${id}: ${detail}`;
  }
  const likely = likelyRejectReason(text);
  if (likely !== null)
    refuse(
      `"${text}" reads like the reason ${likely} ("${REJECT_REASON_WORDS[likely].title}"). Write ${likely}, or "other: ${text}". Reasons: ${all}.`,
    );
  return `other: ${text.trim()}`;
}
