"""The scores of an image from its facts, in plain Python by each score's definition; label scores by cleanlab."""

import math
from collections.abc import Callable

import numpy as np

from labels import quality


def clamp(value: float, most: float, least: float | None = None) -> float:
    return max(-most if least is None else least, min(most, value))


def row(values: list, i: int, classes: int) -> list:
    return values[i * classes : (i + 1) * classes]


def entropy(p: list[float]) -> float:
    return -sum(x * math.log(x) for x in p if x > 0)


def information(case: dict, i: int) -> float:
    members = [row(member, i, case["classes"]) for member in case["ensemble"]]
    mean = [sum(column) / len(members) for column in zip(*members)]
    return (entropy(mean) - sum(map(entropy, members)) / len(members)) / math.log(case["classes"])


def margin(case: dict, i: int) -> float:
    *_, second, first = sorted(row(case["probabilities"], i, case["classes"]))
    return first - second


def label_score(method: str) -> Callable[[dict, int], float | None]:
    def score(case: dict, i: int) -> float | None:
        given = case["given"][i]
        return None if given < 0 else quality([given], [row(case["probabilities"], i, case["classes"])], method)[0]
    return score


def novelty(distance: str, scale: str) -> Callable[[dict, int], float]:
    return lambda case, i: 1 - math.exp(-case[distance][i] / case[scale])


def class_novelty(case: dict, i: int) -> float | None:
    given = case["given"][i]
    if given < 0:
        return None
    return 1 - math.exp(-case["givenClassDistance"][i] / (case["noveltyScaleOfClass"][given] or case["noveltyScale"]))


def blurry(case: dict, i: int) -> float:
    histogram = 1 - math.exp(-0.01 * case["pixels"][i]["histogramStd"])
    return min(1, 1 - math.exp(-0.01 * case["pixels"][i]["edgeStd"]) + (histogram if histogram > 0.18 else 0))


def odd_size(case: dict, i: int) -> float:
    q1, q3 = case["sizeQ1"], case["sizeQ3"]
    middle, gap = (q1 + q3) / 2, 7 * (q3 - q1)
    score = 1 - min(1, abs(math.sqrt(case["width"][i] * case["height"][i]) - middle) / (gap or middle))
    return score / 2 if gap == 0 and score < 1 else score


def sharpness(case: dict, i: int) -> float:
    levels = np.repeat([case["signatures"][i]], 16, axis=1).astype(float).repeat(32, axis=0)
    inner = levels[1:-1, 1:-1]
    return float(np.std(4 * inner - levels[:-2, 1:-1] - levels[2:, 1:-1] - levels[1:-1, :-2] - levels[1:-1, 2:]))


def fact(name: str) -> Callable[[dict, int], float]:
    return lambda case, i: case[name][i]


def gap(own: str, other: str, most: float) -> Callable[[dict, int], float]:
    return lambda case, i: clamp(case[own][i] - case[other][i], most)


def pixel(value: Callable[[dict], float]) -> Callable[[dict, int], float]:
    return lambda case, i: value(case["pixels"][i])


# The score, and when it flags an image if it does. A fact that is missing gives no score.
SCORES: dict[str, tuple] = {
    "artefact": (fact("oddestPart"),),
    "blurry": (blurry, lambda v: v < 0.29),
    "class-alignment": (lambda case, i: clamp(2.5 * case["ownAlignment"][i], 2.5, 0),),
    "class-discriminant": (gap("ownCloudDistance", "rivalCloudDistance", 10),),
    "class-distance": (
        lambda case, i: clamp(math.log((case["givenClassDistance"][i] + 1e-3) / (case["rivalClassDistance"][i] + 1e-3)), 7),
    ),
    "class-margin": (gap("ownAlignment", "bestOtherAlignment", 2),),
    "closeness": (
        lambda case, i: math.exp(-case["poolNearest"][i] / max(case["medianNearest"], 1e-6)), lambda v: v > math.exp(-0.13),
    ),
    "dark": (pixel(lambda p: p["brightnessP99"]), lambda v: v < 0.32),
    "entropy": (lambda case, i: entropy(row(case["probabilities"], i, case["classes"])) / math.log(case["classes"]),),
    "exact-duplicate": (fact("exactCopy"), lambda v: v > 0),
    "grayscale": (pixel(lambda p: int(not (p["singleChannel"] or p["greyPixels"]))), lambda v: v == 0),
    "holdout-leak": (fact("holdoutCopy"), lambda v: v > 0),
    "isolation": (novelty("poolDistance", "poolScale"),),
    "kernel-margin": (lambda case, i: clamp(case["kernelMargin"][i], 2), lambda v: v < 0),
    "light": (pixel(lambda p: 1 - p["brightnessP5"]), lambda v: v < 0.05),
    "low-information": (pixel(lambda p: min(1, 0.1 * p["entropyBits"])), lambda v: v < 0.3),
    "margin": (margin,),
    "mutual-information": (information,),
    "near-duplicate": (fact("batchCopy"), lambda v: v > 0),
    "neighbour-agreement": (fact("poolAgreement"),),
    "neighbour-rival": (fact("poolRivalAgreement"),),
    "normalized-margin": (label_score("normalized_margin"),),
    "novelty-all": (novelty("seedDistance", "noveltyScale"),),
    "novelty-class": (class_novelty,),
    "odd-aspect-ratio": (
        lambda case, i: min(case["width"][i] / case["height"][i], case["height"][i] / case["width"][i]), lambda v: v < 0.35,
    ),
    "odd-size": (odd_size, lambda v: v < 0.5),
    "relative-mahalanobis": (gap("ownCloudDistance", "wholeCloudDistance", 10),),
    "seed-copy": (fact("seedCopy"), lambda v: v > 0),
    "prompt-alignment": (
        lambda case, i: sum((f < case["ownPromptFit"][i]) + 0.5 * (f == case["ownPromptFit"][i]) for f in case["otherPromptFits"][i])
        / len(case["otherPromptFits"][i]),
    ),
    "self-confidence": (label_score("self_confidence"),),
    "sharpness": (sharpness,),
}


def maker(value: Callable, flag: Callable | None = None) -> Callable[[dict], dict]:
    def of(case: dict, i: int) -> float | None:
        try:
            return value(case, i)
        except TypeError:  # None among the facts
            return None

    def made(case: dict) -> dict:
        values = [of(case, i) for i in range(len(case["expected"]))]
        flags = {"flagged": [v is not None and bool(flag(v)) for v in values]} if flag else {}
        return {"expected": values, **flags}

    return lambda golden: {"cases": [made(case) for case in golden["cases"]]}


MAKERS = {f"scores/{name}": maker(*parts) for name, parts in SCORES.items()}
