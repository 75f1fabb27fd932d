import { createHash } from 'node:crypto';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { record } from '../../core/ledger/ledger.ts';
import { gaussian, mulberry32 } from '../../core/base/numeric/random.ts';
import { Project, type WritableProject } from '../../core/project/project.ts';
import { decide } from '../../core/review/decide.ts';
import type { Stratum } from '../../rpc/contract/terms.ts';
import { bounds, makeOriginals, makeThumbs, writeMap } from './huge-files.ts';

export interface HugeOptions {
  images: number;
  /** Images from the first one on that have a thumbnail, of a few hundred different ones. */
  thumbs?: number;
  /** Queue items from the first one on whose originals are real files, 512 x 384. */
  originals?: number;
  /** Numbers per embedding; 0 makes none. */
  dimensions?: number;
  queue?: number;
  decisions?: number;
  /** Writes `maps/pca.bin`. */
  map?: boolean;
}

export const HUGE_CLASSES = Array.from({ length: 20 }, (_, i) => `part-${String(i + 1).padStart(2, '0')}`);
export const HUGE_SCORES = [
  'blurry',
  'entropy',
  'isolation',
  'margin',
  'neighbour-agreement',
  'novelty-all',
  'novelty-class',
  'self-confidence',
];
const ACTOR = 'Huge Project';
const REVIEWERS = ['Ada Lovelace', 'Grace Hopper', 'Emmy Noether'];
const MODEL = createHash('sha256').update('huge model').digest('hex');
const STRATA_IN_TURN: Stratum[] = ['suspect-label', 'suspect-label', 'uncertain', 'novel', 'audit'];
const ADJECTIVES = ['worn', 'shiny', 'rusty', 'new', 'bent', 'oily', 'cracked', 'clean'];
const PLACES = ['on a steel bench', 'on concrete', 'in a wooden crate', 'under a lamp', 'on a conveyor belt'];
const LIGHTS = ['soft daylight', 'hard flash', 'low key', 'overcast', 'neon light', 'golden hour'];

/**
 * Makes a project of very many rows without a pixel being decoded: the tables are filled directly, with an event for
 * each act that does not list its files. Everything works on it except `verify`. About 45 s and 1 GB for a million.
 */
export async function makeHugeProject(path: string, options: HugeOptions): Promise<string> {
  const { images, queue = 5000, decisions = 400 } = options;
  const { synthetic } = bounds(images);
  const project = Project.create(path, ACTOR);
  const { folder } = project;
  const root = `${folder}-files`;
  recordActs(project, root, images);
  project.close();
  const items = Math.min(queue, Math.floor((images - synthetic) / 4));
  const step = Math.floor((images - synthetic) / Math.max(1, items));
  const queued = Array.from({ length: items }, (_, i) => synthetic + i * step);
  const originals = await makeOriginals(join(root, 'synthetic'), queued.slice(0, options.originals ?? 0));
  const sha = (id: number): string =>
    originals.get(id)?.sha256 ?? createHash('sha256').update(`huge ${id}`).digest('hex');
  fillTables(join(folder, 'project.db'), options, sha, originals);
  const again = Project.open(folder, 'write');
  if (items > 0) recordQueue(again, queued.map(sha), images);
  decideSome(again, queued.map(sha).slice(0, Math.min(decisions, items)));
  again.close();
  await makeThumbs(join(folder, 'thumbs'), Math.min(options.thumbs ?? 0, images), sha);
  if (options.map) writeMap(folder, images, MODEL);
  return folder;
}

function recordActs({ store }: WritableProject, root: string, images: number): void {
  for (const role of ['real', 'holdout', 'synthetic'] as const) {
    const generated = role === 'synthetic' ? { generator: 'renderer', generation: 1 } : {};
    record(store, ACTOR, 'batch.created', {
      name: role === 'synthetic' ? 'night-drive' : role,
      role,
      root: join(root, role),
      source: 'class-folders',
      parents: role === 'synthetic' ? ['real'] : [],
      classes: HUGE_CLASSES,
      ...generated,
    });
    record(store, ACTOR, 'files.imported', { batch: role === 'synthetic' ? 'night-drive' : role, files: [] });
  }
  record(store, ACTOR, 'run.finished', {
    model: MODEL,
    modelId: 'huge 1.0.0',
    device: 'cpu',
    parameters: { scores: HUGE_SCORES },
    images,
    digest: MODEL,
  });
}

