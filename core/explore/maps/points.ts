import { inPages } from '../../base/pages.ts';
import type { Store } from '../../../db/store.ts';
import { NO_LABEL, POINT_BYTES } from '../../../rpc/contract/maps.ts';
import { DECISIONS, ROLES } from '../../../rpc/contract/terms.ts';

const ROLE_AT = 12;
const VERDICT_AT = 13;
const LABEL_AT = 14;

/** Points in the layout of their file (rpc/contract/maps.ts): `places` is x and y by row, `ids` the rows' image numbers. */
export async function encodePoints(
  store: Store,
  ids: Uint32Array,
  places: Float32Array,
): Promise<Uint8Array> {
  const bytes = new Uint8Array(ids.length * POINT_BYTES);
  const view = new DataView(bytes.buffer);
  const labels = new Map(store.batches.labels().map(({ id }, i) => [id, i]));
  const facts = {
    role: new Uint8Array((ids.at(-1) ?? 0) + 1),
    label: new Uint16Array((ids.at(-1) ?? 0) + 1),
  };
  await inPages(0, facts.role.length - 1, (after, upTo) => {
    for (const [id, role, labelId] of store.maps.points(after, upTo)) {
      facts.role[id] = ROLES.indexOf(role);
      facts.label[id] = labelId === null ? NO_LABEL : (labels.get(labelId) ?? NO_LABEL);
    }
  });
  for (let i = 0, at = 0; i < ids.length; i++, at += POINT_BYTES) {
    const id = ids[i]!;
    view.setFloat32(at, places[2 * i]!, true);
    view.setFloat32(at + 4, places[2 * i + 1]!, true);
    view.setUint32(at + 8, id, true);
    view.setUint8(at + ROLE_AT, facts.role[id]!);
    view.setUint16(at + LABEL_AT, facts.label[id]!, true);
  }
  putVerdicts(store, bytes);
  return bytes;
}

/** Brings the verdicts of a file of points up to date, in place. */
export function putVerdicts(store: Store, bytes: Uint8Array): void {
  const verdicts = new Map(store.maps.verdicts());
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  for (let at = 0; at + POINT_BYTES <= bytes.length; at += POINT_BYTES) {
    const verdict = verdicts.get(view.getUint32(at + 8, true));
    view.setUint8(at + VERDICT_AT, DECISIONS.indexOf(verdict ?? 'none'));
  }
}
