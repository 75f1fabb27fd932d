import { expect, test } from 'vitest';
import { DEFAULT_MIX_POLICY } from '../../../rpc/contract/mixes.ts';
import { isContradicted, type SuitabilityQuestionId } from '../../../rpc/contract/suitability.ts';
import { queuedProject } from '../../../test/support/queued-project.ts';
import { shaOf } from '../../../test/support/acts.ts';
import { record } from '../../ledger/ledger.ts';
import { verifyProjection } from '../../ledger/verify.ts';
import { setMixPolicy } from '../mix/policy.ts';
import { anchorOf, evidenceOf } from './evidence.ts';
import type { SuitabilityFacts } from './facts.ts';
import { suitabilityPage } from './page.ts';
import { answerQuestion, suitabilityRecord } from './record.ts';

const NOTHING: SuitabilityFacts = {
  images: { real: 0, holdout: 0, synthetic: 0 },
  unscored: 0,
  leaks: { copies: {}, possible: 0, possibleOfReal: 0, real: 0 },
  annotations: { images: 0, boxed: 0, masks: 0 },
  generations: { numbers: [], fed: 0 },
  rounds: { count: 0, mixed: 0, newest: null },
  policy: DEFAULT_MIX_POLICY,
  newestMix: null,
  fidelity: null,
  agreement: null,
  experiment: null,
  distributions: 0,
  accounts: false,
  signatures: 0,
};
const held = { images: { real: 9, holdout: 5, synthetic: 9 } };
const agreed = { queue: 2, blind: true, items: 40, alpha: 0.9 };
const round = { name: 'may', realShare: 0.4, newRealImages: 3 };

test.each<[SuitabilityQuestionId, Partial<SuitabilityFacts>, supports: string, says: RegExp]>([
  ['evaluation-set', {}, 'no', /There is no hold-out/],
  ['evaluation-set', held, 'yes', /hold-out of 5 real images, and no other image is a copy/],
  ['evaluation-set', { ...held, unscored: 3 }, 'neither', /3 images have no scores/],
  [
    'evaluation-set',
    {
      ...held,
      unscored: 3,
      leaks: { ...NOTHING.leaks, copies: { 'same-bytes': 1, 'same-picture': 1 }, real: 1 },
    },
    'no',
    /it leaks: 2 synthetic files are copies of its images and 1 real image is too\./,
  ],
  [
    'evaluation-set',
    { ...held, leaks: { ...NOTHING.leaks, possible: 1 } },
    'neither',
    /1 image may be a copy/,
  ],
  ['rule-based', {}, 'neither', /no images yet/],
  [
    'rule-based',
    { annotations: { images: 8, boxed: 0, masks: 0 } },
    'neither',
    /No image has a box, outline or mask/,
  ],
  [
    'rule-based',
    { annotations: { images: 8, boxed: 4, masks: 0 } },
    'yes',
    /4 of 8 images have boxes or outlines\. Most/,
  ],
  ['rule-based', { annotations: { images: 8, boxed: 1, masks: 3 } }, 'neither', /3 masks and outlines/],
  ['iterative', {}, 'neither', /No batch says/],
  ['iterative', { generations: { numbers: [1], fed: 0 } }, 'neither', /of generation 1\.$/],
  ['iterative', { generations: { numbers: [1, 2], fed: 0 } }, 'yes', /of generation 1 and 2\.$/],
  [
    'iterative',
    { generations: { numbers: [], fed: 1 } },
    'yes',
    /1 batch was made by a generator trained on/,
  ],
  ['human-judgement', {}, 'neither', /Nobody has answered an image that/],
  ['human-judgement', { agreement: { ...agreed, alpha: 0.5 } }, 'yes', /is 0\.5 .* which is low/],
  ['human-judgement', { agreement: { ...agreed, alpha: 0.7 } }, 'neither', /neither low nor high/],
  ['human-judgement', { agreement: agreed }, 'no', /did not see the given label/],
  ['human-judgement', { agreement: { ...agreed, blind: false } }, 'neither', /they saw the given label/],
  ['human-judgement', { agreement: { ...agreed, items: 19, alpha: 0 } }, 'neither', /fewer than 20/],
  ['human-judgement', { agreement: { ...agreed, alpha: null } }, 'neither', /not defined/],
  ['regulatory', { accounts: true, signatures: 2 }, 'neither', /2 signatures are on record/],
  ['distribution', {}, 'neither', /no synthetic batch/],
  ['distribution', { fidelity: { batch: 'b', measured: null } }, 'neither', /b, is not measured/],
  [
    'distribution',
    {
      fidelity: {
        batch: 'b',
        measured: {
          whole: { outside: 3, of: 9 },
          classes: [
            { name: 'nut', outside: 2, of: 4 },
            { name: null, outside: 4, of: 4 },
            { name: 'gear', outside: 1, of: 4 },
            { name: 'rare', outside: 0, of: 0 },
          ],
        },
      },
    },
    'neither',
    /3 of 9 measures lie outside .* in 2 of 3: no label and nut\.$/,
  ],
])('evidence on %s: %j supports %s', (question, facts, supports, says) => {
  const [first] = evidenceOf({ ...NOTHING, ...facts })[question];
  expect([first!.supports, first!.text]).toEqual([supports, expect.stringMatching(says)]);
  expect(isContradicted('yes', first!.supports)).toBe(supports === 'no');
  expect(isContradicted('no', first!.supports)).toBe(supports === 'yes');
  expect(isContradicted(null, first!.supports)).toBe(false);
});

