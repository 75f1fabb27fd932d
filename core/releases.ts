import { createHash } from 'node:crypto';
import { resolve } from 'node:path';
import type { ReleaseRow } from '../db/queries/images.ts';
import type { ImageFormat } from '../imaging/types.ts';
import type { LeftOut, ReleaseSummary, Withheld } from '../rpc/contract/releases.ts';
import type { Role, Rule } from '../rpc/contract/terms.ts';
import { AssayError } from '../rpc/errors.ts';
import type { TaskContext } from '../rpc/progress.ts';
import type { Box } from './boxes.ts';
import type { ExportItem, ExportJob } from './exports/define.ts';
import { OutputFolder } from './exports/output.ts';
import { exports } from './exports/registry.ts';
import { canonicalJson } from './ledger/canonical.ts';
import { record } from './ledger/ledger.ts';
import { originalPath } from './originals.ts';
import type { Project } from './project.ts';
import { APP_VERSION } from './version.ts';

export interface ReleaseOptions {
  format: string;
  /** Folder to be made. */
  to: string;
  roles: Role[];
  /** Whether synthetic images that nobody decided on are in. Real ones are annotated already and always are. */
  undecided: 'in' | 'out';
  /** Kinds that are left out unless named here. */
  include: Withheld[];
  licence: string;
  actor: string;
}

const MANIFEST = 'assay-manifest.json';
const EXTENSION: Record<ImageFormat, string> = { jpeg: 'jpg', png: 'png', webp: 'webp' };

/** Writes a release and records it. Under the target's name there is all of it or nothing. */
export async function exportRelease(
  project: Project,
  options: ReleaseOptions,
  task: TaskContext,
): Promise<ReleaseSummary> {
  const format = exports.get(options.format);
  if (!format)
    throw new AssayError(
      'USAGE',
      `There is no export format "${options.format}". Known: ${[...exports.keys()].join(', ')}.`,
    );
  const selection = new Selection(project, options);
  const { count, origins, leftOut, hasBoxes } = selection.survey();
  if (count === 0)
    throw new AssayError(
      'NOT_READY',
      'Nothing would be exported: every image is left out. See assay status, and the options --roles, --undecided and --include.',
    );
  const output = await OutputFolder.create(resolve(options.to));
  try {
    const head = project.store.events.last()!;
    const dataset: ExportJob['dataset'] = {
      name: project.name,
      description: `${count} images verified with Assay: ${origins.accepted} accepted, ${origins.relabelled} relabelled, ${origins.given} as given.`,
      licence: options.licence,
      creator: options.actor,
      createdAt: new Date().toISOString(),
      version: `1.0.${head.seq}`,
      appVersion: APP_VERSION,
      hasBoxes,
      counts: origins,
      synthetic: options.roles.includes('synthetic'),
    };
    await format.write({
      ...task,
      output,
      items: selection,
      count,
      classes: project.store.batches.labels().map((label) => label.name),
      dataset,
    });
    const text = manifest(project, options, selection, output, { count, origins, leftOut, head });
    await output.writeText(MANIFEST, text);
    const manifestSha256 = createHash('sha256').update(text).digest('hex');
    task.signal.throwIfAborted();
    await output.commit();
    record(project.store, options.actor, 'release.exported', {
      format: options.format,
      folder: resolve(options.to),
      images: count,
      manifestSha256,
      options: canonicalJson({
        roles: options.roles,
        undecided: options.undecided,
        include: options.include,
      }),
    });
    return {
      folder: resolve(options.to),
      format: options.format,
      images: count,
      origins,
      leftOut,
      loses: format.loses,
      manifestSha256,
    };
  } finally {
    await output.abort();
  }
}

/** The images that go into a release, by sha256, each time anew so that memory stays bounded. */
class Selection implements Iterable<ExportItem> {
  readonly #project: Project;
  readonly #options: ReleaseOptions;
  readonly #rules = new Map<number, Set<Rule>>();
  readonly #labels: Map<number, string>;

  constructor(project: Project, options: ReleaseOptions) {
    this.#project = project;
    this.#options = options;
    this.#labels = new Map(project.store.batches.labels().map((label) => [label.id, label.name]));
    const run = project.store.scores.runs().at(-1);
    for (const { imageId, rule } of run ? project.store.scores.flags(run.id) : [])
      this.#rules.set(imageId, (this.#rules.get(imageId) ?? new Set()).add(rule));
  }

