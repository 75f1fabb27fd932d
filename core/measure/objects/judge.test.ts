import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parse } from 'csv-parse/sync';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { runTask } from '../../../rpc/run-task.ts';
import { connectInProcess } from '../../../rpc/transport/inproc.ts';
import { STREET_FAULTS } from '../../../sample/street/faults.ts';
import { router } from '../../handlers/index.ts';
import { Workbench } from '../../handlers/workbench.ts';

const by = 'ada';
const workbench = new Workbench();
const core = connectInProcess(router, { workbench });
const folder = mkdtempSync(join(tmpdir(), 'assay-objects-'));
const set = join(folder, 'streets');
let project: string;
let notes: string[];

/** File names of the synthetic pictures, the most suspicious objects first. */
function ranking(): string[] {
  const { store } = workbench.open(project, 'read');
  return [...store.scores.column(store.scores.runs().at(-1)!.id, 'object-risk')]
    .flatMap(({ imageId, value }) => {
      const image = store.images.byId(imageId)!;
      return image.role === 'synthetic' ? [{ path: image.path, value }] : [];
    })
    .sort((a, b) => b.value - a.value)
    .map(({ path }) => path);
}

beforeAll(async () => {
  await runTask(core, 'sample-set', { to: set, seed: 3, synthetic: 70, objects: true });
  ({ folder: project } = await core.projects.create({ project: join(folder, 'p'), by, model: 'patch256' }));
  for (const role of ['real', 'holdout', 'synthetic'] as const)
    await runTask(core, 'import', { project, by, from: join(set, role), role });
  ({ notes } = await runTask(core, 'score', { project, by }));
}, 120_000);
afterAll(async () => {
  await workbench.shutDown();
  rmSync(folder, { recursive: true, force: true });
});

interface Answer {
  path: string;
  fault: string;
}
const answers = (): Answer[] => parse<Answer>(readFileSync(join(set, 'answers.csv')), { columns: true });

test('the sample has every kind of fault, each in a picture of its own', () => {
  const found = answers();
  expect(found.map(({ fault }) => fault).sort()).toEqual([...STREET_FAULTS].sort());
  expect(new Set(found.map(({ path }) => path)).size).toBe(found.length);
});

test('pictures with a box twice, with none or on another place come first', () => {
  expect(notes.filter((note) => note.includes('bject'))).toEqual([]);
  const first = ranking().slice(0, 14);
  const faulty = new Map(answers().map(({ path, fault }) => [path.replace('synthetic/', ''), fault]));
  const found = first.flatMap((path) => faulty.get(path) ?? []);
  // By chance 1.4 of the seven would be among them.
  expect(found.length).toBeGreaterThanOrEqual(4);
  expect(found).toContain('duplicated');
});

test('a reviewer is told which object, and the record attests what was said', async () => {
  await runTask(core, 'queue', { project, by, budget: { items: 10 } });
  const items = await core.reviews.items({ project, by, from: 0, count: 10 });
  const hinted = items.filter(({ objects }) => objects.length > 0);
  expect(hinted.length).toBe(10);
  for (const { boxes, objects } of hinted) {
    expect(objects.map(({ chance }) => chance)).toEqual(
      objects.map(({ chance }) => chance).sort((a, b) => b - a),
    );
    expect(objects.every(({ box }) => box === null || boxes[box] !== undefined)).toBe(true);
  }
  const at = hinted.find(({ objects }) => objects[0]!.box !== null)!;
  const place = { project, by, position: at.position, object: 0 };
  const { given } = await core.reviews.objectExamples(place);
  const said = at.boxes[at.objects[0]!.box!]!.label;
  expect(given.map(({ label }) => label)).toEqual([said, said, said]);
  expect(given[0]!.similarity).toBeGreaterThanOrEqual(given[2]!.similarity);
  const verify = () => runTask(core, 'verify', { project, originals: false });
  expect((await verify()).ok).toBe(true);
  const writable = workbench.open(project, 'write');
  writable.store.transaction(() =>
    writable.store.objects.insertVerdict(1, {
      imageId: 1,
      position: 99,
      chance: 1,
      fault: 'phantom',
      labelId: null,
      confidence: null,
      area: null,
    }),
  );
  expect((await verify()).difference).toContain('verdicts on objects');
});
