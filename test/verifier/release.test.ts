import { spawnSync } from 'node:child_process';
import { createHash, generateKeyPairSync, sign } from 'node:crypto';
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { projectKey, signCheckpoint } from '../../core/ledger/checkpoint.ts';
import { canonicalJson } from '../../core/ledger/canonical.ts';
import { leafHash, merkleRoot } from '../../core/ledger/merkle.ts';
import { rawPublicKey, verifierKey } from '../../core/ledger/signed-note.ts';
import { Project } from '../../core/project/project.ts';
import { MANIFEST, PROOF, SIGNATURES } from '../../core/release/manifest.ts';
import { verifyRelease } from '../../core/release/verify-release.ts';
import { errorCode } from '../../rpc/errors.ts';
import { runTask } from '../../rpc/run-task.ts';
import type { CoreClient } from '../../rpc/transport/client.ts';
import { CHROMIUM, openWindow, stopBrowser, type Watched } from '../support/browser.ts';
import { openCore } from '../support/core.ts';
import { REPOSITORY, temporaryFolder } from '../support/folders.ts';
import { makeImage } from '../support/images.ts';

const VERIFIER = join(REPOSITORY, 'core', 'release', 'verify.py');
const SCRIPT = fileURLToPath(new URL('../support/killed-release.ts', import.meta.url));
const PAGE = join(REPOSITORY, 'core', 'release', 'verify.html');
const hasPython = spawnSync('python3', ['--version']).status === 0;
if (!hasPython) console.warn('verify.py is not tested: there is no Python here.');
if (!CHROMIUM) console.warn('verify.html is not tested: there is no Chromium here.');

const scratch = mkdtempSync(join(tmpdir(), 'assay-released-'));
const by = 'Mara';
let core: CoreClient;
let close: () => Promise<void>;
let project: string;
let release: string;
let second: string;
/** The images of the release, by their paths in it. */
let images: string[];

const exporting = (to: string) => ({ project, by, format: 'csv', to, undecided: 'in' as const });

beforeAll(async () => {
  ({ core, close } = openCore());
  ({ folder: project } = await core.projects.create({ project: join(scratch, 'p'), by }));
  const from = join(scratch, 'set');
  for (let i = 0; i < 4; i++) {
    mkdirSync(join(from, `class-${i % 2}`), { recursive: true });
    writeFileSync(join(from, `class-${i % 2}`, `${i}.png`), (await makeImage(i)).bytes);
  }
  await runTask(core, 'import', { project, by, from, role: 'real', model: 'patch256' });
  [release, second] = [join(scratch, 'release'), join(scratch, 'second')];
  await runTask(core, 'release', exporting(release));
  await runTask(core, 'release', exporting(second));
  images = readdirSync(join(release, 'images')).map((name) => `images/${name}`);
});

afterAll(async () => {
  await close();
  await stopBrowser();
  rmSync(scratch, { recursive: true, force: true });
});

const task = { signal: new AbortController().signal, progress: () => undefined };
const problemsOf = async (folder: string, key: string | null = null): Promise<string[]> =>
  (await verifyRelease(folder, key, task)).problems;

/** What verify.py finds of each folder; null without Python. One process for all: it starts slowly. */
function foundByPython(folders: string[], key: string | null = null): string[][] | null {
  if (!hasPython) return null;
  const script = [
    'import json, runpy, sys',
    'check = runpy.run_path(sys.argv[1])["check"]',
    'key, folders = json.load(sys.stdin)',
    'print(json.dumps([check(each, key)[0] for each in folders]))',
  ].join('\n');
  const { stdout, stderr } = spawnSync('python3', ['-c', script, VERIFIER], {
    encoding: 'utf8',
    input: JSON.stringify([key, folders]),
  });
  expect(stderr).toBe('');
  return JSON.parse(stdout) as string[][];
}

const openPage = async (): Promise<Watched> => openWindow(pathToFileURL(PAGE).href);

