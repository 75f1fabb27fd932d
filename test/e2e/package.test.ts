import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { extractAll, extractFile, listPackage } from '@electron/asar';
import { FuseV1Options, getCurrentFuseWire } from '@electron/fuses';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { writeDataset } from '../support/dataset.ts';
import { writeStubRuntime } from '../support/electron/stub-runtime.ts';
import { REPOSITORY } from '../support/folders.ts';

const why = process.platform === 'linux' ? '' : ' (skipped: the stand-in runtime is one for Linux)';

/** Script that calls the core from the package's own files. Prints one line of JSON. */
const SESSION = `
const [app, packs, set, project] = process.argv.slice(2);
const load = (path) => import(new URL(path, app).href);
const { serveCore } = await load('core/handlers/serve-core.js');
const { connectPort } = await load('rpc/transport/port.js');
const { runTask } = await load('rpc/run-task.js');
const served = serveCore({ builtInPacks: packs });
const { port1, port2 } = new MessageChannel();
served.connect(port1);
const { core } = connectPort(port2);
const by = 'ada';
await core.projects.create({ project, by });
let added = 0;
for (const role of ['real', 'holdout', 'synthetic'])
  added += (await runTask(core, 'import', { project, by, from: set + '/' + role, role })).added;
const { images } = await runTask(core, 'score', { project, by });
const { packs: models, refused } = await core.catalog.models();
const { imports, exports } = await core.catalog.formats();
const report = await runTask(core, 'verify', { project });
const scores = await core.scores.list();
const counts = { added, scored: images, imports: imports.length, exports: exports.length, scores: scores.length };
console.log(JSON.stringify({ counts, models: models.map(({ folder }) => folder), refused, report }));
await served.end();
`;

describe.skipIf(process.platform !== 'linux')(`a desktop package${why}`, () => {
  const folder = mkdtempSync(join(tmpdir(), 'assay-package-'));
  const unpacked = join(folder, 'package', 'linux-unpacked');
  const resources = join(unpacked, 'resources');
  const archive = join(resources, 'app.asar');
  let files: string[];

  beforeAll(() => {
    const runtime = join(folder, 'runtime');
    writeStubRuntime(runtime);
    execFileSync(
      process.execPath,
      ['scripts/package.ts', '--linux', `-c.directories.output=${join(folder, 'package')}`],
      {
        cwd: REPOSITORY,
        env: { ...process.env, ASSAY_STUB_ELECTRON: runtime },
        stdio: 'pipe',
      },
    );
    files = listPackage(archive, { isPack: false });
  }, 180_000);
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  test.each([
    '/out/app/electron/main.js',
    '/out/app/electron/core-host.js',
    '/out/app/electron/child-host.js',
    '/out/app/imaging/decode-host.js',
    '/out/app/models/inference-host.js',
    '/out/app/db/migrations/0010-initial.sql',
    '/out/preload.cjs',
    '/out/renderer/index.html',
  ])('holds %s', (file) => {
    expect(files).toContain(file);
  });

  test('starts with the main process', () => {
    const { main } = JSON.parse(extractFile(archive, 'package.json').toString()) as { main: string };
    expect(files).toContain(`/${main}`);
  });

  test('holds no sources, no tests, no tools, and no Node', () => {
    const matching = (pattern: RegExp): string[] => files.filter((file) => pattern.test(file));
    expect(matching(/\.(ts|tsx|map|h)$|\.test\.|\/(testing|training|goldens)\//)).toEqual([]);
    expect(matching(/^\/(?!out|node_modules|package\.json)/)).toEqual([]);
    expect(matching(/^\/out\/(?!app|renderer|preload\.cjs)./)).toEqual([]);
    expect(
      matching(/\/node_modules\/(node-(linux|win|darwin)|electron|vite|typescript|playwright|react)/),
    ).toEqual([]);
  });

  test('has native code beside the archive, for this system only', () => {
    const natives = files.filter((file) => /\.(node|so(\.[\d.]+)?|dll|dylib)$/.test(file));
    for (const file of natives) expect(existsSync(join(resources, 'app.asar.unpacked', file))).toBe(true);
    const system = `linux-${process.arch}`;
    const of = (library: string): string[] => natives.filter((file) => file.includes(library));
    expect(of('better-sqlite3')).toEqual([`/node_modules/better-sqlite3/prebuilds/${system}.node`]);
    expect(of('onnxruntime-node').length).toBeGreaterThan(0);
    expect(of('onnxruntime-node').filter((file) => !file.includes(`/linux/${process.arch}/`))).toEqual([]);
    expect(of(`@img/sharp-${system}/`)).toHaveLength(1);
  });

  test('has its fuses set', async () => {
    // As stored in the binary.
    const [DISABLE, ENABLE] = [0x30, 0x31];
    expect(await getCurrentFuseWire(join(unpacked, 'assay'))).toMatchObject({
      [FuseV1Options.RunAsNode]: DISABLE,
      [FuseV1Options.EnableNodeOptionsEnvironmentVariable]: DISABLE,
      [FuseV1Options.EnableNodeCliInspectArguments]: DISABLE,
      [FuseV1Options.GrantFileProtocolExtraPrivileges]: DISABLE,
      [FuseV1Options.OnlyLoadAppFromAsar]: ENABLE,
      [FuseV1Options.EnableEmbeddedAsarIntegrityValidation]: ENABLE,
      [FuseV1Options.EnableCookieEncryption]: ENABLE,
    });
  });

  test('contains its licence and those of its parts', () => {
    expect(readFileSync(join(resources, 'LICENSE.txt'), 'utf8')).toContain('Apache License');
    const licences = readFileSync(join(resources, 'THIRD-PARTY-LICENCES.txt'), 'utf8');
    for (const name of ['sharp', 'onnxruntime-node', 'better-sqlite3', 'react', '@mantine/core', 'zod'])
      expect(licences).toMatch(new RegExp(`^${name} \\d+\\.`, 'm'));
    expect(licences).toContain('GNU LESSER GENERAL PUBLIC LICENSE');
    expect(licences).not.toMatch(/^(vite|typescript|electron-builder) \d+\./m);
  });

  test('has a core that imports, scores and verifies in place', { timeout: 120_000 }, async () => {
    const app = join(folder, 'app');
    extractAll(archive, app);
    const set = await writeDataset(join(folder, 'set'), 12);
    const script = join(folder, 'session.mjs');
    writeFileSync(script, SESSION);
    const { status, stdout, stderr } = spawnSync(
      process.execPath,
      [
        script,
        pathToFileURL(join(app, 'out/app/')).href,
        join(resources, 'packs'),
        set.folder,
        join(folder, 'p.assay'),
      ],
      {
        cwd: folder,
        encoding: 'utf8',
        env: { PATH: process.env['PATH'], HOME: folder, ASSAY_CONFIG: join(folder, 'config') },
      },
    );
    expect(stderr).toBe('');
    expect(status).toBe(0);
    const said = JSON.parse(stdout) as Record<string, unknown> & { counts: Record<string, number> };
    expect(said).toMatchObject({
      models: [join(resources, 'packs', 'efficientnet-lite0'), join(resources, 'packs', 'patch256')],
      refused: [],
      report: { ok: true, difference: null, originalProblems: [] },
    });
    // Two files of the set hold the bytes of others.
    expect(said.counts['added']).toBeGreaterThan(50);
    expect(said.counts['scored']).toBe(said.counts['added']! - 2);
    for (const what of ['imports', 'exports', 'scores']) expect(said.counts[what]).toBeGreaterThan(2);
  });
});
