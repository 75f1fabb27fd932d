import { stat } from 'node:fs/promises';
import { basename, join, resolve } from 'node:path';
import type { BatchRow, LeftRow } from '../../db/queries/batches.ts';
import type { DecodePool } from '../../imaging/decode-pool.ts';
import type { DecodedImage } from '../../imaging/types.ts';
import type { ImportSummary, Reading as ReadingResult } from '../../rpc/contract/imports.ts';
import type { Role } from '../../rpc/contract/terms.ts';
import { AssayError } from '../../rpc/errors.ts';
import type { TaskContext } from '../../rpc/progress.ts';
import { inChunks, mapOrdered } from '../base/parallel.ts';
import { leftRows } from '../ledger/left-rows.ts';
import { record } from '../ledger/ledger.ts';
import { CHUNK, geometryOf, type Embedder } from '../measure/embedding.ts';
import { fileTimes, originalProblem } from '../project/originals.ts';
import type { Project, WritableProject } from '../project/project.ts';
import { commitFiles, type Examined } from './commit.ts';
import { findSource } from './detect.ts';

import { classNaming, NameTally } from './naming.ts';
import type { SourceEntry } from './sources/define.ts';
import { Reading } from './sources/reading.ts';
import { rootFolder } from './sources/source-files.ts';
import { recordedTallies } from './recorded-tallies.ts';
import { surveySource } from './survey.ts';

export interface ImportOptions {
  /** Folder or manifest file. */
  from: string;
  role: Role;
  /** Format id, or `auto`. */
  source: string;
  /** Batch name; the folder's name where none is given. */
  batch: string | null;
  generator: string | null;
  generatorVersion: string | null;
  generation: number | null;
  parents: string[];
  /** Class names of the source -> those of the project; null for no label. Names not listed stay as they are. */
  classMap: Record<string, string | null>;
  /** Keep a copy of every original inside the project. */
  copy: boolean;
  /** The first faulty record stops the import. */
  strict: boolean;
  /** Encoding of text files; null tells it from the bytes. */
  encoding: string | null;
  actor: string;
}

/**
 * Imports a dataset: lists all of it before anything is written, so that a dataset which cannot be read leaves no trace;
 * then reads and decodes every new file once, in source order and bounded memory, and commits in chunks. A killed import
 * resumes where it stopped and ends as if it had never been killed.
 */
export async function importDataset(
  project: WritableProject,
  options: ImportOptions,
  pool: DecodePool,
  embedder: Embedder,
  task: TaskContext,
): Promise<ImportSummary> {
  const from = resolve(options.from);
  if (!(await stat(from).catch(() => null)))
    throw new AssayError(
      'SOURCE_UNREADABLE',
      `${from} does not exist. Give an existing folder or manifest file.`,
      { from },
    );
  const root = await rootFolder(from);
  const source = await findSource(from, options.source);
  const naming = classNaming(options.classMap);
  const names = new NameTally(
    naming,
    project.store.batches.labels().map(({ name }) => name),
  );
  const { total, declared, ...reading } = await surveySource(
    source,
    from,
    root,
    { ...options, names, maps: pool },
    task,
  );
  const classes = naming.names(declared);
  const batch = await ensureBatch(project, options, root, source.id, classes);
  recordLeft(project, options.actor, batch, reading);
  const { fits, pictures } = await recordedTallies(project.store, batch.name);
  const summary: ImportSummary = {
    batch: batch.name,
    source: source.id,
    added: 0,
    unchanged: 0,
    changed: [],
    broken: [],
    duplicates: 0,
    unknownMetadata: 0,
    device: embedder.device,
    ...reading,
    notes: [...reading.notes, ...(embedder.note ? [embedder.note] : [])],
  };

  const examine = async (entry: SourceEntry): Promise<Examined> => {
    task.signal.throwIfAborted();
    const known = project.store.images.known(batch.id, entry.path);
    const times = await fileTimes(join(root, entry.path));
    if (known) {
      const same =
        times?.bytes === (known.bytes ?? undefined) && times?.modifiedMs === (known.modifiedMs ?? undefined);
      if (same) return { entry, outcome: null, changed: null, times };
      if (known.sha256 !== null)
        return {
          entry,
          outcome: null,
          changed: await originalProblem(join(root, entry.path), known.sha256),
          times,
        };
    }
    const outcome = await pool.decode({
      root,
      path: entry.path,
      thumbs: project.thumbs,
      objects: options.copy ? project.objects : null,
      geometry: geometryOf(embedder.pack),
    });
    return { entry, outcome, changed: null, times };
  };

  let committed: Promise<void> = Promise.resolve();
  let seen = 0;
  const steps = mapOrdered(
    source.list(from, new Reading(root, { ...options, maps: pool })),
    CHUNK * 3,
    examine,
  );
  for await (const chunk of inChunks(steps, CHUNK)) {
    const fresh = newImages(project, chunk, embedder);
    const embedded = embedder.embed(fresh.map((image) => image.tensor!));
    embedded.catch(() => {}); // reported by the commit below
    await committed;
    committed = embedded.then(async (found) => {
      await project.store.whenFree();
      task.signal.throwIfAborted();
      commitFiles(
        project.store,
        chunk,
        new Map(fresh.map((image, i) => [image.sha256, found[i]!])),
        {
          batch: batch.name,
          actor: options.actor,
          naming,
          onShown: source.onShown === true,
          copied: options.copy,
          model: embedder.pack.fingerprint,
          fits,
          pictures,
        },
        summary,
      );
      seen += chunk.length;
      task.progress({ stage: 'reading images', done: seen, total, unit: 'images' });
    });
    committed.catch(() => {}); // awaited at the next chunk
  }
  await committed;
  summary.notes.push(...fits.notes(), ...pictures.notes(options.copy));
  return summary;
}

