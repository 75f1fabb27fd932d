"""Judges claims about Merkle trees, from RFC 6962, section 2.1, alone: by its recursive definitions, with no index arithmetic.

Reads a JSON array of claims from standard input and prints one JSON array of true and false.
"""

import hashlib
import json
import sys

EMPTY = hashlib.sha256(b"").digest()


def leaf_hash(content):
    return hashlib.sha256(b"\0" + content).digest()


def node_hash(left, right):
    return hashlib.sha256(b"\1" + left + right).digest()


def split(n):
    """The largest power of two below n."""
    return 1 << (n - 1).bit_length() - 1


def root(leaves):
    """MTH, over leaf hashes."""
    if len(leaves) < 2:
        return leaves[0] if leaves else EMPTY
    k = split(len(leaves))
    return node_hash(root(leaves[:k]), root(leaves[k:]))


def root_by_path(leaf, m, n, path):
    """The root that PATH(m, D[n]) leads to from a leaf; raises IndexError where the path is too short or too long."""
    if n == 1:
        if path:
            raise IndexError
        return leaf
    k = split(n)
    if m < k:
        return node_hash(root_by_path(leaf, m, k, path[:-1]), path[-1])
    return node_hash(path[-1], root_by_path(leaf, m - k, n - k, path[:-1]))


def roots_by_proof(first, m, n, proof, known):
    """The roots of the first m and of all n leaves that SUBPROOF(m, D[n], known) leads to."""
    if m == n:
        if len(proof) != (0 if known else 1):
            raise IndexError
        same = first if known else proof[0]
        return same, same
    k = split(n)
    if m <= k:
        smaller, larger = roots_by_proof(first, m, k, proof[:-1], known)
        return smaller, node_hash(larger, proof[-1])
    smaller, larger = roots_by_proof(first, m - k, n - k, proof[:-1], False)
    return node_hash(proof[-1], smaller), node_hash(proof[-1], larger)


def is_true(claim):
    proof = [bytes.fromhex(each) for each in claim["proof"]]
    if any(len(each) != 32 for each in proof):
        return False
    try:
        if "leaf" in claim:
            m, n, leaf = claim["index"], claim["size"], bytes.fromhex(claim["leaf"])
            if type(m) is not int or not 0 <= m < n:
                return False
            return root_by_path(leaf, m, n, proof).hex() == claim["root"]
        (m, first), (n, second) = ((claim[each]["size"], claim[each]["root"]) for each in ("first", "second"))
        if not 1 <= m <= n:
            return False
        return [each.hex() for each in roots_by_proof(bytes.fromhex(first), m, n, proof, True)] == [first, second]
    except IndexError:
        return False


if __name__ == "__main__":
    json.dump([is_true(claim) for claim in json.load(sys.stdin)], sys.stdout)