function fillTables(
  file: string,
  { images, dimensions = 0 }: HugeOptions,
  sha: (id: number) => string,
  originals: Map<number, { bytes: number }>,
): void {
  const { holdout, synthetic } = bounds(images);
  const db = new Database(file);
  // Nothing here is worth keeping through a power cut.
  for (const pragma of [
    'journal_mode = MEMORY',
    'synchronous = OFF',
    'cache_size = -400000',
    'foreign_keys = OFF',
  ])
    db.pragma(pragma);
  const deterministic = { deterministic: true };
  db.function('sha', deterministic, (id: unknown) => sha(Number(id)));
  db.function('prompt', deterministic, (id: unknown) => promptOf(Number(id)));
  db.function('file_bytes', deterministic, (id: unknown) => originals.get(Number(id))?.bytes ?? 90_000);
  db.function('vector', deterministic, (id: unknown) => vectorOf(Number(id), dimensions));
  // Mixes a number with a salt to an even spread over 0..1.
  const spread = (salt: number): string =>
    `(((value * 2654435761 + ${salt}) % 4294967296) * 40503 + ${salt * 7919}) % 1000003 / 1000003.0`;
  const batch = `CASE WHEN value < ${holdout} THEN 1 WHEN value < ${synthetic} THEN 2 ELSE 3 END`;
  const label = `CASE WHEN value >= ${synthetic} AND value % 97 = 0 THEN NULL ELSE 1 + value % 20 END`;
  const all = (sql: string): void => {
    db.exec(
      `WITH RECURSIVE n (value) AS (SELECT 1 UNION ALL SELECT value + 1 FROM n WHERE value < ${images}) ${sql}`,
    );
  };
  db.exec('BEGIN');
  all(
    `INSERT INTO image (id, sha256, bytes, format, width, height, copied, home_file_id)
     SELECT value, sha(value), file_bytes(value), 'jpeg', 512, 384, 0, value FROM n`,
  );
  all(
    `INSERT INTO file (id, batch_id, path, bytes, modified_ms, image_id, label_id, added_seq)
     SELECT value, ${batch}, printf('part-%02d/%07d.jpg', 1 + value % 20, value), file_bytes(value), 1, value,
       ${label}, 2 + 2 * (${batch}) FROM n`,
  );
  all(
    `INSERT INTO generation_metadata (image_id, tool, prompt, seed, sampler, steps, cfg, model_name, has_c2pa)
     SELECT value, 'a1111', prompt(value), value, 'Euler a', 28, 7.0, 'renderer-xl', 0 FROM n WHERE value >= ${synthetic}`,
  );
  // About one in twelve is predicted to be something else.
  all(
    `INSERT INTO prediction SELECT 1, value, 1 + (value + (value % 12 = 5)) % 20, 0.5 + 0.5 * ${spread(3)} FROM n`,
  );
  for (const [i, name] of HUGE_SCORES.entries()) {
    db.prepare('INSERT INTO score_name (id, name) VALUES (?, ?)').run(i + 1, name);
    // Skewed like most scores are, and one of them without a value for some.
    const value = `${spread(11 + 101 * i)} * ${spread(17 + 13 * i)}`;
    const where = name === 'self-confidence' ? 'WHERE value % 97 <> 0' : '';
    all(`INSERT INTO score SELECT 1, ${i + 1}, value, ${value} FROM n ${where}`);
  }
  all(
    `INSERT INTO flag (run_id, image_id, rule, other_image_id, similarity) SELECT 1, value, CASE value % 1000 WHEN 7 THEN 'holdout-leak' WHEN 107 THEN 'seed-copy'
         ELSE 'near-duplicate' END,
       CASE value % 1000 WHEN 7 THEN ${holdout} + value % ${synthetic - holdout} WHEN 107 THEN 1 + value % ${holdout - 1}
         ELSE value - 1 END, 0.93
     FROM n WHERE value % 100 = 7 AND value >= ${synthetic}`,
  );
  if (dimensions > 0) all(`INSERT INTO embedding SELECT '${MODEL}', value, vector(value) FROM n`);
  db.exec('COMMIT');
  db.pragma('journal_mode = WAL');
  db.close();
}

function promptOf(id: number): string {
  const pick = (words: string[], salt: number): string =>
    words[(Math.imul(id + salt, 2_654_435_761) >>> 7) % words.length]!;
  const part = HUGE_CLASSES[id % 20]!;
  return `A photo of a ${pick(ADJECTIVES, 1)} ${part} ${pick(PLACES, 2)}, ${pick(LIGHTS, 3)}, 50mm, take ${id % 5000}`;
}

/** Little-endian floats around the class's own direction. */
function vectorOf(id: number, dimensions: number): Buffer {
  const random = mulberry32(id);
  const vector = Float32Array.from({ length: dimensions }, () => 0.3 * gaussian(random));
  vector[(id % 20) % dimensions]! += 1;
  return Buffer.from(vector.buffer);
}

function recordQueue({ store }: WritableProject, shas: string[], images: number): void {
  const reasons: Record<Stratum, string> = {
    'suspect-label': 'the label model finds the given label unlikely',
    uncertain: 'two classes are about equally likely',
    novel: 'unlike every real image of its class',
    damaged: 'blurred',
    audit: 'drawn at random',
  };
  const strata = shas.map((_, i) => STRATA_IN_TURN[i % STRATA_IN_TURN.length]!);
  const audited = strata.filter((stratum) => stratum === 'audit').length;
  const rest = images - shas.length + audited;
  record(store, ACTOR, 'queue.made', {
    run: 1,
    policy: {},
    seed: 1,
    frame: images,
    rest,
    audited,
    items: shas.map((sha256, i) => ({
      sha256,
      stratum: strata[i]!,
      reasons: [{ text: reasons[strata[i]!] }],
      priority: 1 - i / shas.length,
      inclusionProbability: strata[i] === 'audit' ? audited / rest : 1,
      group: [],
    })),
  });
}

/** The first items of the queue: mostly accepted, by three people in turn. */
function decideSome(project: WritableProject, shas: string[]): void {
  for (const [r, reviewer] of REVIEWERS.entries()) {
    const own = shas.filter((_, i) => i % REVIEWERS.length === r);
    decide(
      project,
      reviewer,
      { kind: 'review', queue: 1 },
      own.map((sha256, i) => {
        const item = { sha256, place: i * REVIEWERS.length + r };
        if (i % 9 === 4) return { ...item, verdict: 'relabel', label: HUGE_CLASSES[i % 20]! };
        if (i % 9 === 7) return { ...item, verdict: 'reject', reason: 'not a part' };
        return { ...item, verdict: 'accept' };
      }),
    );
  }
}