  *[Symbol.iterator](): Generator<ExportItem> {
    for (const row of this.#project.store.images.forRelease())
      if (this.#reasonOut(row) === null) yield this.#item(row);
  }

  survey(): {
    count: number;
    origins: ReleaseSummary['origins'];
    leftOut: ReleaseSummary['leftOut'];
    hasBoxes: boolean;
  } {
    const origins = { given: 0, accepted: 0, relabelled: 0 };
    const leftOut: ReleaseSummary['leftOut'] = {};
    let count = 0;
    let hasBoxes = false;
    for (const row of this.#project.store.images.forRelease()) {
      const reason = this.#reasonOut(row);
      if (reason) {
        leftOut[reason] = (leftOut[reason] ?? 0) + 1;
        continue;
      }
      count++;
      origins[this.#item(row).origin]++;
      hasBoxes ||= row.boxed === 1;
    }
    return { count, origins, leftOut, hasBoxes };
  }

  #reasonOut(row: ReleaseRow): LeftOut | null {
    const { roles, undecided, include } = this.#options;
    if (!roles.includes(row.role)) return 'other-role';
    const rules = this.#rules.get(row.id);
    for (const rule of ['holdout-leak', 'seed-copy', 'exact-duplicate'] as const)
      if (rules?.has(rule) && !include.includes(rule)) return rule;
    const verdict = this.#project.store.decisions.verdict(row.id);
    if (verdict?.verdict === 'reject' && !include.includes('rejected')) return 'rejected';
    return !verdict && undecided === 'out' && row.role === 'synthetic' ? 'undecided' : null;
  }

  #item(row: ReleaseRow): ExportItem {
    const { store, objects } = this.#project;
    const verdict = store.decisions.verdict(row.id);
    const given = row.labelId === null ? null : this.#labels.get(row.labelId)!;
    const embedded = row.prompt === null ? store.facts.generation(row.id) : undefined;
    const format = row.format as ImageFormat;
    return {
      sha256: row.sha256,
      fileName: `${row.sha256}.${EXTENSION[format]}`,
      source: originalPath(objects, row),
      originalPath: row.path,
      format,
      bytes: row.bytes,
      width: row.width,
      height: row.height,
      label: verdict?.verdict === 'relabel' ? verdict.label : given,
      givenLabel: given,
      origin:
        verdict?.verdict === 'relabel' ? 'relabelled' : verdict?.verdict === 'accept' ? 'accepted' : 'given',
      reviewer: verdict?.reviewer ?? null,
      decidedAt: verdict?.at ?? null,
      role: row.role,
      batch: row.batch,
      generator: row.generator,
      generatorVersion: row.generatorVersion,
      generation: row.generation,
      split: row.split,
      prompt: row.prompt ?? embedded?.prompt ?? null,
      negativePrompt: row.negativePrompt ?? embedded?.negativePrompt ?? null,
      seed: row.seed ?? embedded?.seed ?? null,
      boxes:
        row.boxed === 1
          ? store.images.boxes(row.fileId).map((box): Box => ({
              label: box.label,
              format: box.format as Box['format'],
              values: [box.v0, box.v1, box.v2, box.v3],
            }))
          : null,
    };
  }
}

function manifest(
  project: Project,
  options: ReleaseOptions,
  selection: Selection,
  output: OutputFolder,
  facts: {
    count: number;
    origins: ReleaseSummary['origins'];
    leftOut: ReleaseSummary['leftOut'];
    head: { seq: number; hash: string };
  },
): string {
  const run = project.store.scores.runs().at(-1);
  const images = [...selection].map((item) => ({
    sha256: item.sha256,
    label: item.label,
    givenLabel: item.givenLabel,
    origin: item.origin,
    reviewer: item.reviewer,
    decidedAt: item.decidedAt,
    role: item.role,
    batch: item.batch,
    generator: item.generator,
    generatorVersion: item.generatorVersion,
    generation: item.generation,
    originalPath: item.originalPath,
  }));
  const document = {
    format: 'assay-manifest-1',
    project: project.store.batches.project(),
    assay: APP_VERSION,
    exportFormat: options.format,
    options: { roles: options.roles, undecided: options.undecided, include: options.include },
    ledger: { events: facts.head.seq, head: facts.head.hash },
    scoreRun: run
      ? { run: run.id, model: run.modelId, fingerprint: run.model, device: run.device, digest: run.digest }
      : null,
    counts: { images: facts.count, ...facts.origins, leftOut: facts.leftOut },
    files: output.files,
    images,
  };
  return `${JSON.stringify(document, null, 1)}\n`;
}
