import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { cpSync, mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import Database from 'better-sqlite3';
import { asyncBufferFromFile, parquetReadObjects } from 'hyparquet';
import { expect, onTestFinished, test } from 'vitest';
import { png, pngChunk } from '../../imaging/testing/build.ts';
import type { CoreClient } from '../../rpc/transport/client.ts';
import { startCore } from '../support/core.ts';
import { REPOSITORY, temporaryFolder } from '../support/folders.ts';
import { makeImage } from '../support/images.ts';
import { runTask } from '../../rpc/run-task.ts';

/** Everything that adding a field takes. */
const ENTRY =
  "lora: { title: 'LoRA', meaning: 'adapter', kind: 'text', manifest: ['adapter'], embedded: ['lora'] },";
const MIGRATION =
  'ALTER TABLE file ADD COLUMN lora TEXT;\nALTER TABLE generation_metadata ADD COLUMN lora TEXT;\n';

/** A copy of the product with one more field. */
function withField(folder: string): string {
  const copy = join(folder, 'assay');
  mkdirSync(copy);
  for (const part of ['rpc', 'db', 'imaging', 'models', 'core', 'sample', 'renderer/parts'])
    cpSync(join(REPOSITORY, part), join(copy, part), {
      recursive: true,
      filter: (path) => !path.endsWith('.test.ts') && !path.endsWith('/testing'),
    });
  for (const file of ['package.json', 'tsconfig.base.json']) cpSync(join(REPOSITORY, file), join(copy, file));
  symlinkSync(join(REPOSITORY, 'node_modules'), join(copy, 'node_modules'), 'junction');
  const table = join(copy, 'rpc', 'contract', 'fields.ts');
  const text = readFileSync(table, 'utf8');
  const start = 'export const FIELDS = {\n';
  expect(text).toContain(start);
  writeFileSync(table, text.replace(start, `${start}  ${ENTRY}\n`));
  writeFileSync(join(copy, 'db', 'migrations', '9990-lora.sql'), MIGRATION);
  return copy;
}

/** A module of the copy, with the types of the original. */
function load<T>(copy: string, path: string): Promise<T> {
  return import(/* @vite-ignore */ pathToFileURL(join(copy, path)).href) as Promise<T>;
}

async function startCopy(copy: string): Promise<CoreClient> {
  const { router } = await load<typeof import('../../core/handlers/index.ts')>(
    copy,
    'core/handlers/index.ts',
  );
  const { Workbench } = await load<typeof import('../../core/handlers/workbench.ts')>(
    copy,
    'core/handlers/workbench.ts',
  );
  const workbench = new Workbench();
  onTestFinished(() => workbench.shutDown());
  const inproc = await load<typeof import('../../rpc/transport/inproc.ts')>(copy, 'rpc/transport/inproc.ts');
  return inproc.connectInProcess(router, { workbench });
}

/** Two images whose manifest names their adapter, and one whose embedded text does; their hashes in order. */
async function writeSource(folder: string, manifest: string, seed: number): Promise<string[]> {
  mkdirSync(folder);
  const text = JSON.stringify({ prompt: 'a leaf', lora: 'ink' });
  const images = [
    (await makeImage(seed)).bytes,
    (await makeImage(seed + 1)).bytes,
    png({ width: 20 + seed, height: 20, before: [pngChunk('tEXt', Buffer.from(`parameters\0${text}`))] }),
  ];
  for (const [i, bytes] of images.entries()) writeFileSync(join(folder, `${i}.png`), bytes);
  const rows = ['pencil v2', '=sum(1)', ''].map((adapter, i) => ({ path: `${i}.png`, adapter }));
  const lines = manifest.endsWith('.csv')
    ? ['path,adapter', ...rows.map((row) => Object.values(row).join(','))]
    : rows.map((row) => JSON.stringify(row));
  writeFileSync(join(folder, manifest), `${lines.join('\n')}\n`);
  return images.map((bytes) => createHash('sha256').update(bytes).digest('hex'));
}

test('a field added by one entry and one migration travels from source to export and back', async () => {
  const folder = temporaryFolder();
  const at = (name: string): string => join(folder, name);
  const hashes = [
    ...(await writeSource(at('csv'), 'manifest.csv', 1)),
    ...(await writeSource(at('jsonl'), 'manifest.jsonl', 3)),
  ];
  const project = at('old.assay');
  const import_ = (core: CoreClient, into: string, name: string, from = at(name), source = 'auto') =>
    runTask(core, 'import', { project: into, by: 'ada', from, role: 'synthetic', batch: name, source });

  // A project of a version without the field, which ignores the column, and would ask what it is.
  const before = startCore();
  await before.projects.create({ project, by: 'ada' });
  await import_(before, project, 'csv', at('csv'), 'csv-manifest');
  await before.projects.close({ project });

  const copy = withField(folder);
  const core = await startCopy(copy);
  const verified = (path: string) => runTask(core, 'verify', { project: path });
  await core.projects.open({ project });
  await expect(verified(project)).resolves.toMatchObject({ ok: true });

  // Import, event, database, detail.
  const fresh = at('new.assay');
  await core.projects.create({ project: fresh, by: 'ada' });
  for (const name of ['csv', 'jsonl']) expect(await import_(core, fresh, name)).toMatchObject({ added: 3 });
  const [stated, embedded] = [['pencil v2', '=sum(1)', null], 'ink'];
  const wanted = [...stated, ...stated].map((value) => value ?? embedded);
  const shown = async (path: string): Promise<unknown[]> => {
    const details = await Promise.all(hashes.map((sha256) => core.images.detail({ project: path, sha256 })));
    return details.map(({ metadata }) => ({ ...metadata } as Record<string, unknown>)['lora']);
  };
  expect(await shown(fresh)).toEqual(wanted);
  const db = new Database(join(fresh, 'project.db'), { readonly: true });
  expect(db.prepare('SELECT lora FROM file ORDER BY id').pluck().all()).toEqual([...stated, ...stated]);
  expect(db.prepare("SELECT body FROM event WHERE kind = 'files.imported'").pluck().all().join()).toContain(
    '"lora":"pencil v2"',
  );
  db.close();
  const { howMade } = await load<typeof import('../../renderer/parts/how-made.ts')>(
    copy,
    'renderer/parts/how-made.ts',
  );
  const { metadata } = await core.images.detail({ project: fresh, sha256: hashes[0]! });
  expect(howMade(metadata)).toContainEqual(expect.objectContaining({ title: 'LoRA', value: 'pencil v2' }));

  // Every export, and back.
  const { exports } = await core.catalog.formats();
  for (const { id } of exports) {
    const to = at(`as-${id}`);
    const options = { project: fresh, by: 'ada', format: id, to, undecided: 'in' } as const;
    expect(await runTask(core, 'release', options)).toMatchObject({ images: 6 });
  }
  const [parquet] = readdirSync(join(at('as-parquet'), 'data'));
  const rows = await parquetReadObjects({
    file: await asyncBufferFromFile(join(at('as-parquet'), 'data', parquet!)),
  });
  const inRows = new Map(rows.map((row) => [row['sha256'], row['lora']]));
  expect(hashes.map((sha256) => inRows.get(sha256))).toEqual(wanted);
  expect(readFileSync(join(at('as-croissant'), 'croissant.json'), 'utf8')).toContain('"images/lora"');
  for (const { id, loses } of exports.filter(({ readBy }) => readBy !== null)) {
    const again = at(`${id}.assay`);
    await core.projects.create({ project: again, by: 'ada' });
    await import_(core, again, `as-${id}`);
    // Facts in the bytes come back in every format.
    const losesFields = loses!.withoutBoxes.some((what) => what.includes('generators'));
    const back = losesFields ? wanted.map((value) => (value === embedded ? value : null)) : wanted;
    expect({ id, lora: await shown(again) }).toEqual({ id, lora: back });
    await expect(verified(again)).resolves.toMatchObject({ ok: true });
  }

  // Nothing else needs a change.
  writeFileSync(
    join(copy, 'tsconfig.json'),
    JSON.stringify({
      extends: './tsconfig.base.json',
      compilerOptions: { lib: ['ES2024', 'ESNext.Iterator'], types: ['node'] },
      include: ['rpc', 'db', 'imaging', 'models', 'core', 'renderer/parts/how-made.ts'],
    }),
  );
  const types = spawnSync(process.execPath, [
    join(REPOSITORY, 'node_modules/typescript/bin/tsc'),
    '-p',
    copy,
  ]);
  expect(types.stdout.toString()).toBe('');
  expect(types.status).toBe(0);
}, 120_000);
