#!/usr/bin/env python3
"""Verifies the record of an Assay project without Assay, by what docs/ledger.md says and by nothing else.

    verify_ledger.py <project.assay or project.db> [--head HASH] [--checkpoint FILE] [--release FOLDER] [--originals] [--json]

Exit code 0: sound; 1: findings, one per line as "name: where: what"; 2: something cannot be read.
Needs Python 3.11, its standard library, and ed25519.py beside it. Never writes to the project.
"""
import argparse, base64, hashlib, json, math, re, shutil, sqlite3, sys, tempfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))
import ed25519

APPLICATION_ID = 1098080633
STRATA = ("suspect-label", "uncertain", "novel", "damaged", "audit", "chosen")
SHARES = ("likeliest", "suspect-label", "uncertain", "novel", "damaged", "audit")

# The tables of the document in its own words: a kind, then its fields and their type. Names after a comma are
# fields of the same object.
SCHEMA = """
project.created
uid, name: string
model, modelId: string, optional

record.accepted
givenUp: array of object
givenUp[].events: integer
givenUp[].head: 64 hex digits

clock.set-back
before: string

model.chosen
model, modelId: string
images: integer

batch.created
name: string
role: `real`, `holdout`, `synthetic`
root, source: string
generator, generatorVersion: string, optional
generation: integer, optional
parents, classes: array of string

import.surveyed
batch: string
left: array of object
left[].kind, name: string
left[].count: integer
left[].example: string, optional
skipped: integer

files.imported
batch: string
files: array of object
files[].path: string
files[].bytes, modifiedMs: integer, optional
files[].image: object, optional
files[].image.sha256: 64 hex digits
files[].image.format: string
files[].image.width, height: integer
files[].image.orientation: integer, optional
files[].image.pages: integer, optional
files[].image.copied: boolean
files[].image.thumb: 64 hex digits, optional
files[].failure: object, optional
files[].failure.code, detail: string
files[].label, sourceLabel, split, generator, generatorVersion, prompt, negativePrompt, seed: string, optional
files[].boxes: array of object, optional
files[].boxes[].label, format: string
files[].boxes[].values: array of 4 of number or decimal text
files[].boxes[].detail: string, optional
files[].frame: object, optional
files[].frame.boxes: `turned`, `scaled`, `turned-scaled`, `swapped`, `other-size`, `beyond`, `open`
files[].frame.width, height: number, optional
files[].frame.orientation: integer, optional
facts: 64 hex digits, optional

run.finished
model, modelId, device: string
parameters: object or JSON text
images: integer
digest: 64 hex digits
scores: array of object, optional
scores[].id: integer
scores[].name: string
vectors: array of object, optional
vectors[].model: string
vectors[].digest: 64 hex digits
vectors[].patches: 64 hex digits, optional
reports: 64 hex digits, optional

queue.made
run: integer
policy: object or JSON text
policy.name: string, optional
policy.shares: object, optional
policy.diverse: array of `suspect-label`, `uncertain`, `novel`, `damaged`, optional
policy.method: string, optional
policy.roles: array of `real`, `holdout`, `synthetic`, optional
policy.budget: object or JSON text, optional
policy.budget.share: number, in its form
policy.budget.items: integer, in its form
policy.everything, ownConflicts: boolean, optional
risk: object, optional
risk.decisions, wrong: integer
risk.coefficients: array of number or decimal text
seed, frame, rest, audited: integer
reviewers: integer, optional
endsIn: `label`, `distribution`, optional
blind: boolean, optional
goldRate, goldThreshold: number or decimal text, optional
filter: object or JSON text, optional
gold: array of object, optional
gold[].sha256: 64 hex digits
gold[].label: string
items: array of object
items[].sha256: 64 hex digits
items[].stratum: `suspect-label`, `uncertain`, `novel`, `damaged`, `audit`, `chosen`
items[].reasons: array of object or string
items[].reasons[].score: string, in its form
items[].reasons[].value: number, in its form
items[].reasons[].rank, of: integer, in its form
items[].reasons[].threshold: number, optional
items[].reasons[].place: `upper left`, `top`, `upper right`, `left`, `middle`, `right`, `lower left`, `bottom`, `lower right`, optional
items[].reasons[].method, text: string, in its form
items[].priority, inclusionProbability: number or decimal text
items[].group: array of 64 hex digits

queue.described
queue: integer
name, due: string, optional
assignees: array of object
assignees[].reviewer: string
assignees[].answers: integer, optional
instructions: string, optional

queue.reranked
queue: integer
afterAnswers: integer, optional
risk: object
risk.decisions, wrong: integer
risk.coefficients: array of number or decimal text
items: array of object
items[].sha256: 64 hex digits
items[].place: integer
items[].priority: number or decimal text
items[].reasons: array of object or string
items[].reasons[].score: string, in its form
items[].reasons[].value: number, in its form
items[].reasons[].rank, of: integer, in its form
items[].reasons[].threshold: number, optional
items[].reasons[].place: `upper left`, `top`, `upper right`, `left`, `middle`, `right`, `lower left`, `bottom`, `lower right`, optional
items[].reasons[].method, text: string, in its form

reranking.set
after: integer

policy.saved
name: string
policy: object or JSON text
policy.shares: object
policy.diverse: array of `suspect-label`, `uncertain`, `novel`, `damaged`
policy.method: string, optional

policy.removed
name: string

decisions.made
context: `review`, `conflict`, `explore`, `view`, `command`, optional
decisions: array of object
decisions[].sha256: 64 hex digits
decisions[].verdict: `accept`, `relabel`, `reject`, `skip`, `undo`
decisions[].queue, place: integer, optional
decisions[].label, reason, comment: string, optional
decisions[].undoes: integer, optional
decisions[].purpose: `review`, `adjudication`, `gold`, optional
decisions[].durationMs, grid: integer, optional
decisions[].flagged, party, spread: boolean, optional
decisions[].boxes: array of object, optional
decisions[].boxes[].label, format: string
decisions[].boxes[].values: array of 4 of number or decimal text
decisions[].boxes[].detail: string, optional
decisions[].shown, known: string, optional

handout.made
handout: string
queue: integer
reviewer: string
pictures: `originals`, `previews`
expires: string, optional
events: integer
head: 64 hex digits
items: array of object
items[].sha256: 64 hex digits
items[].label: string, optional
items[].answers: integer, optional

handout.recalled
handout: string
reason: string, optional

handout.contents
project, name: string
queue: integer
reviewer: string
pictures: `originals`, `previews`
expires: string, optional
workstation: 64 hex digits

answers.collected
handout, reviewer: string
events: integer
head, publicKey: 64 hex digits
signature: 128 hex digits
decisions: array of object
decisions[].sha256: 64 hex digits
decisions[].verdict: `accept`, `relabel`, `reject`, `skip`, `undo`
decisions[].queue, place: integer, optional
decisions[].label, reason, comment: string, optional
decisions[].undoes: integer, optional
decisions[].purpose: `review`, `adjudication`, `gold`, optional
decisions[].durationMs, grid: integer, optional
decisions[].flagged, party, spread: boolean, optional
decisions[].boxes: array of object, optional
decisions[].boxes[].label, format: string
decisions[].boxes[].values: array of 4 of number or decimal text
decisions[].boxes[].detail: string, optional
decisions[].shown, known: string, optional
decisions[].number: integer
decisions[].at: string
left: array of object
left[].number: integer
left[].at: string
left[].sha256: 64 hex digits
left[].reviewer: string
left[].verdict: `accept`, `relabel`, `reject`, `skip`, `undo`
left[].label, reason: string, optional
left[].why: `decided`, `changed`, `withdrawn`, `recalled`, `expired`, `other-person`, `no-item`, `unknown-class`
left[].held: object, optional
left[].held.reviewer: string
left[].held.verdict: `accept`, `relabel`, `reject`, `skip`, `undo`
left[].held.label: string, optional

copies.answered
answers: array of object
answers[].sha256, other: 64 hex digits
answers[].answer: `copy`, `not-a-copy`, `withdrawn`
answers[].comment: string, optional
answers[].certainty: `same-pixels`, `same-picture`, `neighbour`, optional
answers[].similarity: number or decimal text, optional
answers[].laid: boolean, optional

reject-reasons.set
reasons: array of string

views.set
views: array of object
views[].name, link: string

images.tagged
tag: string
images: array of 64 hex digits

images.untagged
tag: string
images: array of 64 hex digits

new-classes.set
allowed: boolean

class.added
name: string

reviewer.resumed
queue: integer
reviewer: string

release.exported
format, folder: string
images: integer
manifestSha256: 64 hex digits
options: object or JSON text
options.roles: array of `real`, `holdout`, `synthetic`
options.undecided: `in`, `out`
options.include: array of string
options.tag: string, optional
mix: object, optional
mix.realShare, floor: number or decimal text
mix.batchSize, seed, policy, images, real, realImages, leastReal: integer
mix.belowFloor: string, optional

release.withdrawn
manifestSha256: 64 hex digits
folder, reason: string

mix-policy.set
target, floor: number or decimal text
generations: array of integer, optional
unreviewed: boolean

round.added
name: string
mix: 64 hex digits
model: object, optional
model.name: string
model.sha256: 64 hex digits, optional
realImages, newRealImages: integer
realShare: number or decimal text
holdout: array of object, optional
holdout[].measure: string
holdout[].value: number or decimal text

costs.set
currency: string, optional
inputs: array of object
inputs[].input: `review-share`, `kept-out-share`, `rejected-share`, `annotator-seconds`, `specialist-seconds`, `lead-seconds`, `annotator-rate`, `specialist-rate`, `lead-rate`, `review-price`, `generation`, `setup`, `maintenance`, `months`, `collection`, `labelling-seconds`, `human-setup`
inputs[].low, high: number or decimal text
inputs[].source: string, optional
released: array of `review-share`, `kept-out-share`, `rejected-share`, `annotator-seconds`, `specialist-seconds`, `lead-seconds`, `annotator-rate`, `specialist-rate`, `lead-rate`, `review-price`, `generation`, `setup`, `maintenance`, `months`, `collection`, `labelling-seconds`, `human-setup`, optional

plan-target.set
kind: `balanced`, `real-share`, `floor`, `custom`, `experiment`
images: integer, optional
classes: array of object, optional
classes[].label: string
classes[].images: integer
experiment: integer, optional

suitability.answered
question: `distribution`, `rule-based`, `iterative`, `regulatory`, `human-judgement`, `evaluation-set`
answer: `yes`, `no`
reason: string

experiment.recorded
digest: 64 hex digits
results: string
predictions: object, optional
predictions.name: string
predictions.sha256: 64 hex digits

accounts.enabled
id, name: string
roles: array of `annotator`, `specialist`, `lead`, `administrator`
identity: string
publicKey: 64 hex digits
idleMinutes: integer

person.invited
id, name: string
roles: array of `annotator`, `specialist`, `lead`, `administrator`
identity: string
codeHash: 64 hex digits
codeUntil: string

person.enrolled
publicKey: 64 hex digits

person.changed
person: string
name: string, optional
roles: array of `annotator`, `specialist`, `lead`, `administrator`, optional

person.reset
person, reason: string
codeHash: 64 hex digits
codeUntil: string

signing.allowed
person: string

person.unlocked
person: string

person.revoked
person, reason: string

password.changed

person.signed-in
workstation: 64 hex digits

sign-in.refused
person: string
failures: integer
locked: boolean
workstation: 64 hex digits

competence.recorded
person: string
credential: object, optional
credential.credential, issuer, number: string
credential.documentSha256: 64 hex digits, optional
credential.validUntil: string, optional
training: object, optional
training.guideline: 64 hex digits
training.score: number or decimal text, optional
calibration: object, optional
calibration.queue, items: integer
calibration.accuracy: number or decimal text
calibration.kappa: number or decimal text, optional

competence.withdrawn
competence: integer
reason: string

requirements.set
review: object
review.training: boolean
review.calibration: number or decimal text, optional
review.credentials: array of string
judge: object
judge.training: boolean
judge.calibration: number or decimal text, optional
judge.credentials: array of string
sign: object
sign.training: boolean
sign.calibration: number or decimal text, optional
sign.credentials: array of string

guideline.published
sha256: 64 hex digits
text: string

record.signed
record: object
record.kind: `decision`, `dataset`, `release`
record.image: 64 hex digits, optional
record.release: integer, optional
version: 64 hex digits
event: integer
name: string
meaning: `authorship`, `review`, `approval`, `responsibility`
comment: string, optional
time, local: string
headEvents: integer
head, publicKey: 64 hex digits
signature: 128 hex digits
"""
DECIDING_KINDS = ("decisions.made", "answers.collected")
DATASET_KINDS = ("files.imported", *DECIDING_KINDS, "copies.answered", "images.tagged", "images.untagged")
# Where fields are marked "in its form": what goes together, by the name of the object.
FORMS = {
    "budget": [{"share"}, {"items"}],
    "reasons": [
        *({"score", "value", "rank", "of", *more} for more in ((), ("threshold",), ("place",), ("threshold", "place"))),
        {"method"},
        {"text"},
    ],
}


