import type { Project } from '../core/project/project.ts';
import { SETTLING_RULES } from '../rpc/contract/terms.ts';
import { runTask } from '../rpc/run-task.ts';
import { ACTOR } from './context.ts';
import { readAnswers } from './answers.ts';
import { filesOf, type BenchCore, type MainJob } from './main-job.ts';
import { evaluate, type Finding, type Observed, type Recall } from './recall.ts';

const BUDGETS = [0.05, 0.1];

/** Queues of 5 and 10 % of a scored set's synthetic files, held against the faults that were put into it. */
export async function measureRecall(core: BenchCore, job: MainJob): Promise<Recall> {
  const { client, workbench } = core;
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
  const candidates = candidatesByEntropy(opened, job.run.run);
  return evaluate(job.set.name, { files, candidates, findings, queues }, readAnswers(job.set));
}

/** What each file was found to be a copy of: by rule and path where pixels say so, by path where the bytes do. */
function partnersIn({ store }: Project, run: number): Map<string, string> {
  const partners = new Map<string, string>();
  for (const { batch, path, homeBatch, homePath } of store.images.duplicateFiles())
    partners.set(`${batch}/${path}`, `${homeBatch}/${homePath}`);
  for (const { rule, batch, path, otherBatch, otherPath } of store.scores.namedFlags(run))
    partners.set(`${rule}:${batch}/${path}`, `${otherBatch}/${otherPath}`);
  return partners;
}

/** The synthetic images that no rule keeps out of a queue, highest entropy first, ties by number. */
function candidatesByEntropy({ store }: Project, run: number): string[] {
  const settled = new Set<number>();
  for (const { imageId, rule } of store.scores.flags(run))
    if ((SETTLING_RULES as readonly string[]).includes(rule)) settled.add(imageId);
  const entropy = new Map<number, number>();
  for (const { imageId, value } of store.scores.column(run, 'entropy')) entropy.set(imageId, value);
  const of = (id: number): number => entropy.get(id) ?? -1;
  return [...store.images.homes()]
    .filter(({ id, role }) => role === 'synthetic' && !settled.has(id))
    .sort((a, b) => of(b.id) - of(a.id) || a.id - b.id)
    .map(({ batch, path }) => `${batch}/${path}`);
}
