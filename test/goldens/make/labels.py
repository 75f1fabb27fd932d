"""Label quality by cleanlab 2.9.0: confident learning, several answers an image, outliers, MNIST's test images."""

import json

import numpy as np
import pandas as pd
from cleanlab import count, filter as issues, multiannotator, rank
from cleanlab.internal import multiannotator_utils
from cleanlab.outlier import OutOfDistribution
from scipy.special import softmax
from sklearn.neighbors import NearestNeighbors

from make import GOLDENS
from rng import gaussian, mulberry32

LABEL_ERRORS = GOLDENS.parents[2] / "shared" / "data" / "label-errors"
FILTERS = [
    "prune_by_noise_rate", "prune_by_class", "both", "confident_learning", "low_self_confidence", "low_normalized_margin",
    "predicted_neq_given",
]


def found_by(labels: np.ndarray, P: np.ndarray) -> dict[str, np.ndarray]:
    return {name: np.flatnonzero(issues.find_label_issues(labels, P, filter_by=name, n_jobs=1)) for name in FILTERS}


def joint(labels: np.ndarray, P: np.ndarray) -> dict:
    whole = count.compute_confident_joint(labels, P, calibrate=True)
    py, noise, inverse = count.estimate_latent(whole, labels)
    return {
        "thresholds": count.get_confident_thresholds(labels, P), "py": py, "noise_matrix": noise, "inv": inverse, "cj_cal": whole,
        "cj_uncal": count.compute_confident_joint(labels, P, calibrate=False), **found_by(labels, P),
    }


def quality(labels, P, method: str) -> np.ndarray:
    return rank.get_label_quality_scores(np.array(labels), np.array(P), method=method)


def mixed() -> tuple[np.ndarray, np.ndarray]:
    """60 images in 4 classes; a fifth has a class drawn at random, and the logit of the true one is higher by 2."""
    draw = mulberry32(2024)
    labels, logits = [], []
    for i in range(60):
        labels.append(i % 4 if draw() > 0.2 else int(draw() * 4))
        logits.append([gaussian(draw) + 2 * (k == i % 4) for k in range(4)])
    return np.array(labels), softmax(logits, axis=1)


def confident_learning(golden: dict) -> dict:
    small, text = golden["small"], golden["joint"]
    labels, P = mixed()
    generated = joint(labels, P)
    del generated["inv"]
    return {
        "small": {
            "self_confidence": quality(small["labels"], small["P"], "self_confidence"),
            "normalized_margin": quality(small["labels"], small["P"], "normalized_margin"),
            "thresholds": count.get_confident_thresholds(np.array(small["labels"]), np.array(small["P"])),
        },
        "joint": joint(np.array(text["labels"]), np.array(text["P"])),
        "mixed60x4": {
            **generated, "labels": labels, "P0": P[0],
            "sum_sc": quality(labels, P, "self_confidence").sum(), "sum_nm": quality(labels, P, "normalized_margin").sum(),
        },
    }


def active(answers: np.ndarray, P: np.ndarray, unanswered: np.ndarray) -> dict:
    answered, rest = multiannotator.get_active_learning_scores(answers, P, unanswered)
    return {"temperature": multiannotator_utils.find_best_temp_scaler(answers, P), "answered": answered, "unanswered": rest}


def repaired(answers: np.ndarray, P: np.ndarray, unanswered: np.ndarray) -> dict:
    """The same with the answers as whole numbers where they are counted: released code counts floats, and puts the
    counts under the first classes, whatever was answered."""
    released = multiannotator_utils.value_counts
    multiannotator_utils.value_counts = lambda given, **rest: released(given.astype(int), **rest)
    try:
        return active(answers, P, unanswered)
    finally:
        multiannotator_utils.value_counts = released


def several(golden: dict) -> dict:
    answers, P, unanswered = (np.array(golden[key], float) for key in ("answers", "probabilities", "unanswered"))
    found = multiannotator.get_label_quality_multiannotator(
        pd.DataFrame(answers), P, return_detailed_quality=False, return_weights=True, verbose=False
    )
    images = found["label_quality"]
    made = {
        "consensus": images["consensus_label"].to_numpy(), "quality": images["consensus_quality_score"].to_numpy(),
        "agreement": images["annotator_agreement"].to_numpy(), "modelWeight": found["model_weight"],
        "annotatorWeights": found["annotator_weight"],
        "annotatorQuality": found["annotator_stats"].sort_index()["annotator_quality"].to_numpy(),
        "asReleased": active(answers, P, unanswered), "repaired": repaired(answers, P, unanswered),
    }
    if "majority" in golden:
        made["majority"] = multiannotator.get_majority_vote_label(answers, P, verbose=False)
    return made


def crowd(golden: dict) -> dict:
    one = {key: np.array(golden["single"][key], float) for key in ("answers", "probabilities", "unanswered")}
    answered, unanswered = multiannotator.get_active_learning_scores(*one.values())
    return {
        **{key: several(golden[key]) for key in ("small", "mixed")},
        "single": {"activeAnswered": answered, "activeUnanswered": unanswered},
    }


def mnist(golden: dict) -> dict | None:
    if not LABEL_ERRORS.exists():
        return None
    labels = np.load(LABEL_ERRORS / "mnist_test_set_original_labels.npy").astype(int)
    P = np.load(LABEL_ERRORS / "mnist_test_set_pyx.npy")
    answers = json.loads((LABEL_ERRORS / "mnist_mturk.json").read_text())
    wrong = [answer["id"] for answer in answers if answer["mturk"]["given"] < 3]
    found = found_by(labels, P).items()
    counts = {name: {"issues": len(rows), "verified": len(np.intersect1d(rows, wrong))} for name, rows in found}
    return {"counts": counts, "thresholds": count.get_confident_thresholds(labels, P)}


def outliers(golden: dict) -> dict:
    def features(case: dict) -> dict:
        X, k = np.array(case["X"], float), case["k"]
        detector = OutOfDistribution({"k": k})
        scores = detector.fit_score(features=X, verbose=False)
        # It takes cosines from 4 dimensions on, and keeps its scale to itself: the median of the mean distances.
        distances = NearestNeighbors(n_neighbors=k, metric=case["metric"]).fit(X).kneighbors()[0].mean(1)
        made = {"scaling": np.median(distances), "scores": scores}
        return made | ({"new_scores": detector.score(features=np.array(case["new"], float))} if "new" in case else {})

    return {"features": [features(case) for case in golden["features"]]}


MAKERS = {
    "label-quality/confident-learning": confident_learning, "label-quality/crowd": crowd, "label-quality/mnist": mnist,
    "label-quality/outliers": outliers,
}