class Field:
    def __init__(self, words):
        self.optional = words.endswith((", optional", ", in its form"))
        self.type = re.sub(r", (optional|in its form)$", "", words)
        self.fields = {}


def read_schema():
    kinds = {}
    for block in SCHEMA.strip().split("\n\n"):
        kind, *lines = block.split("\n")
        kinds[kind], KNOWN[kind] = {}, []
        for line in lines:
            paths, words = line.split(": ", 1)
            first, *others = paths.split(", ")
            above, dot, _ = first.rpartition(".")
            for path in [first, *(above + dot + name for name in others)]:
                KNOWN[kind].append(f"{path}: {words}")
                *steps, name = path.replace("[]", "").split(".")
                fields = kinds[kind]
                for step in steps:
                    fields = fields[step].fields
                fields[name] = Field(words)
    return kinds


KNOWN = {}  # by kind, the lines of its table
KINDS = read_schema()


# ---- Canonical form ----


def number_text(value):
    """A number as ECMAScript writes it."""
    if isinstance(value, int) and abs(value) < 2**53:
        return str(value)
    value = float(value)
    if not math.isfinite(value):
        raise ValueError("a number that is not finite")
    if value == 0:
        return "0"
    mantissa, _, exponent = repr(abs(value)).partition("e")
    whole, _, fraction = mantissa.partition(".")
    digits = (whole + fraction).lstrip("0")
    n = len(whole) + int(exponent or 0) - (len(whole + fraction) - len(digits))
    digits = digits.rstrip("0")
    k, sign = len(digits), "-" if value < 0 else ""
    if k <= n <= 21:
        return sign + digits + "0" * (n - k)
    if 0 < n <= 21:
        return sign + digits[:n] + "." + digits[n:]
    if -6 < n <= 0:
        return sign + "0." + "0" * -n + digits
    return f"{sign}{digits[0]}{'.' * (k > 1)}{digits[1:]}e{n - 1:+d}"