/** What the page says of what was given to it last. */
async function saidBy({ page }: Watched): Promise<{ title: string; findings: string[] }> {
  const title = await page.locator('#result h2').innerText();
  return { title, findings: await page.locator('#findings li').allTextContents() };
}

/** What verify.html finds of each folder, in one page; null without a Chromium. */
async function foundByBrowser(folders: string[], key = '', watched?: Watched): Promise<string[][] | null> {
  if (!CHROMIUM) return null;
  const window = watched ?? (await openPage());
  await window.page.locator('#key').fill(key);
  const found: string[][] = [];
  for (const folder of folders) {
    await window.page.locator('#folder').setInputFiles(folder);
    const { title, findings } = await saidBy(window);
    expect(title).toContain(findings.length > 0 ? 'NOT as it was written' : 'is as it was written');
    found.push(findings);
  }
  expect(window.complaints).toEqual([]);
  return found;
}

type Change = (folder: string) => void;

function changed(change: Change): string {
  const copy = join(temporaryFolder(), 'release');
  cpSync(release, copy, { recursive: true });
  change(copy);
  return copy;
}

const edit =
  (name: string, change: (text: string) => string): Change =>
  (folder) => {
    const file = join(folder, name);
    const before = readFileSync(file, 'latin1');
    const after = change(before);
    expect(after).not.toBe(before);
    writeFileSync(file, after, 'latin1');
  };
/** What of a manifest is changed here. */
interface Editable {
  project: { uid: unknown };
  proof?: { key: unknown } | null;
  files: Record<number, { path: unknown; bytes: unknown }>;
  images: { label: unknown; reviewer: unknown }[];
}
const editManifest = (change: (manifest: Editable) => void): Change =>
  edit(MANIFEST, (text) => {
    const manifest = JSON.parse(text) as Editable;
    change(manifest);
    return JSON.stringify(manifest);
  });

/** Another character of the same kind in the place of one. */
const flipped = (text: string, at: number): string =>
  text.slice(0, at) +
  (text[at] === 'A' ? 'B' : text[at] === '1' ? '2' : /\d/.test(text[at]!) ? '1' : 'A') +
  text.slice(at + 1);

/** Signs a release anew, with a key of the forger's own, as the only event of a record. */
function forged(folder: string): string {
  const file = join(folder, MANIFEST);
  const manifest = JSON.parse(readFileSync(file, 'utf8'));
  const origin = manifest.proof.key.split('+')[0] as string;
  const { privateKey } = generateKeyPairSync('ed25519');
  const key = verifierKey(projectKey(origin, privateKey));
  const text = JSON.stringify({ ...manifest, proof: { ...manifest.proof, key } });
  writeFileSync(file, text);
  const sha256 = (content: string): string => createHash('sha256').update(content).digest('hex');
  const body = { images: manifest.images.length, manifestSha256: sha256(text) };
  const line = JSON.stringify({ body, kind: 'release.exported', seq: 1 });
  const head = sha256(line);
  const root = merkleRoot([leafHash(Buffer.from(head, 'hex'))]);
  const note = signCheckpoint({ origin, size: 1, root, head }, privateKey);
  writeFileSync(
    join(folder, PROOF),
    `c2sp.org/tlog-proof@v1\nextra ${Buffer.from(line).toString('base64')}\nindex 0\n\n${note}`,
  );
  return key;
}

/** Puts a person's signature beside a release; `change` falsifies it after it was made. */
function signedBeside(
  folder: string,
  change: (signed: Record<string, unknown>) => void = () => undefined,
): void {
  const manifest = readFileSync(join(folder, MANIFEST));
  const event = Number(/^index (\d+)$/m.exec(readFileSync(join(folder, PROOF), 'utf8'))![1]) + 1;
  const { privateKey } = generateKeyPairSync('ed25519');
  const statement = {
    type: 'assay-signature-1',
    project: JSON.parse(manifest.toString()).project.uid as string,
    signer: 'grace',
    record: { kind: 'release', release: 1 },
    version: createHash('sha256').update(manifest).digest('hex'),
    event,
    name: 'Grace "Größe" \u001f Hopper',
    meaning: 'approval',
    comment: 'as agreed',
    time: '2026-01-31T09:30:00.000Z',
    local: '2026-01-31T10:30:00.000+01:00',
    headEvents: event,
    head: '0'.repeat(64),
    publicKey: rawPublicKey(privateKey).toString('hex'),
  };
  const signature = sign(null, Buffer.from(canonicalJson(statement)), privateKey).toString('hex');
  const signed = { ...statement, signature };
  change(signed);
  writeFileSync(
    join(folder, SIGNATURES),
    JSON.stringify({ format: 'assay-signatures-1', signatures: [signed] }),
  );
}

