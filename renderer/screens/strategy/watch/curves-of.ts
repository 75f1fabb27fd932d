import type { WatchReport } from '../../../../rpc/contract/watch.ts';

/** Those that fall first when a generator feeds on itself. */
const CURVES = ['recall', 'coverage', 'rare-mass', 'entropy', 'vendi', 'authenticity'];

/** The measures that are drawn, and where each stands among the values of a point. */
export function curvesOf(measures: WatchReport['measures']): { at: number; id: string; title: string }[] {
  return CURVES.flatMap((id) => {
    const at = measures.findIndex((measure) => measure.id === id);
    return at < 0 ? [] : [{ at, id, title: measures[at]!.title }];
  });
}
