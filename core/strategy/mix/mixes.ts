import type { MixRow } from '../../../db/queries/mixes.ts';
import type { Store } from '../../../db/store.ts';
import type { MixInfo } from '../../../rpc/contract/mixes.ts';
import type { EventBodies } from '../../ledger/events.ts';

type RecordedMix = NonNullable<EventBodies['release.exported']['mix']>;

/** How a mix is mixed, as its event says. */
export const recordedMix = ({ mix }: MixRow): RecordedMix => JSON.parse(mix) as RecordedMix;

/** Every mix on record, the newest first. */
export function listMixes(store: Store): MixInfo[] {
  return store.mixes.all().map((row) => {
    const { id, folder, manifestSha256, at, by } = row;
    const { images, real, floor, batchSize, leastReal, belowFloor = null } = recordedMix(row);
    return { id, folder, manifestSha256, at, by, images, real, floor, batchSize, leastReal, belowFloor };
  });
}