async function ensureBatch(
  project: WritableProject,
  options: ImportOptions,
  root: string,
  source: string,
  classes: string[],
): Promise<BatchRow> {
  const name = options.batch ?? basename(root);
  const known = project.store.batches.byName(name);
  if (known) {
    if (known.role !== options.role || known.root !== root)
      throw new AssayError(
        'ALREADY_EXISTS',
        `The batch "${name}" was imported as ${known.role} from ${known.root}. Give this one a different name with --batch.`,
        { batch: name },
      );
    return known;
  }
  for (const parent of options.parents)
    if (!project.store.batches.byName(parent))
      throw new AssayError('NOT_FOUND', `The parent batch "${parent}" does not exist. Import it first.`, {
        batch: parent,
      });
  record(project.store, options.actor, 'batch.created', {
    name,
    role: options.role,
    root,
    source,
    generator: options.generator ?? undefined,
    generatorVersion: options.generatorVersion ?? undefined,
    generation: options.generation ?? undefined,
    parents: options.parents,
    classes,
  });
  return project.store.batches.byName(name)!;
}

/** Records what the dataset has that is not taken over, unless the record says just that already. */
function recordLeft(
  project: WritableProject,
  actor: string,
  batch: BatchRow,
  { left, skipped }: ReadingResult,
): void {
  const body = {
    batch: batch.name,
    left: left.map(({ example, ...one }) => ({ ...one, example: example ?? undefined })),
    skipped: skipped.records,
  };
  const key = (rows: LeftRow[]): string =>
    rows
      .map(({ kind, name, count, example }) => JSON.stringify([kind, name, count, example]))
      .sort()
      .join('\n');
  if (key(leftRows(body)) === key(project.store.batches.leftBehind([batch.id]))) return;
  record(project.store, actor, 'import.surveyed', body);
}

/** The chunk's images that this model has not embedded yet, without repeats. */
function newImages(project: Project, chunk: Examined[], embedder: Embedder): DecodedImage[] {
  const found = new Map<string, DecodedImage>();
  for (const { outcome } of chunk) {
    if (!outcome?.ok || found.has(outcome.sha256)) continue;
    const id = project.store.images.idOf(outcome.sha256);
    if (id !== undefined && project.store.facts.embedding(embedder.pack.fingerprint, id)) continue;
    found.set(outcome.sha256, outcome);
  }
  return [...found.values()];
}
