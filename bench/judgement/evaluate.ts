import type { Finding } from '../../rpc/contract/terms.ts';
import type { Observed } from '../recall.ts';
import type { Truth } from './round.ts';

/** A score of every candidate that has one, and which end of it is suspect. */
export interface Column {
  suspect: 'high' | 'low';
  values: ReadonlyMap<string, number>;
}

/** What a scored project says about one round of a world. */
export interface Seen extends Observed {
  scores: ReadonlyMap<string, Column>;
}

/** Faults found by each way of choosing the same number of the same candidates, per budget. */
export interface Counts {
  put: number;
  queue: number[];
  /** Expected of a random draw. */
  random: number[];
  /** By each score, ranked alone. */
  scores: Record<string, number[]>;
}

export interface CopyCounts {
  put: number;
  /** Under the rule of the side that was copied. */
  found: number;
  /** Of these, with the very picture that was copied. */
  original: number;
  /** Not found, but in the queue at the last budget. */
  queued: number;
  /** What rules called it, however many; `nothing` where none did. */
  as: Record<string, number>;
}

/** Predicted chances of a wrong label against what was wrong, in ten bins of equal width. */
export interface Calibration {
  images: number;
  /** Sum of the risks, and of the wrong labels, per bin. */
  bins: { images: number; risk: number; wrong: number }[];
}

export interface RoundFigures {
  files: number;
  /** Synthetic images without a fault. */
  sound: number;
  /** Per kind of fault that a queue has to find. */
  families: Record<string, Counts>;
  copies: Record<string, CopyCounts>;
  /** Per budget: chosen items, and those with any fault; per stratum at the last budget. */
  chosen: { items: number[]; faulty: number[]; strata: Record<string, { items: number; faulty: number }> };
  /** Sound images under each rule. */
  alarms: Partial<Record<Finding, number>>;
  calibration: Calibration;
}

const BINS = 10;
/** Rules that may rightly name a copy of each side. */
const RULE_OF = { real: 'seed-copy', holdout: 'holdout-leak', synthetic: 'near-duplicate' } as const;

export const isLabelFault = (family: string): boolean => family.startsWith('label-');

/** Holds what was queued, flagged and scored in one round against what was put in. */
export function evaluateRound(seen: Seen, truth: readonly Truth[]): RoundFigures {
  const { files, candidates, findings, queues, scores } = seen;
  const faults = new Map(truth.map((row) => [row.path, row]));
  const originals = new Set(truth.map(({ origin }) => origin));
  const queued = queues.map(({ items }) => new Set(items.map(({ path }) => path)));
  const ranked = new Map([...scores].map(([id, column]) => [id, rank(candidates, column)]));
  const candidate = new Set(candidates);
  const families: RoundFigures['families'] = {};
  for (const family of new Set(truth.filter(({ origin }) => origin === '').map((row) => row.family))) {
    const paths = truth.filter((row) => row.family === family).map(({ path }) => path);
    const among = (chosen: ReadonlySet<string>): number => paths.filter((path) => chosen.has(path)).length;
    families[family] = {
      put: paths.length,
      queue: queued.map(among),
      random: queued.map(({ size }) => (among(candidate) * size) / Math.max(1, candidates.length)),
      scores: Object.fromEntries(
        [...ranked].map(([id, order]) => [
          id,
          queued.map(({ size }) => among(new Set(order.slice(0, size)))),
        ]),
      ),
    };
  }
  const copies: RoundFigures['copies'] = {};
  for (const row of truth)
    if (row.origin !== '') judgeCopy((copies[row.family] ??= noCopies()), row, findings, queued.at(-1));
  const last = queues.at(-1)?.items ?? [];
  const strata: RoundFigures['chosen']['strata'] = {};
  for (const { path, stratum } of last) {
    const counts = (strata[stratum] ??= { items: 0, faulty: 0 });
    counts.items++;
    if (faults.has(path)) counts.faulty++;
  }
  const alarms: RoundFigures['alarms'] = {};
  // Of two copies a rule names the later one, which may be the original.
  const sound = ({ path }: { path: string }): boolean => !faults.has(path) && !originals.has(path);
  for (const rule of new Set(findings.map((finding) => finding.rule)))
    alarms[rule] = new Set(
      findings.filter((finding) => finding.rule === rule && sound(finding)).map(({ path }) => path),
    ).size;
  return {
    files,
    sound: files - truth.length,
    families,
    copies,
    chosen: {
      items: queued.map(({ size }) => size),
      faulty: queued.map((set) => [...set].filter((path) => faults.has(path)).length),
      strata,
    },
    alarms,
    calibration: calibrate(scores.get('label-risk'), faults),
  };
}

/** Most suspect first; without a value last; ties in the order of the candidates. */
function rank(candidates: readonly string[], { suspect, values }: Column): string[] {
  const sign = suspect === 'high' ? 1 : -1;
  const of = (path: string): number => {
    const value = values.get(path);
    return value === undefined || Number.isNaN(value) ? -Infinity : sign * value;
  };
  // `candidates` come by entropy: ties must not gain by that.
  return candidates.toSorted().sort((a, b) => (of(a) === of(b) ? 0 : of(b) - of(a)));
}

const noCopies = (): CopyCounts => ({ put: 0, found: 0, original: 0, queued: 0, as: {} });

function judgeCopy(
  counts: CopyCounts,
  { path, origin }: Truth,
  findings: Observed['findings'],
  queued: ReadonlySet<string> | undefined,
): void {
  const side = origin.split('/')[0] as keyof typeof RULE_OF;
  const right = (rule: Finding): boolean =>
    rule === RULE_OF[side] || (side === 'synthetic' && rule === 'exact-duplicate');
  const about = findings.filter(
    (finding) =>
      finding.path === path || (side === 'synthetic' && finding.path === origin && finding.partner === path),
  );
  counts.put++;
  const hit = about.filter(({ rule }) => right(rule));
  if (hit.length > 0) counts.found++;
  else if (queued?.has(path)) counts.queued++;
  if (hit.some((finding) => finding.partner === origin || finding.path === origin)) counts.original++;
  const names: string[] = [...new Set(about.map(({ rule }) => rule))];
  for (const name of names.length > 0 ? names : ['nothing']) counts.as[name] = (counts.as[name] ?? 0) + 1;
}

/** Images that show no class are left out: whether their label is wrong is a matter of words. */
function calibrate(risk: Column | undefined, faults: ReadonlyMap<string, Truth>): Calibration {
  const bins = Array.from({ length: BINS }, () => ({ images: 0, risk: 0, wrong: 0 }));
  let images = 0;
  for (const [path, value] of risk?.values ?? []) {
    const family = faults.get(path)?.family;
    if (Number.isNaN(value) || family === 'foreign') continue;
    const bin = bins[Math.min(BINS - 1, Math.floor(value * BINS))]!;
    bin.images++;
    bin.risk += value;
    if (family !== undefined && isLabelFault(family)) bin.wrong++;
    images++;
  }
  return { images, bins };
}

/** Expected calibration error: the mean over images of |mean risk - share wrong| in their bin. Null of no images. */
export function calibrationError({ images, bins }: Calibration): number | null {
  return images === 0
    ? null
    : bins.reduce((sum, { risk, wrong }) => sum + Math.abs(risk - wrong), 0) / images;
}
