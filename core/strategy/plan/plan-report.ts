import type { DecidedRow } from '../../../db/queries/plans.ts';
import type { RunRow } from '../../../db/queries/scores.ts';
import type { Store } from '../../../db/store.ts';
import type { PlanReport, PlanRow, SettingValue } from '../../../rpc/contract/plans.ts';
import type { ClassReport } from '../../../rpc/contract/reports.ts';
import { DEFAULT_SEED } from '../../../rpc/contract/terms.ts';
import { auditLooks } from '../../audit/evidence.ts';
import { inOrder } from '../../fidelity/batch-report.ts';
import type { MeasuredBatch } from '../../fidelity/measure-batch.ts';
import { MeasuredBatches } from '../../fidelity/measured-batches.ts';
import type { Project } from '../../project/project.ts';
import { stockOf } from '../stock.ts';
import { changedSince } from './pays.ts';
import { planOf, type ClassYields } from './plan.ts';
import { aimOf, planTarget } from './target.ts';
import { settingValues, yieldOf } from './yields.ts';

const MOST_PROMPTS = 3;
const MOST_PICTURES = 8;

/** The plan by class for what a batch covers: the one number of the report on it and of the plan. */
export function planRows(store: Store, classes: readonly ClassReport[]): PlanRow[] {
  return rowsOf(store, decisionsOf(store), classes);
}

/**
 * What to generate next: how many of each class, from the target, the stock and the yield; with which prompts, on which
 * real images; and which settings reject most. The newest measured batch tells what is covered; nothing is measured.
 */
export async function planReport(project: Project, signal?: AbortSignal): Promise<PlanReport> {
  const { store } = project;
  const run = store.scores.runs().at(-1);
  const decisions = decisionsOf(store);
  const { decided, audited } = decisions;
  const newest = run ? await newestMeasured(project, run, signal) : null;
  const { values, tested } = settingValues(decided);
  const ids = new Map([...store.batches.labelNames()].map(([id, name]) => [name, id]));
  const decidedYield = yieldOf(decided);
  return {
    ...planTarget(store),
    classes: rowsOf(store, decisions, newest?.found.classes ?? []).map((row) => ({
      ...row,
      prompts: promptsOf(
        decided.filter(({ labelId }) => labelId === ids.get(row.name)),
        values,
      ),
      conditionOn: newest?.uncovered.get(row.name) ?? [],
    })),
    settings: values,
    tested,
    decided: decidedYield,
    audited: yieldOf(audited),
    notes: [
      ...experimentNotes(store),
      ...(decidedYield.of === 0
        ? ['No synthetic image is decided yet: no loss is counted.']
        : audited.length === 0
          ? [
              'Decided images are mostly the suspicious ones: their yields are lower than those of all images.',
            ]
          : [
              'Decided images are mostly the suspicious ones. Audited ones are drawn at random from those that were not: their yield is used where a class has 20 of them.',
            ]),
      newest === null
        ? 'No synthetic batch is measured: which real images are not covered is not known. Measure them in Watch, or by assay watch.'
        : `What is covered is as in ${newest.name}, the newest batch that is measured.`,
    ],
  };
}

/** What a target from an experiment rests on, and whether it is out of date. */
function experimentNotes(store: Store): string[] {
  const aim = aimOf(store);
  if (aim.kind !== 'experiment') return [];
  const [newest, ...older] = store.experiments.all();
  const { id, seq } = [newest!, ...older].find((one) => one.id === aim.experiment)!;
  const changed = changedSince(id, store.plans.realChanges(seq));
  return [
    ...aim.notes,
    ...(newest!.id === id ? [] : [`Experiment ${newest!.id} is newer: set the target again to go by it.`]),
    ...(changed === null ? [] : [changed]),
  ];
}

interface Decisions {
  decided: DecidedRow[];
  /** Those of them that audits drew. */
  audited: DecidedRow[];
}

