// Builds the desktop application: out/app (the sources as JavaScript, file by file, because some folders are read at run
// time), out/preload.cjs and out/renderer.
import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'vite';
import { VERIFIERS } from '../core/release/manifest.ts';
import { builtPages } from '../server/built-pages.ts';

const ROOT = fileURLToPath(new URL('../', import.meta.url));
const APP = join(ROOT, 'out', 'app');
/** Sources that run in the main process and in the core's. */
const FOLDERS = ['rpc', 'db', 'imaging', 'models', 'core', 'sample', 'electron'];
const LEFT_OUT = /(^|\/)(testing|training|packs|node_modules)\/|\.test\.ts$|^electron\/preload\.ts$/;

function sources(): string[] {
  return FOLDERS.flatMap((folder) =>
    readdirSync(join(ROOT, folder), { recursive: true, encoding: 'utf8' })
      .map((name) => `${folder}/${name.replaceAll('\\', '/')}`)
      .filter((name) => name.endsWith('.ts') && !LEFT_OUT.test(name)),
  );
}

/** Strips the types of every source into out/app, which then runs beside node_modules. */
function transpileSources(): void {
  rmSync(APP, { recursive: true, force: true });
  mkdirSync(APP, { recursive: true });
  const project = join(ROOT, 'out', 'tsconfig.json');
  writeFileSync(
    project,
    JSON.stringify({
      extends: '../tsconfig.base.json',
      compilerOptions: {
        noEmit: false,
        // `npm run check` has checked them.
        noCheck: true,
        rootDir: '..',
        outDir: 'app',
        rewriteRelativeImportExtensions: true,
        lib: ['ES2024', 'ESNext.Iterator', 'DOM'],
        types: ['node', 'electron'],
      },
      files: sources().map((name) => `../${name}`),
    }),
  );
  const compiler = join(ROOT, 'node_modules', 'typescript', 'bin', 'tsc');
  const { status, stdout } = spawnSync(process.execPath, [compiler, '-p', project], { encoding: 'utf8' });
  if (status !== 0) throw new Error(`The sources could not be transpiled:\n${stdout}`);
  rmSync(project);
  cpSync(join(ROOT, 'db', 'migrations'), join(APP, 'db', 'migrations'), { recursive: true });
  for (const name of VERIFIERS)
    cpSync(join(ROOT, 'core', 'release', name), join(APP, 'core', 'release', name));
  const { name, version, license } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as Record<
    string,
    string
  >;
  // `electron out/app` starts it as well.
  const manifest = { name, version, license, type: 'module', main: 'electron/main.js' };
  writeFileSync(join(APP, 'package.json'), JSON.stringify(manifest));
}

/** Builds the preload script, which must be one CommonJS file for a sandboxed window. */
export async function buildPreload(folder = join(ROOT, 'out')): Promise<string> {
  await build({
    root: ROOT,
    configFile: false,
    logLevel: 'error',
    publicDir: false,
    build: {
      outDir: folder,
      emptyOutDir: false,
      minify: false,
      target: 'chrome140',
      lib: {
        entry: join(ROOT, 'electron', 'preload.ts'),
        formats: ['cjs'],
        fileName: () => 'preload.cjs',
      },
      rolldownOptions: { external: ['electron'] },
    },
  });
  return join(folder, 'preload.cjs');
}

/** Builds everything in the desktop application except Electron itself and the libraries. */
export async function transpile(say: (line: string) => void): Promise<void> {
  transpileSources();
  await buildPreload();
  await builtPages(say);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  await transpile(console.log);
  console.log('out/app, out/preload.cjs and out/renderer are there.');
}
