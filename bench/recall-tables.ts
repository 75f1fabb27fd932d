import { number, outOf, percent, ratio, type Table } from './report.ts';
import type { BudgetResult, Found, Recall } from './recall.ts';

/** Faults in the queue at each budget, and faults found by rule. */
export function recallTables(recall: Recall): Table[] {
  return [queueTable(recall), ruleTable(recall), alarmTable(recall)];
}

function queueTable({ set, files, candidates, totals, budgets }: Recall): Table {
  const total = Object.values(totals).reduce((sum, n) => sum + n, 0);
  const row = (what: string, of: number, pick: (budget: BudgetResult) => Found): string[] => [
    what,
    number(of),
    ...budgets.flatMap((budget) => {
      const { assay, assayByGroup, entropy, random } = pick(budget);
      const grouped = assayByGroup > 0 ? `${assay} (+${assayByGroup})` : String(assay);
      return [grouped, String(entropy), random.toFixed(1)];
    }),
  ];
  const overall = budgets.map(
    ({ share, items, audited, all }) =>
      `${percent(share)} is ${number(items)} images, ${number(audited)} of them the random audit: Assay brings up ${percent(all.assay / total)} of the faults, ${ratio(all.assay / all.random)} times what a random draw does and ${ratio(all.assay / all.entropy)} times what entropy does.`,
  );
  return {
    title: `Faults in the queue: ${set}, ${number(files)} synthetic files, ${number(candidates)} candidates`,
    columns: [
      'kind of fault',
      'put in',
      ...budgets.flatMap(({ share }) => [`${percent(share)}: Assay`, 'entropy', 'random']),
    ],
    rows: [
      ...Object.entries(totals).map(([kind, of]) => row(kind, of, (budget) => budget.kinds[kind]!)),
      row('all', total, (budget) => budget.all),
      [
        'any fault, share of the chosen',
        '',
        ...budgets.flatMap(({ precision }) => [
          percent(precision.assay),
          percent(precision.entropy),
          percent(precision.random),
        ]),
      ],
    ],
    notes: [
      ...overall,
      'Assay is its default policy. Entropy takes the images with the most uncertain prediction of the same run. Random is the expected value. All three choose the same number from the same candidates; only images chosen themselves count, (+n) are near-duplicates that an answer would cover.',
    ],
  };
}

function ruleTable({ set, rules }: Recall): Table {
  return {
    title: `Faults found by rule: ${set}`,
    columns: ['kind of fault', 'found', 'share'],
    rows: rules.map(({ kind, found, total }) => [kind, outOf(found, total), percent(found / total)]),
  };
}

function alarmTable({ set, falseAlarms }: Recall): Table {
  return {
    title: `False alarms by rule: ${set}`,
    columns: ['rule', 'sound images', 'share of all sound images'],
    rows: falseAlarms.map(({ rule, alarms, shareOfSound }) => [rule, number(alarms), percent(shareOfSound)]),
    notes: [
      'An alarm is false where neither the file nor the one that it is said to copy was put in as such a fault. Neighbouring frames of one turntable are real look-alikes, and are counted as false all the same.',
    ],
  };
}