def canonical(value):
    if isinstance(value, dict):
        keys = sorted(value, key=lambda key: key.encode("utf-16-be", "surrogatepass"))
        return "{" + ",".join(f"{canonical(key)}:{canonical(value[key])}" for key in keys) + "}"
    if isinstance(value, list):
        return "[" + ",".join(map(canonical, value)) + "]"
    if isinstance(value, str):
        value.encode("utf-8")  # raises UnicodeEncodeError, a ValueError, for a lone surrogate
        return json.dumps(value, ensure_ascii=False)
    if value is None or isinstance(value, bool):
        return json.dumps(value)
    return number_text(value)


def holds_null(value):
    """Whether a key of an object has the value null; an element of an array may."""
    if isinstance(value, dict):
        return any(each is None or holds_null(each) for each in value.values())
    return isinstance(value, list) and any(map(holds_null, value))


def parse(text):
    def refuse(word):
        raise ValueError(f"{word} is no JSON")

    return json.loads(text, parse_constant=refuse)


# ---- The shape of a body ----


def is_integer(value):
    return type(value) is int and abs(value) < 2**53


def is_number(value, in_text=False):
    return (type(value) in (int, float) and math.isfinite(value)) or (in_text and is_decimal(value))


def is_decimal(value):
    return isinstance(value, str) and re.fullmatch(r"-?\d+(\.\d+)?(e[+-]?\d+)?", value) is not None


SIMPLE = {
    "string": lambda value, _: isinstance(value, str),
    "boolean": lambda value, _: isinstance(value, bool),
    "integer": lambda value, _: is_integer(value),
    "number": is_number,
    "number or decimal text": lambda value, _: is_number(value, True),
    "64 hex digits": lambda value, _: isinstance(value, str) and re.fullmatch("[0-9a-f]{64}", value) is not None,
    "128 hex digits": lambda value, _: isinstance(value, str) and re.fullmatch("[0-9a-f]{128}", value) is not None,
}


def check_value(value, kind, fields, path, report, in_text=False):
    """Reports what in `value` is not as the document's words `kind` say. `in_text`: inside of JSON text."""
    wrong = lambda: report("wrong-type", f"{path} is no {kind}: {json.dumps(value)[:60]}")
    if kind.startswith("array of "):
        count = re.match(r"array of (\d+) of ", kind)
        if not isinstance(value, list) or (count and len(value) != int(count[1])):
            return wrong()
        element = kind[len(count[0] if count else "array of ") :]
        for i, each in enumerate(value):
            check_value(each, element, fields, f"{path}[{i}]", report, in_text)
    elif kind.startswith("`"):
        if value not in re.findall("`(.*?)`", kind):
            wrong()
    elif kind in SIMPLE:
        if not SIMPLE[kind](value, in_text):
            wrong()
    elif kind == "object or string" and isinstance(value, str):
        return
    elif kind == "object or JSON text" and isinstance(value, str):
        try:
            check_value(parse(value), "object", fields, path, report, True)
        except (ValueError, RecursionError):
            wrong()
    elif not isinstance(value, dict):
        wrong()
    elif fields:
        check_fields(value, fields, path, report, in_text)
    elif path.endswith("shares"):
        for name, share in value.items():
            if name not in SHARES or not is_number(share, in_text):
                report("wrong-type", f"{path}.{name} is no share of a stratum")


def check_fields(value, fields, path, report, in_text=False):
    for name in value:
        if name not in fields:
            report("unknown-field", f"{path}.{name}".lstrip("."))
    for name, field in fields.items():
        where = f"{path}.{name}".lstrip(".")
        if name in value:
            check_value(value[name], field.type, field.fields, where, report, in_text)
        elif not field.optional:
            report("missing-field", where)
    forms = FORMS.get(re.sub(r".*\.|\[\d+\]", "", path))
    if forms and set(value) & set(fields) not in forms:
        report("wrong-type", f"{path} has no known form: {', '.join(sorted(value))}")


# ---- Which decision holds ----


def iou(a, b):
    """Intersection over union of two boxes of one format."""
    (al, at, aw, ah), (bl, bt, bw, bh) = (corner_form(box) for box in (a, b))
    wide, high = min(al + aw, bl + bw) - max(al, bl), min(at + ah, bt + bh) - max(at, bt)
    both = max(wide, 0) * max(high, 0)
    union = aw * ah + bw * bh - both
    return both / union if union > 0 else 0


def corner_form(box):
    x, y, width, height = map(float, box["values"])
    return (x - width / 2, y - height / 2, width, height) if box["format"] == "cxcywh-relative" else (x, y, width, height)


def same_boxes(mine, others):
    if mine is None or others is None or len(mine) != len(others):
        return mine is others
    pairs = [
        (-iou(a, b), i, j)
        for i, a in enumerate(mine)
        for j, b in enumerate(others)
        if a["label"] == b["label"] and a["format"] == b["format"]
    ]
    left, right = set(), set()
    for overlap, i, j in sorted(pairs):
        if -overlap >= 0.5 and i not in left and j not in right:
            left.add(i)
            right.add(j)
    return len(left) == len(mine)


def agree(a, b):
    if "reject" in (a["verdict"], b["verdict"]):
        return a["verdict"] == b["verdict"]
    return a.get("label") == b.get("label") and same_boxes(a.get("boxes"), b.get("boxes"))


def standing(decisions):
    """By image, the judgements that nobody took back. `decisions`: all of them, in order."""
    undone = {each["undoes"] for each in decisions if each["verdict"] == "undo"}
    images = {}
    for each in decisions:
        if each["number"] not in undone and each["verdict"] in ("accept", "relabel", "reject"):
            if each.get("purpose") != "gold":
                images.setdefault(each["sha256"], []).append(each)
    return images


def holding(decisions, queues):
    """By image, the decision that holds. `decisions`: all of them, in order."""
    images = standing(decisions)
    held = {sha: holding_one(judgements, queues) for sha, judgements in images.items()}
    return {sha: decision for sha, decision in held.items() if decision}


def holding_one(judgements, queues):
    newest = lambda some: max(some, key=lambda each: each["number"], default=None)
    adjudicated = newest([each for each in judgements if each.get("purpose") == "adjudication"])
    if adjudicated:
        return adjudicated
    groups = {}
    for each in judgements:
        groups.setdefault(each.get("queue"), []).append(each)
    outcomes = []
    for queue, group in groups.items():
        made = queues[queue - 1] if queue in range(1, len(queues) + 1) else {}
        wanted = wanted_of(made, group[0]["sha256"])
        if wanted > 1 and made.get("endsIn") == "distribution":
            answers = newest_of_each(group)
            group = alike(answers)[0] if len(answers) >= wanted else []
        elif wanted > 1:
            answers = list({each["reviewer"]: each for each in group}.values())
            group = [a for a in answers if sum(agree(a, b) for b in answers) >= wanted]
        outcomes.append(newest(group))
    return newest([outcome for outcome in outcomes if outcome])


def wanted_of(queue, sha):
    """How many answers an item needs: `asked`, by image, is what hand-outs asked for."""
    return queue.get("asked", {}).get(sha, queue.get("reviewers", 1))


