import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { copyFileSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import Database from 'better-sqlite3';
import { describe, expect, test } from 'vitest';
import { runTask } from '../../rpc/run-task.ts';
import { startCore } from '../support/core.ts';
import { earlierProject, RELEASED } from '../support/earlier-projects.ts';
import { chainAnew, eventsOf, withoutTriggers, type EventRow } from '../support/forger.ts';
import { REPOSITORY, temporaryFolder } from '../support/folders.ts';
import { proofVectors } from '../support/proof-vectors.ts';
import { answerItems, makeReviewable } from '../support/reviewable.ts';

const VERIFIER = fileURLToPath(new URL('verify_ledger.py', import.meta.url));
const DOCUMENT = join(REPOSITORY, 'docs', 'ledger.md');

const python = (...args: string[]) => spawnSync('python3', args, { encoding: 'utf8' });
const [, minor = '0'] = /^Python 3\.(\d+)/.exec(python('--version').stdout ?? '') ?? [];
const why = Number(minor) >= 11 ? '' : ' (SKIPPED: there is no Python 3.11 here)';
if (why) console.warn(`The independent verifier of the ledger is not tested${why}.`);

interface Verified {
  status: number | null;
  head: string;
  findings: string[];
}

function verify(project: string, ...more: string[]): Verified {
  const { status, stdout, stderr } = python(VERIFIER, project, '--json', ...more);
  if (stdout === '') throw new Error(stderr);
  const { head, findings } = JSON.parse(stdout) as {
    head: string;
    findings: { name: string; where: string; what: string }[];
  };
  return { status, head, findings: findings.map(({ name, where, what }) => `${name}: ${where}: ${what}`) };
}

/** The first event of a kind. */
function eventOf(db: Database.Database, kind: string): EventRow {
  return eventsOf(db).find((event) => event.kind === kind)!;
}

function setBody(db: Database.Database, seq: number, body: string): void {
  db.prepare('UPDATE event SET body = ? WHERE seq = ?').run(body, seq);
}

/** Changes the text of the first body of a kind; the text must be there. */
function edit(kind: string, from: string | RegExp, to: string) {
  return (db: Database.Database): void => {
    const { seq, body } = eventOf(db, kind);
    expect(body).toMatch(from);
    setBody(db, seq, body.replace(from, to));
  };
}

/** The replacement that says of a file's boxes what became of them. */
const framed = (boxes: string): string =>
  `"bytes":$1,"frame":{"boxes":"${boxes}","height":480,"orientation":6,"width":640}`;

function swapImages(db: Database.Database): void {
  const { seq, body } = eventOf(db, 'decisions.made');
  const [first, second] = [...new Set(body.match(/[0-9a-f]{64}/g))] as [string, string];
  const swapped: Record<string, string> = { [first]: second, [second]: first };
  setBody(
    db,
    seq,
    body.replaceAll(/[0-9a-f]{64}/g, (sha) => swapped[sha] ?? sha),
  );
}

/** What is done to a copy, whether the chain is then written anew, and what must be found. */
const TAMPERED: [what: string, change: (db: Database.Database) => void, anew: boolean, finding: RegExp][] = [
  ['a changed body', edit('batch.created', '"role":"real"', '"role":"holdout"'), false, /^hash: event 2:/],
  [
    'a changed hash',
    (db) => db.prepare('UPDATE event SET hash = ? WHERE seq = 2').run('ab'.repeat(32)),
    false,
    /^previous-hash: event 3: names \w+, the one before is (ab)+$/,
  ],
  ['a gap', (db) => db.exec('DELETE FROM event WHERE seq = 3'), false, /^sequence: event 4:/],
  ['another clock', (db) => db.exec("UPDATE event SET at = '2001' WHERE seq = 2"), true, /^column: event 2:/],
  [
    'a changed score',
    (db) =>
      db.exec(
        'UPDATE score SET value = value + 1e-9 WHERE (run_id, score_id, image_id) = (SELECT run_id, score_id, image_id FROM score LIMIT 1)',
      ),
    false,
    /^digest: run 1:/,
  ],
  [
    'a lost prediction',
    (db) => db.exec('DELETE FROM prediction WHERE image_id = 1'),
    false,
    /^digest: run 1:/,
  ],
  [
    'another answer in the state',
    (db) => db.exec("UPDATE decision SET reviewer = 'Eve' WHERE id = 1"),
    false,
    /^state: table decision: has .*'Eve'/,
  ],
  [
    'another decision that holds',
    (db) => db.exec('DELETE FROM verdict WHERE image_id = (SELECT min(image_id) FROM verdict)'),
    false,
    /^state: table verdict: lacks /,
  ],
  ['swapped decisions', swapImages, true, /^state: table decision: lacks /],
  [
    'a reordered key',
    edit('project.created', /^\{(".*"),("uid":.*)\}$/, '{$2,$1}'),
    true,
    /^not-canonical: event 1:/,
  ],
  [
    'a number that is written otherwise',
    edit('run.finished', /"images":(\d+)/, '"images":$1.0'),
    true,
    /^not-canonical:/,
  ],
  [
    'a character that is written otherwise',
    edit('batch.created', '"source":"c', String.raw`"source":"\u0063`),
    true,
    /^not-canonical: event 2:/,
  ],
  [
    'an unknown field',
    edit('decisions.made', /^\{("context":"\w+",)?/, '{"by":"Eve",$1'),
    true,
    /^unknown-field: event \d+: by$/,
  ],
  [
    'a missing field',
    edit('batch.created', /"parents":\[\],/, ''),
    true,
    /^missing-field: event 2: parents$/,
  ],
  [
    'a wrong type',
    edit('run.finished', /"images":(\d+)/, '"images":"$1"'),
    true,
    /^wrong-type: event \d+: images /,
  ],
  [
    'a wrong word',
    edit('files.imported', /"bytes":(\d+)/, framed('guessed')),
    true,
    /^wrong-type: event \d+: /,
  ],
  ['a null', edit('project.created', /\}$/, ',"x":null}'), true, /^not-canonical: event 1:/],
  [
    'an unknown kind',
    (db) => db.exec("UPDATE event SET kind = 'x' WHERE seq = 2"),
    true,
    /^unknown-kind: event 2: x$/,
  ],
  [
    'an image that is not there',
    edit('queue.made', /[0-9a-f]{64}/, 'f'.repeat(64)),
    true,
    /^reference: event \d+: no image f+$/,
  ],
  [
    'a queue that is not there',
    edit('decisions.made', '"queue":1', '"queue":99'),
    true,
    /^reference: event \d+: no queue 99$/,
  ],
];

function tampered(project: string, change: (db: Database.Database) => void, anew = false): string {
  const copy = join(temporaryFolder(), 'project.db');
  copyFileSync(join(project, 'project.db'), copy);
  const db = new Database(copy);
  try {
    withoutTriggers(db, () => {
      change(db);
      if (anew) chainAnew(db);
    });
  } finally {
    db.close();
  }
  return copy;
}

/** What was done to copies of a project without the verifier naming it. */
function unnoticed(project: string): string[] {
  const { head } = verify(project);
  const missed = TAMPERED.filter(([, change, anew, finding]) => {
    const { status, findings } = verify(tampered(project, change, anew));
    return status !== 1 || !findings.some((each) => finding.test(each));
  }).map(([what]) => what);
  const cut = tampered(project, (db) =>
    db.exec('DELETE FROM event WHERE seq = (SELECT max(seq) FROM event)'),
  );
  if (!verify(cut, '--head', head).findings.some((each) => each.startsWith('head: ')))
    missed.push('a lost end');
  // Written anew as a whole, it is sound in itself: only a head that was kept elsewhere tells.
  const forged = tampered(project, edit('project.created', /"name":"/, '"name":"x'), true);
  const alone = verify(forged);
  const compared = verify(forged, '--head', head);
  const turned = tampered(project, edit('files.imported', /"bytes":(\d+)/, framed('turned')), true);
  if (verify(turned).status !== 0) missed.push('boxes that were turned, which are sound');
  if (alone.status !== 0 || compared.findings.length !== 1) missed.push('a forged record');
  return missed;
}

describe.skipIf(why !== '')(`a verifier that knows docs/ledger.md alone${why}`, { timeout: 180_000 }, () => {
  test('knows every field that the document lists, in its words', () => {
    const listed = readFileSync(DOCUMENT, 'utf8')
      .split(/^### /m)
      .slice(1)
      .map((section) => {
        const fields = [...section.split(/^## /m)[0]!.matchAll(/^\| `(.+?)` \| (.+?) \|/gm)];
        return [/^`(.+)`/.exec(section)![1]!, ...fields.map(([, path, type]) => `${path}: ${type}`)];
      });
    const known = python(VERIFIER, '--schema').stdout.trim().split('\n\n');
    expect(known.map((kind) => kind.split('\n'))).toEqual(listed);
  });

  test('hashes the examples of the document to what it says', () => {
    const [lines] = /^\{"actor".*\n\w{64}\n\{"actor".*\n\w{64}$/m.exec(readFileSync(DOCUMENT, 'utf8'))!;
    const [first, firstHash, second, secondHash] = lines.split('\n') as [string, string, string, string];
    const hashed = [first, second].map((line) => createHash('sha256').update(line).digest('hex'));
    expect(hashed).toEqual([firstHash, secondHash]);
  });

  test('writes numbers and strings as ECMAScript does', () => {
    const bits = new DataView(new ArrayBuffer(8));
    const numbers = Array.from({ length: 4000 }, (_, i) => {
      const hash = createHash('sha256').update(String(i)).digest();
      bits.setBigUint64(0, hash.readBigUInt64BE());
      const any = bits.getFloat64(0);
      return i % 2 === 0 && Number.isFinite(any) ? any : hash.readInt32BE(8) / 10 ** (hash[20]! % 30);
    });
    for (let n = -30; n < 30; n++) numbers.push(10 ** n, -1.5 * 10 ** n, 123456789 * 10 ** n);
    numbers.push(0, -0, 2 ** 53, 5e-324, Number.MAX_VALUE, 1e21, 1e-6, 1e-7);
    const strings = Array.from({ length: 0x2030 }, (_, code) => String.fromCodePoint(code));
    const expected = JSON.stringify([...numbers, ...strings, '\u{1f600}']);
    const [folder, name] = [temporaryFolder(), 'values.json'];
    writeFileSync(join(folder, name), expected);
    const script = [
      'import runpy, sys',
      'known, text = runpy.run_path(sys.argv[1]), open(sys.argv[2], encoding="utf-8").read()',
      'sys.exit(known["canonical"](known["parse"](text)) != text)',
    ].join('\n');
    expect(python('-c', script, VERIFIER, join(folder, name))).toMatchObject({ status: 0, stderr: '' });
  });

  test('judges claims about Merkle trees as the code does, by definitions instead of indices', () => {
    const vectors = proofVectors();
    const { stdout } = spawnSync('python3', [join(VERIFIER, '..', 'merkle.py')], {
      encoding: 'utf8',
      input: JSON.stringify(vectors),
    });
    const judged = JSON.parse(stdout) as boolean[];
    expect(vectors.filter(({ isTrue }, i) => judged[i] !== isTrue).map(({ what }) => what)).toEqual([]);
  });

  test('finds a project sound that was made, reviewed, taken back and released just now', async () => {
    const core = startCore();
    const folder = temporaryFolder();
    const project = await makeReviewable(core, join(folder, 'p'), 30);
    const [by, other] = ['Ada "Ö" Lovelace', 'ada'];
    const { items } = await core.queue.show({ project });
    const shas = items.map(({ sha256 }) => sha256);
    const reject = { verdict: 'reject', reason: 'blurred' } as const;
    await answerItems(core, { project, by }, [
      { sha256: shas[0]!, ...reject },
      { sha256: shas[1]!, verdict: 'relabel', label: 'leaf' },
      { sha256: shas[2]!, verdict: 'accept' },
      { sha256: shas[3]!, verdict: 'skip' },
      { sha256: shas[0]!, verdict: 'undo' },
    ]);
    await runTask(core, 'queue', { project, by, budget: { share: 0.5 }, reviewers: 2, seed: 2 });
    const second = (await core.queue.show({ project })).items.map(({ sha256 }) => sha256);
    for (const reviewer of [by, other])
      await answerItems(core, { project, by: reviewer }, [
        { sha256: second[0]!, ...reject },
        { sha256: second[1]!, verdict: 'relabel', label: reviewer === by ? 'leaf' : 'water' },
        { sha256: second[2]!, verdict: 'accept' },
      ]);
    const many = { project, by, budget: { share: 1 }, everything: true, seed: 3 };
    await runTask(core, 'queue', { ...many, reviewers: 2, endsIn: 'distribution' });
    const labels = ['water', 'leaf', 'brick'];
    for (const [i, reviewer] of [by, other, 'Eve'].entries())
      await answerItems(core, { project, by: reviewer }, [
        { sha256: second[2]!, verdict: 'relabel', label: labels[i]! },
        { sha256: second[3]!, verdict: 'relabel', label: labels[Math.min(i, 1)]! },
        ...(i > 0 ? [{ sha256: second[4]!, ...reject }] : []),
      ]);
    await runTask(core, 'score', { project, by, seed: 2 });
    const { pairs } = await core.copies.list({ project });
    expect(pairs.length).toBeGreaterThan(0);
    for (const answer of ['copy', 'withdrawn', 'not-a-copy'] as const)
      await core.copies.answer({
        project,
        by,
        answers: pairs.map((pair) => ({ image: pair.image.sha256, other: pair.other.sha256, answer })),
      });
    const page = await core.reviews.grid({ project, by: 'Eve', queue: 1, count: 6 });
    await core.reviews.decide({
      project,
      by: 'Eve',
      context: { kind: 'review', queue: 1, grid: true },
      decisions: page.map(({ sha256, position }) => ({ sha256, place: position, verdict: 'accept' })),
    });
    for (const [tag, images, off] of [
      ['blurry?', [shas[4]!, shas[5]!, shas[6]!], false],
      ['größer', [shas[5]!], false],
      ['blurry?', [shas[4]!], true],
    ] as const)
      await core.tags.set({ project, by, tag, images: [...images], off });
    const release = join(folder, 'release');
    await runTask(core, 'release', { project, by, format: 'csv', to: release, undecided: 'in' });
    const open = verify(project, '--release', release, '--originals');
    expect(open).toMatchObject({ status: 0, findings: [] });
    expect((await core.projects.status({ project })).head).toBe(open.head);
    await core.projects.close({ project });
    expect(verify(project, '--release', release, '--originals', '--head', open.head)).toEqual(open);

    const kept = join(project, 'checkpoint.txt');
    expect(verify(project, '--checkpoint', kept)).toEqual(open);
    for (const [change, anew] of [
      [(db: Database.Database) => db.exec('DELETE FROM event WHERE seq > 5'), false],
      [edit('project.created', /"name":"/, '"name":"x'), true],
    ] as const)
      expect(verify(tampered(project, change, anew), '--checkpoint', kept).findings).toContainEqual(
        expect.stringMatching(/^checkpoint: /),
      );

    expect(unnoticed(project)).toEqual([]);
    const overruled = tampered(project, (db) => db.exec("UPDATE copy_answer SET answer = 'copy'"));
    expect(verify(overruled).findings).toContainEqual(expect.stringMatching(/^state: table copy_answer/));
    for (const [sql, finding] of [
      [
        `UPDATE score_name SET name = name || 'x' WHERE id = 1; UPDATE score_name SET name = (SELECT substr(name, 1, length(name) - 1) FROM score_name WHERE id = 1) WHERE id = 2`,
        /^derived: run 1: score 1 is called /,
      ],
      [
        'UPDATE image_facts SET entropy_bits = 0 WHERE image_id = 3',
        /^derived: event \d+: what was measured/,
      ],
      ['DELETE FROM embedding WHERE image_id = 3', /^derived: run 1: the vectors of /],
      ["UPDATE label_report SET report = '{}' WHERE run_id = 1", /^derived: run 1: its reports, /],
    ] as const)
      expect(verify(tampered(project, (db) => db.exec(sql))).findings).toContainEqual(
        expect.stringMatching(finding),
      );
    const shown = join(project, 'thumbs', shas[0]!.slice(0, 2), `${shas[0]}.webp`);
    writeFileSync(shown, 'another');
    expect(verify(project, '--originals').findings).toEqual([expect.stringMatching(/^thumbnail: /)]);
    const untagged = tampered(project, (db) => db.exec('DELETE FROM image_tag WHERE tag_id = 2'));
    expect(verify(untagged).findings).toEqual([
      expect.stringMatching(/^state: table image_tag: lacks .*größer/),
    ]);
    writeFileSync(join(release, 'more.txt'), '');
    expect(verify(project, '--release', release).findings).toEqual([
      expect.stringMatching(/^manifest: .*: more\.txt is not in it$/),
    ]);
    const manifest = join(release, 'assay-manifest.json');
    writeFileSync(manifest, `${readFileSync(manifest, 'utf8')}\n`);
    expect(verify(project, '--release', release).findings).toEqual([expect.stringMatching(/^manifest: /)]);
  });

  test.each(RELEASED)(
    'finds the project of schema %i sound, before and after this version opened it',
    async (version) => {
      const project = earlierProject(version);
      const before = verify(project);
      expect(before).toMatchObject({ status: 0, findings: [] });
      expect(readdirSync(project)).toEqual(['project.db']);
      const core = startCore();
      expect(await core.projects.open({ project })).toMatchObject({ writable: true });
      expect(verify(project)).toEqual(before);
      await core.projects.close({ project });
      expect(verify(project, '--head', before.head)).toEqual(before);
    },
  );

  test('finds what was done to a project of an earlier version', () => {
    expect(unnoticed(earlierProject(RELEASED.at(-1)!))).toEqual([]);
  });

  test('says what it cannot read', () => {
    const folder = temporaryFolder();
    writeFileSync(join(folder, 'project.db'), 'no database at all');
    const { status, stderr } = python(VERIFIER, folder);
    expect([status, stderr]).toEqual([2, expect.stringContaining('cannot be read')]);
    expect(python(VERIFIER, join(folder, 'nothing')).status).toBe(2);
  });
});
