import { expect, test } from 'vitest';
import { DEFAULT_MIX_POLICY, type MixInfo } from '../../../rpc/contract/mixes.ts';
import { mixCommand, mixStanding, policyLines, weightsOf } from './mix-words.ts';

const mix: MixInfo = {
  id: 1,
  folder: '/data/mix-1',
  manifestSha256: 'a'.repeat(64),
  at: '2026-05-01T10:00:00Z',
  by: 'ada',
  images: 100,
  real: 35,
  floor: 0.2,
  batchSize: 10,
  leastReal: 3,
  belowFloor: null,
};

test.each([
  [{}, {}, true, 'keeps the policy'],
  [{ real: 25, leastReal: 2 }, {}, true, '25 % real are under the target'],
  [
    { real: 10, leastReal: 1, belowFloor: 'few' },
    {},
    false,
    '1 real image in a training batch of 10, where 2',
  ],
  // The policy changed since.
  [{}, { target: 0.5, floor: 0.4 }, false, 'where 4 are needed'],
  [{ real: 15, leastReal: 1, belowFloor: 'few' }, { target: 0.1, floor: 0.1 }, true, 'keeps the one of now'],
])('a mix with %j under a policy with %j', (own, change, isKept, words) => {
  const standing = mixStanding({ ...mix, ...own }, { ...DEFAULT_MIX_POLICY, ...change });
  expect(standing.isKept).toBe(isKept);
  expect(standing.words).toContain(words);
});

test('a policy says in words what it lets in', () => {
  expect(policyLines(DEFAULT_MIX_POLICY).map(([, words]) => words)).toMatchObject({
    0: '35 % real images in an epoch; 30 % to 40 % counts as on target.',
    2: 'Synthetic images of every generation may be in.',
  });
  const some = policyLines({ ...DEFAULT_MIX_POLICY, generations: [1, 2] });
  expect(some[2]?.[1]).toBe('Only synthetic images of generations 1 and 2 may be in.');
});

test.each([
  [{}, 'assay mix /data/parts.assay /data/mix-1 --batch-size 8 --by ada'],
  [
    { realShare: 0.285, as: ['images' as const] },
    '/data/mix-1 --batch-size 8 --real-share 28.5% --as images --by ada',
  ],
  [
    { to: '/my data/mix', belowFloor: "it's few; $x" },
    `'/my data/mix' --batch-size 8 --below-floor 'it'\\''s few; $x'`,
  ],
  [
    {
      images: 100,
      seed: 7,
      weights: [
        { role: 'real' as const, weight: 2 },
        { role: 'synthetic' as const, label: 'hex nut', weight: 0.5 },
      ],
      shardBytes: 2.5e8,
      licence: 'CC0',
    },
    `--batch-size 8 --images 100 --seed 7 --weight real=2 --weight 'synthetic/hex nut=0.5' --shard-size 250MB --licence CC0 --by ada`,
  ],
  [{ seed: 1, weights: [], shardBytes: 5e8, licence: 'unspecified' }, '--batch-size 8 --by ada'],
  [{ project: 'C:\\My Data\\parts.assay' }, '"C:\\My Data\\parts.assay" /data/mix-1'],
])('%j can be mixed by a command that a shell takes as it stands', (own, line) => {
  const wish = { project: '/data/parts.assay', by: 'ada', to: '/data/mix-1', batchSize: 8 };
  expect(mixCommand({ ...wish, ...own })).toContain(line);
});

test('lines say how often images are drawn; what is wrong is said', () => {
  expect(weightsOf('real = 2\n\nsynthetic/hex nut=0.5')).toEqual({
    weights: [
      { role: 'real', weight: 2 },
      { role: 'synthetic', label: 'hex nut', weight: 0.5 },
    ],
    error: null,
  });
  for (const line of ['gear=2', 'real', 'real=-1', 'holdout=1'])
    expect(weightsOf(line).error).toContain(line);
});
