import { FINDINGS } from '../../rpc/contract/terms.ts';
import { BUDGETS } from '../recall-run.ts';
import { number, outOf, percent, type Table } from '../report.ts';
import type { CopyCounts } from './evaluate.ts';
import type { FamilyFigures, WorldFigures } from './figures.ts';
import { FAMILIES, purposeOf, type Purpose } from './lists.ts';

const HEADINGS: Record<Purpose, string> = {
  choose: 'worlds to choose on',
  report: 'worlds for report only',
};
const MARK = ' *';
const MARKED = `Families marked with${MARK} are for report only: nothing may be chosen by their figures.`;

/** Everything about the worlds, those to choose on and those for report apart. */
export function judgementTables(worlds: readonly WorldFigures[]): Table[] {
  return (['choose', 'report'] as const).flatMap((purpose) => {
    const some = worlds.filter((world) => world.purpose === purpose);
    if (some.length === 0) return [];
    const title = (what: string): string => `${what}: ${HEADINGS[purpose]}`;
    return [
      queueTable(title('Faults in the queue, by world'), some),
      familyTable(title('Faults in the queue, by family'), some),
      matrix(title(`Found in the queue of ${percent(BUDGETS.at(-1)!)}, by family and world`), some),
      strataTable(title(`Where a queue of ${percent(BUDGETS.at(-1)!)} spends itself`), some),
      copyTable(title('Copies of seed, hold-out and batch'), some),
      alarmTable(title('Sound images under a rule'), some),
      calibrationTable(title('Label risk against the truth'), some),
    ];
  });
}

const share = (found: number | undefined, put: number): string =>
  found === undefined || put === 0 ? '-' : percent(found / put);

/** A family's columns: the queue at each budget, then the other ways at the last one. */
const WAYS = [
  'put in',
  ...BUDGETS.map((budget) => `queue ${percent(budget)}`),
  ...['random', 'entropy', 'label risk', 'best alone'].map((way) => `${way} ${percent(BUDGETS.at(-1)!)}`),
];
const waysOf = ({ put, queue, random, entropy, labelRisk, best }: FamilyFigures): string[] => [
  number(put),
  ...BUDGETS.map((_, b) => share(queue[b], put)),
  ...[random, entropy, labelRisk, best.found].map((found) => share(found.at(-1), put)),
];

function queueTable(title: string, worlds: readonly WorldFigures[]): Table {
  return {
    title,
    columns: ['world', 'faults', ...WAYS, 'best score', ...BUDGETS.map((b) => `precision ${percent(b)}`)],
    rows: worlds.flatMap(({ world, sums, precision }) =>
      (['labels', 'others', 'all'] as const).map((kind, i) => [
        i === 0 ? world : '',
        kind === 'labels' ? 'wrong labels' : kind,
        ...waysOf(sums[kind]),
        sums[kind].best.score,
        ...BUDGETS.map((_, b) => (kind === 'all' ? percent(precision[b]!) : '')),
      ]),
    ),
    notes: [
      'Every way chooses as many of the same candidates. Random is the expected value. The best alone is the single score that finds most of them in this world, known only afterwards. Precision counts any fault.',
    ],
  };
}

const nameOf = (family: string): string =>
  purposeOf(FAMILIES, family) === 'report' ? `${family}${MARK}` : family;

/** In the order of the lists. */
const inOrder = <T>(families: ReadonlyMap<string, T>): [string, T][] =>
  [...FAMILIES.choose, ...FAMILIES.report].flatMap((family): [string, T][] => {
    const found = families.get(family);
    return found === undefined ? [] : [[family, found]];
  });

function gather<T>(
  worlds: readonly WorldFigures[],
  pick: (world: WorldFigures) => Record<string, T>,
): Map<string, T[]> {
  const gathered = new Map<string, T[]>();
  for (const world of worlds)
    for (const [family, figures] of Object.entries(pick(world)))
      gathered.set(family, [...(gathered.get(family) ?? []), figures]);
  return gathered;
}

const addLists = (lists: readonly number[][]): number[] =>
  BUDGETS.map((_, b) => lists.reduce((sum, list) => sum + (list[b] ?? 0), 0));

function pooled(parts: readonly FamilyFigures[]): FamilyFigures {
  return {
    put: parts.reduce((sum, { put }) => sum + put, 0),
    queue: addLists(parts.map(({ queue }) => queue)),
    random: addLists(parts.map(({ random }) => random)),
    labelRisk: addLists(parts.map(({ labelRisk }) => labelRisk)),
    entropy: addLists(parts.map(({ entropy }) => entropy)),
    best: { score: '', found: addLists(parts.map(({ best }) => best.found)) },
  };
}