test('rounds on mixes with synthetic images, and queues that end in distributions, are evidence too', () => {
  const of = (facts: Partial<SuitabilityFacts>, id: string) =>
    Object.values(evidenceOf({ ...NOTHING, ...facts }))
      .flat()
      .find((item) => item.id === id)!;
  expect(of({ rounds: { count: 2, mixed: 2, newest: round } }, 'rounds')).toMatchObject({
    supports: 'yes',
    text: expect.stringContaining('the newest, may, is 40 % real, with 3 new real images') as string,
  });
  expect(of({ rounds: { count: 2, mixed: 1, newest: round } }, 'rounds').supports).toBe('neither');
  expect(of({ distributions: 1 }, 'distributions').supports).toBe('yes');
});

test('an experiment tells what review gains: where labels had to be set right, the generator did not know them', () => {
  const measured = (low: number, isSound = true): Partial<SuitabilityFacts> => ({
    experiment: {
      id: 3,
      at: '2026-05-01T00:00:00.000Z',
      verdict: 'Same total: up to 20 % synthetic.',
      isSound,
      largest: 0.2,
      review: [
        { learner: 'logistic', gain: { value: 0.03, interval: [low, 0.05] } },
        { learner: 'network', gain: { value: 0.04, interval: [0.02, 0.06] } },
      ],
    },
  });
  const of = (facts: Partial<SuitabilityFacts>) => evidenceOf({ ...NOTHING, ...facts });
  expect(of(measured(0.01)).distribution[1]).toMatchObject({
    supports: 'neither',
    text: 'The newest experiment (3, 2026-05-01) on the hold-out. Same total: up to 20 % synthetic.',
    numbers: [{ value: 0.2 }],
  });
  expect(of(measured(0.01))['rule-based'][1]).toMatchObject({
    supports: 'no',
    text: expect.stringContaining(
      '3.0 points (1.0 to 5.0) by a multinomial logistic regression and 4.0',
    ) as string,
  });
  expect(of(measured(-0.01))['rule-based'][1]!.supports).toBe('neither');
  expect(of(measured(0.01, false))['rule-based'][1]).toMatchObject({
    supports: 'neither',
    text: expect.stringContaining('Its control did not lose') as string,
  });
  expect(of({})['rule-based']).toHaveLength(1);
});

test('an anchor policy is one that somebody set, with a floor above 0, that the newest mix keeps', () => {
  const set = { ...DEFAULT_MIX_POLICY, version: 7 };
  const mix = { images: 100, real: 30, batchSize: 10, leastReal: 2 };
  const stands = (policy: typeof set, newestMix: typeof mix | null): boolean =>
    anchorOf({ policy, newestMix }).stands;
  expect(stands(DEFAULT_MIX_POLICY, null)).toBe(false);
  expect(stands(set, null)).toBe(true);
  expect(stands(set, mix)).toBe(true);
  expect(stands({ ...set, floor: 0 }, null)).toBe(false);
  expect(stands(set, { ...mix, leastReal: 1 })).toBe(false);
  expect(stands({ ...set, floor: 0.31 }, { ...mix, leastReal: 5 })).toBe(false);
});

test('answers are versions on record, and an answer against the evidence is shown as that', async () => {
  const project = queuedProject({ reviewers: 2 });
  const of = async (number: number) => (await suitabilityRecord(project)).questions[number - 1]!;
  expect(await suitabilityRecord(project)).toMatchObject({
    version: 0,
    changedAt: null,
    verdict: { kind: 'incomplete', open: { length: 6 } },
  });
  answerQuestion(project, 'ada', { question: 'evaluation-set', answer: 'yes', reason: 'there will be' });
  expect(await of(6)).toMatchObject({
    answers: [{ version: 1, answer: 'yes', by: 'ada', reason: 'there will be' }],
    evidence: [{ supports: 'no', contradicts: true }],
  });
  answerQuestion(project, 'grace', { question: 'evaluation-set', answer: 'no', reason: '<none> yet' });
  answerQuestion(project, 'grace', { question: 'iterative', answer: 'yes', reason: 'each month' });
  const { verdict, questions, version, anchor } = await suitabilityRecord(project);
  expect(verdict).toMatchObject({ kind: 'nothing-counts', because: ['evaluation-set'] });
  expect(questions[5]!.answers.map(({ answer, by }) => [answer, by])).toEqual([
    ['yes', 'ada'],
    ['no', 'grace'],
  ]);
  expect([version, questions[5]!.evidence[0]!.contradicts, anchor.stands]).toEqual([3, false, false]);
  const page = suitabilityPage(await suitabilityRecord(project));
  expect(page).toContain('Nothing else counts');
  expect(page).toContain('&#60;none&#62; yet');
  expect(page).toContain('there will be');
  expect(page).not.toMatch(/<script|http:|https:|<none>/);
  setMixPolicy(project, 'ada', { floor: 0.3 });
  for (const [by, verdicts] of [
    ['ada', ['accept', 'accept', 'reject']],
    ['bob', ['accept', 'reject', 'reject']],
  ] as const)
    record(project.store, by, 'decisions.made', {
      decisions: verdicts.map((said, image) => ({ sha256: shaOf(image), verdict: said, queue: 1 })),
    });
  // Pairs of answers: ++, +-, --. Do = 2 of 6, De = 2 x 3 x 3 / (6 x 5): alpha = 1 - 5/9.
  expect((await of(5)).evidence[0]!.numbers).toMatchObject([
    { value: 3 },
    { value: expect.closeTo(4 / 9, 9) as number },
  ]);
  expect((await suitabilityRecord(project)).anchor.stands).toBe(true);
  expect(verifyProjection(project.store)).toBeNull();
  project.close();
});
