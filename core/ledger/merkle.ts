import { hash } from 'node:crypto';

// The Merkle tree of RFC 6962, section 2.1, over SHA-256, and nothing of our own. A leaf is known by its hash; of a
// tree of n leaves every smaller tree is a part, so a root at a size never changes.

const LEAF = Buffer.of(0);
const HASH_BYTES = 32;

/** The sha256 as bytes; through text, which is twice as fast as asking for a buffer. */
const sha256 = (bytes: Uint8Array): Buffer => Buffer.from(hash('sha256', bytes, 'binary'), 'binary');

/** The hash of a leaf with this content. */
export function leafHash(content: Uint8Array): Buffer {
  return sha256(Buffer.concat([LEAF, content]));
}

/** Filled anew for every node: a tree has as many nodes as leaves. */
const node = Buffer.alloc(1 + 2 * HASH_BYTES, 1);

function nodeHash(left: Uint8Array, right: Uint8Array): Buffer {
  node.set(left, 1);
  node.set(right, 1 + HASH_BYTES);
  return sha256(node);
}

/** The right edge of a tree: all that is needed of it to add leaves and to know its root. */
export interface Edge {
  size: number;
  /** Roots of full trees, from the largest; there is one for each 1 among the binary digits of the size. */
  roots: readonly Buffer[];
}

export const EMPTY_EDGE: Edge = { size: 0, roots: [] };

/** The edge after these leaf hashes, which are read once and not kept. */
export function grown(edge: Edge, leaves: Iterable<Buffer>): Edge {
  const roots = [...edge.roots];
  let { size } = edge;
  for (const leaf of leaves) {
    let root = leaf;
    for (let digits = size; digits % 2 === 1; digits = (digits - 1) / 2) root = nodeHash(roots.pop()!, root);
    roots.push(root);
    size++;
  }
  return { size, roots };
}

/** The root of the tree that an edge belongs to. */
export function edgeRoot({ roots }: Edge): Buffer {
  return roots.length === 0 ? sha256(Buffer.of()) : roots.reduceRight((right, left) => nodeHash(left, right));
}

/** The root of the tree of these leaf hashes, which are read once and not kept. */
export function merkleRoot(leaves: Iterable<Buffer>): Buffer {
  return edgeRoot(grown(EMPTY_EDGE, leaves));
}

/** The largest power of two below a size of two or more. */
function split(size: number): number {
  let power = 1;
  while (power * 2 < size) power *= 2;
  return power;
}

/** The proof that the leaf at `index` is in the tree of all these leaf hashes (`PATH`): its sibling first. */
export function inclusionProof(leaves: readonly Buffer[], index: number): Buffer[] {
  requirePlace(index, leaves.length);
  if (leaves.length === 1) return [];
  const k = split(leaves.length);
  const [left, right] = [leaves.slice(0, k), leaves.slice(k)];
  return index < k
    ? [...inclusionProof(left, index), merkleRoot(right)]
    : [...inclusionProof(right, index - k), merkleRoot(left)];
}

/** The proof that the tree of the first `size` leaves is a part of the tree of all of them (`PROOF`). */
export function consistencyProof(leaves: readonly Buffer[], size: number): Buffer[] {
  requirePlace(size - 1, leaves.length);
  const subproof = (part: readonly Buffer[], m: number, isKnown: boolean): Buffer[] => {
    if (m === part.length) return isKnown ? [] : [merkleRoot(part)];
    const k = split(part.length);
    const [left, right] = [part.slice(0, k), part.slice(k)];
    return m <= k
      ? [...subproof(left, m, isKnown), merkleRoot(right)]
      : [...subproof(right, m - k, false), merkleRoot(left)];
  };
  return subproof(leaves, size, true);
}

function requirePlace(index: number, count: number): void {
  if (!Number.isInteger(index) || index < 0 || index >= count)
    throw new RangeError(`there is no leaf ${index} among ${count}`);
}

/** Whether a proof shows that the leaf at `index` is in the tree of `size` leaves with this root (RFC 9162, 2.1.3.2). */
export function provesInclusion(
  proof: readonly Uint8Array[],
  leaf: Uint8Array,
  { index, size, root }: { index: number; size: number; root: Uint8Array },
): boolean {
  if (!isSize(index) || !isSize(size) || index >= size || ![leaf, ...proof].every(isHash)) return false;
  let [at, last, made] = [index, size - 1, leaf];
  for (const each of proof) {
    if (last === 0) return false;
    if (at % 2 === 1 || at === last) {
      made = nodeHash(each, made);
      while (at % 2 === 0 && at > 0) [at, last] = [at / 2, half(last)];
    } else made = nodeHash(made, each);
    [at, last] = [half(at), half(last)];
  }
  return last === 0 && same(made, root);
}

/** A tree by its size and its root. */
export interface TreeHead {
  size: number;
  root: Uint8Array;
}

/** Whether a proof shows that the smaller tree, of one leaf or more, is the beginning of the larger (RFC 9162, 2.1.4.2). */
export function provesConsistency(proof: readonly Uint8Array[], first: TreeHead, second: TreeHead): boolean {
  if (!isSize(first.size) || !isSize(second.size) || first.size < 1 || first.size > second.size) return false;
  if (![first.root, ...proof].every(isHash)) return false;
  if (first.size === second.size) return proof.length === 0 && same(first.root, second.root);
  const isFull = split(first.size + 1) === first.size;
  const [start, ...rest] = isFull ? [first.root, ...proof] : proof;
  if (!start || proof.length === 0) return false;
  let [at, last] = [first.size - 1, second.size - 1];
  while (at % 2 === 1) [at, last] = [half(at), half(last)];
  let [smaller, larger] = [start, start];
  for (const each of rest) {
    if (last === 0) return false;
    if (at % 2 === 1 || at === last) {
      [smaller, larger] = [nodeHash(each, smaller), nodeHash(each, larger)];
      while (at % 2 === 0 && at > 0) [at, last] = [at / 2, half(last)];
    } else larger = nodeHash(larger, each);
    [at, last] = [half(at), half(last)];
  }
  return last === 0 && same(smaller, first.root) && same(larger, second.root);
}

const half = (n: number): number => Math.floor(n / 2);
const isSize = (n: number): boolean => Number.isSafeInteger(n) && n >= 0;
const isHash = (bytes: Uint8Array): boolean => bytes.length === HASH_BYTES;
const same = (a: Uint8Array, b: Uint8Array): boolean => Buffer.compare(a, b) === 0;
