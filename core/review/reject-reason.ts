import {
  likelyRejectReason,
  parseRejectReason,
  REJECT_REASON_WORDS,
  REJECT_REASONS,
} from '../../rpc/contract/terms.ts';

/**
 * What goes on the record as the reason of a reject: the id of a known reason however it is spelt, with a detail after a
 * colon where there is one, and `other: …` for free text. Refuses text that is probably a known reason misspelt: recorded
 * as free text it would teach nothing, and nobody would notice.
 */
export function rejectReason(text: string, refuse: (why: string) => never): string {
  const known = parseRejectReason(text);
  if (known) return known.detail === null ? known.reason : `${known.reason}: ${known.detail}`;
  const likely = likelyRejectReason(text);
  if (likely !== null)
    refuse(
      `"${text}" reads like the reason ${likely} ("${REJECT_REASON_WORDS[likely].title}"). Write ${likely}, or "other: ${text}". Reasons: ${REJECT_REASONS.join(', ')}.`,
    );
  return `other: ${text.trim()}`;
}
