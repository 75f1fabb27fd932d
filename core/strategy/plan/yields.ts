import { lorasCalled } from '../../../imaging/metadata/loras.ts';
import { SETTING_FIELDS, type DecidedRow } from '../../../db/queries/plans.ts';
import { FIELDS } from '../../../rpc/contract/fields.ts';
import type { SettingValue, Yield } from '../../../rpc/contract/plans.ts';
import { hypergeometricCdf, hypergeometricPmf, rateInterval } from '../../base/numeric/special.ts';

const CONFIDENCE = 0.95;
/** After the correction, one in twenty plans names a value by mistake. */
const CHANCE = 0.05;
/** Images of a value that a test needs: of fewer, not even all being lost can be told from chance. */
const FEWEST_OF_VALUE = 5;
/** Ranges of equally many images that seeds are tested in. */
const SEED_RANGES = 10;
const MOST_VALUES = 200;
const MOST_EXAMPLES = 6;

export const NO_YIELD: Yield = { kept: 0, of: 0, interval: [0, 1] };

/** How many of some decided images were kept, with the exact interval. */
export function yieldOf(rows: readonly Pick<DecidedRow, 'isKept'>[]): Yield {
  const kept = rows.reduce((sum, row) => sum + row.isKept, 0);
  return rows.length === 0
    ? NO_YIELD
    : { kept, of: rows.length, interval: rateInterval(kept, rows.length, CONFIDENCE) };
}

/**
 * Each value of each setting against all other values of it: the exact test of Fisher, two-sided by doubling the smaller
 * tail, and Holm's correction over all of them (Holm 1979). Those that surely reject most come first, those that surely
 * keep most last.
 */
export function settingValues(rows: readonly DecidedRow[]): { values: SettingValue[]; tested: number } {
  const found = [...settingsOf(rows)].flatMap(([setting, { title, of }]) => {
    const known = rows.filter((row) => of(row).length > 0);
    const groups = new Map<string, DecidedRow[]>();
    for (const row of known)
      for (const value of new Set(of(row))) {
        const group = groups.get(value);
        if (group) group.push(row);
        else groups.set(value, [row]);
      }
    // A LoRA is there or not; of the others, each image has one value, and one alone has nothing beside it.
    const beside = setting === 'lora' ? rows : known;
    return [...groups]
      .filter(([, group]) => group.length >= FEWEST_OF_VALUE && group.length < beside.length)
      .map(([value, group]) => ({ setting, title, value, group, ...fisher(group, beside) }));
  });
  const adjusted = holm(found.map(({ p }) => p));
  const values = found
    .map(({ group, isWorse, ...one }, i): SettingValue => ({
      ...one,
      yield: yieldOf(group),
      adjusted: adjusted[i]!,
      than: adjusted[i]! >= CHANCE ? null : isWorse ? 'worse' : 'better',
      lost: group
        .filter(({ isKept }) => isKept === 0)
        .slice(0, MOST_EXAMPLES)
        .map(({ sha256, path }) => ({ sha256, path })),
    }))
    .sort((a, b) => rank(a) - rank(b) || (a.than === 'better' ? b.p - a.p : 0) || lossOf(b) - lossOf(a));
  return { values: values.slice(0, MOST_VALUES), tested: found.length };
}

const rank = ({ than, adjusted }: SettingValue): number =>
  than === 'worse' ? adjusted - 1 : than === null ? 0 : 1;
const lossOf = ({ yield: { kept, of } }: SettingValue): number => 1 - kept / of;

/** Whether a group loses more, or less, than the images beside it. */
function fisher(group: readonly DecidedRow[], all: readonly DecidedRow[]): { p: number; isWorse: boolean } {
  const lostOf = (rows: readonly DecidedRow[]): number =>
    rows.reduce((sum, { isKept }) => sum + 1 - isKept, 0);
  const [lost, lostInAll] = [lostOf(group), lostOf(all)];
  const atMost = hypergeometricCdf(lost, all.length, lostInAll, group.length);
  const atLeast = Math.min(1, 1 - atMost + hypergeometricPmf(lost, all.length, lostInAll, group.length));
  return { p: Math.min(1, 2 * Math.min(atMost, atLeast)), isWorse: atLeast < atMost };
}

/** Holm's correction: p-values that hold together, whatever depends on what. */
export function holm(ps: readonly number[]): number[] {
  const order = [...ps.keys()].sort((a, b) => ps[a]! - ps[b]!);
  const adjusted = Array<number>(ps.length).fill(1);
  let least = 0;
  order.forEach((at, i) => {
    least = Math.max(least, Math.min(1, (ps.length - i) * ps[at]!));
    adjusted[at] = least;
  });
  return adjusted;
}

interface Setting {
  title: string;
  of: (row: DecidedRow) => string[];
}

function settingsOf(rows: readonly DecidedRow[]): Map<SettingValue['setting'], Setting> {
  const settings = new Map<SettingValue['setting'], Setting>(
    SETTING_FIELDS.filter((id) => id !== 'seed' && id !== 'loras').map((id) => [
      id,
      { title: FIELDS[id].title, of: (row) => (row[id] === null ? [] : [String(row[id])]) },
    ]),
  );
  settings.set('seed', { title: 'Seeds', of: seedRanges(rows) });
  settings.set('lora', { title: 'LoRA', of: lorasOf });
  return settings;
}

/** Names of an image's LoRAs: those that the metadata in its file names, and those that its prompt calls. */
export const lorasOf = ({ loras, prompt }: Pick<DecidedRow, 'loras' | 'prompt'>): string[] => [
  ...new Set(
    [...String(loras ?? '').split(', '), ...lorasCalled(String(prompt ?? ''))].filter((name) => name !== ''),
  ),
];

/** Seeds exceed what numbers hold, and hardly two images share one: they are compared in ranges of equally many images. */
function seedRanges(rows: readonly DecidedRow[]): (row: DecidedRow) => string[] {
  const seedOf = ({ seed }: DecidedRow): bigint | null =>
    seed !== null && /^-?\d+$/.test(String(seed)) ? BigInt(seed) : null;
  const seeds = rows.flatMap((row) => seedOf(row) ?? []).sort((a, b) => (a < b ? -1 : a > b ? 1 : 0));
  const ends = Array.from(
    { length: SEED_RANGES },
    (_, i) => seeds[Math.ceil(((i + 1) * seeds.length) / SEED_RANGES) - 1],
  ).filter((end, i, all) => end !== undefined && end !== all[i - 1]) as bigint[];
  return (row) => {
    const seed = seedOf(row);
    if (seed === null) return [];
    const at = ends.findIndex((end) => seed <= end);
    const first = seeds.find((one) => at === 0 || one > ends[at - 1]!)!;
    return [first === ends[at] ? `${first}` : `${first} to ${ends[at]}`];
  };
}