describe('a release', () => {
  test('that nobody touched is as it was written, for Assay and for its own verifiers', async () => {
    expect(await verifyRelease(release, null, task)).toMatchObject({
      ok: true,
      own: true,
      images: 4,
      problems: [],
    });
    const { key } = await core.projects.checkpoint({ project });
    expect(await problemsOf(release, key)).toEqual([]);
    expect(await runTask(core, 'verify', { project })).toMatchObject({
      ok: true,
      releases: 2,
      releasesGone: [],
    });
    expect((await foundByBrowser([release], key)) ?? [[]]).toEqual([[]]);
    if (!hasPython) return;
    const own = spawnSync('python3', [join(release, 'verify.py'), '--key', key], { encoding: 'utf8' });
    expect(own).toMatchObject({ status: 0, stdout: expect.stringMatching(/^As it was written: 4 images/) });
    expect(readdirSync(release)).not.toContain('__pycache__');
    const none = spawnSync('python3', [VERIFIER, scratch], { encoding: 'utf8' });
    expect(none).toMatchObject({ status: 2, stderr: expect.stringContaining('There is no release') });
    const bad = spawnSync('python3', [VERIFIER, changed((f) => rmSync(join(f, 'README.md')))], {
      encoding: 'utf8',
    });
    expect(bad).toMatchObject({ status: 1, stdout: 'NOT as it was written:\n  README.md: is missing\n' });
  });

  test.skipIf(!CHROMIUM)(
    'is read by verify.html without Web Crypto and by a drop, and shows no markup',
    async () => {
      const html = readFileSync(PAGE, 'utf8');
      for (const tag of ['script', 'style'])
        expect(html).toContain(
          `${tag}-src 'sha256-${createHash('sha256')
            .update(html.split(`<${tag}>`)[1]!.split(`</${tag}>`)[0]!)
            .digest('base64')}'`,
        );
      const window = await openPage();
      const { page, complaints } = window;
      const turned = 'a\u202egnp.<img src=x onerror=alert(1)>';
      const marked = changed((f) => writeFileSync(join(f, turned), ''));
      const devtools = await page.context().newCDPSession(page);
      const data = { items: [], files: [marked], dragOperationsMask: 1 };
      for (const type of ['dragEnter', 'dragOver', 'drop'] as const)
        await devtools.send('Input.dispatchDragEvent', { type, x: 300, y: 300, data });
      expect(await saidBy(window)).toEqual({
        title: 'This release is NOT as it was written: 1 finding.',
        findings: [`${turned.replace('\u202e', '\\u{202e}')}: is not in the manifest`],
      });
      expect(await page.locator('img').count()).toBe(0);
      await page.locator('#folder').setInputFiles(join(release, 'images'));
      expect((await saidBy(window)).title).toBe(`There is no release in images: it has no ${MANIFEST}.`);
      await page.evaluate(() => Object.defineProperty(crypto, 'subtle', { value: undefined }));
      const folders = [release];
      const { length } = readFileSync(join(release, PROOF), 'latin1');
      for (let at = 3; at < length; at += 89) folders.push(changed(edit(PROOF, (text) => flipped(text, at))));
      const found = await Promise.all(folders.map(async (folder) => problemsOf(folder)));
      expect(await foundByBrowser(folders, '', window)).toEqual(found);
      for (const bytes of [0, 55, 56, 64, 119, 120, (8 << 20) + 1])
        expect(await page.evaluate(`hashOf(new Blob([new Uint8Array(${bytes}).fill(7)]))`)).toBe(
          createHash('sha256').update(Buffer.alloc(bytes, 7)).digest('hex'),
        );
      expect(complaints).toEqual([]);
    },
  );

  test('that was changed is found by all three, in the same words', async () => {
    const [one, other] = images as [string, string];
    const falsely = `${SIGNATURES}: signature 1: its key did not sign this`;
    /** `'a link'`: one that was added, which browsers do not show. */
    const cases: [change: Change, first: string | null, what?: 'a link'][] = [
      [edit(one, (bytes) => `${bytes.slice(0, -1)}?`), `${one}: is not as it was written`],
      [
        edit('manifest.csv', (text) => text.replace('class-0', 'class-1')),
        'manifest.csv: is not as it was written',
      ],
      [edit('verify.py', (text) => `${text}#`), 'verify.py: is not as it was written'],
      [(f) => rmSync(join(f, one)), `${one}: is missing`],
      [
        (f) => {
          cpSync(join(f, one), join(f, 'kept'));
          cpSync(join(f, other), join(f, one));
          cpSync(join(f, 'kept'), join(f, other));
          rmSync(join(f, 'kept'));
        },
        `${one}: is not as it was written`,
      ],
      [(f) => writeFileSync(join(f, 'images', 'z.png'), ''), 'images/z.png: is not in the manifest'],
      [(f) => mkdirSync(join(f, 'empty')), null],
      [(f) => symlinkSync('README.md', join(f, 'more.md')), 'more.md: is not in the manifest', 'a link'],
      [(f) => symlinkSync('images', join(f, 'more')), 'more: is not in the manifest', 'a link'],
      [
        (f) => {
          cpSync(join(f, 'README.md'), join(f, '..', 'aside'));
          rmSync(join(f, 'README.md'));
          symlinkSync('../aside', join(f, 'README.md'));
        },
        'README.md: is missing',
      ],
      [
        editManifest((it) => (it.images[0]!.label = 'x')),
        `${PROOF}: its event is not that of a release with this manifest`,
      ],
      [editManifest((it) => (it.images[0]!.reviewer = 'eve')), `${PROOF}: its event is not that`],
      [editManifest((it) => delete it.proof), `${MANIFEST}: names no proof`],
      [editManifest((it) => (it.proof = null)), `${MANIFEST}: is no manifest`],
      [editManifest((it) => (it.proof!.key = 'a+b+c')), `${MANIFEST}: names no key`],
      [editManifest((it) => (it.project.uid = 'x')), `${PROOF}: its key is of another project`],
      [editManifest((it) => (it.files[0]!.path = '../set/x')), '../set/x: is outside of the release'],
      [editManifest((it) => (it.files[0]!.path = 'C:\\x')), 'C:\\x: is outside of the release'],
      [editManifest((it) => (it.files[0]!.bytes = '1')), `${MANIFEST}: is no manifest`],
      [editManifest((it) => (it.files = {})), `${MANIFEST}: is no manifest`],
      [edit(MANIFEST, () => '[]'), `${MANIFEST}: is no manifest`],
      [edit(MANIFEST, (text) => text.slice(0, -9)), `${MANIFEST}: is no manifest`],
      [edit(MANIFEST, () => '\xff'), `${MANIFEST}: is no manifest`],
      [(f) => rmSync(join(f, PROOF)), `${PROOF}: is missing`],
      [(f) => cpSync(join(second, PROOF), join(f, PROOF)), `${PROOF}: its event is not that`],
      [
        (f) => {
          cpSync(join(second, PROOF), join(f, PROOF));
          cpSync(join(second, MANIFEST), join(f, MANIFEST));
        },
        'README.md: is not as it was written',
      ],
      [edit(PROOF, (text) => text.slice(0, -10)), `${PROOF}: is no proof`],
      [edit(PROOF, (text) => text.replace('\n\n', '\n')), `${PROOF}: is no proof`],
      [
        edit(PROOF, (text) => text.replace(/^index .*$/m, 'index 0')),
        `${PROOF}: does not lead from its event`,
      ],
      [
        edit(PROOF, (text) => text.replace(/^index.*\n.*\n/m, (two) => `${two.split('\n')[0]}\n`)),
        `${PROOF}: does not lead`,
      ],
      [edit(PROOF, (text) => `${text}${text.split('\n').at(-2)}\n`), null],
      [(f) => signedBeside(f), null],
      [(f) => signedBeside(f, (it) => delete it['comment']), falsely],
      [(f) => signedBeside(f, (it) => (it['name'] = 'Eve')), falsely],
      [(f) => signedBeside(f, (it) => (it['meaning'] = 'authorship')), falsely],
      [(f) => signedBeside(f, (it) => (it['publicKey'] = '5'.repeat(64))), falsely],
      [(f) => signedBeside(f, (it) => (it['name'] = '\ud800')), falsely],
      [(f) => signedBeside(f, (it) => (it['more'] = 1)), `${SIGNATURES}: holds no signatures`],
      [(f) => writeFileSync(join(f, SIGNATURES), '{"format":'), `${SIGNATURES}: holds no signatures`],
      [
        (f) => {
          const aside = changed((it) => cpSync(second, it, { recursive: true, force: true }));
          signedBeside(aside);
          cpSync(join(aside, SIGNATURES), join(f, SIGNATURES));
        },
        `${SIGNATURES}: signature 1: is of another release`,
      ],
    ];
    // One character after another of the proof: whatever it stands in, none may pass.
    const { length } = readFileSync(join(release, PROOF), 'latin1');
    for (let at = 0; at < length - 1; at += 17) cases.push([edit(PROOF, (text) => flipped(text, at)), PROOF]);
    const folders = cases.map(([change]) => changed(change));
    const found = await Promise.all(folders.map(async (folder) => problemsOf(folder)));
    const wrong = cases.flatMap(([, first], i) => {
      const says = found[i]![0] ?? null;
      return (first === null ? says === null : says?.includes(first)) ? [] : [{ first, says }];
    });
    expect(wrong).toEqual([]);
    expect(foundByPython(folders) ?? found).toEqual(found);
    const seen = found.map((problems, i) => (cases[i]![2] === 'a link' ? [] : problems));
    expect((await foundByBrowser(folders)) ?? seen).toEqual(seen);
  });

  test('that was signed anew is told by the key alone', async () => {
    const { key } = await core.projects.checkpoint({ project });
    const folder = changed(() => undefined);
    const own = forged(folder);
    expect(await verifyRelease(folder, null, task)).toMatchObject({ ok: true, own: false, key: own });
    const found = await problemsOf(folder, key);
    expect(found).toEqual([`${MANIFEST}: names another key than the one given`]);
    expect(foundByPython([folder]) ?? [[]]).toEqual([[]]);
    expect(foundByPython([folder], key) ?? [found]).toEqual([found]);
    expect((await foundByBrowser([folder])) ?? [[]]).toEqual([[]]);
    expect((await foundByBrowser([folder], key)) ?? [found]).toEqual([found]);
  });

  test('that lies where it was written is checked with its project; one that is gone is named', async () => {
    const aside = join(scratch, 'aside');
    cpSync(release, aside, { recursive: true });
    const file = join(release, images[0]!);
    const before = readFileSync(file);
    writeFileSync(file, 'else');
    expect(await runTask(core, 'verify', { project })).toMatchObject({
      ok: false,
      difference: `release ${release}: ${images[0]}: is not as it was written`,
    });
    expect(await runTask(core, 'verify', { project, releases: false })).toMatchObject({ ok: true });
    writeFileSync(file, before);
    forged(release);
    expect((await runTask(core, 'verify', { project })).releaseProblems).toEqual([
      `release ${release}: ${MANIFEST}: is not the one on record`,
    ]);
    rmSync(release, { recursive: true });
    expect(await runTask(core, 'verify', { project })).toMatchObject({
      ok: true,
      releases: 1,
      releasesGone: [release],
    });
    cpSync(aside, release, { recursive: true });
  });
});

