import { expect, test } from 'vitest';
import { CT_LEAVES, CT_ROOTS, proofVectors, type ProofVector } from '../../test/support/proof-vectors.ts';
import {
  consistencyProof,
  edgeRoot,
  EMPTY_EDGE,
  grown,
  inclusionProof,
  leafHash,
  merkleRoot,
  provesConsistency,
  provesInclusion,
} from './merkle.ts';

const leaves = CT_LEAVES.map((content) => leafHash(Buffer.from(content, 'hex')));
const bytes = (hex: string): Buffer => Buffer.from(hex, 'hex');
const hex = (proof: Buffer[]): string[] => proof.map((each) => each.toString('hex'));

function holds(vector: ProofVector): boolean {
  const proof = vector.proof.map(bytes);
  if ('leaf' in vector)
    return provesInclusion(proof, bytes(vector.leaf), { ...vector, root: bytes(vector.root) });
  const [first, second] = [vector.first, vector.second].map(({ size, root }) => ({
    size,
    root: bytes(root),
  }));
  return provesConsistency(proof, first!, second!);
}

test('an edge that grows in any steps has the root of all leaves', () => {
  for (let size = 0; size <= leaves.length; size++)
    for (let first = 0; first <= size; first++) {
      const edge = grown(grown(EMPTY_EDGE, leaves.slice(0, first)), leaves.slice(first, size));
      expect([edge.size, edgeRoot(edge)]).toEqual([size, merkleRoot(leaves.slice(0, size))]);
    }
});

test('roots and proofs are those of Certificate Transparency', () => {
  for (const [size, root] of CT_ROOTS.entries())
    expect(merkleRoot(leaves.slice(0, size)).toString('hex')).toBe(root);
  expect(hex(inclusionProof(leaves, 0))).toEqual([
    '96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7',
    '5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e',
    '6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4',
  ]);
  expect(hex(consistencyProof(leaves, 6))).toEqual([
    '0ebc5d3437fbe2db158b9f126a1d118e308181031d0a949f8dededebc558ef6a',
    'ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0',
    CT_ROOTS[4],
  ]);
});

test('every proof of every tree up to 40 leaves holds', () => {
  const many = Array.from({ length: 40 }, (_, i) => leafHash(Buffer.of(i)));
  for (let size = 1; size <= many.length; size++) {
    const tree = many.slice(0, size);
    const root = merkleRoot(tree);
    for (let i = 0; i < size; i++) {
      expect(provesInclusion(inclusionProof(tree, i), tree[i]!, { index: i, size, root })).toBe(true);
      const first = { size: i + 1, root: merkleRoot(tree.slice(0, i + 1)) };
      expect(provesConsistency(consistencyProof(tree, i + 1), first, { size, root })).toBe(true);
    }
  }
});

test('a proof that was spoiled in any way does not hold', () => {
  const vectors = proofVectors();
  expect(vectors.filter(({ isTrue }) => !isTrue).length).toBeGreaterThan(500);
  expect(vectors.filter((vector) => holds(vector) !== vector.isTrue).map(({ what }) => what)).toEqual([]);
});

test('a proof is asked only of what is in the tree', () => {
  expect(() => inclusionProof(leaves, 8)).toThrow(RangeError);
  expect(() => inclusionProof([], 0)).toThrow(RangeError);
  expect(() => consistencyProof(leaves, 0)).toThrow(RangeError);
  expect(() => consistencyProof(leaves, 9)).toThrow(RangeError);
});
