import type { DecodePool } from '../../../imaging/decode-pool.ts';
import type { TaskInput } from '../../../rpc/contract/jobs.ts';
import {
  MIX_FORMAT,
  MIX_FORM_WORDS,
  mixLeftLines,
  type MixForm,
  type MixPolicy,
  type MixSummary,
} from '../../../rpc/contract/mixes.ts';
import { capitalised, counted, integer, percent } from '../../../rpc/format.ts';
import type { TaskContext } from '../../../rpc/progress.ts';
import { APP_VERSION } from '../../base/version.ts';
import type { WritableProject } from '../../project/project.ts';
import type { ExportItem } from '../../release/formats/define.ts';
import { checkpoint } from '../../release/formats/items.ts';
import { PngCounter } from '../../release/formats/png-counter.ts';
import { tableFile } from '../../release/formats/typed-table.ts';
import { VERIFIERS } from '../../release/manifest.ts';
import { datasetOf, writeRelease, type Sealing } from '../../release/seal.ts';
import { mixCandidates, type Candidates, type MixCandidates } from './candidates.ts';
import { sourcesOf, USAGE, writeForms, type MixJob, type Places } from './forms.ts';
import { orderOf, type RoleDraws } from './order.ts';
import { planMix, type MixPlan, type PlannedStratum } from './plan.ts';
import { mixPolicyOf } from './policy.ts';
import { MIX_COLUMNS, rowText, type MixRow } from './rows.ts';

type Options = TaskInput<'mix'>;

/** What a mix is, before any of it is written. */
interface Mix {
  options: Options;
  policy: MixPolicy;
  realShare: number;
  plan: MixPlan;
  order: Int32Array;
  /** How often each image is in the epoch, by id; without those that are not. */
  times: Map<number, number>;
  /** Real images of each batch of the epoch; the last one may be shorter. */
  batches: number[];
  leftOut: MixSummary['leftOut'];
}

/** Writes a training mix as a release of the project, and records it. Throws what `planMix` and `writeRelease` throw. */
export async function writeMix(
  project: WritableProject,
  options: Options,
  pool: DecodePool,
  task: TaskContext,
): Promise<MixSummary> {
  const policy = mixPolicyOf(project.store);
  const candidates = await mixCandidates(project, policy, options.weights, task.signal);
  const mix = mixOf(candidates, policy, options);
  const { plan, batches } = mix;
  const images = drawnItems(project, candidates, mix);
  const counts = countsOf(images);
  const { folder, manifestSha256, written } = await writeRelease(
    project,
    options.to,
    pool,
    task.signal,
    async (output) => {
      const { head } = candidates.selection;
      const itemOf = (id: number): ExportItem => candidates.selection.itemOf(id);
      const job: MixJob = {
        ...task,
        output,
        items: images,
        count: counts.images,
        classes: project.store.batches.labels().map((label) => label.name),
        dataset: datasetOf(project, head, {
          description: `A training mix of ${counted(plan.images, 'image')}, ${percent(plan.real / plan.images)} of them real.`,
          licence: options.licence,
          creator: options.by,
          hasBoxes: counts.hasBoxes,
          counts: counts.origins,
        }),
        order: mix.order,
        itemOf,
        sources: options.as.includes('sources') ? sourcesOf(mix.order, itemOf) : [],
        share: plan.real / plan.images,
        seed: options.seed,
        batchSize: options.batchSize,
        shardBytes: options.shardBytes,
      };
      const places = await writeForms(job, options.as);
      await output.writeText('manifest.jsonl', rowTexts(job, mix, places));
      await output.writeBytes(
        'manifest.parquet',
        tableFile(rowsOf(job, mix, places), MIX_COLUMNS, APP_VERSION),
      );
      await output.writeText(
        'mix.json',
        `${JSON.stringify(description(project, job, mix, head), null, 1)}\n`,
      );
      await output.writeText('README.md', readme(job, mix));
      return {
        actor: options.by,
        event: {
          format: MIX_FORMAT,
          options: { roles: ['real', 'synthetic'], undecided: policy.unreviewed ? 'in' : 'out', include: [] },
          mix: {
            realShare: mix.realShare,
            floor: policy.floor,
            batchSize: options.batchSize,
            seed: options.seed,
            policy: policy.version,
            images: plan.images,
            real: plan.real,
            realImages: counts.roles.real,
            leastReal: plan.leastReal,
            belowFloor: reasonOf(mix) ?? undefined,
          },
        },
        head,
        images,
        counts: { images: counts.images, origins: counts.origins, basis: counts.basis, leftOut: mix.leftOut },
      } satisfies Sealing;
    },
  );
  return {
    folder,
    images: plan.images,
    real: plan.real,
    distinct: counts.roles,
    batchSize: options.batchSize,
    batches: batches.length,
    leastReal: plan.leastReal,
    floor: policy.floor,
    leftOut: mix.leftOut,
    belowFloor: written.event.mix.belowFloor ?? null,
    manifestSha256,
  };
}

