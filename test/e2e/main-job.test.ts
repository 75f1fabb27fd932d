import { existsSync, mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import Database from 'better-sqlite3';
import { describe, expect, onTestFinished, test } from 'vitest';
import { ToyPacks } from '../../models/testing/toy-packs.ts';
import { runTask } from '../../rpc/run-task.ts';
import { startCore } from '../support/core.ts';
import { writeDataset, type Dataset } from '../support/dataset.ts';
import { makeImage } from '../support/images.ts';
import { hasSharedData, SHARED_DATA, temporaryFolder } from '../support/folders.ts';
import type { CoreClient } from '../../rpc/transport/inproc.ts';
import { answerItems, copyScored, makeScored } from '../support/reviewable.ts';
import { coveredRows, findingOf, tamperedBytes, WAYS, type Way } from '../support/tamperer.ts';

const by = 'Ada Lovelace';

/** Random tamperings; all 10,000 of them before a release: ASSAY_TAMPERINGS=10000. */
const TAMPERINGS = Number(process.env['ASSAY_TAMPERINGS'] ?? 60);

/** Numbers in [0, 1), the same for the same seed. */
function randomFrom(seed: number): () => number {
  let last = seed;
  return () => {
    last = (Math.imul(last, 1_664_525) + 1_013_904_223) >>> 0;
    return last / 2 ** 32;
  };
}

async function scored(core: CoreClient, folder: string, set: string): Promise<string> {
  const { folder: project } = await core.projects.create({ project: join(folder, 'p'), by });
  for (const role of ['real', 'holdout', 'synthetic'] as const)
    await runTask(core, 'import', { project, by, from: join(set, role), role });
  await runTask(core, 'score', { project, by, device: 'cpu' });
  return project;
}

async function made(): Promise<{ core: CoreClient; project: string; folder: string; set: Dataset }> {
  const folder = temporaryFolder();
  const core = startCore();
  return { core, folder, ...(await copyScored(join(folder, 'p'), 90)) };
}

describe('the main job', () => {
  test('imports once, names broken files, and adds only new ones', async () => {
    const folder = temporaryFolder();
    const core = startCore();
    const set = await writeDataset(join(folder, 'set'));
    const { folder: project } = await core.projects.create({ project: join(folder, 'p'), by });
    const options = { project, by, from: join(set.folder, 'synthetic'), role: 'synthetic' as const };
    const first = await runTask(core, 'import', options);
    expect(first).toMatchObject({
      source: 'hf-imagefolder',
      added: 93,
      unchanged: 0,
      duplicates: 1,
      changed: [],
    });
    expect(first.broken.map((file) => [file.path, file.code])).toEqual([
      ['empty.png', 'EMPTY'],
      ['text.jpg', 'NOT_AN_IMAGE'],
      ['torn.png', 'DAMAGED'],
    ]);
    expect(await runTask(core, 'import', options)).toMatchObject({ added: 0, unchanged: 96, broken: [] });

    // A repaired file is added; a changed original is named and not used.
    writeFileSync(join(options.from, 'empty.png'), readFileSync(join(set.folder, 'real', 'leaf', '0.png')));
    writeFileSync(join(options.from, 's0001.png'), readFileSync(join(set.folder, 'real', 'leaf', '1.png')));
    const third = await runTask(core, 'import', options);
    expect(third).toMatchObject({
      added: 1,
      unchanged: 94,
      changed: [{ path: 's0001.png', detail: expect.stringContaining('changed on disk') }],
    });
    expect(await runTask(core, 'verify', { project, originals: false })).toMatchObject({ ok: true });
  });

  test('reproduces scores bit for bit, keeps the earlier run, and finds copies by rule', async () => {
    const { core, project, set } = await made();
    // The first run was made by another core.
    const again = await runTask(core, 'score', { project, by, device: 'cpu' });
    const verified = await runTask(core, 'verify', { project });
    expect(verified).toMatchObject({ ok: true, runs: 2, difference: null });
    const db = new Database(join(project, 'project.db'), { readonly: true });
    const digests = db
      .prepare("SELECT json_extract(body, '$.digest') FROM event WHERE kind = 'run.finished'")
      .pluck()
      .all();
    db.close();
    expect(digests).toEqual([again.digest, again.digest]);

    const { flagged } = await core.queue.show({ project });
    const rules = flagged.map(({ rule, path }) => `${rule} ${path}`);
    expect(rules).toEqual(
      expect.arrayContaining([
        `holdout-leak ${set.leak}`,
        `seed-copy ${set.seedCopy}`,
        `exact-duplicate ${set.exactDuplicate}`,
      ]),
    );
    expect(rules.filter((rule) => rule.startsWith('broken'))).toHaveLength(3);
  });

  test('queues with reasons and probabilities, bounds the rest, and never half-applies decisions', async () => {
    const { core, project, set } = await made();
    const summary = await runTask(core, 'queue', {
      project,
      by,
      budget: { items: 24 },
      shares: { audit: 0.4 },
    });
    expect(summary.items).toBe(24);
    const { items } = await core.queue.show({ project });
    const paths = items.map((item) => item.path);
    for (const path of set.wrongLabels) expect(paths).toContain(path);
    for (const path of [set.leak, set.seedCopy]) expect(paths).not.toContain(path);
    const audit = items.filter((item) => item.stratum === 'audit');
    expect(audit.length).toBe(summary.audited);
    for (const item of audit)
      expect(item.inclusionProbability).toBeCloseTo(summary.audited / summary.rest, 12);
    for (const item of items.filter((other) => other.stratum !== 'audit'))
      expect([item.inclusionProbability, item.reasons.length > 0]).toEqual([1, true]);

    const good = items.map((item) => ({ sha256: item.sha256, verdict: 'accept' as const }));
    const bad = [
      [{ sha256: 'f'.repeat(64), verdict: 'accept' as const }, /Line 25: there is no image/],
      [
        { sha256: items[0]!.sha256, verdict: 'relabel' as const, label: 'nonsense' },
        /Line 25: "nonsense" is not a class/,
      ],
      [{ sha256: items[0]!.sha256, verdict: 'reject' as const }, /Line 25: a reject needs a reason/],
    ] as const;
    for (const [line, message] of bad)
      await expect(answerItems(core, { project, by }, [...good, line])).rejects.toMatchObject({
        code: 'DECISION_REFUSED',
        message: expect.stringMatching(message),
      });
    expect((await core.projects.status({ project })).decisions).toMatchObject({ accept: 0, entries: 0 });

    await answerItems(core, { project, by }, good);
    const status = await core.projects.status({ project });
    expect(status.decisions).toMatchObject({ accept: 24, entries: 24 });
    expect(status.estimate).toMatchObject({ population: summary.rest, sampled: summary.audited, rate: 0 });
    expect(status.estimateText).toMatch(
      /^Of \d+ images nobody reviewed, at most .* % are wrong: \d+ \(95 %\)/,
    );

    await answerItems(core, { project, by }, [
      { sha256: items[0]!.sha256, verdict: 'undo' },
      { sha256: items[0]!.sha256, verdict: 'reject', reason: 'torn' },
    ]);
    expect((await core.projects.status({ project })).decisions).toEqual({
      accept: 23,
      relabel: 0,
      reject: 1,
      entries: 26,
    });
    // Undo reverts whole acts: first the last one, then the list of 24, one of which was already taken back.
    const undone = [await core.reviews.undo({ project, by }), await core.reviews.undo({ project, by })];
    expect(undone.map(({ applied, sha256 }) => [applied, sha256])).toEqual([
      [1, items[0]!.sha256],
      [23, items[1]!.sha256],
    ]);
    expect((await core.projects.status({ project })).decisions).toMatchObject({ accept: 0, reject: 0 });
    expect(await runTask(core, 'verify', { project })).toMatchObject({ ok: true });
  });

  test('exports originals with their history, leaves out excluded images, and reads its release back', async () => {
    const { core, project, folder, set } = await made();
    await runTask(core, 'queue', { project, by, budget: { items: 10 } });
    const { items } = await core.queue.show({ project });
    const wrong = items.find((item) => item.path === set.wrongLabels[0])!;
    const right = wrong.path === 's0007.png' ? 'leaf' : 'brick';
    const rejected = items.find((item) => !set.wrongLabels.includes(item.path))!;
    await answerItems(core, { project, by }, [
      { sha256: wrong.sha256, verdict: 'relabel', label: right },
      { sha256: rejected.sha256, verdict: 'reject', reason: 'blurred' },
    ]);
    const { exports } = await core.catalog.formats();
    for (const format of exports.map(({ id }) => id)) {
      const to = join(folder, 'out', format);
      await expect(
        runTask(core, 'release', { project, by, format, to, undecided: 'in' }),
      ).rejects.toMatchObject({ code: 'NOT_FOUND' });
      const release = await runTask(core, 'release', {
        project,
        by,
        format,
        to: join(folder, `out-${format}`),
        undecided: 'in',
      });
      expect(release).toMatchObject({
        origins: { relabelled: 1, accepted: 0 },
        leftOut: { rejected: 1, 'seed-copy': 1, 'other-role': 18 },
      });
      const manifest = JSON.parse(
        readFileSync(join(folder, `out-${format}`, 'assay-manifest.json'), 'utf8'),
      ) as { images: { sha256: string; label: string; origin: string; reviewer: string | null }[] };
      const shas = new Set(manifest.images.map((image) => image.sha256));
      expect(shas.size).toBe(release.images);
      expect(shas.has(rejected.sha256)).toBe(false);
      expect(manifest.images.find((image) => image.sha256 === wrong.sha256)).toMatchObject({
        label: right,
        origin: 'relabelled',
        reviewer: by,
      });
    }
    const again = await core.projects.create({ project: join(folder, 'again'), by });
    const imported = await runTask(core, 'import', {
      project: again.folder,
      by,
      from: join(folder, 'out-hf-imagefolder'),
      role: 'real',
    });
    expect(imported).toMatchObject({ source: 'hf-imagefolder', broken: [], duplicates: 0 });
    expect((await core.projects.status({ project: again.folder })).images.real).toBe(imported.added);
    await expect(
      runTask(core, 'release', { project, by, format: 'csv', to: join(folder, 'out-csv'), undecided: 'in' }),
    ).rejects.toMatchObject({ code: 'ALREADY_EXISTS' });
  });

  test('carries detection boxes through to the release, to the last bit', async () => {
    const folder = temporaryFolder();
    const core = startCore();
    const root = join(folder, 'set');
    mkdirSync(root);
    const bbox = [1.1, 2.000000000000001, 1 / 3, 7];
    const images = [];
    for (let id = 1; id <= 3; id++) {
      const image = await makeImage(id);
      writeFileSync(join(root, `${id}.png`), image.bytes);
      images.push({ id, file_name: `${id}.png`, width: image.width, height: image.height });
    }
    const annotations = [
      { id: 1, image_id: 1, category_id: 7, bbox },
      { id: 2, image_id: 1, category_id: 3, bbox: [0, 0, 4, 4] },
      { id: 3, image_id: 2, category_id: 3, bbox: [2, 2, 8.25, 4] },
    ];
    const categories = [
      { id: 3, name: 'nut' },
      { id: 7, name: 'bolt' },
    ];
    writeFileSync(join(root, 'instances.json'), JSON.stringify({ images, annotations, categories }));
    const { folder: project } = await core.projects.create({ project: join(folder, 'p'), by });
    expect(await runTask(core, 'import', { project, by, from: root, role: 'real' })).toMatchObject({
      source: 'coco',
      added: 3,
    });
    const boxes = async (from: string, format: string): Promise<string> => {
      const to = join(folder, `${format}-of-${basename(from)}`);
      await runTask(core, 'release', { project: from, by, format, to, undecided: 'in' });
      return to;
    };
    const once = await boxes(project, 'coco');
    const again = await core.projects.create({ project: join(folder, 'q'), by });
    await runTask(core, 'import', { project: again.folder, by, from: once, role: 'real' });
    const twice = await boxes(again.folder, 'coco');
    const read = (of: string): string =>
      readFileSync(join(of, 'annotations', 'instances_train.json'), 'utf8');
    expect(
      (JSON.parse(read(once)) as { annotations: { bbox: number[] }[] }).annotations.map(
        (annotation) => annotation.bbox,
      ),
    ).toContainEqual(bbox);
    expect(JSON.parse(read(twice)).annotations).toEqual(JSON.parse(read(once)).annotations);
    expect(await runTask(core, 'verify', { project })).toMatchObject({ ok: true });
    await boxes(project, 'yolo');

    // Corrected: one box replaces two, and an image's only box follows its class.
    const corrected = {
      label: 'nut',
      format: 'xywh-pixel',
      values: [1, 2.5, 3, 4] as [number, number, number, number],
    };
    const { view } = await core.images.query({ project });
    const rows = await core.images.rows({ project, view, offset: 0, limit: 3 });
    const shaOf = (path: string): string => rows.find((row) => row.path === path)!.sha256;
    await core.reviews.decide({
      project,
      by,
      context: { kind: 'command' },
      decisions: [
        { sha256: shaOf('1.png'), verdict: 'relabel', boxes: [corrected] },
        { sha256: shaOf('2.png'), verdict: 'relabel', label: 'bolt' },
      ],
    });
    const to = join(folder, 'corrected');
    await runTask(core, 'release', { project, by, format: 'coco', to, undecided: 'in' });
    const { annotations: written } = JSON.parse(read(to)) as {
      annotations: { category_id: number; bbox: number[] }[];
    };
    expect(written).toHaveLength(2);
    expect(Object.fromEntries(written.map((box) => [box.category_id, box.bbox]))).toEqual({
      1: [1, 2.5, 3, 4],
      2: [2, 2, 8.25, 4],
    });
  });

  test('detects a changed original in verify and export, and leaves no partial release', async () => {
    const folder = temporaryFolder();
    const core = startCore();
    const { project, set } = await makeScored(core, join(folder, 'p'), 30);
    const original = join(set.folder, 'synthetic', 's0010.png');
    writeFileSync(original, readFileSync(join(set.folder, 'synthetic', 's0011.png')));
    const report = await runTask(core, 'verify', { project });
    expect(report).toMatchObject({
      ok: false,
      difference: expect.stringContaining('s0010.png changed on disk'),
    });
    await expect(
      runTask(core, 'release', { project, by, format: 'folder', to: join(folder, 'out'), undecided: 'in' }),
    ).rejects.toMatchObject({ code: 'EXPORT_REFUSED', message: expect.stringContaining('s0010.png') });
    expect(existsSync(join(folder, 'out'))).toBe(false);
    expect(readdirSync(folder).filter((name) => name.includes('partial'))).toEqual([]);
  });

  test('detects every change of what was derived, and names what no digest covers', async () => {
    const { core, project } = await made();
    const { images } = await core.projects.status({ project });
    const whole = await runTask(core, 'verify', { project });
    expect(whole).toMatchObject({
      ok: true,
      thumbnails: images.real + images.holdout + images.synthetic,
      notCovered: [expect.stringMatching(/^Maps, measurements of batches/)],
    });
    await core.projects.close({ project });
    const database = join(project, 'project.db');
    const bytes = readFileSync(database);
    const flip = (table: string, blob: string): string =>
      `UPDATE ${table} SET ${blob} = CAST(x'ff' || substr(${blob}, 2) AS BLOB) WHERE rowid = 5`;
    const differs: [sql: string, says: RegExp][] = [
      [
        `UPDATE score_name SET name = CASE name WHEN 'label-risk' THEN 'x' ELSE 'label-risk' END
           WHERE name IN ('label-risk', 'sharpness');
         UPDATE score_name SET name = 'sharpness' WHERE name = 'x'`,
        /^run 1: the name of its score \d+ is /,
      ],
      ['UPDATE image_facts SET edge_std = edge_std + 1 WHERE image_id = 5', /^event \d+: what was measured/],
      [flip('image_facts', 'signature'), /^event \d+: what was measured/],
      ['DELETE FROM image_facts WHERE image_id = 5', /^event \d+: what was measured/],
      [
        "INSERT INTO generation_metadata (image_id, tool, prompt, has_c2pa) VALUES (5, 'a1111', 'x', 0)",
        /^event \d+: what was measured/,
      ],
      [flip('embedding', 'vector'), /^run 1: the vectors/],
      [flip('patches', 'features'), /^run 1: the vectors/],
      ["UPDATE label_report SET report = replace(report, '1', '2')", /^run 1: its reports/],
      ['DELETE FROM artefact_map WHERE image_id = 5', /^run 1: its reports/],
    ];
    for (const [sql, says] of differs) {
      const db = new Database(database);
      db.exec(sql);
      db.close();
      expect([sql, (await runTask(core, 'verify', { project, originals: false })).difference]).toEqual([
        sql,
        expect.stringMatching(says),
      ]);
      await core.projects.close({ project });
      writeFileSync(database, bytes);
    }

    const [shown, other] = readdirSync(join(project, 'thumbs'), { recursive: true, encoding: 'utf8' })
      .filter((name) => name.endsWith('.webp'))
      .map((name) => join(project, 'thumbs', name));
    const thumbnail = readFileSync(shown!);
    writeFileSync(shown!, readFileSync(other!));
    expect(await runTask(core, 'verify', { project })).toMatchObject({
      ok: false,
      difference: expect.stringContaining(`${shown!} is not the thumbnail`),
    });
    rmSync(shown!);
    expect(await runTask(core, 'verify', { project })).toMatchObject({ ok: true });
    writeFileSync(shown!, thumbnail);
  });

  test(`detects ${TAMPERINGS} random tamperings, and only those`, { timeout: 3_600_000 }, async () => {
    const { core, project } = await made();
    await runTask(core, 'queue', { project, by, budget: { items: 12 } });
    const { items } = await core.queue.show({ project });
    await answerItems(
      core,
      { project, by },
      items
        .slice(0, 8)
        .map(({ sha256 }, i) =>
          i % 2 === 0 ? { sha256, verdict: 'accept' } : { sha256, verdict: 'reject', reason: 'blurred' },
        ),
    );
    await core.projects.close({ project });
    const bytes = readFileSync(join(project, 'project.db'));
    // In memory there is no write-ahead log.
    bytes.fill(1, 18, 20);
    const before = coveredRows(bytes);
    expect(findingOf(project, bytes)).toBeNull();
    const random = randomFrom(Number(process.env['ASSAY_SEED'] ?? 1));
    const tried: Record<Way, number> = { row: 0, event: 0, end: 0, bit: 0 };
    let harmless = 0;
    const missed: string[] = [];
    for (let i = 0; tried.row + tried.event + tried.end + tried.bit < TAMPERINGS; i++) {
      const way = WAYS[i % WAYS.length]!;
      const changed = tamperedBytes(bytes, random, way);
      if (!changed) continue;
      tried[way]++;
      if (findingOf(project, changed) !== null) continue;
      // A bit of the file that belongs to no row, or a hash that was written anew as it had been.
      if (coveredRows(changed) === before) harmless++;
      else missed.push(`${way}, number ${i}`);
    }
    expect(missed).toEqual([]);
    expect(findingOf(project, bytes)).toBeNull();
    if (TAMPERINGS > 1000) console.log(JSON.stringify({ tried, harmless }));
  });

  test("uses a user's own classifier instead of the label model, and refuses a pack of the other kind", async () => {
    const { core, project, set } = await made();
    const packs = new ToyPacks();
    onTestFinished(() => packs.clean());
    // Its outputs are the means of red, green and blue, which distinguish brick, leaf and water.
    const classifier = packs.write('colours', (manifest) => {
      const { dimensions: _, ...rest } = manifest;
      for (const key of Object.keys(manifest)) Reflect.deleteProperty(manifest, key);
      Object.assign(manifest, rest, {
        kind: 'classifier',
        classes: ['brick', 'leaf', 'water'],
        activation: 'logits',
      });
    });
    const run = await runTask(core, 'score', { project, by, device: 'cpu', classifier });
    expect([run.run, run.labelModel?.['kind']]).toEqual([2, 'classifier']);
    await runTask(core, 'queue', { project, by, budget: { items: 12 } });
    const { items } = await core.queue.show({ project });
    for (const path of set.wrongLabels) expect(items.map((item) => item.path)).toContain(path);
    const wrong = items.find((item) => item.path === set.wrongLabels[0])!;
    const found = await core.scores.ofImage({ project, sha256: wrong.sha256 });
    expect(found.predicted!.label).not.toBe(found.givenLabel);
    expect(found.scores['self-confidence']).toBeLessThan(0.5);
    await expect(runTask(core, 'score', { project, by, classifier: 'patch256' })).rejects.toMatchObject({
      code: 'MODEL_REFUSED',
    });
    await expect(runTask(core, 'score', { project, by, model: classifier })).rejects.toMatchObject({
      code: 'MODEL_REFUSED',
    });
    expect(await runTask(core, 'verify', { project })).toMatchObject({ ok: true, runs: 2 });
  });

  test('is cancelled cleanly and continues later', async () => {
    const folder = temporaryFolder();
    const core = startCore();
    const set = await writeDataset(join(folder, 'set'), 300);
    const { folder: project } = await core.projects.create({ project: join(folder, 'p'), by });
    const options = { project, by, from: join(set.folder, 'synthetic'), role: 'synthetic' as const };
    const stop = new AbortController();
    await expect(
      runTask(core, 'import', options, { signal: stop.signal, report: () => stop.abort() }),
    ).rejects.toMatchObject({ code: 'CANCELLED' });
    const rest = await runTask(core, 'import', options);
    expect(rest.added + rest.unchanged + rest.broken.length).toBe(306);
    expect(await runTask(core, 'verify', { project })).toMatchObject({ ok: true });
  });

  test('refuses premature and wrong requests by code', async () => {
    const folder = temporaryFolder();
    const core = startCore();
    const { folder: project } = await core.projects.create({ project: join(folder, 'p'), by });
    const refused = (call: Promise<unknown>, code: string) => expect(call).rejects.toMatchObject({ code });
    await refused(core.projects.create({ project: join(folder, 'p'), by }), 'ALREADY_EXISTS');
    await refused(core.projects.status({ project: join(folder, 'nothing') }), 'NOT_FOUND');
    await refused(
      runTask(core, 'import', { project, by, from: join(folder, 'nothing'), role: 'real' }),
      'SOURCE_UNREADABLE',
    );
    await refused(runTask(core, 'score', { project, by }), 'NOT_READY');
    await refused(runTask(core, 'queue', { project, by, budget: { share: 0.1 } }), 'NOT_READY');
    await refused(runTask(core, 'queue', { project, by: ' ', budget: { share: 2 } }), 'INVALID_INPUT');
    await refused(
      runTask(core, 'release', { project, by, format: 'nothing', to: join(folder, 'x'), undecided: 'in' }),
      'USAGE',
    );
    await refused(core.catalog.checkModel({ model: 'nothing' }), 'NOT_FOUND');
  });
});

describe.skipIf(!hasSharedData)('on real photographs (../shared/data/fruits)', () => {
  test(
    'the whole job runs, finds copies and broken files by rule, and verifies',
    { timeout: 600_000 },
    async () => {
      const folder = temporaryFolder();
      const core = startCore();
      const project = await scored(core, folder, join(SHARED_DATA, 'fruits'));
      const answers = readFileSync(join(SHARED_DATA, 'fruits', 'answers.csv'), 'utf8')
        .trim()
        .split('\n')
        .slice(1)
        .map((line) => line.split(','));
      const faulty = (kinds: string[]): Set<string> =>
        new Set(
          answers
            .filter(([, fault]) => kinds.includes(fault!))
            .map(([path]) => path!.replace('synthetic/', '')),
        );
      const wanted = faulty(['wrong-label', 'garbled', 'off-class', 'blurred', 'dark']);
      // Of 1,560 files, including the audit.
      for (const [budget, least] of [
        [78, 0.65],
        [156, 0.9],
      ] as const) {
        await runTask(core, 'queue', { project, by, budget: { items: budget } });
        const held = (await core.queue.show({ project })).items;
        expect(held).toHaveLength(budget);
        expect(held.filter(({ path }) => wanted.has(path)).length / wanted.size).toBeGreaterThan(least);
      }
      const summary = await runTask(core, 'queue', { project, by, budget: { share: 0.08 } });
      const { items, flagged } = await core.queue.show({ project });
      const byRule = new Set(flagged.map(({ path }) => path));
      for (const path of faulty([
        'exact-duplicate',
        'seed-copy',
        'holdout-leak',
        'truncated',
        'not-an-image',
      ]))
        expect([path, byRule.has(path)]).toEqual([path, true]);
      const known = new Set(answers.map(([path]) => path!.replace('synthetic/', '')));
      const alarms = new Set(
        flagged
          .filter(
            ({ batch, path, rule }) => batch === 'synthetic' && rule !== 'possible-copy' && !known.has(path),
          )
          .map(({ path }) => path),
      );
      // Next frames of the turntables.
      expect(alarms.size / (1560 - known.size)).toBeLessThan(0.015);
      const found = items.filter(({ path }) => wanted.has(path)).length;
      await answerItems(
        core,
        { project, by },
        items.map(({ sha256, path }) =>
          wanted.has(path) ? { sha256, verdict: 'reject', reason: 'fault' } : { sha256, verdict: 'accept' },
        ),
      );
      const release = await runTask(core, 'release', {
        project,
        by,
        format: 'coco',
        to: join(folder, 'release'),
        undecided: 'in',
      });
      expect(release.leftOut.rejected).toBe(found);
      expect(await runTask(core, 'verify', { project })).toMatchObject({ ok: true });
      expect(summary.frame).toBeGreaterThan(1000);
    },
  );
});