def settled(decision, queues):
    if decision is None:
        return None
    if decision.get("purpose") == "adjudication":
        return "adjudication"
    if "queue" not in decision:
        return "direct"
    queue = queues[decision["queue"] - 1]
    if wanted_of(queue, decision["sha256"]) == 1:
        return "review"
    return "distribution" if queue.get("endsIn") == "distribution" else "agreement"


def alike(answers):
    """Answers in groups of those that say the same of the label, the largest first; see `docs/ledger.md`."""
    groups = {}
    for each in answers:
        groups.setdefault((each["verdict"] == "reject", each["verdict"] != "reject" and each.get("label")), []).append(each)
    keeps_given = lambda group: any(each["verdict"] == "accept" for each in group)
    return sorted(groups.values(), key=lambda group: (-len(group), not keeps_given(group)))


def newest_of_each(judgements):
    """The newest judgement of each person, in order."""
    return sorted({each["reviewer"]: each for each in judgements}.values(), key=lambda each: each["number"])


def annotated(judgements):
    """What its annotators said of the label of an image, in shares."""
    own = [each for each in judgements if each.get("purpose", "review") == "review" and not each.get("spread")]
    answers = newest_of_each(own)
    shares = [
        {
            "label": None if group[0]["verdict"] == "reject" else group[0].get("label"),
            "rejected": group[0]["verdict"] == "reject",
            "annotators": len(group),
            "share": len(group) / len(answers),
        }
        for group in alike(answers)
    ]
    return {"distribution": shares or None, "annotators": len(answers)}


def as_released(judgement, queues, guidelines):
    purpose, queue = judgement.get("purpose", "review"), judgement.get("queue")
    return {
        "reviewer": judgement["reviewer"],
        "verdict": judgement["verdict"],
        "label": judgement.get("label"),
        "reason": judgement.get("reason"),
        "decidedAt": judgement["at"],
        "purpose": purpose,
        "queue": queue,
        "blind": purpose == "review" and queue is not None and bool(queues[queue - 1].get("blind")),
        "spread": bool(judgement.get("spread")),
        "grid": judgement.get("grid"),
        "comment": judgement.get("comment"),
        "guideline": next((sha for seq, sha in reversed(guidelines) if seq < judgement["seq"]), None),
    }


# ---- The record ----