const reasonOf = ({ plan, options }: Mix): string | null => (plan.isBelowFloor ? options.belowFloor : null);

function mixOf({ strata, leftOut }: MixCandidates, policy: MixPolicy, options: Options): Mix {
  const realShare = options.realShare ?? policy.target;
  const plan = planMix(strata, {
    ...options,
    realShare,
    floor: policy.floor,
    isBelowFloorAllowed: options.belowFloor !== null,
  });
  const order = orderOf(drawsOf('real', strata, plan), drawsOf('synthetic', strata, plan), options.seed);
  const times = new Map<number, number>();
  for (const id of order) times.set(id, (times.get(id) ?? 0) + 1);
  const notDrawn = strata.reduce((sum, { images }) => sum + images, 0) - times.size;
  const isReal = new Set(strata.flatMap(({ role, ids }) => (role === 'real' ? ids : [])));
  const batches: number[] = [];
  for (const [position, id] of order.entries()) {
    const batch = Math.floor(position / options.batchSize);
    batches[batch] = (batches[batch] ?? 0) + Number(isReal.has(id));
  }
  return {
    options,
    policy,
    realShare,
    plan,
    order,
    times,
    batches,
    leftOut: notDrawn === 0 ? leftOut : { ...leftOut, 'not-drawn': notDrawn },
  };
}

function drawsOf(role: PlannedStratum['role'], strata: readonly Candidates[], plan: MixPlan): RoleDraws {
  return {
    members: strata.filter((each) => each.role === role).map(({ ids }) => ids),
    draws: plan.strata.filter((each) => each.role === role).map(({ draws }) => draws),
  };
}

/** The images that are drawn, each once, in sha256 order; read again for each pass. */
function drawnItems(
  { store }: WritableProject,
  { selection }: MixCandidates,
  { times }: Mix,
): Iterable<ExportItem> {
  return {
    *[Symbol.iterator]() {
      for (const item of selection) if (times.has(store.images.idOf(item.sha256)!)) yield item;
    },
  };
}

function countsOf(items: Iterable<ExportItem>) {
  const counts = {
    images: 0,
    roles: { real: 0, synthetic: 0 },
    origins: { given: 0, accepted: 0, relabelled: 0 },
    basis: { verified: 0, policy: 0, given: 0 },
    hasBoxes: false,
  };
  for (const { role, origin, basis, boxes } of items) {
    counts.images++;
    counts.roles[role as 'real' | 'synthetic']++;
    counts.origins[origin]++;
    counts.basis[basis]++;
    counts.hasBoxes ||= boxes !== null;
  }
  return counts;
}

function* rowsOf(job: MixJob, { order, times }: Mix, places: Places): Generator<MixRow> {
  for (const [position, id] of order.entries()) {
    checkpoint(job.signal);
    const item = job.itemOf(id);
    yield { ...item, ...places(position, item), position, weight: times.get(id)! };
  }
}

