import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { addressOf } from '../../imaging/store.ts';
import { BUILT_IN_PACKS } from '../../models/catalog.ts';
import { contract } from '../../rpc/contract/index.ts';
import type { DecisionInput } from '../../rpc/contract/reviews.ts';
import { runTask } from '../../rpc/run-task.ts';
import { connectInProcess, type CoreClient } from '../../rpc/transport/inproc.ts';
import { record } from '../ledger/ledger.ts';
import { earlierProject } from '../../test/support/earlier-projects.ts';
import { invited, STAFF_PASSWORD, staffed } from '../../test/support/staffed.ts';
import { MANIFEST, manifestHash } from '../release/manifest.ts';
import { saveView } from '../explore/saved-views.ts';
import { Project, type WritableProject } from '../project/project.ts';
import { router } from './index.ts';
import { Workbench } from './workbench.ts';

/** A core with a scored and partly reviewed project, whose originals are gone. */
interface Place {
  core: CoreClient;
  workbench: Workbench;
  project: string;
  /** An undecided image. */
  sha256: string;
  /** For whatever a call writes. */
  folder: string;
}

/** How a procedure opens the project that it names: for reading, for writing, or not at all. */
type Access = 'reads' | 'writes' | 'none';

/** What a procedure is asked, and what has to be true of its answer. */
type Case<P> = P extends (...args: [input: infer I, ...rest: infer _]) => Promise<infer O>
  ? [access: Access, input: (at: Place) => I | Promise<I>, says: (answer: O, at: Place) => unknown]
  : never;
type Cases = { [G in keyof CoreClient]: { [P in keyof CoreClient[G]]: Case<CoreClient[G][P]> } };

/** Where people sign in, with the quality lead `qa` signed in. */
const staff = async ({ core, folder }: Place) => ({ project: await staffed(core, folder), by: 'qa' });
/** Somebody who was just invited there. */
const newcomer = async (at: Place) => {
  const { project } = await staff(at);
  const { id, code } = await invited(at.core, project);
  return { project, by: 'qa', person: id, code };
};
const signingIn = async (at: Place) => ({
  project: (await staff(at)).project,
  id: 'qa',
  password: STAFF_PASSWORD,
});
const publishing = async (at: Place) => ({
  ...(await staff(at)),
  text: `# Guideline ${Math.random()}`,
});

let handedOutTo = 0;
/** A hand-out of previews, which are put there, since the originals are gone. */
const handedOut = async ({ core, project, folder }: Place) => {
  const { view } = await core.images.query({ project, filter: {} });
  for (const { sha256 } of await core.images.rows({ project, view, offset: 0, limit: 200 })) {
    const thumb = addressOf(join(project, 'thumbs'), sha256, '.webp');
    mkdirSync(dirname(thumb), { recursive: true });
    writeFileSync(thumb, 'a picture');
  }
  const to = [`far ${++handedOutTo}`];
  const asked = { project, by, queue: 1, to, most: 1, pictures: 'previews' as const, folder };
  const { handouts } = await runTask(core, 'handout', asked);
  return handouts[0]!;
};

const by = 'Newcomer';
const named = ({ project }: Place) => ({ project });
const ofImage = ({ project, sha256 }: Place) => ({ project, sha256 });
const inQueue =
  (queue: number) =>
  ({ project }: Place) => ({ project, by, queue });
const looking = ({ project }: Place) => ({ project, by: 'Who looks' });
const nothing = () => undefined;
const viewed = async ({ core, project }: Place) => ({
  project,
  view: (await core.images.query({ project, filter: { roles: ['synthetic'] } })).view,
});
const accepting = ({ project, sha256 }: Place, who = by) => {
  const decisions: DecisionInput[] = [{ sha256, verdict: 'accept' }];
  return { project, by: who, context: { kind: 'explore' as const }, decisions };
};
/** A task to run, with none like it under way. */
const verifying = async ({ core, project }: Place) => {
  for (const { id } of await core.jobs.list({ project })) await core.jobs.cancel({ job: id });
  return { kind: 'verify' as const, input: { project, originals: false } };
};
const started = async (at: Place) => ({ job: (await at.core.jobs.start(await verifying(at))).id });
const withJob = async (at: Place) => {
  await started(at);
  return named(at);
};