describe('a release whose process is killed', () => {
  /** The state of things once the project has been opened again. */
  async function killed(when: 'at the proof' | 'before' | 'after', then: Change = () => undefined) {
    // A core of the test's own would hold the project.
    await close();
    const to = join(temporaryFolder(), 'release');
    const { signal, stderr } = spawnSync(process.execPath, [SCRIPT, project, to, when], { encoding: 'utf8' });
    expect([signal, stderr]).toEqual(['SIGKILL', '']);
    then(to);
    ({ core, close } = openCore());
    await core.projects.open({ project });
    const [newest] = await core.releases.list({ project });
    return { to, isOnRecord: newest!.folder === to, beside: readdirSync(join(to, '..')) };
  }

  test.each(['at the proof', 'before', 'after'] as const)(
    '%s, near the name of its folder, is whole when its project is opened again',
    { timeout: 120_000 },
    async (when) => {
      const { to, ...is } = await killed(when, (target) => expect(existsSync(target)).toBe(when === 'after'));
      expect(is).toEqual({ isOnRecord: true, beside: ['release'] });
      expect(await problemsOf(to)).toEqual([]);
      expect(await runTask(core, 'verify', { project, originals: false })).toMatchObject({ ok: true });
      // The same command again says what is there.
      await expect(runTask(core, 'release', exporting(to))).rejects.toThrow(
        /is a release of this project already/,
      );
    },
  );

  test.each<[what: string, then: Change, left: string[]]>([
    [
      'and lost a file',
      (to) => {
        const [partial] = readdirSync(join(to, '..'));
        rmSync(join(to, '..', partial!, 'README.md'));
      },
      [],
    ],
    [
      'and found its place taken',
      (to) => {
        mkdirSync(to);
        writeFileSync(join(to, 'mine.txt'), '');
      },
      ['release'],
    ],
  ])('%s, is taken back', { timeout: 120_000 }, async (_what, then, left) => {
    const { to, ...is } = await killed('before', then);
    expect(is).toEqual({ isOnRecord: false, beside: left });
    const opened = Project.open(project, 'read');
    expect(opened.store.events.newest('release.withdrawn')!.body).toContain(basename(to));
    opened.close();
    expect(await runTask(core, 'verify', { project, originals: false })).toMatchObject({ ok: true });
    // The same command goes through, unless something of the user's is in the way.
    const again = await runTask(core, 'release', exporting(to)).then(({ folder }) => folder, errorCode);
    expect(again).toBe(left.length > 0 ? 'ALREADY_EXISTS' : to);
  });
});