function* rowTexts(job: MixJob, mix: Mix, places: Places): Generator<string> {
  for (const row of rowsOf(job, mix, places)) yield rowText(row);
}

/** What mix.json holds: docs/strategy/mix.md. */
function description(
  { store }: WritableProject,
  job: MixJob,
  mix: Mix,
  head: { seq: number; hash: string },
): object {
  const { options, policy, realShare, plan, batches, leftOut, order } = mix;
  const reason = reasonOf(mix);
  const { uid, name } = store.batches.project()!;
  return {
    format: 'assay-mix-1',
    project: { uid, name },
    assay: APP_VERSION,
    createdAt: job.dataset.createdAt,
    by: options.by,
    licence: options.licence,
    policy,
    realShare,
    floor: policy.floor,
    belowFloor: reason === null ? null : { reason, by: options.by },
    batchSize: options.batchSize,
    seed: options.seed,
    images: order.length,
    real: plan.real,
    leastReal: plan.leastReal,
    batches,
    sampling: plan.strata.map(({ role, label, images, weight, draws }) => ({
      role,
      label,
      images,
      weight,
      draws,
    })),
    leftOut,
    forms: options.as,
    ...(job.sources.length > 0 && {
      sources: job.sources.map(({ path, batch, role, entries, draws, share }) => ({
        path,
        batch,
        role,
        images: entries.length,
        draws,
        share,
      })),
    }),
    classes: job.classes,
    ledger: { events: head.seq, head: head.hash },
  };
}

/** The README.md of a mix, for people. */
function readme(job: MixJob, mix: Mix): string {
  const pngs = new PngCounter();
  for (const item of job.items) pngs.add(item);
  const { options, policy, plan, leftOut, batches } = mix;
  const { name, createdAt, licence } = job.dataset;
  const reason = reasonOf(mix);
  const [python, html] = VERIFIERS;
  const repeated = [...mix.times.values()].filter((times) => times > 1).length;
  const parts = [
    `# ${name}: training mix`,
    `${counted(plan.images, 'image')} in an epoch, ${integer(plan.real)} of them real (${percent(plan.real / plan.images, 2)}), made on ${createdAt.slice(0, 10)} by ${options.by} with Assay ${APP_VERSION}, seed ${options.seed}. Licence: ${licence}.`,
    ...(reason === null
      ? []
      : [
          `**Below the floor of ${percent(policy.floor)} real images in every batch.** ${options.by} gave the reason: ${reason}`,
        ]),
    `Any ${counted(options.batchSize, 'image')} in a row, wherever they begin, hold ${integer(plan.leastReal)} real ones or one more; the floor of the policy is ${percent(policy.floor)}. \`mix.json\` has the policy and the count of each of ${counted(batches.length, 'batch', 'batches')}; \`manifest.jsonl\` and \`manifest.parquet\` have the images in the order of the epoch.`,
    repeated === 0
      ? 'No image is in it twice.'
      : `${counted(repeated, 'image is', 'images are')} in it several times (\`weight\`), as \`sampling\` in \`mix.json\` states for each class and role.`,
    ...(Object.keys(leftOut).length > 0
      ? [
          `Not in it:\n\n${mixLeftLines(leftOut)
            .map((line) => `- ${line}`)
            .join('\n')}`,
        ]
      : []),
    ...pngs.result().map((line) => `Not in it: ${line}.`),
    ...options.as.map(
      (form: MixForm) =>
        `${capitalised(MIX_FORM_WORDS[form])}:\n\n\`\`\`python\n${USAGE[form](job).join('\n')}\n\`\`\``,
    ),
    `To check that nothing was changed, open \`${html}\` in a browser, or run \`python3 ${python}\`.`,
  ];
  return `${parts.join('\n\n')}\n`;
}
