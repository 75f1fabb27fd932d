import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, onTestFinished, test, vi } from 'vitest';
import type { CostReport } from '../rpc/contract/costs.ts';
import type { Arm, Experiment, ExperimentExport, ExperimentInfo } from '../rpc/contract/experiments.ts';
import type { PlanReport } from '../rpc/contract/plans.ts';
import type { MixInfo, MixSummary } from '../rpc/contract/mixes.ts';
import type { RoundInfo } from '../rpc/contract/rounds.ts';
import type { AnswersReport } from '../rpc/contract/answers.ts';
import type { SuitabilityRecord } from '../rpc/contract/suitability.ts';
import type { WatchReport } from '../rpc/contract/watch.ts';
import { ERRORS, type ErrorCode } from '../rpc/errors.ts';
import { writeDataset } from '../test/support/dataset.ts';
import { writeMadeSet } from '../test/support/detection-set.ts';
import { REPOSITORY } from '../test/support/folders.ts';
import { makeImage } from '../test/support/images.ts';
import { forgetRecords } from '../test/support/forget-records.ts';
import { environment, READERS } from '../test/readers/read.ts';
import { runCommandLine } from './program.ts';

/** Commands that are run here; `serve`, which `open` is, is in test/e2e/serve.test.ts, and `bench` only starts bench/main.ts. */
const run = new Set<string>();
const ELSEWHERE = ['serve', 'open', 'bench'];

/** Runs a command line in this process: what it printed, and its exit status. */
async function assay(...args: string[]): Promise<{ status: number; out: string; err: string }> {
  run.add(args[0]!);
  const printed = { out: '', err: '' };
  const capture = (where: keyof typeof printed) => (part: string | Uint8Array) => {
    printed[where] += String(part);
    return true;
  };
  const out = vi.spyOn(process.stdout, 'write').mockImplementation(capture('out'));
  const err = vi.spyOn(process.stderr, 'write').mockImplementation(capture('err'));
  try {
    return { status: await runCommandLine(['node', 'assay', ...args]), ...printed, ...printed };
  } finally {
    out.mockRestore();
    err.mockRestore();
    process.exitCode = undefined;
  }
}

/** Runs a command that has to end well; its document of `--json`. */
async function json<T>(...args: string[]): Promise<T> {
  const { status, out, err } = await assay(...args, '--json');
  expect({ status, err: status === 0 ? '' : err }).toEqual({ status: 0, err: '' });
  return JSON.parse(out) as T;
}

/** Runs a command that has to end well; what it prints for people. */
async function text(...args: string[]): Promise<string> {
  const { status, out, err } = await assay(...args);
  expect({ status, err: status === 0 ? '' : err }).toEqual({ status: 0, err: '' });
  return out;
}

const sha256Of = (file: string): string => createHash('sha256').update(readFileSync(file)).digest('hex');
const filesBelow = (folder: string): string[] =>
  readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name));

/** Of a row of the manifest of a mix. */
interface MixLine {
  position: number;
  sha256: string;
  role: string;
  batch: string;
  path: string;
  offset: number;
  bytes: number;
}