class Record:
    def __init__(self, database, report):
        self.database, self.report = database, report
        self.hashes, self.images, self.batches, self.files = [], {}, {}, []
        self.runs, self.queues, self.decisions, self.releases, self.policies = [], [], [], [], set()
        self.uid = None
        self.undone, self.copy_answers = set(), {}
        self.measured, self.run_bodies, self.thumbs = [], [], {}
        self.tagged, self.tag_acts = set(), []
        self.people, self.competence, self.guidelines, self.acts = {}, [], [], []
        self.handouts = {}

    def replay(self):
        latest = ""
        previous, columns = "0" * 64, "seq, at, zone_offset_minutes, actor, app, kind, body, previous_hash, hash"
        for expected, row in enumerate(self.database.execute(f"SELECT {columns} FROM event ORDER BY seq"), 1):
            seq, at, zone, actor, app, kind, body, previous_hash, stored = row
            where, before = f"event {seq}", len(self.report.findings)
            self.latest, latest = latest, at
            report = lambda name, what: self.report(name, where, what)
            if seq != expected:
                report("sequence", f"is number {expected} in the chain")
            if previous_hash != previous:
                report("previous-hash", f"names {previous_hash}, the one before is {previous}")
            computed = self.hash_of(row)
            if stored != computed:
                report("hash", f"stored {stored}, computed {computed}")
            if not re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z", at) or actor == "":
                report("column", f"at {at!r}, actor {actor!r}")
            previous = stored
            self.hashes.append(stored)
            try:
                value = parse(body)
                if canonical(value) != body or holds_null(value):
                    report("not-canonical", "the body is not its own canonical form")
            except (ValueError, RecursionError) as error:
                report("not-canonical", f"the body cannot be read: {error}")
                continue
            if kind not in KINDS:
                report("unknown-kind", kind)
                continue
            if (kind == "project.created") != (expected == 1):
                report("order", "project.created is the first event, and only that")
            check_value(value, "object", KINDS[kind], "", report)
            self.check_actor(kind, actor, report)
            self.acts.append((seq, kind, value))
            try:
                getattr(self, re.sub("[.-]", "_", kind))(value, seq=seq, at=at, reviewer=actor, report=report)
            except (KeyError, TypeError, AttributeError, ValueError):
                if len(self.report.findings) == before:
                    raise
        if not self.hashes:
            self.report("sequence", "event 1", "there is no event")

    def hash_of(self, row):
        seq, at, zone, actor, app, kind, body, previous, _ = row
        text = lambda part: json.dumps(part, ensure_ascii=False)
        line = (
            f'{{"actor":{text(actor)},"app":{text(app)},"at":{text(at)},"body":{body},"kind":{text(kind)},'
            f'"previousHash":{text(previous)},"seq":{seq},"zoneOffsetMinutes":{zone}}}'
        )
        return hashlib.sha256(line.encode("utf-8", "surrogateescape")).hexdigest()

    # One method for each kind: what its event names must be there by then.

    def project_created(self, body, report, **_):
        self.uid = body["uid"]
        if not re.fullmatch("[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", body["uid"]):
            report("wrong-type", "uid is no UUID")

    def record_accepted(self, body, seq, report, **_):
        for given_up in body["givenUp"]:
            if given_up["events"] < seq and self.hashes[given_up["events"] - 1] == given_up["head"]:
                report("reference", f"the checkpoint of {given_up['events']} events was not given up")

    def clock_set_back(self, body, at, report, **_):
        if body["before"] != self.latest or at >= body["before"]:
            report("reference", f"the clock went from {self.latest} to {at}")

    def model_chosen(self, body, report, **_):
        if body["images"] > len(self.images):
            report("reference", f"{body['images']} images embedded, {len(self.images)} imported")

    def batch_created(self, body, report, **_):
        if body["name"] in self.batches:
            report("reference", f"there is a batch {body['name']!r} already")
        for parent in body["parents"]:
            if parent not in self.batches:
                report("reference", f"no batch {parent!r}")
        self.batches[body["name"]] = body["root"]

    def import_surveyed(self, body, report, **_):
        if body["batch"] not in self.batches:
            report("reference", f"no batch {body['batch']!r}")

    def files_imported(self, body, seq, report, **_):
        first = len(self.images) + 1
        if body["batch"] not in self.batches:
            report("reference", f"no batch {body['batch']!r}")
        if len(body["files"]) > 128:
            report("wrong-type", f"{len(body['files'])} files in one event")
        for file in body["files"]:
            if ("image" in file) == ("failure" in file):
                report("missing-field", f"{file['path']}: exactly one of image and failure")
            if "image" in file:
                self.images.setdefault(file["image"]["sha256"], len(self.images) + 1)
                self.files.append((body["batch"], file["path"], file["image"]["sha256"]))
                if "thumb" in file["image"]:
                    self.thumbs.setdefault(file["image"]["sha256"], file["image"]["thumb"])
        if "facts" in body:
            self.measured.append((seq, range(first, len(self.images) + 1), body["facts"]))

    def run_finished(self, body, report, **_):
        self.runs.append(body["digest"])
        self.run_bodies.append(body)
        if body["images"] > len(self.images):
            report("reference", f"{body['images']} images scored, {len(self.images)} imported")

    def queue_made(self, body, report, **_):
        self.queues.append(body)
        if not 1 <= body["run"] <= len(self.runs):
            report("reference", f"no run {body['run']}")
        items = [item["sha256"] for item in body["items"]]
        if len(set(items)) < len(items):
            report("reference", "an image is queued twice")
        for item in body["items"]:
            if not (0 <= float(item["priority"]) <= 1 and 0 < float(item["inclusionProbability"]) <= 1):
                report("wrong-type", f"priority or inclusionProbability of {item['sha256']}")
        for sha in [*items, *self.elsewhere(body)]:
            self.need_image(sha, report)

    def elsewhere(self, queue):
        """Images of a queue that are no items of it: gold items, and near-duplicates."""
        return [*(gold["sha256"] for gold in queue.get("gold", [])), *(sha for item in queue["items"] for sha in item["group"])]

    def queue_reranked(self, body, report, **_):
        if queue := self.need_queue(body["queue"], report):
            known = {item["sha256"] for item in queue["items"]}
            for item in body["items"]:
                if item["sha256"] not in known or not 0 <= item["place"] < len(known):
                    report("reference", f"{item['sha256']} at {item['place']} is in no queue {body['queue']}")

    def queue_described(self, body, report, **_):
        self.need_queue(body["queue"], report)

    def reranking_set(self, body, report, **_):
        if body["after"] < 0:
            report("wrong-type", f"after {body['after']} answers")

    def policy_saved(self, body, **_):
        self.policies.add(body["name"])

    def policy_removed(self, body, report, **_):
        if body["name"] not in self.policies:
            report("reference", f"no policy {body['name']!r}")
        self.policies.discard(body["name"])

    def copies_answered(self, body, at, reviewer, report, **_):
        for answer in body["answers"]:
            pair = answer["sha256"], answer["other"]
            for sha in pair:
                self.need_image(sha, report)
            self.copy_answers.pop(pair, None)
            if answer["answer"] != "withdrawn":
                self.copy_answers[pair] = (answer["answer"], reviewer, at, answer.get("comment"))

    def reject_reasons_set(self, *_, **__):
        pass

    def views_set(self, *_, **__):
        pass

    def images_tagged(self, body, seq, report, **_):
        self.tag(body, seq, report, True)

    def images_untagged(self, body, seq, report, **_):
        self.tag(body, seq, report, False)

    def tag(self, body, seq, report, on):
        for sha in body["images"]:
            self.need_image(sha, report)
            if ((body["tag"], sha) in self.tagged) == on:
                report("reference", f"{body['tag']!r} is {'already' if on else 'not'} on {sha}")
            (self.tagged.add if on else self.tagged.discard)((body["tag"], sha))
            self.tag_acts.append((seq, body["tag"], sha, on))

    def new_classes_set(self, *_, **__):
        pass

    def class_added(self, *_, **__):
        pass

    def reviewer_resumed(self, body, report, **_):
        self.need_queue(body["queue"], report)

    def release_exported(self, body, seq, **_):
        self.releases.append((seq, body))

    def release_withdrawn(self, body, report, **_):
        taken_back = (body["manifestSha256"], body["folder"])
        for place in reversed(range(len(self.releases))):
            if (self.releases[place][1]["manifestSha256"], self.releases[place][1]["folder"]) == taken_back:
                del self.releases[place]
                return
        report("reference", f"no release {body['manifestSha256']}")

    def mix_policy_set(self, body, report, **_):
        if not 0 <= float(body["floor"]) <= float(body["target"]) <= 1:
            report("wrong-type", f"a floor of {body['floor']} below a target of {body['target']}")

    def round_added(self, body, report, **_):
        mixes = [release["mix"] for _, release in self.releases if "mix" in release and release["manifestSha256"] == body["mix"]]
        if not mixes:
            report("reference", f"no mix {body['mix']}")
        elif not math.isclose(float(body["realShare"]), mixes[0]["real"] / mixes[0]["images"]) or body["realImages"] != mixes[0]["realImages"]:
            report("reference", f"counts of the round {body['name']!r} are not those of its mix")

    def costs_set(self, body, report, **_):
        names = [one["input"] for one in body["inputs"]] + body.get("released", [])
        if len(set(names)) < len(names):
            report("reference", "an input of the costs is named twice")
        for one in body["inputs"]:
            most = 1 if one["input"].endswith("-share") else math.inf
            if not 0 <= float(one["low"]) <= float(one["high"]) <= most:
                report("wrong-type", f"{one['input']} from {one['low']} to {one['high']}")

    def experiment_recorded(self, body, report, **_):
        if hashlib.sha256(body["results"].encode()).hexdigest() != body["digest"]:
            report("reference", f"the results of the experiment do not have the sha256 {body['digest']}")

    # People: what state their accounts are in.

    def check_actor(self, kind, actor, report):
        if not self.people or kind in ("accounts.enabled", "person.enrolled", "clock.set-back"):
            return
        if (actor == "assay") != (kind == "sign-in.refused"):
            report("actor", f"{actor!r} of {kind}")
        elif actor != "assay" and self.people.get(actor.lower(), {"state": None, "id": None})["state"] != "active":
            report("actor", f"{actor!r} has no open account")
        elif actor != "assay" and self.people[actor.lower()]["id"] != actor:
            report("actor", f"{actor!r} is not written as its id")

    def person(self, name, report, *states):
        found = self.people.get(name.lower())
        if not found:
            report("reference", f"no person {name!r}")
        elif states and found["state"] not in states:
            report("order", f"the account of {name!r} is {found['state']}")
        return found or {"state": None, "key": None, "reset_by": None}

    def add_person(self, body, state, key, report):
        if body["id"].lower() in self.people:
            report("reference", f"the id {body['id']!r} was given before")
        self.people[body["id"].lower()] = {"id": body["id"], "state": state, "key": key, "reset_by": None, "name": body["name"]}

    def accounts_enabled(self, body, reviewer, report, **_):
        if self.people or body["id"] != reviewer:
            report("order", "accounts are turned on once, by the first administrator")
        self.add_person(body, "active", body["publicKey"], report)

    def person_invited(self, body, report, **_):
        if not self.people:
            report("order", "there are no accounts yet")
        self.add_person(body, "invited", None, report)

    def person_enrolled(self, body, reviewer, report, **_):
        self.person(reviewer, report, "invited", "reset").update(state="active", key=body["publicKey"])

    def person_changed(self, body, report, **_):
        person = self.person(body["person"], report, "invited", "active", "reset", "locked")
        person["name"] = body.get("name", person.get("name"))

    def person_reset(self, body, reviewer, report, **_):
        person = self.person(body["person"], report, "invited", "active", "reset", "locked")
        person.update(state="reset", key=None, reset_by=reviewer)

    def signing_allowed(self, body, reviewer, report, **_):
        person = self.person(body["person"], report)
        if person["reset_by"] is None or reviewer in (person["reset_by"], body["person"]):
            report("order", f"{reviewer!r} cannot allow {body['person']!r} to sign")
        person["reset_by"] = None

    def person_unlocked(self, body, report, **_):
        self.person(body["person"], report, "locked")["state"] = "active"

    def person_revoked(self, body, report, **_):
        self.person(body["person"], report, "invited", "active", "reset", "locked").update(state="revoked", key=None)

    def password_changed(self, *_, **__):
        pass

    def person_signed_in(self, *_, **__):
        pass

    def sign_in_refused(self, body, report, **_):
        person = self.person(body["person"], report, "invited", "active", "reset")
        if body["locked"]:
            person["state"] = "locked"

    def competence_recorded(self, body, report, **_):
        self.person(body["person"], report)
        self.competence.append(body)
        if len({"credential", "training", "calibration"} & set(body)) != 1:
            report("missing-field", "exactly one of credential, training and calibration")
        if "training" in body and body["training"]["guideline"] not in (sha for _, sha in self.guidelines):
            report("reference", f"no guideline {body['training']['guideline']}")

    def competence_withdrawn(self, body, report, **_):
        if not 1 <= body["competence"] <= len(self.competence):
            report("reference", f"no competence {body['competence']}")

    def requirements_set(self, _, report, **__):
        if not self.people:
            report("order", "there are no accounts yet")

    def guideline_published(self, body, seq, report, **_):
        self.guidelines.append((seq, body["sha256"]))
        if hashlib.sha256(body["text"].encode()).hexdigest() != body["sha256"]:
            report("reference", "the guideline has another sha256")

    def record_signed(self, body, seq, reviewer, report, **_):
        say = lambda what: report("signature", what)
        person = self.person(reviewer, report, "active")
        if person["key"] != body["publicKey"]:
            say(f"{reviewer!r} does not have this key")
        if person["reset_by"] is not None:
            say(f"{reviewer!r} may not sign after the reset")
        if person.get("name") != body["name"]:
            say(f"{reviewer!r} is printed as {person.get('name')!r}")
        if body["headEvents"] != seq - 1 or self.hashes[seq - 2] != body["head"]:
            say("it is not made on the events before it")
        statement = {name: value for name, value in body.items() if name != "signature"}
        statement |= {"type": "assay-signature-1", "project": self.uid, "signer": reviewer}
        if not ed25519.verifies(
            bytes.fromhex(body["publicKey"]), canonical(statement).encode(), bytes.fromhex(body["signature"])
        ):
            say("the key did not sign this")
        if not self.made_version(body, seq):
            say(f"event {body['event']} did not make the version that is signed")

    def made_version(self, body, seq):
        what = body["record"]
        if not 1 <= body["event"] < seq or set(what) != {"kind", *{"decision": ["image"], "release": ["release"]}.get(what["kind"], [])}:
            return False
        kind, said = next(((kind, said) for number, kind, said in self.acts if number == body["event"]), (None, None))
        if what["kind"] == "release":
            return kind == "release.exported" and said["manifestSha256"] == body["version"]
        if self.hashes[body["event"] - 1] != body["version"]:
            return False
        if what["kind"] == "decision":
            about = lambda each: each["sha256"] == what["image"] and each.get("purpose") != "gold"
            return kind in DECIDING_KINDS and any(map(about, said["decisions"]))
        made = [number for number, kind, _ in self.acts if kind in DATASET_KINDS and number < seq]
        return made[-1:] == [body["event"]]

    # Hand-outs: what went out and how far it came back.

    def handout_made(self, body, report, **_):
        if body["handout"] in self.handouts:
            report("reference", f"there is a hand-out {body['handout']} already")
        items = [item["sha256"] for item in body["items"]]
        self.handouts[body["handout"]] = {**body, "taken": body["events"], "items": set(items), "numbers": set()}
        if len(set(items)) < len(items):
            report("reference", "an image is handed out twice")
        if not (queue := self.need_queue(body["queue"], report)):
            return
        known = {*(item["sha256"] for item in queue["items"]), *(gold["sha256"] for gold in queue.get("gold", []))}
        for item in body["items"]:
            if item["sha256"] not in known:
                report("reference", f"{item['sha256']} is not in queue {body['queue']}")
            if "answers" in item:
                queue.setdefault("asked", {})[item["sha256"]] = item["answers"]

    def handout_recalled(self, body, report, **_):
        self.need_handout(body["handout"], report)

    def handout_contents(self, *_, **__):
        pass

    def need_handout(self, handout, report):
        if handout not in self.handouts:
            report("reference", f"no hand-out {handout}")
        return self.handouts.get(handout)

    def answers_collected(self, body, seq, report, **_):
        handout = self.need_handout(body["handout"], report)
        if not handout:
            return
        if handout["reviewer"] != body["reviewer"] or body["events"] <= handout["taken"]:
            report("order", "the answers are of somebody else, or were collected before")
        handout["taken"] = body["events"]
        if self.people and self.people.get(body["reviewer"].lower(), {}).get("key") != body["publicKey"]:
            report("signature", f"{body['reviewer']!r} does not have this key")
        statement = {name: body[name] for name in ("handout", "reviewer", "events", "head", "publicKey")}
        statement |= {"type": "assay-answers-1", "project": self.uid}
        if not ed25519.verifies(
            bytes.fromhex(body["publicKey"]), canonical(statement).encode(), bytes.fromhex(body["signature"])
        ):
            report("signature", "the key did not sign these answers")
        for decision in body["decisions"]:
            if decision["sha256"] not in handout["items"]:
                report("reference", f"{decision['sha256']} was not handed out")
            if decision["number"] in handout["numbers"]:
                report("order", f"number {decision['number']} of the hand-out was collected before")
            handout["numbers"].add(decision["number"])
        self.take_decisions(body["decisions"], seq, None, body["reviewer"], report)

    def decisions_made(self, body, seq, at, reviewer, report):
        self.take_decisions(body["decisions"], seq, at, reviewer, report)

    def take_decisions(self, decisions, seq, at, reviewer, report):
        for decision in decisions:
            number = len(self.decisions) + 1
            said = {**decision, "number": number, "seq": seq, "at": at or decision["at"], "reviewer": reviewer}
            self.decisions.append(said)
            say = lambda what: report("reference", f"decision {number}: {what}")
            self.need_image(decision["sha256"], report)
            if "queue" in decision and (queue := self.need_queue(decision["queue"], report)):
                if decision["sha256"] not in {*(item["sha256"] for item in queue["items"]), *self.elsewhere(queue)}:
                    say(f"{decision['sha256']} is not in queue {decision['queue']}")
            if (decision["verdict"] == "undo") != ("undoes" in decision):
                report("missing-field", f"decision {number}: undoes is there with undo, and only there")
            elif "undoes" in decision:
                self.check_undo(said, say)

    def check_undo(self, undo, say):
        of = undo["undoes"]
        if not 1 <= of < undo["number"] or self.decisions[of - 1]["verdict"] == "undo":
            return say(f"undoes {of}, which is no decision that can be taken back")
        if of in self.undone:
            say(f"decision {of} is taken back already")
        self.undone.add(of)
        undone = self.decisions[of - 1]
        for field in ("sha256", "queue"):
            if undone.get(field) != undo.get(field):
                say(f"undoes {of}, which has another {field}")

    def need_image(self, sha, report):
        if sha not in self.images:
            report("reference", f"no image {sha}")

    def need_queue(self, number, report):
        if 1 <= number <= len(self.queues):
            return self.queues[number - 1]
        report("reference", f"no queue {number}")

    # What the database derives from the events.

    def rows(self, table, sql, *values):
        known = self.database.execute("SELECT 1 FROM sqlite_master WHERE name = ?", (table,)).fetchone()
        return self.database.execute(sql, values) if known else iter(())

    def check_runs(self):
        for run, stored in enumerate(self.runs, 1):
            try:
                computed = self.digest(run)
            except ValueError as error:
                computed = str(error)
            if computed != stored:
                self.report("digest", f"run {run}", f"recorded {stored}, computed {computed}")

    def check_derived(self):
        for seq, images, digest in self.measured:
            tables = ("image_facts", "generation_metadata")
            rows = (row for image in images for table in tables for row in self.derived(table, "*", "image_id = ?", image))
            if rows_digest(row | {"imageId": None} for row in rows) != digest:
                self.report("derived", f"event {seq}", "what was measured of its images has another digest")
        names = dict(self.rows("score_name", "SELECT id, name FROM score_name"))
        for run, body in enumerate(self.run_bodies, 1):
            say = lambda what: self.report("derived", f"run {run}", what)
            for score in body.get("scores", []):
                if names.get(score["id"]) != score["name"]:
                    say(f"score {score['id']} is called {names.get(score['id'])}, recorded as {score['name']}")
            for of in body.get("vectors", []):
                upto = ("model = ? AND image_id <= ? ORDER BY image_id", of["model"], body["images"])
                if rows_digest(self.derived("embedding", "image_id, vector", *upto)) != of["digest"]:
                    say(f"the vectors of {of['model']} have another digest")
                if "patches" in of and rows_digest(self.derived("patches", "image_id, features", *upto)) != of["patches"]:
                    say(f"the patches of {of['model']} have another digest")
            if "reports" in body:
                reports = self.derived("label_report", "role, report", "run_id = ? ORDER BY role", run)
                maps = self.derived("artefact_map", "image_id, columns, cells", "run_id = ? ORDER BY image_id", run)
                verdicts = self.derived(
                    "object_verdict",
                    "image_id, position, chance, fault, label_id, confidence, area",
                    "run_id = ? ORDER BY image_id, position",
                    run,
                )
                if rows_digest([*reports, *maps, *verdicts]) != body["reports"]:
                    say("its reports, maps or verdicts on objects have another digest")

    def derived(self, table, columns, condition, *values):
        """Rows as objects, with the names of columns in camel case."""
        cursor = self.rows(table, f"SELECT {columns} FROM {table} WHERE {condition}", *values)
        if not getattr(cursor, "description", None):
            return iter(())
        names = [re.sub("_(.)", lambda match: match[1].upper(), column[0]) for column in cursor.description]
        return (dict(zip(names, row)) for row in cursor)

    def digest(self, run):
        digest = hashlib.sha256()
        for table, columns, order in (
            ("score", "score_id, image_id, value", "score_id, image_id"),
            ("prediction", "image_id, label_id, probability", "image_id"),
            ("flag", self.flag_columns(), "image_id, rule"),
        ):
            for row in self.rows(table, f"SELECT {columns} FROM {table} WHERE run_id = ? ORDER BY {order}", run):
                known = [value for value in row if value is not None]
                digest.update((canonical(known) + "\n").encode())
        for table, column in (("label_model", "model"), ("risk_simulation", "simulation")):
            for (text,) in self.rows(table, f"SELECT {column} FROM {table} WHERE run_id = ?", run):
                digest.update(text.encode("utf-8", "surrogateescape"))
        return digest.hexdigest()

    def flag_columns(self):
        """The alteration came with schema 101, the certainty with 106."""
        present = {row[1] for row in self.database.execute("PRAGMA table_info(flag)")}
        later = [column for column in ("alteration", "certainty") if column in present]
        return ", ".join(["image_id, rule, other_image_id, similarity", *later])

    def check_state(self):
        self.compare("image", self.images.items(), self.rows("image", "SELECT sha256, id FROM image"))
        if self.database.execute("PRAGMA user_version").fetchone()[0] < 20:
            return
        said = lambda each: (each["number"], each["sha256"], each.get("queue"), each["verdict"], each.get("label"))
        on_record = lambda each: (each.get("reason"), each["reviewer"], each["at"])
        joined = "JOIN image i ON i.id = d.image_id LEFT JOIN label l ON l.id = d.label_id"
        self.compare(
            "decision",
            ((*said(d), *on_record(d), d.get("undoes"), d["seq"], d.get("purpose", "review")) for d in self.decisions),
            self.rows(
                "decision",
                "SELECT d.id, i.sha256, queue_id, verdict, l.name, reason, reviewer, at, undoes, seq, purpose"
                f" FROM decision d {joined}",
            ),
        )
        held = holding(self.decisions, self.queues).values()
        self.compare(
            "verdict",
            ((*said(d), *on_record(d), int("boxes" in d)) for d in held),
            self.rows(
                "verdict",
                "SELECT d.decision_id, i.sha256, queue_id, verdict, l.name, reason, reviewer, at, boxed"
                f" FROM verdict d {joined}",
            ),
        )

        self.compare(
            "copy_answer",
            ((*pair, *said) for pair, said in self.copy_answers.items()),
            self.rows(
                "copy_answer",
                "SELECT i.sha256, o.sha256, answer, reviewer, at, comment FROM copy_answer a"
                " JOIN image i ON i.id = a.image_id JOIN image o ON o.id = a.other_image_id",
            ),
        )

        self.compare(
            "image_tag",
            self.tagged,
            self.rows(
                "image_tag",
                "SELECT t.name, i.sha256 FROM image_tag a JOIN tag t ON t.id = a.tag_id JOIN image i ON i.id = a.image_id",
            ),
        )

    def compare(self, table, expected, rows):
        expected, found = set(expected), set(rows)
        for row in sorted(expected - found, key=str):
            self.report("state", f"table {table}", f"lacks {row}")
        for row in sorted(found - expected, key=str):
            self.report("state", f"table {table}", f"has {row}, which does not follow from the events")

    def check_head(self, head):
        if head not in self.hashes:
            self.report("head", head[:12], "no event has this hash: the record was cut short or written anew")

    def check_checkpoint(self, file):
        """Compares a checkpoint that was kept elsewhere. Who signed it is not checked here: verify.py of a release does."""
        report = lambda what: self.report("checkpoint", str(file), what)
        text = file.read_text(encoding="utf-8").rpartition("\n\n")[0]
        try:
            origin, size, root, head = text.split("\n")
            size, head = int(size), head.removeprefix("head ")
        except ValueError:
            return report("holds no checkpoint")
        if origin != f"assay.invalid/project/{self.uid}":
            report("is of another project")
        elif size > len(self.hashes):
            report(f"knows {size} events, here are {len(self.hashes)}: the record was cut short")
        elif self.hashes[size - 1] != head:
            report(f"another event {size} is known: the record was written anew")
        elif base64.b64encode(tree_root(self.hashes[:size])).decode() != root:
            report(f"its root is not that of the first {size} events")

    def check_originals(self, project):
        for batch, path, sha in self.files:
            for original in (Path(self.batches[batch]) / path, project / "objects" / sha[:2] / sha):
                if original.is_file() and sha256_of(original) != sha:
                    self.report("original", str(original), f"its sha256 is not {sha}")
        for sha, thumb in self.thumbs.items():
            file = project / "thumbs" / sha[:2] / f"{sha}.webp"
            if file.is_file() and sha256_of(file) != thumb:
                self.report("thumbnail", str(file), f"its sha256 is not {thumb}")

    def check_release(self, folder):
        file = folder / "assay-manifest.json"
        manifest, sha = json.loads(file.read_text(encoding="utf-8")), sha256_of(file)
        report = lambda what: self.report("manifest", str(folder), what)
        exported = [(seq, body) for seq, body in self.releases if body["manifestSha256"] == sha]
        if not exported:
            return report(f"no release on record has a manifest of the sha256 {sha}")
        (seq, body), cut = exported[0], manifest["ledger"]["events"]
        if manifest["project"]["uid"] != self.uid:
            report("is of another project")
        if not 1 <= cut < seq or self.hashes[cut - 1] != manifest["ledger"]["head"]:
            return report(f"its head is not that of event {cut}")
        run = manifest["scoreRun"]
        if run and self.runs[run["run"] - 1 :][:1] != [run["digest"]]:
            report(f"its digest is not that of run {run['run']}")
        if not body["images"] == len(manifest["images"]) == manifest["counts"]["images"]:
            report("counts of images differ")
        if manifest["exportFormat"] != body["format"] or isinstance(body["options"], dict) and manifest["options"] != body["options"]:
            report("its format or its options are others")
        known = {folder / each["path"] for each in manifest["files"]} | {file, folder / "assay-manifest.tlog-proof", folder / "assay-manifest.signatures.json"}
        for path in folder.rglob("*"):
            if path.is_file() and path not in known:
                report(f"{path.relative_to(folder)} is not in it")
        for each in manifest["files"]:
            path = folder / each["path"]
            if not path.is_file() or path.stat().st_size != each["bytes"] or sha256_of(path) != each["sha256"]:
                report(f"{each['path']} is not as it was written")
        before = [each for each in self.decisions if each["seq"] <= cut]
        held, stood, tags = holding(before, self.queues), standing(before), {}
        for _, tag, sha, on in (act for act in self.tag_acts if act[0] <= cut):
            (tags.setdefault(sha, set()).add if on else tags[sha].discard)(tag)
        for image in manifest["images"]:
            decision = held.get(image["sha256"], {"verdict": None, "reviewer": None, "at": None})
            origin = {"relabel": "relabelled", "accept": "accepted"}.get(decision["verdict"], "given")
            label = decision.get("label") if origin == "relabelled" else image["givenLabel"]
            expected = {"label": label, "origin": origin, "reviewer": decision["reviewer"], "decidedAt": decision["at"]}
            if "judgements" in image:  # Earlier versions named only the reviewer of the decision that holds.
                said = stood.get(image["sha256"], [])
                expected["judgements"] = [as_released(each, self.queues, self.guidelines) for each in said]
                if "tags" in image:  # Not in versions before tags.
                    expected["tags"] = sorted(tags.get(image["sha256"], ()), key=lambda tag: tag.encode())
                if "grid" in image:
                    expected["grid"] = held.get(image["sha256"], {}).get("grid")
                else:  # Versions before grids.
                    for each in expected["judgements"]:
                        del each["grid"]
                if "annotators" in image:
                    expected |= annotated(said)
                else:  # Versions before distributions.
                    for each in expected["judgements"]:
                        del each["comment"], each["guideline"]
                expected["settled"] = settled(held.get(image["sha256"]), self.queues)
                expected["adjudicator"] = decision["reviewer"] if expected["settled"] == "adjudication" else None
            for field, value in expected.items():
                if image[field] != value:
                    report(f"{field} of {image['sha256']} is {image[field]!r}, by the record {value!r}")


