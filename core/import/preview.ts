import { basename, resolve } from 'node:path';
import { setImmediate as turn } from 'node:timers/promises';
import type { BatchRow } from '../../db/queries/batches.ts';
import type { ImportPreview } from '../../rpc/contract/imports.ts';
import { AssayError } from '../../rpc/errors.ts';
import { integer } from '../../rpc/format.ts';
import type { Project } from '../project/project.ts';
import { detectOrNamed } from './detect.ts';
import { glanceOnce } from './glance.ts';
import { HeaderCheck } from './header-check.ts';
import { classNaming, NameTally, type Naming } from './naming.ts';
import { allMissing, isListedThere } from './survey.ts';
import { PreviewPictures } from './preview-pictures.ts';
import { leaveUnreadPictures } from './sources/dataset-walk.ts';
import type { Source, SourceEntry } from './sources/define.ts';
import { Reading, type MapReader } from './sources/reading.ts';
import { rootFolder } from './sources/source-files.ts';
import { sourcesByPriority } from './sources/registry.ts';

/** Somebody waits for the preview: after this time it stops and reports how far it got. */
const MOST_MS = 10_000;
const EXAMPLES = 24;
/** Generators are counted over this many files. */
const GENERATOR_FILES = 500;
/** Yield to the event loop after this many entries: a manifest in memory would block it. */
const TURN_ENTRIES = 2000;

export interface PreviewOptions {
  /** Folder or manifest file. */
  from: string;
  /** Format id, or `auto`. */
  source: string;
  batch: string | null;
  strict: boolean;
  encoding: string | null;
  /** What reads maps of classes and instances; without it a source that needs them cannot be read. */
  maps?: MapReader;
}

/**
 * Previews an import from the source's list of files; reads the headers of a few images and writes nothing. Reads for at most ten seconds,
 * and `complete` says whether that was enough. A layout that is not understood is a verdict, and errors inside a manifest
 * become `problems`; throws `NOT_FOUND` or `USAGE` when nothing can be listed at all.
 */
export async function previewImport(
  project: Project,
  options: PreviewOptions,
  signal?: AbortSignal,
  mostMs = MOST_MS,
): Promise<ImportPreview> {
  const { store } = project;
  const from = resolve(options.from);
  const root = await rootFolder(from);
  const { verdict, source, why, possible } = await detectOrNamed(from, options.source);
  const reading = new Reading(root, options);
  const batch = nameOf(project, options.batch ?? basename(root), root);
  const problems: string[] = [];
  const said = async <T>(act: () => Promise<T>): Promise<T | null> => {
    try {
      return await act();
    } catch (error) {
      if (!(error instanceof AssayError)) throw error;
      problems.push(error.message);
      return null;
    }
  };
  const declared = (await said(async () => (await source?.classes?.(from, options.encoding)) ?? [])) ?? [];
  const labels = store.batches.labels().map(({ name }) => name);
  const naming = classNaming({});
  const tally = new Tally(naming, declared);
  const names = new NameTally(naming, labels);
  const pictures = new PreviewPictures();
  names.declare(declared);
  const known = store.batches.byName(batch);
  const listed = source?.list(from, reading) ?? [];
  const until = AbortSignal.timeout(mostMs);
  const headers = new HeaderCheck(root, source);
  const complete = await said(() =>
    each(listed, mostMs, signal, async (entry) => {
      const unchanged = isKnown(project, known, entry);
      tally.add(entry, unchanged);
      names.add(entry);
      pictures.add(entry, tally.namesOf(entry));
      if (!unchanged) await headers.add(entry);
      if (source && !(await isListedThere(source, root, entry.path))) tally.missing++;
    }),
  );
  if (complete && source && !source.bareFolders && from === root)
    await leaveUnreadPictures(root, reading, until);
  if (complete && tally.files > 0 && tally.missing === tally.files)
    problems.push((await allMissing(from, root, tally.files, tally.examples[0]!.path)).message);
  if (complete === false)
    problems.push(
      `Only the first ${integer(tally.files)} files were read, to keep the preview quick. The import reads all of them.`,
    );
  for (const note of headers.notes()) reading.note(note);
  names.tell(reading);
  return {
    from,
    verdict,
    source: source && { id: source.id, title: source.title },
    why,
    possible: (options.source === 'auto' ? possible : await othersToo(from, source)).map(({ id, title }) => ({
      id,
      title,
    })),
    ...reading.result(),
    files: tally.files,
    complete: complete === true,
    classes: [...tally.classes].map(([name, files]) => ({ name, files, known: labels.includes(name) })),
    unlabelled: tally.unlabelled,
    missing: tally.missing,
    splits: counted(tally.splits),
    boxes: tally.boxes,
    unchanged: tally.unchanged,
    batch,
    generators: counted(tally.generators),
    projectClasses: labels,
    examples: tally.examples,
    pictures: await pictures.offer(project.folder, root),
    problems: [...new Set(problems)],
  };
}

