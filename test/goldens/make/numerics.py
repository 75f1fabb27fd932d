"""Audit, calibration, random numbers and entropies, selection: scipy, exact sums, and formulas of the papers."""

import math
from fractions import Fraction

import numpy as np
from scipy import optimize, special, stats

from rng import gaussian, mulberry32


def clopper_pearson(errors: int, n: int) -> dict:
    low = stats.beta.ppf(0.025, errors, n - errors + 1) if errors else 0.0
    high, upper = (stats.beta.ppf([0.975, 0.95], errors + 1, n - errors) if errors < n else (1.0, 1.0))
    return {"interval": [low, high], "upper": upper}


def most_wrong(errors: int, sampled: int, population: int) -> int:
    """The largest count D of wrong ones for which `errors` or fewer in the sample have more than 5 %; exact."""
    def tail(wrong: int) -> Fraction:
        ways = sum(math.comb(wrong, x) * math.comb(population - wrong, sampled - x) for x in range(errors + 1))
        return Fraction(ways, math.comb(population, sampled))
    return max(D for D in range(errors, population - sampled + errors + 1) if tail(D) > Fraction(1, 20))


def sample_size(rate: float, allowed: int) -> int:
    """The smallest n in which `allowed` errors or fewer have at most 5 % at that rate."""
    n = allowed + 1
    while stats.binom.cdf(allowed, n, rate) > 0.05:
        n += 1
    return n


def audit(golden: dict) -> dict:
    strata = golden["stratified"]
    N, n, x = (np.array(strata[key], float) for key in ("population", "sampled", "errors"))
    W, p = N / N.sum(), x / n
    return {
        "clopperPearson": [clopper_pearson(c["errors"], c["sampled"]) for c in golden["clopperPearson"]],
        "hypergeometric": [{"upper": most_wrong(c["errors"], c["sampled"], c["population"])} for c in golden["hypergeometric"]],
        "sampleSize": [{"size": sample_size(c["maxRate"], c["allowedErrors"])} for c in golden["sampleSize"]],
        "stratified": {
            "rate": W @ p,
            "standardError": math.sqrt((W**2 * (1 - n / N) * p * (1 - p) / (n - 1)).sum()),
        },
    }


def calibration_error(P: np.ndarray, y: np.ndarray) -> float:
    """15 equal bins (low, high]: sum of |accuracy - confidence| by share."""
    confidence, right = P.max(1), P.argmax(1) == y
    bins = np.ceil(confidence * 15)
    return sum(abs((right[bins == b] - confidence[bins == b]).sum()) for b in np.unique(bins)) / len(y)


def calibration(golden: dict) -> dict:
    z, y = np.array(golden["logits"]), np.array(golden["y"])
    def loss(T: float) -> float:
        return -special.log_softmax(z / T, axis=1)[np.arange(len(y)), y].mean()
    T = optimize.minimize_scalar(loss, bounds=(0.05, 20), method="bounded", options={"xatol": 1e-12}).x
    P, after = special.softmax(z, axis=1), special.softmax(z / T, axis=1)
    return {
        "T": T, "nll1": loss(1), "nllT": loss(T), "ece_before": calibration_error(P, y), "ece_after": calibration_error(after, y),
        "brier": ((P - np.eye(3)[y]) ** 2).sum(1).mean(),
    }


def numeric(golden: dict) -> dict:
    uniform, normal = mulberry32(42), mulberry32(7)
    values, members = np.array(golden["outlierIqr"]["avg"]), np.array(golden["members"])
    q1, q3 = np.percentile(values, [25, 75])
    fence = q3 + (1 / 0.37037 - 1) * (q3 - q1)
    return {
        "mulberry32(42)": [uniform() for _ in golden["mulberry32(42)"]],
        "gaussians(7)": [gaussian(normal) for _ in golden["gaussians(7)"]],
        "outlierIqr": {"thr": fence},
        "hardness[2,1,0]": stats.entropy(special.softmax([2, 1, 0])),
        "entropyNats": stats.entropy([0.5, 0.3, 0.2]),
        "baldNats": stats.entropy(members.mean(0)) - stats.entropy(members, axis=1).mean(),
    }


def selection(golden: dict) -> dict:
    k_center, badge, typ = (golden[key] for key in ("kcenter", "badge", "typ"))
    X, chosen = np.array(k_center["X"]), list(k_center["labeled"])
    for _ in k_center["selected"]:  # the point that is farthest from all chosen ones
        chosen.append(int(np.linalg.norm(X[:, None] - X[chosen], axis=2).min(1).argmax()))
    p = np.array(badge["probs"])
    # The gradient of the loss in the last layer, were the most probable class the true one.
    factor = np.eye(2)[p.argmax(1)] - p
    gradient = (factor[:, :, None] * np.array(badge["emb"])[:, None]).reshape(len(p), -1)
    norms = (gradient**2).sum(1)
    T = np.array(typ["X"])
    squares = np.sort(((T[:, None] - T) ** 2).sum(2), axis=1)[:, 1 : typ["k"] + 1]
    return {
        "kcenter": {"selected": chosen[len(k_center["labeled"]) :]},
        "badge": {
            "norm2": norms, "first": norms.argmax(), "dist_to_first": np.linalg.norm(gradient - gradient[norms.argmax()], axis=1),
        },
        "typ": {"typ": 1 / (squares.mean(1) + 1e-5)},
    }


MAKERS = {"audit": audit, "calibration": calibration, "numeric": numeric, "selection": selection}
