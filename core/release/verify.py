#!/usr/bin/env python3
"""Checks this release without Assay: python3 verify.py [folder] [--key KEY]

Without a folder, the one that this file is in. Needs Python 3.8 or newer and only its standard library; writes nothing.
Exit code 0: as it was written; 1: not so, with one line for each thing found; 2: there is no release.

What it shows: every file is the one that assay-manifest.json lists, and no other is there; the manifest is the one that
the event of this release names; that event was the newest of the project's record when it was signed; and it was signed
with the key that the manifest names. Whose key that is it cannot know: compare it with one that you were given
(--key). What the record says besides is checked with the project: docs/ledger.md of Assay.
"""
import argparse, base64, hashlib, json, os, re, stat, sys

MANIFEST, PROOF, SIGNATURES = "assay-manifest.json", "assay-manifest.tlog-proof", "assay-manifest.signatures.json"


# ---- Ed25519 (RFC 8032, section 6) ----

P = 2**255 - 19
L = 2**252 + 27742317777372353535851937790883648493
D = -121665 * pow(121666, P - 2, P) % P
ROOT = pow(2, (P - 1) // 4, P)


def recover_x(y, sign):
    """The x of a point with this y, or None."""
    if y >= P:
        return None
    square = (y * y - 1) * pow(D * y * y + 1, P - 2, P) % P
    if square == 0:
        return None if sign else 0
    x = pow(square, (P + 3) // 8, P)
    if (x * x - square) % P:
        x = x * ROOT % P
    if (x * x - square) % P:
        return None
    return P - x if x & 1 != sign else x


def point(encoded):
    """A point in extended coordinates, or None."""
    y = int.from_bytes(encoded, "little")
    x = recover_x(y & (1 << 255) - 1, y >> 255)
    y &= (1 << 255) - 1
    return None if x is None else (x, y, 1, x * y % P)


def add(p, q):
    a, b = (p[1] - p[0]) * (q[1] - q[0]) % P, (p[1] + p[0]) * (q[1] + q[0]) % P
    c, d = 2 * p[3] * q[3] * D % P, 2 * p[2] * q[2] % P
    e, f, g, h = b - a, d - c, d + c, b + a
    return e * f % P, g * h % P, f * g % P, e * h % P


def times(n, p):
    total = (0, 1, 1, 0)
    while n:
        if n & 1:
            total = add(total, p)
        p, n = add(p, p), n >> 1
    return total


def same(p, q):
    return (p[0] * q[2] - q[0] * p[2]) % P == 0 and (p[1] * q[2] - q[1] * p[2]) % P == 0


BASE_Y = 4 * pow(5, P - 2, P) % P
BASE = point(BASE_Y.to_bytes(32, "little"))


def is_signed(public, message, signature):
    if len(public) != 32 or len(signature) != 64:
        return False
    a, r = point(public), point(signature[:32])
    s = int.from_bytes(signature[32:], "little")
    if a is None or r is None or s >= L:
        return False
    h = int.from_bytes(hashlib.sha512(signature[:32] + public + message).digest(), "little") % L
    return same(times(s, BASE), add(r, times(h, a)))


# ---- Merkle trees (RFC 6962, section 2.1) ----


def root_of(leaf, index, size, path):
    """The root that a path from the leaf at an index leads to; None where the path has not the length that it must have."""
    if size == 1:
        return None if path else leaf
    if not path:
        return None
    left = 1 << (size - 1).bit_length() - 1
    on_left = index < left
    below = root_of(leaf, *((index, left) if on_left else (index - left, size - left)), path[:-1])
    if below is None:
        return None
    return hashlib.sha256(b"\1" + (below + path[-1] if on_left else path[-1] + below)).digest()


# ---- Keys, notes and proofs (C2SP) ----


def decode(encoded):
    """Strict base64; None for anything else."""
    try:
        decoded = base64.b64decode(encoded, validate=True)
    except ValueError:
        return None
    return decoded if decoded and base64.b64encode(decoded).decode() == encoded else None


def key_id(name, public):
    return hashlib.sha256(name.encode() + b"\n\1" + public).digest()[:4]


def parse_key(word):
    """The name and the 32 bytes of a key; None where the word holds none."""
    parts = re.fullmatch(r"([^\s+]+)\+([0-9a-f]{8})\+([A-Za-z0-9+/]{44})", word)
    decoded = parts and decode(parts[3])
    if not decoded or decoded[:1] != b"\1" or key_id(parts[1], decoded[1:]).hex() != parts[2]:
        return None
    return parts[1], decoded[1:]


def parse_proof(text):
    """The parts of a proof; None where it is none."""
    head, gap, note = text.partition("\n\n")
    lines = head.split("\n")
    signed, _, signatures = note.rpartition("\n\n")
    checkpoint = re.fullmatch(
        r"([^\n]+)\n(0|[1-9][0-9]{0,14})\n([A-Za-z0-9+/]{43}=)\nhead ([0-9a-f]{64})", signed
    )
    if not gap or len(lines) < 3 or lines[0] != "c2sp.org/tlog-proof@v1" or not checkpoint or not note.endswith("\n"):
        return None
    if any(character < " " and character != "\n" for character in note):
        return None
    extra = re.fullmatch("extra (.+)", lines[1])
    index = re.fullmatch("index (0|[1-9][0-9]{0,14})", lines[2])
    event, path = extra and decode(extra[1]), [decode(each) for each in lines[3:]]
    root = decode(checkpoint[3])
    if not event or not index or not root or None in path:
        return None
    keys = []
    for line in signatures[:-1].split("\n"):
        parts = re.fullmatch("\u2014 ([^\\s+]+) ([A-Za-z0-9+/]+={0,2})", line)
        decoded = parts and decode(parts[2])
        if not decoded or len(decoded) < 5:
            return None
        keys.append((parts[1], decoded[:4], decoded[4:]))
    return {
        "event": event,
        "index": int(index[1]),
        "path": path,
        "text": (signed + "\n").encode(),
        "origin": checkpoint[1],
        "size": int(checkpoint[2]),
        "root": root,
        "head": checkpoint[4],
        "signatures": keys,
    }


def is_signed_with(proof, name, public):
    own = [signature for who, which, signature in proof["signatures"] if (who, which) == (name, key_id(name, public))]
    return bool(own) and all(is_signed(public, proof["text"], signature) for signature in own)


# ---- The release ----


def parse_manifest(content):
    """A manifest; None where it is none."""
    try:
        manifest = json.loads(content)
        files = [(each["path"], each["sha256"], each["bytes"]) for each in manifest["files"]]
        proof = manifest.get("proof")
        known = (
            manifest["format"] == "assay-manifest-1"
            and all(isinstance(manifest["project"][each], str) for each in ("uid", "name"))
            and isinstance(manifest["images"], list)
            and isinstance(manifest["files"], list)
            and all([type(part) for part in each] == [str, str, int] for each in files)
            and (proof is None or (proof["file"] == PROOF and isinstance(proof["key"], str)))
        )
        return manifest if known and ("proof" not in manifest or proof is not None) else None
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        return None


def stays_inside(path):
    return all(part not in ("", ".", "..") and not re.search(r"[\\:\0]", part) for part in path.split("/"))


def hash_of(path):
    """Size and sha256 of a plain file, or None."""
    try:
        if not stat.S_ISREG(os.lstat(path).st_mode):
            return None
        digest, size = hashlib.sha256(), 0
        with open(path, "rb") as file:
            for chunk in iter(lambda: file.read(1 << 20), b""):
                digest.update(chunk)
                size += len(chunk)
        return digest.hexdigest(), size
    except OSError:
        return None


def check_files(folder, manifest):
    for each in manifest["files"]:
        path = each["path"]
        if not stays_inside(path):
            yield f"{path}: is outside of the release"
            continue
        found = hash_of(os.path.join(folder, *path.split("/")))
        if found is None:
            yield f"{path}: is missing"
        elif found != (each["sha256"], each["bytes"]):
            yield f"{path}: is not as it was written"
    known = {each["path"] for each in manifest["files"]} | {MANIFEST, PROOF, SIGNATURES}
    there = []
    for place, folders, files in os.walk(folder):
        links = [name for name in folders if os.path.islink(os.path.join(place, name))]
        for name in [*files, *links]:
            there.append(os.path.relpath(os.path.join(place, name), folder).replace(os.sep, "/"))
    yield from (f"{path}: is not in the manifest" for path in sorted(there, key=utf16) if path not in known)


def utf16(text):
    return text.encode("utf-16-be", "surrogatepass")


def check_proof(folder, manifest, sha256):
    """What is wrong with the proof, and the proof."""
    if "proof" not in manifest:
        return [f"{MANIFEST}: names no proof, so that only its project can tell whether it is on record"], None
    key = parse_key(manifest["proof"]["key"])
    if not key:
        return [f"{MANIFEST}: names no key"], None
    try:
        with open(os.path.join(folder, PROOF), encoding="utf-8", errors="replace", newline="") as file:
            proof = parse_proof(file.read())
    except OSError:
        return [f"{PROOF}: is missing"], None
    if not proof:
        return [f"{PROOF}: is no proof"], None
    head = hashlib.sha256(proof["event"])
    index, size, path = proof["index"], proof["size"], proof["path"]
    leaf = hashlib.sha256(b"\0" + head.digest()).digest()
    problems = []
    leads = index < size and all(len(each) == 32 for each in path)
    if not leads or root_of(leaf, index, size, path) != proof["root"]:
        problems.append("does not lead from its event to the root of its checkpoint")
    if index != size - 1 or head.hexdigest() != proof["head"]:
        problems.append("its event is not the newest one of its checkpoint")
    if proof["origin"] != key[0]:
        problems.append("its checkpoint is of another project than its key")
    if not is_signed_with(proof, *key):
        problems.append("its checkpoint is not signed with the key that the manifest names")
    if key[0] != "assay.invalid/project/" + manifest["project"]["uid"]:
        problems.append("its key is of another project than the manifest")
    if not is_event_of(proof["event"], index + 1, sha256, len(manifest["images"])):
        problems.append("its event is not that of a release with this manifest")
    return [f"{PROOF}: {problem}" for problem in problems], proof


def is_event_of(line, seq, sha256, images):
    try:
        event = json.loads(line)
        body = event["body"]
        return (event["kind"], event["seq"], body["manifestSha256"], body["images"]) == (
            "release.exported",
            seq,
            sha256,
            images,
        )
    except (ValueError, KeyError, TypeError, RecursionError):
        return False


TEXTS = ("type", "project", "signer", "version", "name", "meaning", "time", "local", "head", "publicKey", "signature")


def parse_signatures(text):
    """Signatures of people with what they sign; None where the text holds none."""
    try:
        file = json.loads(text)
        for each in file["signatures"]:
            record, whole = each["record"], (each["event"], each["headEvents"], each["record"]["release"])
            known = (
                set(each) - {"comment"} == {*TEXTS, "record", "event", "headEvents"}
                and all(isinstance(each[name], str) for name in TEXTS)
                and isinstance(each.get("comment", ""), str)
                and each["type"] == "assay-signature-1"
                and set(record) == {"kind", "release"}
                and record["kind"] == "release"
                and all(type(number) is int and abs(number) < 2**53 for number in whole)
                and re.fullmatch("[0-9a-f]{64}", each["publicKey"])
                and re.fullmatch("[0-9a-f]{128}", each["signature"])
            )
            if not known:
                return None
        known = set(file) == {"format", "signatures"} and file["format"] == "assay-signatures-1"
        return file["signatures"] if known and isinstance(file["signatures"], list) else None
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        return None


def check_signatures(folder, uid, sha256, event):
    """What is wrong with the signatures beside a release, and those that hold. `event`: its number, or None."""
    try:
        with open(os.path.join(folder, SIGNATURES), encoding="utf-8", errors="replace") as file:
            signatures = parse_signatures(file.read())
    except OSError:
        return [], []
    if signatures is None:
        return [f"{SIGNATURES}: holds no signatures of a release"], []
    problems, hold = [], []
    for number, each in enumerate(signatures, 1):
        statement = {name: value for name, value in each.items() if name != "signature"}
        text = json.dumps(statement, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
        public, signature = bytes.fromhex(each["publicKey"]), bytes.fromhex(each["signature"])
        if each["project"] != uid or each["version"] != sha256 or event not in (None, each["event"]):
            problems.append(f"{SIGNATURES}: signature {number}: is of another release")
        elif not is_signed(public, text.encode("utf-8", "surrogatepass"), signature):
            problems.append(f"{SIGNATURES}: signature {number}: its key did not sign this")
        else:
            hold.append(each)
    return problems, hold


def check(folder, key=None):
    """What is found of a release: its problems, its manifest, its proof and the signatures of people that hold. Raises OSError where there is none."""
    with open(os.path.join(folder, MANIFEST), "rb") as file:
        content = file.read()
    manifest = parse_manifest(content)
    if manifest is None:
        return [f"{MANIFEST}: is no manifest of a release"], None, None, []
    sha256 = hashlib.sha256(content).hexdigest()
    found, proof = check_proof(folder, manifest, sha256)
    wrong, signatures = check_signatures(folder, manifest["project"]["uid"], sha256, proof and proof["size"])
    problems = [*check_files(folder, manifest), *found, *wrong]
    if key is not None and manifest.get("proof", {}).get("key") != key:
        problems.append(f"{MANIFEST}: names another key than the one given")
    return problems, manifest, proof, signatures


def main():
    arguments = argparse.ArgumentParser(description="Checks a release of Assay without Assay.")
    arguments.add_argument("folder", nargs="?", default=os.path.dirname(os.path.abspath(__file__)))
    arguments.add_argument("--key", help="the key that the release has to be signed with, as you were given it")
    chosen = arguments.parse_args()
    try:
        problems, manifest, proof, signatures = check(chosen.folder, chosen.key)
    except OSError as error:
        print(f"There is no release at {chosen.folder}: {error}", file=sys.stderr)
        return 2
    if problems:
        print("NOT as it was written:", *problems, sep="\n  ")
        return 1
    print(f"As it was written: {len(manifest['images'])} images in {len(manifest['files'])} files.")
    print(f"On record as event {proof['size']} of the project {manifest['project']['name']!r}.")
    print(f"Chain head {proof['head']}")
    print(f"Signed with {manifest['proof']['key']}")
    for each in signatures:
        comment = f": {each['comment']}" if "comment" in each else ""
        print(f"{each['name']} ({each['signer']}) signed as {each['meaning']}, {each['local']} ({each['time']}){comment}; key {each['publicKey']}")
    if not chosen.key:
        print("Compare this key with one that you were given (--key): anybody can make a key of their own.")
    return 0


if __name__ == "__main__":
    # A name that is not UTF-8, or that the terminal cannot show, must not end the check.
    sys.stdout.reconfigure(errors="backslashreplace")
    sys.exit(main())
