import type { BatchReport } from '../../rpc/contract/reports.ts';
import { AssayError } from '../../rpc/errors.ts';
import type { TaskContext } from '../../rpc/progress.ts';
import type { BatchRow } from '../../db/queries/batches.ts';
import type { HomeRow } from '../../db/queries/images.ts';
import { sampleWithoutReplacement, streamOf } from '../numeric/random.ts';
import type { Project } from '../project.ts';
import { newestRun } from '../queueing.ts';
import { MOST, reportBatch, type BatchSet, type ImageSet } from './batch-report.ts';

/**
 * The report of a project's batch against its labelled and unlabelled real images, with the embeddings of the newest
 * run. Throws NOT_READY before a run, NOT_FOUND for an unknown batch, INVALID_INPUT for one that is not synthetic.
 */
export async function reportOfProject(
  project: Project,
  options: { batch: string | null; seed: number },
  task: TaskContext,
): Promise<BatchReport> {
  const { store } = project;
  const run = newestRun(project);
  const batches = store.batches.all();
  const synthetic = batches.filter(({ role }) => role === 'synthetic');
  const named = batches.find(({ name }) => name === options.batch);
  if (options.batch !== null && !named)
    throw new AssayError(
      'NOT_FOUND',
      `There is no batch "${options.batch}" in ${project.name}; there is ${batches.map(({ name }) => name).join(', ')}.`,
    );
  if (named && named.role !== 'synthetic')
    throw new AssayError(
      'INVALID_INPUT',
      `${named.name} holds ${named.role} images: a report is of a synthetic batch.`,
    );
  const batch = named ?? synthetic.at(-1);
  if (!batch)
    throw new AssayError(
      'NOT_READY',
      `${project.name} has no synthetic batch yet: assay import --role synthetic.`,
    );
  const previous = synthetic[synthetic.findIndex(({ id }) => id === batch.id) - 1];
  const labels = new Map(store.batches.labels().map(({ id, name }) => [id, name]));
  const members = new Map<string, HomeRow[]>();
  const realKey = '';
  for (const image of store.images.homes()) {
    const key = image.role === 'real' ? realKey : image.batch;
    if (key !== realKey && key !== batch.name && key !== previous?.name) continue;
    const list = members.get(key);
    if (list) list.push(image);
    else members.set(key, [image]);
  }
  const read = (key: string): ImageSet => {
    const all = (members.get(key) ?? []).filter((image) => store.facts.embedding(run.model, image.id));
    const drawn = sampleWithoutReplacement(streamOf(options.seed, `sample ${key}`), all.length, MOST).sort();
    const images = Array.from(drawn, (row) => all[row]!);
    const rows = images.map((image) => {
      const bytes = store.facts.embedding(run.model, image.id)!;
      return new Float32Array(new Uint8Array(bytes).buffer);
    });
    const dimensions = rows[0]?.length ?? 1;
    const data = new Float32Array(rows.length * dimensions);
    rows.forEach((row, i) => data.set(row, i * dimensions));
    return {
      total: all.length,
      vectors: { data, dimensions },
      sha256: images.map(({ sha256 }) => sha256),
      path: images.map(({ path }) => path),
      label: images.map(({ labelId }) => labels.get(labelId ?? -1) ?? null),
    };
  };
  const setOf = ({ name, generation, generator }: BatchRow): BatchSet => ({
    ...read(name),
    name,
    generation,
    generator,
  });
  return reportBatch(
    read(realKey),
    setOf(batch),
    previous ? setOf(previous) : null,
    { model: run.modelId, seed: options.seed },
    task,
  );
}
