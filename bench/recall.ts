import { FINDINGS, type Finding as FoundBy } from '../rpc/contract/terms.ts';
import { QUEUE_KINDS, RULE_KINDS, type Answers } from './answers.ts';

/** A synthetic file that a rule named, and the file that it was found to be a copy of. */
export interface Finding {
  rule: FoundBy;
  path: string;
  partner: string | null;
}

/** What a scored project says about a set; every path is `<role>/<path below the role's folder>`. */
export interface Observed {
  /** Synthetic files that the import judged. */
  files: number;
  /** Synthetic images that could be queued, most uncertain first by entropy. */
  candidates: string[];
  findings: Finding[];
  queues: { share: number; items: { path: string; stratum: string; group: string[] }[] }[];
}

/** Faults of one kind that each way of choosing the same number of images finds. */
export interface Found {
  assay: number;
  /** Not queued themselves, but near-duplicates of a queued image, whose answer holds for them. */
  assayByGroup: number;
  entropy: number;
  /** Expected of a simple random draw from the candidates. */
  random: number;
}

export interface BudgetResult {
  share: number;
  items: number;
  audited: number;
  kinds: Record<string, Found>;
  all: Found;
  /** Share of the chosen images that have any fault at all. */
  precision: { assay: number; entropy: number; random: number };
}

interface RuleResult {
  kind: string;
  total: number;
  found: number;
}

interface FalseAlarms {
  rule: FoundBy;
  /** Sound images under this rule, and their share of all sound images. */
  alarms: number;
  shareOfSound: number;
}

export interface Recall {
  set: string;
  files: number;
  candidates: number;
  /** Faults put in, per kind that a queue has to find. */
  totals: Record<string, number>;
  budgets: BudgetResult[];
  rules: RuleResult[];
  falseAlarms: FalseAlarms[];
}

/** Compares what was queued and flagged with the faults that were put in. */
export function evaluate(set: string, observed: Observed, answers: Answers): Recall {
  const { files, candidates, findings, queues } = observed;
  const count = (kind: string, paths: Iterable<string>): number =>
    [...paths].filter((path) => answers.get(path) === kind).length;
  const kinds = QUEUE_KINDS.filter((kind) => count(kind, answers.keys()) > 0);
  const sound = files - answers.size;
  return {
    set,
    files,
    candidates: candidates.length,
    totals: Object.fromEntries(kinds.map((kind) => [kind, count(kind, answers.keys())])),
    budgets: queues.map((queue) => judgeQueue(queue, kinds, candidates, answers)),
    rules: Object.keys(RULE_KINDS)
      .map((kind) => ({
        kind,
        total: count(kind, answers.keys()),
        found: foundByRule(kind, findings, answers),
      }))
      .filter(({ total }) => total > 0),
    falseAlarms: FINDINGS.map((rule) => {
      const alarms = new Set(
        findings.filter((finding) => isFalseAlarm(finding, rule, answers)).map(({ path }) => path),
      ).size;
      return { rule, alarms, shareOfSound: alarms / sound };
    }),
  };
}

function judgeQueue(
  { share, items }: Observed['queues'][number],
  kinds: readonly string[],
  candidates: string[],
  answers: Answers,
): BudgetResult {
  const queued = new Set(items.map((item) => item.path));
  const represented = new Set(items.flatMap((item) => item.group).filter((path) => !queued.has(path)));
  const byEntropy = candidates.slice(0, items.length);
  const drawn = items.length / candidates.length;
  const found = (isOne: (kind: string | undefined) => boolean): Found => {
    const among = (paths: Iterable<string>): number =>
      [...paths].filter((path) => isOne(answers.get(path))).length;
    return {
      assay: among(queued),
      assayByGroup: among(represented),
      entropy: among(byEntropy),
      random: drawn * among(candidates),
    };
  };
  const faulty = found((kind) => kind !== undefined);
  return {
    share,
    items: items.length,
    audited: items.filter((item) => item.stratum === 'audit').length,
    kinds: Object.fromEntries(kinds.map((kind) => [kind, found((other) => other === kind)])),
    all: found((kind) => kind !== undefined && kinds.includes(kind)),
    precision: {
      assay: faulty.assay / items.length,
      entropy: faulty.entropy / items.length,
      random: faulty.random / items.length,
    },
  };
}

/** Of two copies, a rule names the one that came later, which need not be the one that was put in: either will do. */
function foundByRule(kind: string, findings: Finding[], answers: Answers): number {
  const found = new Set<string>();
  for (const { rule, path, partner } of findings) {
    if (!RULE_KINDS[kind]!.includes(rule)) continue;
    for (const file of [path, partner]) if (file !== null && answers.get(file) === kind) found.add(file);
  }
  return found.size;
}

function isFalseAlarm({ rule, path, partner }: Finding, wanted: FoundBy, answers: Answers): boolean {
  if (rule !== wanted || answers.has(path)) return false;
  const partnerFault = partner === null ? undefined : answers.get(partner);
  return partnerFault === undefined || !RULE_KINDS[partnerFault]?.includes(rule);
}