function familyTable(title: string, worlds: readonly WorldFigures[]): Table {
  const families = inOrder(gather(worlds, (world) => world.families));
  const all = (['labels', 'others', 'all'] as const).map(
    (kind) => [kind === 'labels' ? 'wrong labels' : kind, worlds.map(({ sums }) => sums[kind])] as const,
  );
  return {
    title,
    columns: ['family', ...WAYS],
    rows: [
      ...families.map(([family, parts]) => [nameOf(family), ...waysOf(pooled(parts))]),
      ...all.map(([name, parts]) => [name, ...waysOf(pooled(parts))]),
    ],
    notes: [MARKED, 'The best alone may be another score in every world.'],
  };
}

function matrix(title: string, worlds: readonly WorldFigures[]): Table {
  const families = inOrder(gather(worlds, (world) => world.families));
  return {
    title,
    columns: ['family', ...worlds.map(({ world }) => world)],
    rows: families.map(([family]) => [
      nameOf(family),
      ...worlds.map(({ families: own }) => {
        const figures = own[family];
        return figures ? outOf(figures.queue.at(-1)!, figures.put) : '-';
      }),
    ]),
  };
}

function strataTable(title: string, worlds: readonly WorldFigures[]): Table {
  return {
    title,
    columns: ['stratum', 'places', 'with a fault', ...worlds.map(({ world }) => world)],
    rows: [...gather(worlds, (world) => world.strata)].map(([stratum, parts]) => {
      const items = parts.reduce((sum, part) => sum + part.items, 0);
      const faulty = parts.reduce((sum, part) => sum + part.faulty, 0);
      return [
        stratum,
        number(items),
        share(faulty, items),
        ...worlds.map(({ strata }) => {
          const own = strata[stratum];
          return own ? outOf(own.faulty, own.items) : '-';
        }),
      ];
    }),
  };
}

function copyTable(title: string, worlds: readonly WorldFigures[]): Table {
  const families = inOrder(gather(worlds, (world) => world.copies));
  return {
    title,
    columns: [
      'transformation',
      'put in',
      'found',
      'of its original',
      'only queued',
      'called',
      ...worlds.map(({ world }) => world),
    ],
    rows: families.map(([family, parts]) => {
      const sum = (of: (part: CopyCounts) => number): number => parts.reduce((so, part) => so + of(part), 0);
      const put = sum((part) => part.put);
      const called = new Map<string, number>();
      for (const { as } of parts)
        for (const [name, count] of Object.entries(as)) called.set(name, (called.get(name) ?? 0) + count);
      return [
        nameOf(family),
        number(put),
        share(
          sum(({ found }) => found),
          put,
        ),
        share(
          sum(({ original }) => original),
          put,
        ),
        share(
          sum(({ queued }) => queued),
          put,
        ),
        [...called].map(([name, count]) => `${name} ${count}`).join(', '),
        ...worlds.map(({ copies }) => {
          const own = copies[family];
          return own ? outOf(own.found, own.put) : '-';
        }),
      ];
    }),
    notes: [
      'Found is under the rule of the side that was copied: a copy of the seed as such, of the hold-out as a leak, of the batch as a near or exact duplicate.',
    ],
  };
}

function alarmTable(title: string, worlds: readonly WorldFigures[]): Table {
  const rules = FINDINGS.filter((rule) => worlds.some(({ alarms }) => (alarms[rule] ?? 0) > 0));
  return {
    title,
    columns: ['rule', ...worlds.map(({ world }) => world)],
    rows: [
      ['sound images', ...worlds.map(({ sound }) => number(sound))],
      ...rules.map((rule) => [
        rule,
        ...worlds.map(({ alarms, sound }) => percent((alarms[rule] ?? 0) / sound)),
      ]),
    ],
  };
}

function calibrationTable(title: string, worlds: readonly WorldFigures[]): Table {
  return {
    title,
    columns: ['world', 'seed', 'images', 'mean risk', 'share wrong', 'calibration error'],
    rows: worlds.flatMap(({ world, calibration }) =>
      (['clean', 'noisySeed'] as const).map((seed, i) => {
        const { images, meanRisk, shareWrong, error } = calibration[seed];
        return [
          i === 0 ? world : '',
          seed === 'clean' ? 'right' : 'noisy',
          number(images),
          error === null ? '-' : percent(meanRisk),
          percent(shareWrong),
          error === null ? '-' : error.toFixed(3),
        ];
      }),
    ),
    notes: [
      'The error is the expected one over ten bins of equal width. In one round of four, 8 % of the real images are under the label of a class that looks alike. Foreign images are left out; every other image counts, whatever lists its fault is on.',
    ],
  };
}
