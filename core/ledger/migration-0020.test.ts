import { join } from 'node:path';
import Database from 'better-sqlite3';
import { expect, test } from 'vitest';
import { MIGRATIONS, migrate } from '../../db/migrate.ts';
import { APPLICATION_ID } from '../../db/open.ts';
import { openStore } from '../../db/store.ts';
import { perform, prologue, shaOf } from '../../test/support/acts.ts';
import { temporaryFolder } from '../../test/support/folders.ts';
import type { Verdict } from '../../rpc/contract/terms.ts';
import { Project } from '../project/project.ts';
import { decide } from '../review/decide.ts';
import { undoLast } from '../review/undo.ts';
import type { EventBodies } from './events.ts';
import { record } from './ledger.ts';
import { verifyProjection } from './verify.ts';

/** Tables of the first version that hold state, parents first. */
const TABLES = [
  'event',
  'project',
  'label',
  'batch',
  'batch_parent',
  'image',
  'file',
  'run',
  'queue',
  'queue_item',
  'queue_group',
  'decision',
];

test('a project of the first version keeps its verdicts, and its events replay to the migrated state', () => {
  const folder = temporaryFolder();
  const project = Project.create(join(folder, 'new'), 'ada');
  for (const act of prologue(1).filter((one) => one.act !== 'queue')) perform(project, act);
  // That version recorded policies as JSON text, numbers as decimal text, reasons as sentences.
  const queue = {
    run: 1,
    policy: '{"budget":"{\\"share\\":0.08}","shares":{"audit":"0.15","novel":"1e-7"}}',
    seed: 1,
    frame: 9,
    rest: 5,
    audited: 4,
    items: [0, 1, 2, 3].map((image) => ({
      sha256: shaOf(image),
      stratum: 'audit',
      reasons: ['because "so" (é)\u0001'],
      priority: '0.1',
      inclusionProbability: '1e-7',
      group: [],
    })),
  };
  record(project.store, 'ada', 'queue.made', queue as unknown as EventBodies['queue.made']);
  const say = (by: string, said: [image: number, verdict: Verdict][]) =>
    decide(
      project,
      by,
      { kind: 'review', queue: 1 },
      // A queue without gold: its items have the same places for everybody.
      said.map(([image, verdict]) => ({
        sha256: shaOf(image),
        place: image,
        verdict,
        label: 'nut',
        reason: 'seen',
      })),
    );
  say('Ada', [
    [0, 'accept'],
    [1, 'relabel'],
    [2, 'reject'],
    [3, 'skip'],
  ]);
  say('Grace', [
    [0, 'reject'],
    [1, 'undo'],
  ]);
  undoLast(project, 'Grace');
  project.close();

  const file = join(folder, 'old.db');
  const old = new Database(file);
  old.pragma(`application_id = ${APPLICATION_ID}`);
  migrate(old, MIGRATIONS.slice(0, 1));
  old.pragma('foreign_keys = OFF');
  old.prepare('ATTACH ? AS made').run(join(project.folder, 'project.db'));
  for (const table of TABLES) {
    const columns = old.pragma(`main.table_info(${table})`) as { name: string }[];
    const list = columns.map(({ name }) => name).join(', ');
    old.exec(`INSERT INTO main.${table} (${list}) SELECT ${list} FROM made.${table}`);
  }
  old.exec('DETACH made');
  old.prepare('UPDATE queue SET policy = ?').run(queue.policy);
  const { reasons, priority, inclusionProbability } = queue.items[0]!;
  old
    .prepare('UPDATE queue_item SET reasons = ?, priority = ?, inclusion_probability = ?')
    .run(JSON.stringify(reasons), priority, inclusionProbability);
  const before = old.prepare('SELECT image_id, verdict FROM verdict ORDER BY image_id').raw().all();
  old.close();

  const store = openStore(file, 'write');
  const held = [...store.images.homes()].flatMap(({ id }) => {
    const verdict = store.decisions.verdict(id);
    return verdict ? [[id, verdict.verdict]] : [];
  });
  expect(held).toEqual(before);
  expect(store.decisions.verdict(store.images.idOf(shaOf(0))!)).toMatchObject({ verdict: 'accept' });
  expect(verifyProjection(store)).toBeNull();
  store.close();
});
