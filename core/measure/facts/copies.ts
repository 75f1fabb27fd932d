import type { Rule } from '../../../rpc/contract/terms.ts';
import { counted } from '../../../rpc/format.ts';
import { closest, flagsOf } from '../copies/copy-flags.ts';
import { findCopies } from '../copies/find-copies.ts';
import { LayingThreads } from '../copies/laying-threads.ts';
import { readSmall } from '../copies/read-small.ts';
import type { Match } from '../copies/same-pictures.ts';
import { Taught } from '../copies/taught.ts';
import { defineFacts, numbers, type ColumnsOf } from './define.ts';

const columns = {
  /** Similarity, 0..1, of the closest confirmed copy among the synthetic, the real, and the hold-out images; 0 is none. */
  batchCopy: numbers,
  seedCopy: numbers,
  holdoutCopy: numbers,
  /** 1 where another file of the project has the very same bytes or pixels. */
  exactCopy: numbers,
};
declare module './define.ts' {
  interface Facts extends ColumnsOf<typeof columns> {}
}

/** Images that show the same picture, and the flags that follow. */
export default defineFacts({
  id: 'copies',
  columns,
  async prepare(run) {
    const { store } = run;
    const unread = new Set<number>();
    const threads = new LayingThreads(store, (id) => readSmall(run.project, run.decoders, id, unread));
    const copies = await findCopies(run, threads).finally(() => threads.close());
    const taught = new Taught(store.copies.answers());
    const batch = closest(
      copies
        .get('near-duplicate')!
        .flatMap((match) => [match, { ...match, id: match.other, other: match.id }])
        .filter((match) => !taught.isRefused(match)),
    );
    const surely = (rule: Rule): Map<number, Match> =>
      closest(copies.get(rule)!.filter((match) => taught.isSure(match) && !taught.isRefused(match)));
    const seed = surely('seed-copy');
    const holdout = surely('holdout-leak');
    const flags = flagsOf(copies, taught);
    return {
      record: { copyAnswers: taught.record },
      notes:
        unread.size === 0
          ? []
          : [
              `${counted(unread.size, 'image')} could not be read again, so altered copies were not looked for among them. Put the originals back, then score again.`,
            ],
      block({ ids }) {
        const similarity = (found: Map<number, Match>): Float64Array =>
          Float64Array.from(ids, (id) => found.get(id)?.similarity ?? 0);
        return {
          batchCopy: similarity(batch),
          seedCopy: similarity(seed),
          holdoutCopy: similarity(holdout),
          exactCopy: Float64Array.from(ids, (id) => Number(store.facts.hasTwin(id))),
        };
      },
      keep(writable, id) {
        for (const flag of flags) writable.scores.insertFlag(id, flag);
      },
    };
  },
});
