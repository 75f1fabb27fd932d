import type { Store } from '../../../db/store.ts';
import type { MixInfo } from '../../../rpc/contract/mixes.ts';
import type { EventBodies } from '../../ledger/events.ts';

type RecordedMix = NonNullable<EventBodies['release.exported']['mix']>;

/** Every mix on record, the newest first. */
export function listMixes(store: Store): MixInfo[] {
  return store.mixes.all().map(({ mix, id, folder, manifestSha256, at, by }) => {
    const { images, real, floor, batchSize, leastReal, belowFloor = null } = JSON.parse(mix) as RecordedMix;
    return { id, folder, manifestSha256, at, by, images, real, floor, batchSize, leastReal, belowFloor };
  });
}