/** Every procedure, and the only list of them here: the compiler asks for a case of a new one. */
const CASES: Cases = {
  projects: {
    open: ['reads', named, (it) => expect(it).toMatchObject({ name: 'p', writable: true, readOnly: null })],
    overview: ['reads', named, (it) => expect(it.status.counts.images).toBe(136)],
    create: [
      'none',
      ({ folder }) => ({ project: join(folder, 'fresh'), by }),
      ({ folder }) => expect(existsSync(join(folder, 'project.db'))).toBe(true),
    ],
    status: ['reads', named, (it) => expect(it).toMatchObject({ images: { real: 48 }, run: { id: 1 } })],
    checkpoint: ['none', named, (it) => expect(it.note).toContain(`\n${it.events}\n`)],
    acceptRecord: [
      'none',
      ({ folder }) => {
        // An older copy of a project, put back in its place.
        const own = Project.create(join(folder, 'older'), by);
        own.close();
        const file = join(own.folder, 'project.db');
        const older = readFileSync(file);
        const again = Project.open(own.folder, 'write');
        saveView(again, by, { name: 'a', link: '{}' });
        again.close();
        writeFileSync(file, older);
        expect(() => Project.open(own.folder, 'write')).toThrow(/missing at its end/);
        return { project: own.folder, by };
      },
      (_, { folder }) => Project.open(join(folder, 'older.assay'), 'write').close(),
    ],
    close: [
      'none',
      named,
      async (_, { core, project }) => {
        Project.open(project, 'write').close();
        expect((await core.projects.open({ project })).writable).toBe(true);
      },
    ],
  },
  imports: {
    preview: [
      'reads',
      ({ project, folder }) => {
        mkdirSync(join(folder, 'set', 'gear'), { recursive: true });
        writeFileSync(join(folder, 'set', 'gear', '1.png'), 'no pixels are read');
        return { project, from: join(folder, 'set') };
      },
      (it) => expect(it.classes).toEqual([{ name: 'gear', files: 1, known: true }]),
    ],
  },
  scores: {
    list: ['none', nothing, (it) => expect(it.map(({ id }) => id)).toContain('label-risk')],
    ofImage: ['reads', ofImage, (it) => expect(Object.keys(it.scores).length).toBeGreaterThan(10)],
    alignment: ['reads', named, (it) => expect(it).toMatchObject({ run: 1, anchor: 'centroids' })],
    labels: ['reads', named, (it) => expect(it.map(({ role }) => role)).toContain('synthetic')],
    labelModel: ['reads', named, (it) => expect(it.map(({ role }) => role)).toContain('real')],
  },
  images: {
    query: ['reads', named, (it) => expect([it.total, it.of]).toEqual([136, 136])],
    rows: [
      'reads',
      async (at) => ({ ...(await viewed(at)), offset: 1, limit: 2 }),
      (it) => expect(it.map(({ role }) => role)).toEqual(['synthetic', 'synthetic']),
    ],
    indexOf: [
      'reads',
      async (at) => ({ ...(await viewed(at)), image: at.sha256 }),
      async (it, { core, project, sha256 }) => {
        const { view } = await viewed({ core, project } as Place);
        expect((await core.images.rows({ project, view, offset: it, limit: 1 }))[0]!.sha256).toBe(sha256);
      },
    ],
    mask: ['reads', viewed, (it) => expect(it.total).toBe(58)],
    facets: ['reads', named, (it) => expect(it.batches).toHaveLength(5)],
    histogram: [
      'reads',
      ({ project }) => ({ project, score: 'label-risk', bins: 4 }),
      (it) => expect(it.whole.reduce((a, b) => a + b) + it.missing).toBe(136),
    ],
    scoreCodes: [
      'reads',
      ({ project }) => ({ project, score: 'label-risk' }),
      (it) => expect(Buffer.from(it.codes, 'base64').filter((code) => code > 0).length).toBeGreaterThan(0),
    ],
    detail: ['reads', ofImage, (it, { sha256 }) => expect(it).toMatchObject({ sha256 })],
    // A version that kept no maps scored it.
    artefactMap: ['reads', ofImage, (it) => expect(it).toBeNull()],
  },
  maps: {
    info: ['reads', named, (it) => expect(it.images).toBe(136)],
    clusters: [
      'reads',
      async ({ core, project }) => {
        await runTask(core, 'layout', { project, layout: 'pca' });
        return { project, layout: 'pca' };
      },
      (it) => expect(it[0]!.images).toBeGreaterThan(0),
    ],
  },
  policies: {
    list: ['reads', named, (it) => expect(it.map(({ name }) => name)).toContain('careful')],
    save: [
      'writes',
      ({ project }) => ({
        project,
        by,
        name: 'mine',
        shares: { likeliest: 0, 'suspect-label': 0, uncertain: 0, novel: 0, damaged: 0.5, audit: 0.5 },
      }),
      (it) => expect(it.at(-1)).toMatchObject({ name: 'mine', by, builtIn: false }),
    ],
    remove: [
      'writes',
      ({ project }) => ({ project, by, name: 'careful' }),
      (it) => expect(it.map(({ name }) => name)).not.toContain('careful'),
    ],
    compare: [
      'reads',
      ({ project }) => ({ project, names: ['default'], budget: { items: 6 } }),
      (it) => expect(it).toMatchObject([{ name: 'default', items: 6 }]),
    ],
  },
  queue: {
    forecast: [
      'reads',
      ({ project }) => ({ project, candidates: 150, budget: { items: 12 } }),
      (it) => expect(it).toMatchObject({ items: 12, audited: 2, promise: { unseen: 138 } }),
    ],
    reranking: ['reads', named, (it) => expect(it).toEqual({ after: 50 })],
    setReranking: [
      'writes',
      ({ project }) => ({ project, by, after: 20 }),
      async (_, { core, project }) => expect(await core.queue.reranking({ project })).toEqual({ after: 20 }),
    ],
    words: [
      'reads',
      ({ project }) => ({ project, queue: 1 }),
      (it) => expect(it).toEqual({ name: null, due: null, assignees: [], instructions: null }),
    ],
    describe: [
      'writes',
      ({ project }) => ({ project, by, queue: 2, name: ' Faces ', due: '2030-01-31' }),
      (it) => expect(it).toMatchObject({ name: 'Faces', due: '2030-01-31', instructions: null }),
    ],
    methods: ['none', nothing, (it) => expect(it.map(({ id }) => id)).toContain('badge')],
    list: ['reads', named, (it) => expect(it.at(-1)).toMatchObject({ id: 1, by: 'Ada', items: 12 })],
    show: ['reads', named, (it) => expect(it.flagged.map(({ rule }) => rule)).toContain('broken')],
  },
  audit: {
    report: ['reads', named, (it) => expect(it.text).toContain('images nobody reviewed')],
    plan: [
      'reads',
      ({ project }) => ({ project, maxRate: 0.05 }),
      (it) => expect(it).toMatchObject({ confidence: 0.95, sizes: [{ allowedErrors: 0 }, {}, {}, {}] }),
    ],
  },
  reviews: {
    decide: ['writes', accepting, (it) => expect(it).toMatchObject({ applied: 1 })],
    undo: [
      'writes',
      async (at) => {
        await at.core.reviews.decide(accepting(at, 'Who errs'));
        return { project: at.project, by: 'Who errs' };
      },
      (it, { sha256 }) => expect(it).toMatchObject({ applied: 1, sha256, queue: null }),
    ],
    session: ['reads', inQueue(1), (it) => expect(it).toMatchObject({ queue: 1, total: 12, blind: false })],
    places: [
      'reads',
      async (at) => {
        const items = await at.core.reviews.items({ ...inQueue(1)(at), from: 3, count: 1 });
        return { ...inQueue(1)(at), images: [items[0]!.sha256, '0'.repeat(64)] };
      },
      (it) => expect(it).toEqual([3, null]),
    ],
    items: [
      'reads',
      (at) => ({ ...inQueue(1)(at), from: 2, count: 2 }),
      (it) => expect(it.map(({ position }) => position)).toEqual([2, 3]),
    ],
    grid: [
      'reads',
      (at) => ({ ...inQueue(1)(at), count: 6 }),
      (it) => expect(new Set(it.map(({ givenLabel }) => givenLabel)).size).toBe(1),
    ],
    conflicts: ['reads', inQueue(2), (it) => expect(it).toMatchObject([{ queue: 2, adjudicated: null }])],
    agreement: ['reads', inQueue(2), (it) => expect(it.pairs[0]).toMatchObject({ a: 'Ada' })],
    agreementImages: [
      'reads',
      async (at) => {
        const { pairs } = await at.core.reviews.agreement(inQueue(2)(at));
        const { a, b, answers, confusion } = pairs[0]!;
        const row = confusion.findIndex((cells) => cells.some((count) => count > 0));
        const column = confusion[row]!.findIndex((count) => count > 0);
        return { ...inQueue(2)(at), a, b, saidA: answers[row]!, saidB: answers[column]! };
      },
      (it) => expect(it[0]).toMatchObject({ sha256: expect.any(String), path: expect.any(String) }),
    ],
    askNext: [
      'reads',
      (at) => ({ ...inQueue(2)(at), count: 3 }),
      (it) => expect(it.map(({ answeredBy }) => answeredBy.length > 0)).toEqual([true, true, true]),
    ],
    gold: ['reads', inQueue(2), (it) => expect(it).toHaveLength(6)],
    rejectReasons: [
      'reads',
      named,
      (it) => expect(it[0]).toMatchObject({ id: 'artefact', title: 'Artefact' }),
    ],
    setRejectReasons: [
      'writes',
      ({ project }) => ({ project, by, reasons: ['Text or watermark', 'Motion blur', 'other'] }),
      (it) => expect(it.map(({ id }) => id)).toEqual(['text', 'Motion blur', 'other']),
    ],
    classes: ['reads', named, (it) => expect(it).toMatchObject({ newAllowed: false })],
    setNewClasses: [
      'writes',
      ({ project }) => ({ project, by, allowed: true }),
      (it) => expect(it).toMatchObject({ newAllowed: true }),
    ],
    addClass: [
      'writes',
      async ({ core, project }) => {
        await core.reviews.setNewClasses({ project, by, allowed: true });
        return { project, by, name: ' Cog ' };
      },
      (it) => expect(it).toBe('Cog'),
    ],
    // No run of this project has judged objects.
    objectExamples: [
      'reads',
      (at) => ({ ...inQueue(1)(at), position: 0, object: 0 }),
      (it) => expect(it).toEqual({ given: [], looksLike: [] }),
    ],
    classExamples: [
      'reads',
      async ({ core, project }) => ({
        project,
        queue: 1,
        label: (await core.reviews.classes({ project })).classes[0]!,
      }),
      (it) => expect(it).toHaveLength(3),
    ],
    resume: [
      'writes',
      async ({ core, project }) => {
        const { queue } = await runTask(core, 'queue', {
          project,
          by,
          budget: { items: 10 },
          goldRate: 0.5,
        });
        const reviewer = 'Who rejects all';
        const place = { project, by: reviewer, queue };
        // Gold items among these, whose labels are right, pause the queue sooner or later.
        for (const { sha256, position } of await core.reviews.items({ ...place, from: 0, count: 20 })) {
          const decisions: DecisionInput[] = [
            { sha256, place: position, verdict: 'reject', reason: 'other' },
          ];
          const context = { kind: 'review' as const, queue };
          await core.reviews.decide({ ...place, context, decisions }).catch(() => {});
        }
        expect((await core.reviews.session(place)).gold).toMatchObject({ paused: true });
        return { project, by, queue, reviewer };
      },
      async (_, { core, project }) =>
        expect((await core.reviews.session({ project, by: 'Who rejects all' })).gold).not.toMatchObject({
          paused: true,
        }),
    ],
  },
  handouts: {
    list: ['reads', named, (it) => expect(Array.isArray(it)).toBe(true)],
    recall: [
      'writes',
      async (at) => ({ project: at.project, by, handout: (await handedOut(at)).handout }),
      (it) => expect(it).toMatchObject({ queue: 1, answered: 0, recalled: { by, reason: null } }),
    ],
    open: [
      'none',
      async (at) => ({ file: (await handedOut(at)).file }),
      (it) => expect(existsSync(join(it.project, 'project.db'))).toBe(true),
    ],
    of: ['reads', named, (it) => expect(it).toBeNull()],
    answers: [
      'none',
      async (at) => ({ by, ...(await at.core.handouts.open({ file: (await handedOut(at)).file })) }),
      (it) => expect(readFileSync(it.file, 'utf8')).toContain('"type":"assay-answers-1"'),
    ],
  },
  copies: {
    list: ['reads', named, (it) => expect(it.pairs.length).toBe(it.total)],
    answer: [
      'writes',
      async ({ core, project }) => {
        const [pair] = (await core.copies.list({ project, limit: 1 })).pairs;
        const answers = [{ image: pair!.image.sha256, other: pair!.other.sha256, answer: 'copy' as const }];
        return { project, by, answers };
      },
      async (_, { core, project }) =>
        expect((await core.copies.list({ project, filter: { answers: ['copy'] } })).pairs).toMatchObject([
          { keptOut: true, answer: { answer: 'copy', by } },
        ]),
    ],
  },
  mixes: {
    list: ['reads', named, (it) => expect(it).toEqual([])],
    preview: [
      'reads',
      ({ project }) => ({
        project,
        realShare: 0.1,
        batchSize: 4,
        images: 10,
        weights: [{ role: 'synthetic' as const, weight: 9 }],
      }),
      (it) => {
        expect(it.belowFloor).toContain('below the floor of 20 %');
        expect(it.plan).toEqual({ images: 10, real: 1, leastReal: 0 });
      },
    ],
    policy: ['reads', named, (it) => expect(it).toMatchObject({ target: 0.35, floor: 0.2, version: 0 })],
    setPolicy: [
      'writes',
      ({ project }) => ({ project, by, floor: 0.3, generations: [2, 1, 2] }),
      (it) => {
        expect(it).toMatchObject({ target: 0.35, floor: 0.3, generations: [1, 2], unreviewed: false });
        expect(it.version).toBeGreaterThan(0);
      },
    ],
  },
  experiments: {
    list: ['reads', named, (it) => expect(it).toEqual([])],
    get: ['reads', named, (it) => expect(it).toBeNull()],
    page: ['reads', named, (it) => expect(it).toBeNull()],
    save: ['reads', named, (it) => expect(it).toEqual([])],
  },
  costs: {
    report: [
      'reads',
      ({ project }) => ({ project, compare: true }),
      (it) => {
        expect(it).toMatchObject({ currency: 'USD', images: { count: 58, origin: 'counted' } });
        const { random, images: more } = it.nextPercent;
        // Earlier cases have answered some.
        const [wrong, audited] = /^(\d) wrong of (\d) audit items/.exec(random!.said)!.slice(1).map(Number);
        const rate = wrong! / audited!;
        expect(rate).toBeGreaterThan(0);
        expect(random!.rate).toBeCloseTo(rate, 9);
        expect(random!.finds).toBeCloseTo(rate * more, 9);
        expect(random!.costPerFault).toBeCloseTo(it.nextPercent.cost.middle / more / rate, 9);
        expect(it.nextPercent.ranked).toMatchObject({ policy: 'default' });
        expect(it.inputs.find(({ input }) => input === 'review-share')?.origin).toBe('counted');
      },
    ],
    table: [
      'reads',
      ({ project }) => ({ project, images: 1000 }),
      (it) => expect(it).toMatch(/^part,of,what,unit,low,middle,high,origin,where from\r\n/),
    ],
    save: [
      'reads',
      ({ project }) => ({ project, images: 1000, months: 3 }),
      (files) => {
        expect(readFileSync(files[0]!, 'utf8')).toContain(
          '\r\ninput,,months,months,3,3,3,asked,asked about\r\n',
        );
        expect(JSON.parse(readFileSync(files[1]!, 'utf8'))).toMatchObject({ images: { count: 1000 } });
      },
    ],
    settings: ['reads', named, (it) => expect(it).toMatchObject({ currency: 'USD' })],
    set: [
      'writes',
      ({ project }) => ({
        project,
        by,
        inputs: [{ input: 'setup' as const, range: { low: 1, high: 2 } }],
      }),
      (it) => expect(it.inputs).toMatchObject([{ input: 'setup', low: 1, high: 2, by }]),
    ],
  },
  suitability: {
    show: [
      'reads',
      named,
      (it) => {
        expect(it.verdict.kind).toBe('incomplete');
        const { evidence } = it.questions.at(-1)!;
        expect(evidence[0]!.numbers[0]).toEqual({ name: 'hold-out images', value: 30, of: null });
      },
    ],
    page: ['reads', named, (it) => expect(it).toMatch(/^<!doctype html>[^]*Is there an independent, real/)],
    save: [
      'reads',
      named,
      (files) =>
        expect(JSON.parse(readFileSync(files[1]!, 'utf8'))).toMatchObject({
          questions: [{}, {}, {}, {}, {}, {}],
        }),
    ],
    answer: [
      'writes',
      ({ project }) => ({
        project,
        by,
        question: 'evaluation-set' as const,
        answer: 'no' as const,
        reason: ' not yet ',
      }),
      (it) => {
        expect(it.verdict.kind).toBe('nothing-counts');
        expect(it.questions[5]!.answers.at(-1)).toMatchObject({ answer: 'no', reason: 'not yet', by });
      },
    ],
  },
  watch: {
    show: [
      'reads',
      named,
      (it) => {
        expect(it.points.map(({ values }) => values)).toEqual(it.points.map(() => []));
        expect(it).toMatchObject({ newest: null, standing: { measured: 0, unmeasured: [], alarm: null } });
        expect(it.standing.sentence).toContain('A report needs 60 real images');
      },
    ],
  },
  answers: {
    show: [
      'reads',
      looking,
      (it) => {
        expect(it.images).toBeGreaterThan(0);
        expect(it.split.both + it.split.neither + it.split.people.images + it.split.model.images).toBe(
          it.compared.images,
        );
      },
    ],
    table: [
      'reads',
      looking,
      (it) => expect(it).toMatch(/^sha256,path,annotators,answer,count,share,weight,/),
    ],
  },
  plans: {
    show: [
      'reads',
      named,
      (it) => {
        expect(it).toMatchObject({ target: { kind: 'real-share' }, set: null });
        expect(it.decided.of).toBe(it.classes.reduce((sum, { decided }) => sum + decided.of, 0));
      },
    ],
    table: ['reads', named, (it) => expect(it).toMatch(/^class,count,vary,real,usable,due,yield,/)],
    save: [
      'reads',
      named,
      (files) =>
        expect(JSON.parse(readFileSync(files[1]!, 'utf8'))).toMatchObject({
          target: { kind: expect.any(String) },
        }),
    ],
    setTarget: [
      'writes',
      async ({ project, core: own }) => {
        const target = { kind: 'experiment' as const };
        await expect(own.plans.setTarget({ project, by, target })).rejects.toThrow(
          'No experiment is finished',
        );
        return { project, by, target: { kind: 'floor' as const, images: 500 } };
      },
      (it) => {
        expect(it).toMatchObject({ target: { kind: 'floor', images: 500 }, set: { by } });
        for (const { due, real, usable, generate } of it.classes) {
          expect(due).toBe(500);
          expect(generate).toBeGreaterThanOrEqual(500 - real - usable);
        }
      },
    ],
  },
  rounds: {
    list: ['reads', named, (it) => expect(it.newestRealAt).toMatch(/^\d{4}-/)],
    add: [
      'writes',
      async (at) => {
        const { project } = await staff(at);
        const folder = mkdtempSync(join(at.folder, 'mix-'));
        const { workbench, sha256 } = at;
        const text = JSON.stringify({ images: [{ sha256, role: 'real' }] });
        const mix = {
          realShare: 0.5,
          floor: 0.2,
          batchSize: 2,
          seed: 1,
          policy: 0,
          images: 2,
          real: 1,
          realImages: 1,
          leastReal: 1,
        };
        writeFileSync(join(folder, 'assay-manifest.json'), text);
        record(workbench.open(project, 'write').store, 'qa', 'release.exported', {
          format: 'training-mix',
          folder,
          images: 2,
          manifestSha256: manifestHash(text),
          mix,
          options: { roles: ['real', 'synthetic'], undecided: 'in', include: [] },
        });
        return { project, by: 'qa', name: `round ${Math.random()}`, mix: folder };
      },
      (it) => expect(it).toMatchObject({ realShare: 0.5, realImages: 1, by: 'qa', holdout: [] }),
    ],
  },
  releases: {
    preview: [
      'reads',
      ({ project, folder }) => ({
        project,
        format: 'jsonl',
        to: join(folder, 'release'),
        undecided: 'out' as const,
      }),
      (it, { folder }) => {
        expect(it.leftOut.map(({ why }) => why)).toContain('undecided');
        expect(existsSync(join(folder, 'release'))).toBe(false);
      },
    ],
    list: ['reads', named, (it) => expect(it).toMatchObject([{ format: 'coco', images: 98, by: 'Ada' }])],
  },
  jobs: {
    run: [
      'reads',
      verifying,
      async (it) => {
        let step = await it.next();
        while (!step.done) step = await it.next();
        expect(step.value).toMatchObject({ ok: true });
      },
    ],
    start: ['reads', verifying, (it) => expect(it).toMatchObject({ kind: 'verify', state: 'running' })],
    list: ['reads', withJob, (it) => expect(it[0]).toMatchObject({ kind: 'verify' })],
    get: ['none', started, (it) => expect(it).toMatchObject({ kind: 'verify', by: null })],
    watch: [
      'reads',
      withJob,
      async (it) => {
        for await (const jobs of it) {
          expect(jobs[0]).toMatchObject({ kind: 'verify' });
          break;
        }
      },
    ],
    cancel: ['none', started, (it) => expect(it.state).toBe('cancelled')],
    clear: [
      'writes',
      named,
      async (_, { core, project }) =>
        expect((await core.jobs.list({ project })).filter(({ state }) => state !== 'running')).toEqual([]),
    ],
  },
  catalog: {
    formats: ['none', nothing, (it) => expect(it.exports.map(({ id }) => id)).toContain('coco')],
    models: [
      'none',
      nothing,
      (it) => expect(it.packs[0]).toMatchObject({ id: 'efficientnet-lite0', reads: false }),
    ],
    addModel: [
      'none',
      () => ({ from: join(BUILT_IN_PACKS, 'patch256') }),
      (it, { folder }) => expect(it.folder).toBe(join(folder, 'models', 'patch256-1.0.0')),
    ],
    checkModel: ['none', () => ({ model: 'patch256' }), (it) => expect(it.kind).toBe('embedder')],
    devices: [
      'none',
      () => ({ model: 'patch256' }),
      (it) => {
        expect(it[0]).toMatchObject({ device: 'cpu', why: null });
        expect(it.filter(({ isUsed }) => isUsed)).toHaveLength(1);
        for (const { why, imagesPerSecond } of it)
          expect(why === null ? imagesPerSecond! > 0 : why.length > 20).toBe(true);
      },
    ],
    goldenVector: [
      'none',
      () => ({ model: 'patch256' }),
      (it) => expect([it.values.length, it.text]).toEqual([256, null]),
    ],
  },
  files: {
    locate: [
      'none',
      async ({ core, project }) => {
        await runTask(core, 'layout', { project, layout: 'pca' });
        return { key: (await core.projects.open({ project })).key, kind: 'pca' as const, id: '-' };
      },
      (it) => expect(it.immutable).toBe(false),
    ],
    list: [
      'none',
      ({ folder }) => ({ path: folder }),
      (it) =>
        expect(it.entries).toContainEqual(expect.objectContaining({ name: 'parts.assay', kind: 'project' })),
    ],
  },
  tags: {
    list: ['reads', named, (it) => expect(it).toEqual([])],
    set: [
      'writes',
      ({ project, sha256 }) => ({ project, by, tag: 'glare', images: [sha256] }),
      (it) => expect(it).toMatchObject({ tag: 'glare', applied: 1 }),
    ],
    undo: [
      'writes',
      async ({ core, project, sha256 }) => {
        const { seq } = await core.tags.set({ project, by, tag: 'glare', images: [sha256] });
        return { project, by, seq };
      },
      (it) => expect(it).toMatchObject({ tag: 'glare', applied: 1 }),
    ],
  },
  views: {
    list: ['reads', named, (it) => expect(it).toEqual([])],
    save: [
      'writes',
      ({ project }) => ({ project, by, name: 'Gears', link: 'show=%22map%22' }),
      (it) => expect(it).toEqual([{ name: 'Gears', link: 'show=%22map%22' }]),
    ],
    remove: [
      'writes',
      async ({ core, project }) => {
        await core.views.save({ project, by, name: 'Springs', link: '' });
        return { project, by, name: 'Springs' };
      },
      (it) => expect(it.map(({ name }) => name)).not.toContain('Springs'),
    ],
  },
  settings: {
    get: ['none', nothing, (it) => expect(it).toMatchObject({ theme: 'auto' })],
    set: [
      'none',
      () => ({ reviewer: by }),
      (it) => expect(it).toMatchObject({ reviewer: by, theme: 'auto' }),
    ],
    recent: [
      'none',
      async (at) => void (await at.core.projects.open(named(at))),
      (it, { project }) => expect(it).toMatchObject([{ folder: project, exists: true }]),
    ],
    watchRecent: [
      'none',
      nothing,
      async (it, { core, project }) => {
        const lists = it[Symbol.asyncIterator]();
        await lists.next();
        const next = lists.next();
        await core.projects.open({ project });
        expect((await next).value).toMatchObject([{ folder: project, exists: true }]);
        await lists.return?.();
      },
    ],
    forget: ['none', ({ project }) => ({ folder: project }), (it) => expect(it).toEqual([])],
  },
  people: {
    access: ['reads', named, (it) => expect(it).toMatchObject({ accounts: false, signedIn: null })],
    list: [
      'reads',
      async (at) => ({ project: (await staff(at)).project }),
      (it) => expect(it.people.map(({ id }) => id)).toContain('qa'),
    ],
    turnOn: [
      'writes',
      async ({ folder, core }) => ({
        project: (await core.projects.create({ project: join(folder, `accounts-${Math.random()}`), by }))
          .folder,
        id: 'first',
        name: 'First Person',
        roles: ['administrator' as const],
        identity: 'known for years',
        password: STAFF_PASSWORD,
      }),
      (it) => expect(it).toMatchObject({ id: 'first', permissions: ['look', 'administer'] }),
    ],
    signIn: ['none', signingIn, (it) => expect(it).toMatchObject({ id: 'qa', name: 'Quality Lead' })],
    attach: [
      'reads',
      async (at) => {
        const { project } = await staff(at);
        return { project, token: (await at.core.people.access({ project })).signedIn!.token };
      },
      (it) => expect(it.id).toBe('qa'),
    ],
    signOut: [
      'reads',
      async (at) => ({ project: (await staff(at)).project }),
      (it) => expect(it).toBeUndefined(),
    ],
    active: ['reads', named, (it) => expect(it).toBeUndefined()],
    enrol: [
      'writes',
      async (at) => {
        const { project, person: id, code } = await newcomer(at);
        return { project, id, code, password: STAFF_PASSWORD };
      },
      (it) => expect(it).toMatchObject({ permissions: ['look', 'review'] }),
    ],
    changePassword: [
      'writes',
      async (at) => ({ ...(await staff(at)), password: STAFF_PASSWORD, newPassword: STAFF_PASSWORD }),
      (it) => expect(it).toBeUndefined(),
    ],
    invite: [
      'writes',
      async (at) => ({
        ...(await staff(at)),
        id: `guest-${String(Math.random()).slice(2)}`,
        name: 'A Guest',
        roles: ['annotator' as const],
        identity: 'passport seen',
      }),
      (it) => expect(it.code).toMatch(/^(\w{4}-){4}\w{4}$/),
    ],
    change: [
      'writes',
      async (at) => ({ ...(await newcomer(at)), name: 'Another Name' }),
      (it) => expect(it).toMatchObject({ name: 'Another Name', roles: ['annotator'] }),
    ],
    reset: [
      'writes',
      async (at) => ({ ...(await newcomer(at)), reason: 'lost the code' }),
      (it) => expect(it.code).toMatch(/-/),
    ],
    allowSigning: [
      'writes',
      async (at) => {
        const { project, person } = await newcomer(at);
        await at.core.people.reset({ project, by: 'qa', person, reason: 'lost the code' });
        const { id, code } = await invited(at.core, project, ['administrator']);
        await at.core.people.enrol({ project, id, code, password: STAFF_PASSWORD });
        return { project, by: id, person };
      },
      (it) => expect(it.maySign).toBe(true),
    ],
    unlock: [
      'writes',
      async (at) => {
        const { project, person } = await newcomer(at);
        const { store } = at.workbench.open(project, 'write');
        const workstation = '0'.repeat(64);
        record(store, 'assay', 'sign-in.refused', { person, failures: 10, locked: true, workstation });
        return { project, by: 'qa', person };
      },
      (it) => expect(it.state).toBe('active'),
    ],
    revoke: [
      'writes',
      async (at) => ({ ...(await newcomer(at)), reason: 'left the team' }),
      (it) => expect(it.state).toBe('revoked'),
    ],
    addCredential: [
      'writes',
      async (at) => ({
        ...(await newcomer(at)),
        credential: 'radiologist',
        issuer: 'the medical board',
        number: '17',
      }),
      (it) => expect(it.seq).toBeGreaterThan(0),
    ],
    addTraining: [
      'writes',
      async (at) => {
        const { sha256 } = await at.core.people.publishGuideline(await publishing(at));
        return { ...(await newcomer(at)), guideline: sha256 };
      },
      (it) => expect(it.seq).toBeGreaterThan(0),
    ],
    addCalibration: [
      'writes',
      async (at) => {
        const { project, person: id, code } = await newcomer(at);
        await at.core.people.enrol({ project, id, code, password: STAFF_PASSWORD });
        const items = await at.core.reviews.items({ project, by: id, queue: 1, from: 0, count: 50 });
        for (const { sha256, position } of items)
          await at.core.reviews.decide({
            project,
            by: id,
            context: { kind: 'review', queue: 1 },
            decisions: [{ sha256, place: position, verdict: 'accept' }],
          });
        return { ...(await staff(at)), person: id, queue: 1 };
      },
      (it) => {
        expect(it.items).toBeGreaterThan(0);
        expect(it.accuracy).toBeLessThanOrEqual(1);
      },
    ],
    withdraw: [
      'writes',
      async (at) => {
        const someone = { ...(await newcomer(at)), credential: 'nurse', issuer: 'the board', number: '' };
        await at.core.people.addCredential(someone);
        const { competence } = await at.core.people.list({ project: someone.project });
        return { ...(await staff(at)), competence: competence.at(-1)!.id, reason: 'entered by mistake' };
      },
      (it) => expect(it.seq).toBeGreaterThan(0),
    ],
    setRequirements: [
      'writes',
      async (at) => ({ ...(await staff(at)), requirements: { sign: { credentials: ['auditor'] } } }),
      async (it, at) => {
        expect(it.sign.credentials).toEqual(['auditor']);
        await at.core.people.setRequirements({ ...(await staff(at)), requirements: {} });
      },
    ],
    guidelines: ['reads', named, (it) => expect(it).toEqual([])],
    publishGuideline: ['writes', publishing, (it) => expect(it.sha256).toMatch(/^[0-9a-f]{64}$/)],
  },
  signatures: {
    list: ['reads', named, (it) => expect(it).toEqual([])],
    preview: [
      'reads',
      ({ project }) => ({ project, by }),
      (it) => expect(it.groups.length).toBeGreaterThan(0),
    ],
    sign: [
      'writes',
      async (at) => {
        const asked = await staff(at);
        const { version } = await at.core.signatures.preview(asked);
        return {
          ...(await signingIn(at)),
          by: 'qa',
          record: { kind: 'dataset' as const },
          version,
          meaning: 'responsibility' as const,
        };
      },
      (it) => expect(it).toMatchObject({ signer: 'qa', holds: true, stands: true, notBeside: null }),
    ],
    writeBeside: [
      'reads',
      async (at) => {
        const asked = await staff(at);
        const folder = mkdtempSync(join(at.folder, 'signed-'));
        const manifest = JSON.stringify({ folder });
        writeFileSync(join(folder, MANIFEST), manifest);
        const version = manifestHash(Buffer.from(manifest));
        // Where it was written it is not any more.
        const was = { format: 'csv', folder: `${folder}-gone`, images: 0, manifestSha256: version };
        const options = { roles: [], undecided: 'out' as const, include: [] };
        record(at.workbench.open(asked.project, 'write').store, 'qa', 'release.exported', {
          ...was,
          options,
        });
        const { id: release } = (await at.core.releases.list(asked)).find(
          ({ manifestSha256 }) => manifestSha256 === version,
        )!;
        const signed = await at.core.signatures.sign({
          ...(await signingIn(at)),
          by: 'qa',
          record: { kind: 'release', release },
          version,
          meaning: 'responsibility',
        });
        expect(signed.notBeside).toContain(`Release ${release} is not in ${folder}-gone`);
        return { ...asked, release, folder };
      },
      ({ file }) =>
        expect(JSON.parse(readFileSync(file, 'utf8'))).toMatchObject({ signatures: [{ signer: 'qa' }] }),
    ],
  },
  trail: {
    query: [
      'reads',
      ({ project }) => ({ project, by, kinds: ['project.created'] }),
      (it) => expect(it.events).toMatchObject([{ seq: 1, kind: 'project.created' }]),
    ],
    facets: ['reads', named, (it) => expect(it.kinds.map(({ kind }) => kind)).toContain('files.imported')],
    event: [
      'reads',
      ({ project }) => ({ project, by, seq: 1 }),
      (it) => expect(it.line).toMatch(/^\{"actor":.*"seq":1,/),
    ],
  },
};

type AnyCase = [access: Access, input: (at: Place) => unknown, says: (answer: unknown, at: Place) => unknown];
const ALL = Object.entries(CASES).flatMap(([group, procedures]) =>
  Object.entries(procedures as unknown as Record<string, AnyCase>).map(
    ([name, each]) => [`${group}.${name}`, ...each] as const,
  ),
);

/** Asks a procedure by its name. */
async function ask(core: CoreClient, name: string, input: unknown): Promise<unknown> {
  const [group, procedure] = name.split('.') as [keyof CoreClient, never];
  return (core[group][procedure] as (input: unknown) => Promise<unknown>)(input);
}

/** The same for what answers bit by bit: up to the first bit, where it would refuse. */
async function begin(core: CoreClient, name: string, input: unknown): Promise<void> {
  const answer = await ask(core, name, input);
  if (answer === null || typeof answer !== 'object' || !(Symbol.asyncIterator in answer)) return;
  const bits = (answer as AsyncIterable<unknown>)[Symbol.asyncIterator]();
  await bits.next();
  await bits.return?.();
}

describe('every procedure', () => {
  const folder = mkdtempSync(join(tmpdir(), 'assay-handlers-'));
  const workbenches: Workbench[] = [];
  let at: Place;
  /** The same project, which another process seems to have open for writing. */
  let held: WritableProject;
  let beside: Place;

  const start = (): Pick<Place, 'core' | 'workbench'> => {
    const workbench = new Workbench();
    workbenches.push(workbench);
    return { core: connectInProcess(router, { workbench }), workbench };
  };

  beforeAll(async () => {
    vi.stubEnv('ASSAY_CONFIG', join(folder, 'config'));
    vi.stubEnv('ASSAY_MODELS', join(folder, 'models'));
    mkdirSync(join(folder, 'empty.assay'));
    writeFileSync(join(folder, 'empty.assay', 'project.db'), '');
    const own = start();
    const { core } = own;
    const project = earlierProject(70, folder);
    const { view } = await core.images.query({
      project: (await core.projects.open({ project })).folder,
      filter: { roles: ['synthetic'], decisions: ['none'] },
    });
    const [image] = await core.images.rows({ project, view, offset: 0, limit: 1 });
    at = { ...own, project, folder, sha256: image!.sha256 };
    held = Project.open(earlierProject(70, join(folder, 'held')), 'write');
    beside = { ...at, ...start(), project: held.folder };
  });

  afterAll(async () => {
    for (const workbench of workbenches) await workbench.shutDown();
    held.close();
    vi.unstubAllEnvs();
    rmSync(folder, { recursive: true, force: true });
  });

  test('of the contract has a case here', () => {
    const procedures = Object.entries(contract).flatMap(([group, all]) =>
      Object.keys(all).map((name) => `${group}.${name}`),
    );
    expect(ALL.map(([name]) => name).toSorted()).toEqual(procedures.toSorted());
  });

  test.each(ALL)('%s answers', async (name, _access, input, says) => {
    expect.hasAssertions();
    await says(await ask(at.core, name, await input(at)), at);
  });

  test.each(ALL.filter(([, access]) => access !== 'none'))(
    '%s says so where there is no project',
    async (name, _access, input) => {
      const asked = (await input(at)) as { project?: string; input?: object };
      const of = (project: string) =>
        asked.input ? { ...asked, input: { ...asked.input, project } } : { ...asked, project };
      const refusal = async (project: string) =>
        begin(at.core, name, of(project)).catch((error: { code: unknown }) => error.code);
      expect(await refusal(join(folder, 'gone'))).toBe('NOT_FOUND');
      expect(await refusal(join(folder, 'empty.assay'))).toBe('NOT_A_PROJECT');
    },
  );

  test.each(ALL.filter(([, access]) => access === 'reads'))(
    '%s answers beside another writer',
    async (name, _access, input) => {
      await expect(begin(beside.core, name, await input(beside))).resolves.toBeUndefined();
    },
  );

  test.each(ALL.filter(([, access]) => access === 'writes'))(
    '%s refuses beside another writer',
    async (name, _access, input) => {
      const asked = { ...((await input(at)) as object), project: beside.project };
      await expect(ask(beside.core, name, asked)).rejects.toMatchObject({ code: 'PROJECT_LOCKED' });
    },
  );
});