describe('commands on a project', { timeout: 120_000 }, () => {
  let folder = '';
  let project = '';
  let made = '';
  let scored = '';
  let items: { sha256: string; givenLabel: string }[] = [];

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'assay-commands-'));
    project = join(folder, 'p.assay');
    const set = await writeDataset(join(folder, 'set'), 60);
    made = await text('new', project, '--by', 'ada');
    for (const role of ['real', 'holdout', 'synthetic'])
      await text('import', project, join(set.folder, role), '--role', role, '--by', 'ada');
    scored = await text('score', project, '--device', 'cpu', '--by', 'ada');
    ({ items } = await json<{ items: typeof items }>('queue', project, '--budget', '20', '--by', 'ada'));
  }, 180_000);

  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  test('new, import and score make a project and say what came of it', () => {
    expect(made).toContain(`Made ${project}`);
    expect(scored).toMatch(/^Run 1: \d+ images scored/);
    expect(items).toHaveLength(20);
  });

  test('queue shows what is queued, and status where the project stands', async () => {
    expect(await text('queue', project)).toContain(items[0]!.sha256.slice(0, 8));
    expect(await text('status', project)).toMatch(/Queue 1: \d+ of 20 decided/);
    expect(await json('status', project)).toMatchObject({ queue: { id: 1, items: 20 } });
  });

  test('copies lists pairs by certainty, and takes an answer and its withdrawal', async () => {
    interface Listed {
      pairs: { image: { sha256: string }; certainty: string; keptOut: boolean }[];
    }
    const { pairs } = await json<Listed>('copies', project, '--certainty', 'same-picture');
    expect(pairs.map(({ certainty }) => certainty)).toContain('same-picture');
    const { sha256 } = pairs.find(({ keptOut }) => keptOut)!.image;
    expect(await text('copies', project)).toMatch(/Same bytes: 2 files\nSame pi.*same picture as real\//s);
    const copies = ['copies', project, '--image', sha256.slice(0, 10)];
    expect((await assay(...copies, '--not-a-copy')).err).toContain('Say who answers');
    expect(await text(...copies, '--not-a-copy', '--by', 'grace')).toMatch(/^Recorded as event \d+\.$/m);
    expect(await text(...copies)).toContain('not a copy, says grace  stays in');
    expect(await text('status', project)).toContain('Called no copies by a person: 1 pair');
    await text(...copies, '--withdraw', '--by', 'grace');
    expect(await text(...copies)).toMatch(/open\s+left out/);
  });

  test('decide records and takes back, and rerank learns from it', async () => {
    const [first, second] = items;
    const decide = ['decide', project, '--by', 'grace', '--queue', '1', '--image'];
    expect(await text(...decide, first!.sha256, '--accept')).toContain('1 decision recorded as event');
    expect(await json(...decide, second!.sha256, '--reject', 'torn')).toMatchObject({ applied: 1 });
    expect(await text('decide', project, '--by', 'grace', '--undo')).toContain(second!.sha256);
    expect(await text('rerank', project, '--by', 'ada')).toContain('Learnt from 1 decision,');
    expect(await text('rerank', project, '--every', '100')).toContain('after every 100 answers in it');
    expect(await json('rerank', project, '--every', 'never')).toEqual({ after: 0 });
    expect((await assay('rerank', project, '--every', '0')).status).not.toBe(0);
    expect(await json('agreement', project)).toMatchObject({
      reviewers: [{ reviewer: 'grace', answers: 1 }],
    });
    expect((await assay('soft-labels', project)).err).toContain('No image was answered by two people yet');
    await text('decide', project, '--by', 'ada', '--image', first!.sha256, '--reject', 'torn');
    const [csv, asked] = [join(folder, 'answers.csv'), ['soft-labels', project, '--by', 'ada']];
    expect(await text(...asked, '--csv', csv)).toContain('No counts are weighted');
    expect(readFileSync(csv, 'utf8').trimEnd().split('\r\n')).toHaveLength(3);
    expect(await json<AnswersReport>(...asked)).toMatchObject({
      images: 1,
      withoutClass: 1,
      shown: [{ sha256: first!.sha256, annotators: 2, people: null }],
    });
    await text('decide', project, '--by', 'ada', '--undo');
  });

  test('reports, lists and maps say something to people and give one document each', async () => {
    expect(await text('audit', project, '--plan', '5%')).toContain('audit items');
    expect(await json('audit', project)).toHaveProperty('breakdowns');
    expect(await text('labels', project)).toContain('synthetic:');
    expect(await text('align', project)).toContain('the worst 5 % of the real images');
    expect(await text('policy', project)).toContain('default');
    expect(await text('scores', project, items[0]!.sha256)).toContain(items[0]!.sha256);
    expect(await json<unknown[]>('scores')).not.toHaveLength(0);
    expect(await text('models', 'list')).toContain('patch256');
    expect(await text('layout', project, '--layout', 'pca')).toMatch(/\d+ points placed by PCA/);
    const page = join(folder, 'report.html');
    const { verdict } = await json<{ verdict: { headline: string; basis: string } }>('report', project);
    const said = (await assay('report', project, '--html', page)).out;
    for (const words of [verdict.headline, verdict.basis]) {
      expect(said).toContain(words);
      expect(readFileSync(page, 'utf8')).toContain(words);
    }
    const csv = join(folder, 'next.csv');
    const first = await json<PlanReport>('plan', project, '--csv', csv);
    expect(readFileSync(csv, 'utf8').split('\r\n')[0]).toMatch(/^class,count,/);
    const [{ name, real, usable }] = first.classes as [PlanReport['classes'][0]];
    const more = ['plan', 'set', project, '--by', 'ada'];
    const { classes } = await json<PlanReport>(...more, `${name}=${real + usable + 70}`);
    expect(classes[0]).toMatchObject({ name, due: real + usable + 70 });
    expect((await assay(...more, `${name}=5`, 'no such class=5')).err).toContain('"no such class"');
    expect((await assay(...more, 'balanced', 'floor=5')).status).toBe(ERRORS.USAGE.exit);
    expect(await text(...more, 'balanced')).toContain('as many of every class as of the one with the most');
    expect(await text('plan', project)).toContain('set by ada');
    // The report has measured its batch already; there is no other.
    expect((await assay('status', project, '--check')).status).toBe(0);
    const { standing } = await json<WatchReport>('watch', project);
    for (const words of [standing.sentence, 'Every synthetic batch', 'no longer'])
      expect(await text('watch', project)).toContain(words);
    expect(await text('status', project)).toContain(standing.sentence);
  });

  test('embed gives a project another model', async () => {
    expect(await text('status', project)).toContain('Model: efficientnet-lite0');
    expect(await text('embed', project, '--model', 'patch256')).toContain('embedded with patch256 1.0.0');
    expect(await text('status', project)).toContain('Model: patch256 1.0.0');
    expect(await json('embed', project, '--model', 'efficientnet-lite0')).toMatchObject({ embedded: 0 });
  });

  test('policies are saved, compared and removed', async () => {
    const names = async (...more: string[]) =>
      (await json<{ name: string }[]>('policy', project, ...more)).map(({ name }) => name);
    expect(await names('--save', 'mine', '--share', 'audit=.3', '--by', 'ada')).toContain('mine');
    const compared = await text('policy', project, '--compare', '10', '--names', 'mine', 'default');
    expect(compared).toMatch(/^mine +10 /m);
    expect(await names('--remove', 'mine')).not.toContain('mine');
  });

  test('the policy on mixes is shown and set, and refuses what contradicts itself', async () => {
    expect(await text('mix', 'policy', project)).toContain(
      'Target: 35 % real images in an epoch (30 % to 40 %',
    );
    const set = ['mix', 'policy', project, '--by', 'ada'];
    expect(await text(...set, '--target', '.7', '--floor', '30%')).toContain('Floor: no batch below 30 %');
    expect(await json(...set, '--generations', '2,1', '--unreviewed', 'in')).toMatchObject({
      target: 0.7,
      generations: [1, 2],
      unreviewed: true,
    });
    expect((await assay(...set, '--floor', '80%')).err).toContain('(--floor) is above the target of 70 %');
    expect((await assay(...set, '--target', '150%')).err).toContain('--target');
    expect(await text('status', project)).toMatch(/Real share of the training mix: \d+ % \(low;/);
    await text(...set, '--target', '35%', '--floor', '20%', '--generations', 'all', '--unreviewed', 'out');
    const bare = join(folder, 'bare.assay');
    await text('new', bare, '--by', 'ada');
    const mixing = ['mix', bare, join(folder, 'bare-mix'), '--batch-size', '8', '--by', 'ada'];
    expect((await assay(...mixing)).err).toContain('There is no real image to mix in');
    expect((await assay('experiment', bare, '--by', 'ada')).err).toContain(
      'There is no real image to train on',
    );
  });

  test('cost says what three ways cost and where each number is from, and takes other inputs', async () => {
    const shown = await text('cost', project, '--compare');
    expect(shown).toMatch(/^\d+ generated images of this project; \d+ of them stay usable/);
    expect(shown).toMatch(/^Raw synthetic .* none is verified$/m);
    expect(shown).toContain('nothing is measured here yet');
    expect(shown).toMatch(
      /The hybrid way costs [\d,]+ more than all by hand\. Over the draws it saves -[\d,]+ to -/,
    );
    expect(shown).toContain('What it finds at random is not known yet');
    const set = ['cost', 'set', project, '--by', 'ada'];
    const kept = await text(
      ...set,
      'review-share=15%',
      'review-price=0.15',
      'setup=100..200',
      '--source',
      'us',
    );
    expect(kept).toContain('Share reviewed (review-share): 15 %, set by ada on ');
    const csv = join(folder, 'cost.csv');
    const asked = ['cost', project, '--images', '100000', '--seed', '3', '--months', '24'];
    const report = await json<CostReport>(...asked, '--csv', csv);
    expect(report.ways.hybrid.lines.find(({ id }) => id === 'review')?.middle).toBeCloseTo(2250, 9);
    expect(report).toEqual(await json(...asked));
    const rows = readFileSync(csv, 'utf8').split('\r\n');
    expect(rows[0]).toBe('part,of,what,unit,low,middle,high,origin,where from');
    expect(rows).toContain('line,hybrid,setup,USD,100,150,200,,');
    expect(rows.some((row) => /^input,,setup,USD,100,150,200,set,"?set by ada on .*: us"?$/.test(row))).toBe(
      true,
    );
    expect(rows).toContain('input,,months,months,24,24,24,asked,asked about');
    expect((await assay('cost', project, '--months', 'two')).err).toContain('give a number of months');
    expect((await assay(...set, 'setup=3..2')).err).toContain(
      '(setup) goes from 3 down to 2: give the lower',
    );
    expect((await assay(...set, 'setup=much')).err).toContain('give setup as one number, as low..high');
    expect((await assay(...set, 'wages=3')).err).toContain(
      'there is no input "wages"; there are review-share',
    );
    expect((await assay('cost', project, '--images', '0')).err).toContain('give at least one image');
    const given = await text(...set, 'review-share=default', 'review-price=default', 'setup=default');
    expect(given).toContain('Nobody has set an input');
  });

  test('suitability shows six questions beside the evidence, takes answers, and judges them', async () => {
    const shown = await text('suitability', project);
    expect(shown).toMatch(
      /^Not decided yet\. Nobody has answered 1 \(distribution\), .* and 6 \(evaluation\)\.\n/,
    );
    expect(shown).toContain(
      '6. Is there an independent, real evaluation set? (evaluation-set)\n   Not answered.\n',
    );
    const floor = ['mix', 'policy', project, '--by', 'ada', '--floor'];
    await text(...floor, '0%');
    const say = ['suitability', 'answer', project, '--by', 'ada', '--reason'];
    expect(await text(...say, 'each month', '3', 'yes')).toContain(
      'Blocked: rounds without an anchor policy. ',
    );
    await text(...floor, '20%');
    expect(await text(...say, 'once', 'iterative', 'no')).toContain('   Before: yes, by ada on ');
    const record = await json<SuitabilityRecord>(...say, 'no such photos', 'evaluation-set', 'no');
    expect(record.verdict).toMatchObject({ kind: 'nothing-counts', because: ['evaluation-set'] });
    expect(record.questions[5]).toMatchObject({
      answers: [{ version: 1, reason: 'no such photos' }],
      evidence: [{ id: 'holdout', numbers: [{ value: 18 }, {}, {}, {}, {}], supports: 'no' }],
    });
    const page = join(folder, 'suitability.html');
    expect(await json('suitability', project, '--html', page)).toEqual(record);
    expect(readFileSync(page, 'utf8')).toContain('no such photos');
    expect((await assay(...say, 'x', '7', 'yes')).err).toContain('there is no question "7"; give 1 to 6, or');
    expect((await assay(...say, 'x', '1', 'perhaps')).err).toContain('yes, no');
    expect((await assay(...say, ' ', '1', 'no')).err).toContain('say why');
    expect((await assay('suitability', 'answer', project, '1', 'no')).err).toContain('--reason');
  });

  test('reasons lists the reasons for a reject, and sets them under a name', async () => {
    expect(await text('reasons', project)).toMatch(/^1 {2}artefact: /);
    expect((await assay('reasons', project, '--set', 'Motion blur')).err).toContain('--by');
    const set = ['reasons', project, '--set', 'artefact, Motion blur', '--by', 'ada'];
    expect(await text(...set)).toContain('2  Motion blur');
    expect(await text('reasons', project, '--reset', '--by', 'ada')).not.toContain('Motion blur');
  });

  test('classes lists the classes, and lets reviewers add some only where that is allowed', async () => {
    expect(await text('classes', project)).toMatch(/Reviewers may not add classes\.\n$/);
    expect((await assay('classes', project, '--allow-new')).err).toContain('--by');
    const add = ['classes', project, '--add', 'wing-nut, left', '--by', 'ada'];
    expect((await assay(...add)).err).toContain('--allow-new');
    expect(await text('classes', project, '--allow-new', '--by', 'ada')).toMatch(
      /Reviewers may add classes\.\n$/,
    );
    expect(await text(...add)).toContain('wing-nut, left\n');
    expect((await assay(...add)).status).not.toBe(0);
    expect(await text('classes', project, '--forbid-new', '--by', 'ada')).toContain('may not');
  });

  test('tags are put on images by hash and by filter, listed, and taken off', async () => {
    const hash = items[0]!.sha256;
    expect(await text('tags', project)).toBe('No image has a tag yet.\n');
    const add = ['tags', project, '--add', '  ask\tvendor '];
    expect((await assay(...add, '--image', hash)).err).toContain('--by');
    expect((await assay(...add, '--by', 'ada')).err).toContain('Say which images');
    expect(await text(...add, '--image', hash.slice(0, 10), '--by', 'ada')).toMatch(
      /^“ask vendor”: 1 image changed, recorded as event \d+\.\n$/,
    );
    const glare = ['tags', project, '--add', 'glare', '--by', 'ada', '--filter', '{"roles":["real"]}'];
    expect(await json(...glare)).toMatchObject({ tag: 'glare', applied: 72 });
    expect(await text(...glare)).toBe('“glare”: no image changed.\n');
    expect(await json('tags', project)).toEqual([
      { name: 'ask vendor', images: 1 },
      { name: 'glare', images: 72 },
    ]);
    expect(await text('tags', project, '--tagged', 'ask vendor')).toMatch(
      new RegExp(`^${hash.slice(0, 12)}  .*  ask vendor\n$`),
    );
    expect(await json('tags', project, '--tagged', 'glare', '--limit', '5')).toMatchObject({ total: 72 });
    const remove = ['tags', project, '--remove', 'GLARE', '--by', 'ada'];
    const off = await json<{ applied: number; seq: number }>(...remove, '--tagged', 'glare');
    expect(off.applied).toBe(72);
    expect((await assay(...remove, '--image', hash)).err).toContain('No image has the tag "GLARE"');
    const undo = ['tags', project, '--undo', String(off.seq)];
    expect((await assay(...undo)).err).toContain('--by');
    expect((await assay(...undo, '--by', 'ada', '--image', hash)).err).toContain('name no others');
    expect(await text(...undo, '--by', 'ada')).toContain('“glare”: 72 images changed');
    expect((await assay('tags', project, '--undo', '1', '--by', 'ada')).err).toContain(
      'Event 1 tagged no image',
    );
  });

  test('models are checked, added and asked for their golden vectors', async () => {
    vi.stubEnv('ASSAY_MODELS', join(folder, 'models'));
    onTestFinished(() => void vi.unstubAllEnvs());
    expect(await text('models', 'check', 'patch256')).toContain('Sound: patch256');
    const { folder: pack } = await json<{ folder: string }>('models', 'check', 'patch256');
    expect(await text('models', 'add', pack)).toContain('Added patch256');
    expect(existsSync(join(folder, 'models', 'patch256-1.0.0', 'pack.json'))).toBe(true);
    expect(await text('devices', '--model', 'patch256')).toMatch(/^cpu +[\d,]+ images\/s/);
    const golden = await json<{ values: number[] }>('models', 'golden', pack);
    const { golden: kept } = JSON.parse(readFileSync(join(pack, 'pack.json'), 'utf8')) as {
      golden: { values: number[] };
    };
    expect(golden.values).toEqual(kept.values.map((value) => expect.closeTo(value, 2)));
    // A pack of the user's own, whose vectors are made up.
    const own = join(folder, 'own-pack');
    cpSync(pack, own, { recursive: true });
    const manifest = JSON.parse(readFileSync(join(own, 'pack.json'), 'utf8'));
    const madeUp = { ...manifest.golden, values: golden.values.map(() => 1), tolerance: 0.01 };
    writeFileSync(join(own, 'pack.json'), JSON.stringify({ ...manifest, golden: madeUp }));
    expect((await assay('models', 'check', own)).err).toContain("pack.json's golden one");
    expect(await text('models', 'golden', own, '--write')).toContain('pack.json');
    expect(await text('models', 'check', own)).toContain('Sound: patch256');
  });

  test('export writes a release, and verify finds everything as recorded', async () => {
    const to = join(folder, 'release');
    const said = await text('export', project, to, '--format', 'jsonl', '--undecided', 'in', '--by', 'ada');
    expect(said).toMatch(/\d+ images in .*release/);
    expect(existsSync(to)).toBe(true);
    expect(await text('verify', project)).toMatch(/^Verified: \d+ events, 1 run,/);
    const { status, out } = await assay('verify', project, '--no-originals', '--head', 'f'.repeat(64));
    expect([status, out]).toEqual([ERRORS.VERIFY_FAILED.exit, expect.stringContaining('NOT VERIFIED')]);
  });

  test('images with a tag go to an annotation tool, and what was drawn anew there comes back', async () => {
    const [set, drawn, to] = ['objects', 'drawn.assay', 'to-fix'].map((name) => join(folder, name));
    mkdirSync(set!);
    for (const [i, name] of ['a.png', 'b.png'].entries())
      writeFileSync(join(set!, name), (await makeImage(i)).bytes);
    const outline = [2.123, 2, 10, 2, 6.5, 8];
    const annotations = [1, 2].map((id) => ({
      id,
      image_id: id,
      category_id: 1,
      bbox: [2.123, 2, 7.877, 6],
      segmentation: [outline],
      score: 0.5,
      attributes: { occluded: true },
    }));
    const images = ['a.png', 'b.png'].map((file_name, i) => ({
      id: i + 1,
      file_name,
      width: 24,
      height: 16,
    }));
    const coco = { images, annotations, categories: [{ id: 1, name: 'gear' }] };
    writeFileSync(join(set!, 'a.json'), JSON.stringify(coco));
    await text('new', drawn!, '--by', 'ada', '--model', 'patch256');
    await text('import', drawn!, set!, '--role', 'real', '--by', 'ada');
    const sha256 = sha256Of(join(set!, 'a.png'));
    const exporting = [
      'export',
      drawn!,
      to!,
      '--format',
      'cvat',
      '--undecided',
      'in',
      '--by',
      'ada',
      '--tag',
    ];
    const refused = await assay(...exporting, 'redraw');
    expect([refused.status, refused.err]).toEqual([
      ERRORS.NOT_FOUND.exit,
      expect.stringContaining('There are no tags yet'),
    ]);
    await text('tags', drawn!, '--add', 'redraw', '--image', sha256, '--by', 'ada');
    expect(await text(...exporting, 'redraw')).toMatch(/^1 image in .*\n[^]*Left out: 1 without the tag/);

    // As CVAT writes it: two decimals, nothing but what it knows.
    const answer = join(folder, 'from-cvat.xml');
    const rounded = readFileSync(join(to!, 'annotations.xml'), 'utf8').replaceAll('2.123', '2.12');
    writeFileSync(answer, rounded);
    const taking = ['redrawn', drawn!, answer, '--by', 'grace'];
    expect(await json(...taking)).toMatchObject({ changed: 0, unchanged: 1, seq: null });
    const another = '<polygon label="gear" occluded="0" points="1,1;5,1;5,5"></polygon>';
    writeFileSync(answer, rounded.replace('</image>', `${another}</image>`));
    expect(await text(...taking)).toMatch(/1 image has other objects now \(event \d+\), 0 images came back/);
    expect(await json(...taking)).toMatchObject({ changed: 0, unchanged: 1 });
    writeFileSync(answer, rounded.replaceAll(sha256, 'f'.repeat(64)));
    expect(await text(...taking)).toContain('the project has no image with that sha256');
    await text(
      'export',
      drawn!,
      join(folder, 'fixed'),
      '--format',
      'jsonl',
      '--undecided',
      'in',
      '--by',
      'ada',
    );
    const rows = readFileSync(join(folder, 'fixed', 'manifest.jsonl'), 'utf8')
      .trimEnd()
      .split('\n');
    const fixed = rows
      .map((row) => JSON.parse(row) as Record<string, unknown>)
      .find((row) => row['sha256'] === sha256)!;
    expect(fixed).toMatchObject({
      reviewer: 'grace',
      judgements: expect.stringContaining('Drawn anew: CVAT XML, from-cvat.xml') as string,
      boxes: [
        // Nobody touched it: every digit, and what CVAT does not know.
        {
          values: [2.123, 2, 7.877, 6],
          detail: { polygons: [outline], attributes: { occluded: true }, columns: { score: 0.5 } },
        },
        { values: [1, 1, 4, 4], detail: { polygons: [[1, 1, 5, 1, 5, 5]] } },
      ],
    });
    expect(await text('verify', drawn!)).toMatch(/^Verified/);
  });

  test('a mix holds the floor in every batch, is checked, and takes a reason to go below', async () => {
    await text('mix', 'policy', project, '--unreviewed', 'in', '--by', 'ada');
    const to = join(folder, 'mix');
    const mixing = ['mix', project, to, '--batch-size', '8', '--by', 'ada'];
    const forms = [
      '--shard-size',
      '100KB',
      '--weight',
      'real/brick=1.5',
      '--as',
      'shards',
      'huggingface',
      'sources',
    ];
    const written = await json<MixSummary>(...mixing, ...forms);
    expect(written).toMatchObject({ batchSize: 8, leastReal: 2, belowFloor: null });
    expect(written.leftOut).toMatchObject({ 'other-role': 18 });
    const rows = readFileSync(join(to, 'manifest.jsonl'), 'utf8')
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as MixLine);
    expect(rows.map(({ position }) => position)).toEqual([...Array(written.images).keys()]);
    const isReal = rows.map(({ role }) => Number(role === 'real'));
    expect(isReal.reduce((sum, each) => sum + each, 0)).toBe(Math.round(0.35 * written.images));
    for (let at = 0; at + 8 <= rows.length; at++)
      expect(isReal.slice(at, at + 8).reduce((sum, each) => sum + each, 0)).toBeGreaterThanOrEqual(2);
    const heldOut = new Set(filesBelow(join(folder, 'set', 'holdout')).map(sha256Of));
    expect(heldOut.size).toBe(18);
    const images = filesBelow(join(to, 'huggingface')).map(sha256Of);
    for (const { sha256, path, offset, bytes } of rows) {
      expect(heldOut.has(sha256)).toBe(false);
      expect(images).toContain(sha256);
      const content = readFileSync(join(to, path)).subarray(offset, offset + bytes);
      expect(createHash('sha256').update(content).digest('hex')).toBe(sha256);
    }
    const described = JSON.parse(readFileSync(join(to, 'mix.json'), 'utf8')) as {
      batches: number[];
      sources: { path: string; batch: string; role: string; images: number; draws: number; share: number }[];
    };
    expect(described).toMatchObject({ format: 'assay-mix-1', seed: 1, floor: 0.2, belowFloor: null });
    expect(described.batches.reduce((sum, each) => sum + each, 0)).toBe(written.real);
    // Each image once, in the shards of its source; the shares are those of the epoch.
    const { sources } = described;
    for (const { path, batch, role, images: own, draws, share } of sources) {
      const drawn = rows.filter((row) => row.batch === batch && row.role === role);
      expect([drawn.length, new Set(drawn.map(({ sha256 }) => sha256)).size]).toEqual([draws, own]);
      expect(share).toBeCloseTo(draws / rows.length, 9);
      const shards = filesBelow(join(to, path)).map((file) => readFileSync(file, 'latin1'));
      expect(shards.join('').match(/\d{9}\.json/g)).toHaveLength(own);
    }
    expect(sources.reduce((sum, { share }) => sum + share, 0)).toBeCloseTo(1, 9);
    expect(await text('verify', to)).toContain('Verified: ');
    writeFileSync(join(to, rows[0]!.path), 'nothing');
    expect((await assay('verify', to)).out).toContain('shards/mix-000000.tar: is not as it was written');
    expect((await assay('verify', project)).status).toBe(ERRORS.VERIFY_FAILED.exit);
    rmSync(to, { recursive: true });

    const low = `${to}-low`;
    const below = [...mixing.with(2, low), '--real-share', '10%'];
    expect((await assay(...below)).err).toContain('--below-floor "reason"');
    expect(existsSync(low)).toBe(false);
    const why = 'only ten real ones have a licence';
    expect(await text(...below, '--below-floor', why)).toContain(`BELOW THE FLOOR: ${why}`);
    expect(readFileSync(join(low, 'README.md'), 'utf8')).toContain(`ada gave the reason: ${why}`);
    expect(await text('status', project)).toContain(`BELOW THE FLOOR, says ada: ${why}`);
    expect(await json<MixInfo[]>('mix', 'list', project)).toMatchObject([
      { belowFloor: why },
      { leastReal: 2 },
    ]);
    expect((await assay(...mixing, '--weight', 'real/moss=2')).err).toContain(
      'There is brick, leaf and water.',
    );
    expect((await assay(...mixing.with(2, `${to}-2`).with(4, '5000'))).err).toContain(
      '(--batch-size) is larger',
    );
  });

  test('experiment measures ratios on the hold-out, is kept with its digest, and says that it is too small', async () => {
    const few = ['--sizes', '100%', '--learners', 'logistic', '--draws', '200', '--by', 'ada'];
    const found = await json<Experiment>('experiment', project, '--ratios', '100:0,50:50', ...few);
    const { data, learners, verdict } = found.results;
    expect(data.holdout).toBeLessThanOrEqual(18);
    expect(data.leftOut).toMatchObject({ 'verified-out': expect.any(Number) });
    expect(learners[0]!.arms.map(({ id }) => id)).toEqual(
      expect.arrayContaining([
        `real-${data.real}`,
        expect.stringMatching(/^same-total-\d+-50-real-shuffled$/),
      ]),
    );
    // Three in 18 is more than two points: with so few images no arm is called not inferior.
    expect(verdict.join(' ')).toContain('is too small to tell');
    expect(createHash('sha256').update(JSON.stringify(found.results)).digest('hex')).toBe(found.digest);
    expect(await text('experiment', 'list', project)).toMatch(/^1 .*ada: Same total/m);
    const page = join(folder, 'experiment.html');
    expect(await text('experiment', 'show', project, '1', '--html', page)).toContain(
      `results ${found.digest}`,
    );
    expect(readFileSync(page, 'utf8')).toContain('<h1>Experiment 1: real and synthetic images</h1>');
    expect(await json('experiment', 'show', project)).toEqual(found);
    expect((await assay('plan', 'set', project, 'experiment', '--by', 'ada')).err).toContain(
      'Experiment 1 does not say what pays: no arm of it adds synthetic images to all real ones.',
    );
    expect(await text('suitability', project)).toContain(
      `The newest experiment (1, ${found.at.slice(0, 10)})`,
    );
    expect((await assay('experiment', 'show', project, '9')).err).toContain('There is no experiment 9');
    expect((await assay('experiment', project, '--seeds', '4', '--by', 'ada')).err).toContain('5 seeds');
  });

  test('experiment writes its training sets for an own network, and judges what that predicts alike', async () => {
    const to = join(folder, 'sets');
    const grid = ['--ratios', '50:50', '--sizes', '100%', '--draws', '200', '--by', 'ada'];
    const written = await json<ExperimentExport>('experiment', 'export', project, to, ...grid);
    expect(await text('verify', to)).toContain('Verified: ');
    const linesOf = <T>(path: string): T[] =>
      readFileSync(path, 'utf8')
        .trimEnd()
        .split('\n')
        .map((line) => JSON.parse(line) as T);
    type Row = { sha256: string; path: string; label: string; role: string };
    const tested = linesOf<Row>(join(to, 'holdout.jsonl'));
    expect(tested).toHaveLength(written.holdout);
    const heldOut = new Set(filesBelow(join(folder, 'set', 'holdout')).map(sha256Of));
    const lists = filesBelow(join(to, 'sets'));
    expect(lists).toHaveLength(written.sets);
    for (const row of lists.flatMap((list) => linesOf<Row>(list)))
      expect(heldOut.has(row.sha256)).toBe(false);
    for (const { sha256, path } of [...tested, ...linesOf<Row>(lists[0]!)])
      expect(sha256Of(join(to, path))).toBe(sha256);
    const { arms, data } = JSON.parse(readFileSync(join(to, 'experiment.json'), 'utf8')) as {
      arms: Arm[];
      data: { classes: string[] };
    };
    expect(tested[0]).not.toHaveProperty('label');

    // A network that is always right on real images alone, and never where there are synthetic ones.
    const { classes } = data;
    const truth = new Map(
      filesBelow(join(folder, 'set', 'holdout')).map((file) => [sha256Of(file), file.split('/').at(-2)!]),
    );
    const rows = arms.flatMap(({ id, seeds, source }) =>
      Array.from({ length: seeds }, (_, training) => `${id}/${training + 1}`).flatMap((set) =>
        tested.map(({ sha256 }) => {
          const right = classes.indexOf(truth.get(sha256)!);
          return { set, image: sha256, said: source === null ? right : (right + 1) % classes.length };
        }),
      ),
    );
    const csv = (said: typeof rows): string =>
      ['set,image,class', ...said.map((row) => `${row.set},${row.image},${classes[row.said]}`)].join('\n');
    const file = join(folder, 'own.csv');
    const add = [
      'experiment',
      'add',
      project,
      '--sets',
      to,
      '--name',
      'resnet',
      '--predictions',
      file,
      '--by',
      'ada',
    ];
    writeFileSync(file, csv(rows));
    const found = await json<Experiment>(...add);
    expect(found.predictions).toEqual({ name: 'resnet', sha256: sha256Of(file) });
    const [own] = found.results.learners;
    expect(own).toMatchObject({ learner: 'resnet', isOwn: true, penalty: null });
    for (const { source, metrics, against } of own!.arms) {
      expect(metrics.accuracy.value).toBe(source === null ? 1 : 0);
      expect(metrics.calibrationError.value).toBeNull();
      expect(against?.standing).toBe(source === null ? undefined : 'inferior');
    }
    writeFileSync(file, csv(rows.slice(1)));
    expect((await assay(...add)).err).toContain(`1 hold-out image is not predicted in ${rows[0]!.set}`);
    writeFileSync(join(to, 'experiment.json'), '{}');
    expect((await assay(...add)).err).toContain('is not as it was written');
    expect(await json<ExperimentInfo[]>('experiment', 'list', project)).toMatchObject([{ id: found.id }, {}]);
    rmSync(to, { recursive: true });
  });

  test('experiment writes sets for a detector with its boxes, and measures mAP of what it finds', async () => {
    const [set, boxed, to] = [
      join(folder, 'boxed-set'),
      join(folder, 'boxed.assay'),
      join(folder, 'boxed-sets'),
    ];
    const images = await writeMadeSet(set, { splits: ['train', null], boxes: true, count: 48 });
    await text('new', boxed, '--by', 'ada');
    for (const role of ['real', 'holdout', 'synthetic'])
      await text('import', boxed, join(set, role), '--role', role, '--by', 'ada', '--model', 'patch256');
    await text('score', boxed, '--by', 'ada');
    const grid = ['--boxes', '--ratios', '80:20', '--sizes', '100%', '--draws', '200', '--by', 'ada'];
    await text('experiment', 'export', boxed, to, ...grid);
    const { arms } = JSON.parse(readFileSync(join(to, 'experiment.json'), 'utf8')) as { arms: Arm[] };
    const coco = JSON.parse(readFileSync(join(to, 'holdout.coco.json'), 'utf8')) as {
      images: { id: number; file_name: string; width: number; height: number }[];
      categories: { id: number; name: string }[];
    };
    const ofSha = new Map(images.map((one) => [one.sha256, one]));
    const boxesOf = (sha256: string) => {
      const { boxes, width: w, height: h } = ofSha.get(sha256)!;
      return (boxes ?? []).map(({ label, ...box }) => {
        if ('px' in box) return { label, bbox: box.px };
        const [x, y, across, down] = box.rel as [number, number, number, number];
        return { label, bbox: [(x - across / 2) * w, (y - down / 2) * h, across * w, down * h] };
      });
    };
    const [list] = readFileSync(join(to, `sets/${arms[0]!.id}/1.jsonl`), 'utf8').split('\n');
    const { sha256, boxes } = JSON.parse(list!) as { sha256: string; boxes: unknown };
    expect(boxes).toEqual(boxesOf(sha256));

    // A network that finds every box with real images alone, and none with synthetic ones.
    const numbers = new Map(coco.categories.map(({ id, name }) => [name, id]));
    const right = coco.images.flatMap(({ id, file_name: name }) =>
      boxesOf(/[0-9a-f]{64}/.exec(name)![0]).flatMap(({ label, bbox }) =>
        numbers.has(label) ? [{ image_id: id, category_id: numbers.get(label), bbox, score: 0.9 }] : [],
      ),
    );
    const results = arms.flatMap(({ id, seeds, source }) =>
      Array.from({ length: seeds }, (_, i) => [`${id}/${i + 1}`, source === null ? right : []]),
    );
    const file = join(folder, 'boxes.json');
    writeFileSync(file, JSON.stringify(Object.fromEntries(results)));
    const add = ['experiment', 'add', boxed, '--sets', to, '--name', 'detector', '--predictions', file];
    const [own] = (await json<Experiment>(...add, '--by', 'ada')).results.learners;
    for (const { source, metrics } of own!.arms)
      expect(metrics.meanAp.value).toBeCloseTo(source === null ? 1 : 0, 9);
    expect(await text('experiment', 'show', boxed)).toMatch(/^arm +mAP +beside real/m);
    rmSync(to, { recursive: true });
  });

  const python = READERS ?? 'python3';
  const hasPython = spawnSync(python, ['--version']).status === 0;
  test.skipIf(!hasPython)(
    'assay_mix trains on a mix with two ranks and a resume, and its logs prove it',
    async () => {
      const [to, logs] = [join(folder, 'trained'), join(folder, 'logs')];
      const mixing = ['mix', project, to, '--batch-size', '8', '--shard-size', '100KB', '--by', 'ada'];
      await text(...mixing, '--weight', 'real/brick=2', '--as', 'shards', 'sources');
      mkdirSync(logs);
      const package_ = join(REPOSITORY, 'python/assay_mix');
      const tests = spawnSync(python, ['-m', 'unittest', 'discover', 'tests'], {
        cwd: package_,
        encoding: 'utf8',
        env: {
          ...environment(logs),
          PYTHONPATH: join(package_, 'src'),
          ASSAY_MIX: to,
          ASSAY_MIX_LOGS: logs,
        },
      });
      expect(tests.stderr).toMatch(/^OK/m);
      const written = ['unbroken-0', 'unbroken-1', 'resumed-0', 'resumed-1'].map((name) =>
        join(logs, `${name}.jsonl`),
      );
      expect(await text('mix', 'check', ...written)).toMatch(
        /^Proven: \d+ batches of .* none below 25 %, and the floor is 20 %\.\n(.*\n)*Rank 1 of 2: .* 1 drawn again/,
      );
      const [log, elsewhere] = [join(folder, 'log.jsonl'), join(folder, 'elsewhere')];
      const [header] = readFileSync(written[0]!, 'utf8').split('\n');
      const check = async (...lines: object[]) => {
        writeFileSync(log, [header, ...lines.map((line) => JSON.stringify(line))].join('\n'));
        return assay('mix', 'check', log, '--mix', to);
      };
      const synthetic = readFileSync(join(to, 'manifest.jsonl'), 'utf8')
        .trimEnd()
        .split('\n')
        .flatMap((line, at) => (line.includes('"role":"synthetic"') ? [at] : []));
      const low = await check({ epoch: 2, batch: 5, positions: synthetic.slice(0, 8) });
      expect([low.status, low.out]).toEqual([
        ERRORS.VERIFY_FAILED.exit,
        expect.stringContaining(
          'log.jsonl, line 2: batch 5 of epoch 2 has 0 real images of 8 (0 %), and the floor of 20 % takes 2',
        ),
      ]);
      expect((await check({ epoch: 0, batch: 0, positions: [9999] })).out).toContain(
        '9999 is not in the mix',
      );
      expect((await check({ epoch: 0 })).err).toContain('log.jsonl, line 2: is no batch');
      expect((await assay('mix', 'check', log, '--mix', elsewhere)).err).toContain('(--mix)');
      cpSync(to, elsewhere, { recursive: true });
      writeFileSync(join(elsewhere, 'mix.json'), '{}');
      await check({ epoch: 0, batch: 0, positions: [0] });
      expect((await assay('mix', 'check', log, '--mix', elsewhere)).err).toContain(
        'mix.json is not as it was written',
      );
    },
  );

  test('rounds tell what was trained on which mix, and call out what has no new real image', async () => {
    const to = join(folder, 'anchored');
    const mixing = ['--batch-size', '8', '--by', 'ada', '--as', 'images'];
    const { real, images } = await json<MixSummary>('mix', project, to, ...mixing);
    const model = join(folder, 'weights.pt');
    writeFileSync(model, 'weights');
    const said = ['--holdout', 'accuracy=0.91', '--model', 'resnet', '--model-file', model];
    const first = await json<RoundInfo>(
      'round',
      'add',
      project,
      'spring',
      '--mix',
      to,
      '--by',
      'ada',
      ...said,
    );
    expect(first).toMatchObject({
      mix: { folder: to },
      model: { name: 'resnet', sha256: sha256Of(model) },
      newRealImages: first.realImages,
      realShare: real / images,
      holdout: [{ measure: 'accuracy', value: 0.91 }],
      alarms: [],
    });
    const add = ['round', 'add', project, '--by', 'ada', '--mix'];
    const second = `${to}-2`;
    const share = ['--real-share', '30%'];
    const { manifestSha256 } = await json<MixSummary>('mix', project, second, ...mixing, ...share);
    expect(await text(...add, manifestSha256.slice(0, 12), 'summer')).toMatch(
      /0 of them new; .*\nCALLED OUT: It has no .* new since spring\.\nCALLED OUT: Its real share of .* fell from/,
    );
    expect((await assay(...add, second, 'summer')).err).toContain('There is a round "summer" already');
    expect((await assay(...add, folder, 'autumn')).err).toContain(
      '(--mix) is no mix that this project wrote',
    );
    expect(await text('round', 'list', project)).toContain('summer: It has no real image that is new');
    expect((await assay('status', project, '--check')).status).toBe(ERRORS.COLLAPSE_ALARM.exit);
    expect(await text('round', 'show', project, 'spring')).toContain('Hold-out accuracy: 0.91');
    expect(await text('status', project)).toMatch(
      /Training round summer: .*, 0 new real images\n {2}CALLED OUT/,
    );
  });

  test('checkpoint signs the record, proves its growth, and accepts an older copy only when told to', async () => {
    const earlier = join(folder, 'earlier.txt');
    const { note, key, events } = await json<{ note: string; key: string; events: number }>(
      'checkpoint',
      project,
    );
    expect(note).toMatch(new RegExp(`^assay\\.invalid/project/.*\n${events}\n`));
    expect(note).toContain(`— ${key.split('+')[0]} `);
    writeFileSync(earlier, note);
    const file = join(project, 'project.db');
    const older = readFileSync(file);
    await text('classes', project, '--allow-new', '--by', 'ada');
    expect(await text('checkpoint', project, '--since', earlier)).toMatch(new RegExp(`^old ${events}\n`));
    const newer = readFileSync(file);
    writeFileSync(file, older);
    expect(await text('status', project)).toMatch(
      /^ALARM: Put the newer copy of project.db back, .*1 event is missing at its end.*\ndetails: .*--accept/,
    );
    const { status, out } = await assay('verify', project, '--no-originals');
    expect([status, out]).toEqual([ERRORS.VERIFY_FAILED.exit, expect.stringContaining('missing at its end')]);
    expect((await assay('classes', project, '--forbid-new', '--by', 'ada')).status).toBe(
      ERRORS.RECORD_DIFFERS.exit,
    );
    expect((await assay('checkpoint', project)).status).toBe(ERRORS.RECORD_DIFFERS.exit);
    writeFileSync(file, newer);
    expect(await text('verify', project, '--no-originals')).toContain('signed here');
    expect((await assay('checkpoint', project, '--accept')).status).toBe(ERRORS.USAGE.exit);
    expect((await assay('checkpoint', project, '--accept', '--by', 'ada')).status).toBe(
      ERRORS.NOT_READY.exit,
    );
  });

  test('people have accounts, sign in by what they do, and sign what they see', async () => {
    const staffed = join(folder, 'staffed.assay');
    cpSync(project, staffed, { recursive: true });
    forgetRecords();
    onTestFinished(forgetRecords);
    vi.stubEnv('ASSAY_PASSWORD', 'lamp river candle 9');
    onTestFinished(() => void vi.unstubAllEnvs());
    expect(await text('people', 'list', staffed)).toContain('has no accounts');
    const ada = ['--id', 'ada', '--name', 'Ada Lovelace', '--identity', 'known for years'];
    await text('people', 'turn-on', staffed, ...ada, '--roles', 'administrator,lead');
    const invite = ['--id', 'grace', '--name', 'Grace Hopper', '--identity', 'passport seen', '--by', 'ada'];
    const specialist = [...invite, '--roles', 'specialist'];
    const { code } = await json<{ code: string }>('people', 'invite', staffed, ...specialist);
    await text('people', 'enrol', staffed, '--id', 'grace', '--code', code);
    const listed = await json<{ people: { id: string }[] }>('people', 'list', staffed);
    expect(listed.people).toMatchObject([{ id: 'ada' }, { id: 'grace', roles: ['specialist'] }]);

    // Whoever acts signs in first; whoever may not, does not.
    const guideline = join(folder, 'guideline.md');
    writeFileSync(guideline, '# How to answer\n');
    await text('people', 'guideline', staffed, '--publish', guideline, '--by', 'ada');
    const image = items[0]!.sha256;
    await text('decide', staffed, '--by', 'grace', '--accept', '--image', image);
    const refused = await assay('score', staffed, '--device', 'cpu', '--by', 'grace');
    expect([refused.status, refused.err]).toEqual([
      ERRORS.NOT_ALLOWED.exit,
      expect.stringContaining('grace is Specialist'),
    ]);
    const stranger = await assay('decide', staffed, '--by', 'otto', '--accept', '--image', image);
    expect(stranger.status).toBe(ERRORS.NOT_ALLOWED.exit);
    vi.stubEnv('ASSAY_PASSWORD', undefined);
    const silent = await assay('decide', staffed, '--by', 'grace', '--accept', '--image', image);
    expect([silent.status, silent.err]).toEqual([
      ERRORS.SIGN_IN_NEEDED.exit,
      expect.stringContaining('ASSAY_PASSWORD'),
    ]);

    vi.stubEnv('ASSAY_PASSWORD', 'lamp river candle 9');
    await text('suitability', 'answer', staffed, '4', 'no', '--reason', 'in-house', '--by', 'grace');
    expect(await text('sign', staffed, '--by', 'ada')).toMatch(/1 image: accept/);
    const own = await assay('sign', staffed, '--by', 'grace', '--as', 'approval');
    expect([own.status, own.err]).toEqual([ERRORS.NOT_ALLOWED.exit, expect.stringContaining('own work')]);
    expect(await text('sign', staffed, '--by', 'ada', '--as', 'approval')).toContain(
      'Ada Lovelace (ada) signed',
    );
    expect(await json('verify', staffed)).toMatchObject({
      ok: true,
      signatures: 1,
      notCovered: expect.arrayContaining([expect.stringContaining('private keys')]),
    });

    const page = join(folder, 'dossier.html');
    expect(await text('dossier', staffed, page, '--by', 'ada')).toContain('tells of');
    const dossier = readFileSync(page, 'utf8');
    for (const part of [
      'Ada Lovelace (ada)',
      'passport seen',
      'all 1 hold',
      'every link and every hash',
      '# How to answer',
      'Suitability of the task',
      'in-house',
    ])
      expect(dossier).toContain(part);
    expect(dossier).not.toMatch(/<script|http:|https:/);
    const { head, events } = await json<{ head: string; events: number }>('status', staffed);
    expect(dossier).toContain(head);
    expect(dossier).toContain(`<td>${events}</td>`);
  });

  test('handout, answers, collect and handouts send a queue away and take its answers back', async () => {
    const sent = join(folder, 'sent');
    const asked = ['--to', 'far 1,far 2', '--most', '2', '--folder', sent, '--by', 'ada'];
    interface Sent {
      handouts: { handout: string; file: string }[];
    }
    const { handouts } = await json<Sent>('handout', project, ...asked);
    const { file } = handouts[0]!;
    expect(await text('answers', file)).toMatch(/^0 of 2 items answered\. Send this file back: /);
    const away = file.replace('-handout', '');
    const [first] = (await json<{ items: typeof items }>('queue', away)).items;
    const said = ['--by', 'far 1', '--queue', '1', '--image', first!.sha256, '--reject', 'artefact'];
    expect((await assay('decide', away, ...said.with(1, 'ada'))).err).toContain('This hand-out is for far 1');
    await text('decide', away, ...said);
    const back = await json<{ file: string; answered: number }>('answers', away);
    expect(back.answered).toBe(1);
    const { status, out } = await assay('collect', project, back.file, join(sent, 'gone'), '--by', 'ada');
    expect([status, out]).toEqual([
      ERRORS.INVALID_INPUT.exit,
      expect.stringMatching(/1 entry of far 1 taken, 0 before\.\n.*gone was refused\. There is no file/),
    ]);
    const recalled = await text('handouts', project, '--recall', handouts[1]!.handout, '--by', 'ada');
    expect(recalled).toMatch(/far 2 .* 0 of 2 .*recalled\n.*far 1 .* 1 of 2 /);
    expect((await assay('verify', project)).out).toContain('Verified');
    expect((await assay('verify', away)).out).toContain('Verified');
  });

  test('a dry run says how a folder is read, what is left behind, or what would read it', async () => {
    const { head } = await json<{ head: string }>('status', project);
    const from = join(folder, 'set', 'real');
    writeFileSync(join(from, 'brick', '0.txt'), 'a wall of bricks');
    const said = await text('import', project, from, '--dry-run');
    expect(said).toMatch(/^Class folders \(class-folders\): 72 images, 72 in the batch already/);
    expect(said).toContain('  1 caption, for instance in brick/0.txt');
    expect(await json('import', project, from, '--dry-run')).toMatchObject({
      verdict: 'understood',
      left: [{ kind: 'caption', count: 1 }],
    });
    writeFileSync(join(from, 'labels.mat'), 'x');
    const { status, out } = await assay('import', project, from, '--dry-run');
    expect([status, out]).toEqual([
      ERRORS.SOURCE_UNREADABLE.exit,
      expect.stringMatching(/^Not understood, so nothing would be imported\.\n.*MATLAB.*labels\.mat/),
    ]);
    rmSync(join(from, 'labels.mat'));
    expect((await json<{ head: string }>('status', project)).head).toBe(head);
  });

  test.each<[what: string, code: ErrorCode, args: (project: string, folder: string) => string[]]>([
    ['a project that is not there', 'NOT_FOUND', (_, f) => ['status', join(f, 'nowhere')]],
    ['a project that is there already', 'ALREADY_EXISTS', (p) => ['new', p]],
    [
      'a source that is not there',
      'SOURCE_UNREADABLE',
      (p, f) => ['import', p, join(f, 'x'), '--role', 'real'],
    ],
    ['an import without a role', 'USAGE', (p, f) => ['import', p, f]],
    [
      'a distribution of one answer',
      'USAGE',
      (p) => ['queue', p, '--budget', '5', '--ends-in', 'distribution'],
    ],
    ['a queue of nothing', 'USAGE', (p) => ['queue', p, '--budget', '0%']],
    ['a model pack that is not there', 'NOT_FOUND', () => ['models', 'check', 'nothing']],
    ['a model of the wrong kind', 'MODEL_REFUSED', (p) => ['score', p, '--classifier', 'patch256']],
    ['a batch that is not there', 'NOT_FOUND', (p) => ['report', p, '--batch', 'gone']],
    [
      'a reviewer who is not paused',
      'DECISION_REFUSED',
      (p) => ['resume', p, '--queue', '1', '--reviewer', 'grace', '--by', 'ada'],
    ],
    ['a sample over what is there', 'ALREADY_EXISTS', (_, f) => ['sample', f]],
    ['an option that is not there', 'USAGE', (p) => ['status', p, '--colour']],
    ['a decision without a verdict', 'USAGE', (p) => ['decide', p, '--by', 'ada', '--image', 'a'.repeat(64)]],
    [
      'an image that is not there',
      'DECISION_REFUSED',
      (p) => ['decide', p, '--by', 'ada', '--accept', '--image', 'a'.repeat(64)],
    ],
    [
      'a format that is not there',
      'USAGE',
      (p, f) => ['export', p, join(f, 'y'), '--format', 'stone', '--undecided', 'in'],
    ],
  ])('%s ends with the status of its code', async (_what, code, args) => {
    const { status, out, err } = await assay(...args(project, folder), '--json');
    expect(status).toBe(ERRORS[code].exit);
    expect(err).not.toBe('');
    // The parser of options prints no document.
    const document = out === '' ? { error: { code: 'USAGE' } } : (JSON.parse(out) as object);
    expect(document).toMatchObject({ error: { code } });
  });

  test('no command is left out, and each has help with an example', async () => {
    const files = readdirSync(new URL('commands/', import.meta.url)).map((name) => name.replace('.ts', ''));
    expect([...run, ...ELSEWHERE].toSorted()).toEqual(files.toSorted());
    for (const name of files) {
      const help = await text(name, '--help');
      // Those of a group have one each.
      expect([name, /Examples?:\n {2}assay |^Commands:$/m.test(help)]).toEqual([name, true]);
    }
  });
});
