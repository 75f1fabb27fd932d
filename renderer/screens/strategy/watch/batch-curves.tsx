import type { WatchReport } from '../../../../rpc/contract/watch.ts';
import { Card } from '../../../parts/card.tsx';
import { Curve, Curves } from '../../../parts/curve.tsx';
import { figure, percent } from '../../../parts/format.ts';
import page from '../../../parts/page.module.css';
import { curvesOf } from './curves-of.ts';

/** Every measure from batch to batch, with what real images give behind it. */
export function BatchCurves({ measures, points }: Pick<WatchReport, 'measures' | 'points'>) {
  const share = (title: string, of: (point: WatchReport['points'][number]) => number | null) => (
    <Curve
      title={title}
      of="batch"
      points={points.map((point) => ({ name: point.batch, value: of(point), band: null, outside: false }))}
      say={shareWords}
    />
  );
  return (
    <Card id="curves" title="From batch to batch">
      <p className={page.hint}>
        The band is what real images give each other in draws of the batch’s size; a hollow point lies outside
        it. Lying outside is no alarm: falling there is, in two measures and two batches running.
      </p>
      <Curves>
        {curvesOf(measures).map(({ at, id, title }) => (
          <Curve
            key={id}
            title={title}
            of="batch"
            points={points.map(({ batch, values }) => {
              const found = values[at];
              return {
                name: batch,
                value: found?.value ?? null,
                band: found?.band ? [found.band[0], found.band[2]] : null,
                outside: found?.outside ?? false,
              };
            })}
            say={figure}
          />
        ))}
        {share('Real images as a share of the mix', ({ mix }) => mix.share)}
        {share('Decided images that people keep', ({ kept }) => kept)}
      </Curves>
    </Card>
  );
}

const shareWords = (value: number | null | undefined): string => (value == null ? '–' : percent(value));