/** Counts over the entries of a source. */
class Tally {
  files = 0;
  unlabelled = 0;
  missing = 0;
  boxes = 0;
  unchanged = 0;
  readonly classes: Map<string, number>;
  readonly splits = new Map<string, number>();
  readonly generators = new Map<string, number>();
  readonly examples: ImportPreview['examples'] = [];

  readonly #naming: Naming;

  constructor(naming: Naming, classes: string[]) {
    this.#naming = naming;
    this.classes = new Map(naming.names(classes).map((name) => [name, 0]));
  }

  add(entry: SourceEntry, unchanged: boolean): void {
    this.files++;
    const label = this.#naming.of(entry.label);
    if (label === null) this.unlabelled++;
    if (entry.split !== null) count(this.splits, entry.split);
    this.boxes += (entry.boxes ?? []).filter((box) => this.#naming.of(box.label) !== null).length;
    for (const name of this.namesOf(entry)) count(this.classes, name);
    if (unchanged) this.unchanged++;
    if (entry.generator !== null && this.files <= GENERATOR_FILES)
      count(this.generators, [entry.generator, entry.generatorVersion ?? ''].join(' ').trim());
    if (this.examples.length < EXAMPLES) this.examples.push({ path: entry.path, label });
  }

  /** The classes of an image. Those that only boxes use can be mapped too. */
  namesOf({ label, boxes }: SourceEntry): string[] {
    const names = [label, ...(boxes ?? []).map((box) => box.label)].map((name) => this.#naming.of(name));
    return [...new Set(names.filter((name) => name !== null))];
  }
}

function count(counts: Map<string, number>, name: string): void {
  counts.set(name, (counts.get(name) ?? 0) + 1);
}

/** Most frequent first. */
function counted(counts: Map<string, number>): { name: string; files: number }[] {
  return [...counts].map(([name, files]) => ({ name, files })).sort((a, b) => b.files - a.files);
}

/** Passes entries to `use` for at most `mostMs`. Returns whether it reached the end. */
async function each(
  listed: Iterable<SourceEntry> | AsyncIterable<SourceEntry>,
  mostMs: number,
  signal: AbortSignal | undefined,
  use: (entry: SourceEntry) => Promise<void>,
): Promise<boolean> {
  const startedMs = performance.now();
  let read = 0;
  for await (const entry of listed) {
    await use(entry);
    if (++read % TURN_ENTRIES > 0) continue;
    await turn();
    signal?.throwIfAborted();
    if (performance.now() - startedMs > mostMs) return false;
  }
  return true;
}

function isKnown({ store }: Project, batch: BatchRow | undefined, { path }: SourceEntry): boolean {
  return batch !== undefined && store.images.known(batch.id, path)?.sha256 != null;
}

/** The wanted name if it is free or belongs to a batch of the same folder, else the first free one with a number. */
function nameOf({ store }: Project, wanted: string, root: string): string {
  for (let n = 1; ; n++) {
    const name = n === 1 ? wanted : `${wanted} ${n}`;
    const known = store.batches.byName(name);
    if (!known || known.root === root) return name;
  }
}

/** The chosen source first, then the others that fit. */
async function othersToo(from: string, chosen: Source | null): Promise<Source[]> {
  const found = chosen ? [chosen] : [];
  const glance = glanceOnce(from);
  for (const source of sourcesByPriority)
    if (source !== chosen && (await source.detects(from, glance).catch(() => false))) found.push(source);
  return found;
}