// The last test: accounts stay on.
test('a release that a person signs holds the signature beside it, for all three', async () => {
  const password = 'lamp river candle 9';
  const roles = ['administrator' as const, 'lead' as const];
  const identity = 'known for years';
  await core.people.turnOn({ project, id: 'ada', name: 'Ada <b>Lovelace', roles, identity, password });
  const { id, manifestSha256 } = (await core.releases.list({ project })).find(
    ({ folder }) => folder === second,
  )!;
  const record = { kind: 'release' as const, release: id };
  const meaning = 'responsibility';
  await core.signatures.sign({
    project,
    by: 'ada',
    id: 'ada',
    password,
    record,
    version: manifestSha256,
    meaning,
  });
  expect(await verifyRelease(second, null, task)).toMatchObject({
    problems: [],
    signatures: [{ signer: 'ada', meaning }],
  });
  expect(await runTask(core, 'verify', { project, originals: false })).toMatchObject({ ok: true });
  expect(foundByPython([second]) ?? [[]]).toEqual([[]]);
  if (!CHROMIUM) return;
  const window = await openPage();
  expect(await foundByBrowser([second], '', window)).toEqual([[]]);
  expect(await window.page.locator('#result dd bdi').allTextContents()).toContainEqual(
    expect.stringMatching(/^Ada <b>Lovelace \(ada\) signed as responsibility, /),
  );
});
