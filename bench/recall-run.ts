import type { Project } from '../core/project/project.ts';
import { runTask } from '../rpc/run-task.ts';
import { readAnswers } from './answers.ts';
import { ACTOR } from './context.ts';
import { filesOf, type BenchCore, type MainJob } from './main-job.ts';
import {
  evaluate,
  type BudgetResult,
  type Finding,
  type Found,
  type Observed,
  type Recall,
} from './recall.ts';
import { number, outOf, percent, ratio, type Table } from './report.ts';

/** Shares of a batch that people look at. */
export const BUDGETS = [0.05, 0.1];

/** Queues of 5 and 10 % of a scored set's synthetic files, held against the faults that were put into it. */
export async function measureRecall(core: BenchCore, job: MainJob): Promise<Recall> {
  return evaluate(job.set.name, await observe(core, job), readAnswers(job.set));
}

/** What a scored set's project says: queues of 5 and 10 % of its synthetic files, and what rules found. */
export async function observe({ client, workbench }: BenchCore, job: MainJob): Promise<Observed> {
  const { project } = job;
  const files = filesOf(job);
  const queues: Observed['queues'] = [];
  for (const share of BUDGETS) {
    await runTask(client, 'queue', { project, by: ACTOR, budget: { items: Math.round(share * files) } });
    const { items } = await client.queue.show({ project });
    queues.push({
      share,
      items: items.map(({ batch, path, stratum, group }) => ({
        path: `${batch}/${path}`,
        stratum,
        // Near-duplicates are searched for among the synthetic images only.
        group: group.map((member) => `${batch}/${member.path}`),
      })),
    });
  }
  const { flagged } = await client.queue.show({ project });
  const opened = workbench.open(project, 'read');
  const partners = partnersIn(opened, job.run.run);
  const findings: Finding[] = flagged
    .filter(({ batch }) => batch === 'synthetic')
    .map(({ rule, batch, path }) => {
      const file = `${batch}/${path}`;
      return { rule, path: file, partner: partners.get(`${rule}:${file}`) ?? partners.get(file) ?? null };
    });
  return { files, candidates: candidatesByEntropy(opened, job.run.run), findings, queues };
}

/** What each file is a copy of: by rule and path where pixels say so, by path where the bytes do. */
function partnersIn({ store }: Project, run: number): Map<string, string> {
  const partners = new Map<string, string>();
  for (const { batch, path, homeBatch, homePath } of store.images.duplicateFiles())
    partners.set(`${batch}/${path}`, `${homeBatch}/${homePath}`);
  for (const { rule, batch, path, otherBatch, otherPath } of store.copies.named(run))
    partners.set(`${rule}:${batch}/${path}`, `${otherBatch}/${otherPath}`);
  return partners;
}

/** The synthetic images that no rule keeps out of a queue, highest entropy first, ties by number. */
function candidatesByEntropy({ store }: Project, run: number): string[] {
  const settled = new Set<number>();
  for (const { imageId, settles } of store.copies.pairs(run)) if (settles) settled.add(imageId);
  const entropy = new Map<number, number>();
  for (const { imageId, value } of store.scores.column(run, 'entropy')) entropy.set(imageId, value);
  const of = (id: number): number => entropy.get(id) ?? -1;
  return [...store.images.homes()]
    .filter(({ id, role }) => role === 'synthetic' && !settled.has(id))
    .sort((a, b) => of(b.id) - of(a.id) || a.id - b.id)
    .map(({ batch, path }) => `${batch}/${path}`);
}

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
