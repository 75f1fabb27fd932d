import { setImmediate as turn } from 'node:timers/promises';
import type { Store } from '../../db/store.ts';
import { canonicalJson } from '../ledger/canonical.ts';
import { EVENTS } from '../ledger/events.ts';
import { FitTally } from './fit-tally.ts';
import { PictureTally } from './picture-tally.ts';

/** Counts what the record says of a batch so far, so that an import which goes on says the same as one in a single go. */
export async function recordedTallies(
  { events }: Store,
  batch: string,
): Promise<{ fits: FitTally; pictures: PictureTally }> {
  const [fits, pictures] = [new FitTally(), new PictureTally()];
  for (let event; (event = events.next(event?.seq ?? 0, 'files.imported'));) {
    await turn();
    // Bodies are canonical, so what does not matter here is passed over without parsing it.
    if (!event.body.startsWith(`{"batch":${canonicalJson(batch)},`)) continue;
    if (!['"boxes":[{', '"pages":', '"format":"dicom"'].some((told) => event.body.includes(told))) continue;
    for (const file of EVENTS['files.imported'].parse(JSON.parse(event.body)).files) {
      fits.add(file);
      pictures.add(file);
    }
  }
  return { fits, pictures };
}
