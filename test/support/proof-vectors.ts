import { consistencyProof, inclusionProof, leafHash, merkleRoot } from '../../core/ledger/merkle.ts';

/** A claim about trees, all hashes in hex, and whether it is true. */
export type ProofVector = { what: string; isTrue: boolean; proof: string[] } & (
  | { leaf: string; index: number; size: number; root: string }
  | { first: { size: number; root: string }; second: { size: number; root: string } }
);

/** The eight leaves that implementations of Certificate Transparency are tested with, and the roots of their trees. */
export const CT_LEAVES = [
  '',
  '00',
  '10',
  '2021',
  '3031',
  '40414243',
  '5051525354555657',
  '606162636465666768696a6b6c6d6e6f',
];
export const CT_ROOTS = [
  'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855',
  '6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d',
  'fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125',
  'aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77',
  'd37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7',
  '4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4',
  '76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef',
  'ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c',
  '5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328',
];

const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex');

/** The same with one bit the other way round. */
function flipped(text: string, bit: number): string {
  const bytes = Buffer.from(text, 'hex');
  bytes[(bit >> 3) % bytes.length]! ^= 1 << (bit & 7);
  return hex(bytes);
}

/** Proofs that hold, over trees of 1 to 20 leaves, and each of them spoiled in every way that a proof can be. */
export function proofVectors(): ProofVector[] {
  const leaves = Array.from({ length: 20 }, (_, i) => leafHash(Buffer.from(`event ${i}`)));
  const root = (size: number): string => hex(merkleRoot(leaves.slice(0, size)));
  const vectors: ProofVector[] = [];
  let turn = 0;
  /** Lists of hashes that differ from a proof: another bit, one less at either end, one more, two swapped. */
  const spoiltProofs = (proof: string[]): [what: string, proof: string[]][] => [
    ...proof.map((each, i): [string, string[]] => [`bit of ${i}`, proof.with(i, flipped(each, turn++ * 37))]),
    ...proof.map((each, i): [string, string[]] => [`cut ${i}`, proof.with(i, each.slice(0, -2))]),
    ...(proof.length > 0
      ? ([
          ['without its last', proof.slice(0, -1)],
          ['without its first', proof.slice(1)],
        ] as [string, string[]][])
      : []),
    ['one more', [...proof, root(3)]],
    ['one more in front', [root(3), ...proof]],
    ...(proof.length > 1 && proof[0] !== proof[1]
      ? [['swapped', [proof[1]!, proof[0]!, ...proof.slice(2)]] as [string, string[]]]
      : []),
  ];
  const places: [size: number, index: number][] = [
    [1, 0],
    [2, 1],
    [5, 0],
    [5, 4],
    [7, 3],
    [8, 7],
    [11, 10],
    [16, 5],
    [20, 17],
  ];
  for (const [size, index] of places) {
    const proof = inclusionProof(leaves.slice(0, size), index).map(hex);
    const claim = { leaf: hex(leaves[index]!), index, size, root: root(size), proof, isTrue: true };
    vectors.push({ ...claim, what: `leaf ${index} of ${size}` });
    const no = (what: string, change: Partial<typeof claim>): void =>
      void vectors.push({ ...claim, ...change, isTrue: false, what: `leaf ${index} of ${size}, ${what}` });
    for (const [what, other] of spoiltProofs(proof)) no(what, { proof: other });
    for (let bit = 0; bit < 8; bit++) {
      no(`bit of the leaf`, { leaf: flipped(claim.leaf, bit * 33) });
      no(`bit of the root`, { root: flipped(claim.root, bit * 35) });
    }
    no('root of another tree', { root: root(size + (size === 20 ? -1 : 1)) });
    no('root of the empty tree', { root: CT_ROOTS[0]! });
    no('another leaf', { leaf: hex(leaves[(index + 1) % 20]!) });
    no('an index beyond the tree', { index: size });
    no('a negative index', { index: -1 });
    if (size > 1) no('the index beside', { index: index ^ 1 });
    no('no leaves', { size: 0 });
    no('twice the size', { size: size * 2 });
    if (size > 1) no('half the size', { size: size >> 1 });
    no('half a leaf of more', { index: index + 0.5 });
  }
  const growths: [from: number, to: number][] = [
    [1, 1],
    [1, 2],
    [2, 5],
    [3, 7],
    [4, 8],
    [6, 8],
    [7, 7],
    [8, 20],
    [11, 20],
    [16, 17],
    [19, 20],
  ];
  for (const [m, n] of growths) {
    const proof = consistencyProof(leaves.slice(0, n), m).map(hex);
    const claim = { first: { size: m, root: root(m) }, second: { size: n, root: root(n) }, proof };
    vectors.push({ ...claim, what: `${m} in ${n}`, isTrue: true });
    const no = (what: string, change: Partial<typeof claim>): void =>
      void vectors.push({ ...claim, ...change, isTrue: false, what: `${m} in ${n}, ${what}` });
    for (const [what, other] of spoiltProofs(proof)) no(what, { proof: other });
    for (let bit = 0; bit < 4; bit++) {
      no('bit of the first root', { first: { size: m, root: flipped(claim.first.root, bit * 71) } });
      no('bit of the second root', { second: { size: n, root: flipped(claim.second.root, bit * 73) } });
    }
    if (m < n) {
      no('roots swapped', { first: { size: m, root: root(n) }, second: { size: n, root: root(m) } });
      no('sizes swapped', { first: { size: n, root: root(m) }, second: { size: m, root: root(n) } });
    }
    no('an empty beginning', { first: { size: 0, root: CT_ROOTS[0]! } });
    no('a smaller end', { second: { size: m - 1, root: root(m - 1) } });
    no('a size beside the first', { first: { size: m + 1, root: claim.first.root } });
    no('twice the size', { second: { size: n * 2, root: claim.second.root } });
  }
  return vectors;
}