function decisionsOf(store: Store): Decisions {
  const drawn = new Set(
    store.queue
      .all()
      .filter(({ audited }) => audited > 0)
      .flatMap(({ id }) =>
        auditLooks(store, id)
          .filter(({ stratum }) => stratum === 'audit')
          .map(({ imageId }) => imageId),
      ),
  );
  const decided = store.plans.decided();
  return { decided, audited: decided.filter(({ imageId }) => drawn.has(imageId)) };
}

function rowsOf(store: Store, { decided, audited }: Decisions, classes: readonly ClassReport[]): PlanRow[] {
  const names = store.batches.labelNames();
  const [all, ofAudits] = [decided, audited].map((rows) => Map.groupBy(rows, ({ labelId }) => labelId));
  const yields: ClassYields = new Map(
    [...names].map(([id, name]) => [
      name,
      { decided: yieldOf(all!.get(id) ?? []), audited: yieldOf(ofAudits!.get(id) ?? []) },
    ]),
  );
  const coverage = classes.flatMap(({ name, measures }) => {
    const value = measures.find(({ id }) => id === 'coverage')?.value;
    return name === null || value === null || value === undefined ? [] : [[name, value] as const];
  });
  const run = store.scores.runs().at(-1)?.id ?? 0;
  const stock = stockOf(store.reports.composition(run), names).classes;
  return planOf(stock, aimOf(store), yields, new Map(coverage));
}

/** Prompts of a class: of those kept no less than its images are, the surest; and those that surely reject most. */
function promptsOf(
  rows: readonly DecidedRow[],
  values: readonly SettingValue[],
): { use: string[]; avoid: string[] } {
  const worse = new Set(
    values.flatMap(({ setting, than, value }) => (setting === 'prompt' && than === 'worse' ? [value] : [])),
  );
  const groups = [...Map.groupBy(rows, ({ prompt }) => String(prompt ?? ''))]
    .filter(([prompt]) => prompt !== '')
    .map(([prompt, own]) => ({ prompt, ...yieldOf(own) }))
    .sort((a, b) => b.interval[0] - a.interval[0]);
  const usual = yieldOf(rows);
  return {
    use: groups
      .filter(({ prompt, kept, of }) => kept > 0 && kept / of >= usual.kept / usual.of && !worse.has(prompt))
      .slice(0, MOST_PROMPTS)
      .map(({ prompt }) => prompt),
    avoid: groups.filter(({ prompt }) => worse.has(prompt)).map(({ prompt }) => prompt),
  };
}

interface Newest {
  name: string;
  found: MeasuredBatch;
  /** Real images of each class that none of its images is near. */
  uncovered: Map<string, { sha256: string; path: string }[]>;
}

/** The newest synthetic batch that is measured as it is now. */
async function newestMeasured(
  project: Project,
  run: RunRow,
  signal = new AbortController().signal,
): Promise<Newest | null> {
  const { store } = project;
  const batches = inOrder(store.batches.all().filter(({ role }) => role === 'synthetic'))
    .filter(({ id }) => store.reports.isMeasured(run.model, id, DEFAULT_SEED))
    .reverse();
  if (batches.length === 0) return null;
  const measured = await MeasuredBatches.of(project, run, DEFAULT_SEED, signal);
  for (const batch of batches) {
    const found = measured.keptMeasures(batch);
    if (!found) continue;
    const { sha256, path, label } = measured.anchorSet();
    const uncovered = new Map<string, { sha256: string; path: string }[]>();
    for (const row of [...found.uncovered.rare, ...found.uncovered.common]) {
      const name = label[row] ?? '';
      const known = uncovered.get(name) ?? [];
      if (known.length < MOST_PICTURES)
        uncovered.set(name, [...known, { sha256: sha256[row]!, path: path[row]! }]);
    }
    return { name: batch.name, found, uncovered };
  }
  return null;
}
