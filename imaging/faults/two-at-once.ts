import { COPIES } from './copies.ts';
import type { FaultFamily } from './define.ts';

export const TWO_AT_ONCE: FaultFamily = {
  id: 'two-at-once',
  group: 'copy',
  title: 'Two changes of a copy at once',
  changesSize: true,
  async apply(picture, random, strength) {
    const [first, second] = random.shuffle(COPIES) as [FaultFamily, FaultFamily];
    const once = await first.apply(picture, random, strength);
    const twice = await second.apply(once.picture, random, strength);
    return { picture: twice.picture, mask: null, what: `${once.what}, then ${twice.what}` };
  },
};