def rows_digest(rows):
    digest = hashlib.sha256()
    for row in rows:
        kept = {key: hashlib.sha256(v).hexdigest() if isinstance(v, bytes) else v for key, v in row.items() if v is not None}
        digest.update((canonical(kept) + "\n").encode("utf-8", "surrogateescape"))
    return digest.hexdigest()


def tree_root(hashes):
    """The root of the Merkle tree of the events with these hashes."""
    digest = lambda *parts: hashlib.sha256(b"".join(parts)).digest()
    row = [digest(b"\0", bytes.fromhex(each)) for each in hashes]
    while len(row) > 1:  # A last one without a neighbour goes up as it is.
        row = [digest(b"\1", *row[i : i + 2]) if i + 1 < len(row) else row[i] for i in range(0, len(row), 2)]
    return row[0]


def sha256_of(path):
    with open(path, "rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


class Report:
    def __init__(self):
        self.findings = []

    def __call__(self, name, where, what):
        self.findings.append({"name": name, "where": where, "what": what})


def open_database(path, scratch):
    """Opens the database so that nothing is written beside it: with a journal of newest events, a copy of both."""
    journal = path.with_name(path.name + "-wal")
    if journal.exists() and journal.stat().st_size > 0:
        for source in (path, journal):
            shutil.copyfile(source, Path(scratch) / source.name)
        path = Path(scratch) / path.name
        address = path.as_uri()
    else:
        address = path.resolve().as_uri() + "?mode=ro&immutable=1"
    database = sqlite3.connect(address, uri=True)
    database.text_factory = lambda text: text.decode("utf-8", "surrogateescape")
    if database.execute("PRAGMA application_id").fetchone()[0] != APPLICATION_ID:
        raise ValueError("this is no project of Assay")
    return database


def main():
    arguments = argparse.ArgumentParser(description="Verifies the record of an Assay project without Assay.")
    arguments.add_argument("project", type=Path, nargs="?", help="the project's folder, or its project.db")
    arguments.add_argument("--head", action="append", default=[], help="a head kept elsewhere, which must occur")
    arguments.add_argument("--checkpoint", action="append", default=[], type=Path, help="a checkpoint kept elsewhere")
    arguments.add_argument("--release", action="append", default=[], type=Path, help="folder of a release, checked too")
    arguments.add_argument("--originals", action="store_true", help="read the originals that are still where they were")
    arguments.add_argument("--json", action="store_true", help="print one JSON document")
    arguments.add_argument("--schema", action="store_true", help="print the fields that are known, and end")
    chosen = arguments.parse_args()
    if chosen.schema:
        return print("\n\n".join("\n".join([kind, *lines]) for kind, lines in KNOWN.items()))
    if not chosen.project:
        arguments.error("give a project")
    path = chosen.project / "project.db" if chosen.project.is_dir() else chosen.project
    report = Report()
    try:
        with tempfile.TemporaryDirectory() as scratch:
            record = Record(open_database(path, scratch), report)
            record.replay()
            record.check_runs()
            record.check_derived()
            try:
                record.check_state()
            except (KeyError, TypeError, ValueError):
                if not report.findings:
                    raise
                report("state", "all tables", "what follows from such events cannot be said")
            for head in chosen.head:
                record.check_head(head)
            for file in chosen.checkpoint:
                record.check_checkpoint(file)
            for folder in chosen.release:
                record.check_release(folder)
            if chosen.originals:
                record.check_originals(path.parent)
            record.database.close()
    except (OSError, sqlite3.Error, ValueError, KeyError, TypeError) as error:
        print(f"{path} cannot be read: {type(error).__name__}: {error}", file=sys.stderr)
        sys.exit(2)
    counts = {"events": len(record.hashes), "runs": len(record.runs), "decisions": len(record.decisions)}
    head = record.hashes[-1] if record.hashes else None
    if chosen.json:
        print(json.dumps({"sound": not report.findings, **counts, "head": head, "findings": report.findings}))
    else:
        for finding in report.findings:
            print(f"{finding['name']}: {finding['where']}: {finding['what']}")
        if not report.findings:
            print(f"Sound: {', '.join(f'{count} {what}' for what, count in counts.items())}, head {head}")
    sys.exit(1 if report.findings else 0)


if __name__ == "__main__":
    main()
