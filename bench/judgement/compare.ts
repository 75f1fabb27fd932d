// Two runs of the bench on the same worlds: what changed.
import { readFileSync } from 'node:fs';
import { percent, type Table } from '../report.ts';
import type { FamilyFigures, WorldFigures } from './figures.ts';
import { FAMILIES, purposeOf } from './lists.ts';

interface Saved {
  quick: boolean;
  chooseOnly: boolean;
  judgement: WorldFigures[];
}

/**
 * The judgement of a report saved with `--json`. Throws on a report without one, and on one of other sizes or lists,
 * whose figures cannot be compared with these.
 */
export function readSaved(file: string, now: { quick: boolean; chooseOnly: boolean }): WorldFigures[] {
  const saved = JSON.parse(readFileSync(file, 'utf8')) as Partial<Saved>;
  if (!Array.isArray(saved.judgement) || saved.judgement.length === 0)
    throw new Error(`${file} has no judgement in it: save one with --only judgement --json.`);
  for (const [key, option] of [
    ['quick', '--quick'],
    ['chooseOnly', '--choose'],
  ] as const)
    if (saved[key] !== now[key])
      throw new Error(`${file} was made ${saved[key] ? 'with' : 'without'} ${option}: run this one alike.`);
  return saved.judgement;
}

type Measured = { found: number; of: number } | null;

const rate = (measured: Measured): number =>
  measured && measured.of > 0 ? measured.found / measured.of : NaN;
const rateOf = ({ queue, put }: FamilyFigures): Measured => ({ found: queue.at(-1) ?? 0, of: put });

const add = (parts: readonly Measured[]): Measured =>
  parts.reduce(
    (a, b) => ({ found: (a?.found ?? 0) + (b?.found ?? 0), of: (a?.of ?? 0) + (b?.of ?? 0) }),
    null,
  );

const copiesOf = ({ copies }: WorldFigures): Measured =>
  add(Object.values(copies).map(({ found, put }) => ({ found, of: put })));

/** Images called a copy of the seed or of the hold-out that are none. */
const alarmsOf = ({ alarms, sound }: WorldFigures): Measured => ({
  found: (alarms['seed-copy'] ?? 0) + (alarms['holdout-leak'] ?? 0),
  of: sound,
});

const errorOf = ({ calibration }: WorldFigures): Measured =>
  calibration.clean.error === null ? null : { found: calibration.clean.error, of: 1 };

const OF_WORLD: [what: string, of: (world: WorldFigures) => Measured][] = [
  ['wrong labels in the queue', ({ sums }) => rateOf(sums.labels)],
  ['others in the queue', ({ sums }) => rateOf(sums.others)],
  ['copies found', copiesOf],
  ['falsely called copies', alarmsOf],
  ['calibration error', errorOf],
];

/** What changed per world and per family, of the worlds that both runs have. */
export function changeTables(before: readonly WorldFigures[], now: readonly WorldFigures[]): Table[] {
  const pairs = now.flatMap((after) => {
    const earlier = before.find(({ world }) => world === after.world);
    return earlier ? [{ earlier, after }] : [];
  });
  const families = [...FAMILIES.choose, ...FAMILIES.report];
  const ofFamily = (world: WorldFigures, family: string): Measured => {
    const [queued, copied] = [world.families[family], world.copies[family]];
    return queued ? rateOf(queued) : copied ? { found: copied.found, of: copied.put } : null;
  };
  return [
    {
      title: 'What changed, by world',
      columns: ['world', 'for', 'what', 'before', 'now', 'points'],
      rows: pairs.flatMap(({ earlier, after }) =>
        OF_WORLD.map(([what, of], i) => [
          i === 0 ? after.world : '',
          i === 0 ? after.purpose : '',
          what,
          ...change(of(earlier), of(after)),
        ]),
      ),
      notes: ['Faults in the queue at the larger budget.'],
    },
    ...(['choose', 'report'] as const).map((purpose): Table => {
      const some = pairs.filter(({ after }) => after.purpose === purpose);
      return {
        title: `What changed, by family: worlds ${purpose === 'choose' ? 'to choose on' : 'for report only'}`,
        columns: ['family', 'for', 'before', 'now', 'points'],
        rows: families
          .filter((family) => some.some(({ after }) => ofFamily(after, family) !== null))
          .map((family) => [
            family,
            purposeOf(FAMILIES, family),
            ...change(
              add(some.map(({ earlier }) => ofFamily(earlier, family))),
              add(some.map(({ after }) => ofFamily(after, family))),
            ),
          ]),
      };
    }),
  ].filter(({ rows }) => rows.length > 0);
}

function change(before: Measured, now: Measured): [string, string, string] {
  const points = 100 * (rate(now) - rate(before));
  const signed = Number.isFinite(points) ? `${points > 0 ? '+' : ''}${points.toFixed(1)}` : '-';
  return [percent(rate(before)), percent(rate(now)), signed];
}
