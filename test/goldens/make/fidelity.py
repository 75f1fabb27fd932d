"""Fidelity: prdc, vendi-score, and formulas where a reference is not on PyPI or wrong."""

import contextlib

import numpy as np
from prdc import compute_prdc
from scipy import linalg, special
from scipy.spatial.distance import cdist
from vendi_score import vendi

from rng import gaussian, mulberry32


def nearest(X: np.ndarray, k: int) -> np.ndarray:
    return np.sort(cdist(X, X), axis=1)[:, k]


def support(real: np.ndarray, fake: np.ndarray, k: int) -> dict[str, float]:
    with contextlib.redirect_stdout(None):  # it prints the sizes
        return compute_prdc(real, fake, k)


def frechet(a: np.ndarray, b: np.ndarray) -> float:
    A, B = np.cov(a.T), np.cov(b.T)
    return ((a.mean(0) - b.mean(0)) ** 2).sum() + np.trace(A + B - 2 * linalg.sqrtm(A @ B).real)


def kernel_distance(a: np.ndarray, b: np.ndarray) -> float:
    """Unbiased MMD squared with (x.y / d + 1)^3, for equal numbers (Binkowski et al. 2018)."""
    m = len(a)
    kernel = [(u @ v.T / a.shape[1] + 1) ** 3 for u, v in ((a, a), (b, b), (a, b))]
    return sum((K.sum() - np.trace(K)) / (m * (m - 1)) for K in kernel[:2]) - 2 * kernel[2].mean()


def discrepancy(a: np.ndarray, b: np.ndarray) -> float:
    """1000 x the biased MMD squared with a Gaussian kernel of width 10 (Jayasumana et al. 2024, CMMD)."""
    means = [np.exp(-cdist(u, v, "sqeuclidean") / 200).mean() for u, v in ((a, a), (b, b), (a, b))]
    return 1000 * (means[0] + means[1] - 2 * means[2])


def authentic(real: np.ndarray, fake: np.ndarray) -> float:
    """Share of the generated farther from their nearest real image than that is from its own (Alaa et al. 2022). Their
    code indexes the real images by numbers of generated ones; this does not."""
    D = cdist(real, fake)
    return float((D.min(0) > nearest(real, 1)[D.argmin(0)]).mean())


def alpha_beta(real: np.ndarray, fake: np.ndarray) -> tuple[float, float]:
    """Alpha-precision and beta-recall at 30 levels around the means (Alaa et al. 2022, without their trained centre)."""
    levels = np.linspace(0, 1, 30)
    to_centre = np.linalg.norm(fake - real.mean(0), axis=1)
    radii = np.quantile(np.linalg.norm(real - real.mean(0), axis=1), levels)
    D = cdist(real, fake)
    closest = np.linalg.norm(fake - fake.mean(0), axis=1)[D.argmin(1)]
    near = D.min(1) <= nearest(real, 1)
    precision = [(to_centre <= radius).mean() for radius in radii]
    recall = [(near & (closest <= radius)).mean() for radius in np.quantile(closest, levels)]
    return tuple(1 - 2 * np.abs(levels - share).sum() / 29 for share in (precision, recall))


def neighbour_entropy(X: np.ndarray, k: int) -> float:
    """Kozachenko and Leonenko 1987, in nats."""
    n, d = X.shape
    ball = d / 2 * np.log(np.pi) - special.gammaln(d / 2 + 1)
    return special.digamma(n) - special.digamma(k) + ball + d * np.log(nearest(X, k)).mean()


def effective_rank(X: np.ndarray) -> float:
    """Roy and Vetterli 2007."""
    w = np.linalg.eigvalsh(np.cov(X.T))
    return float(np.exp(special.entr(w / w.sum()).sum()))


def metrics(golden: dict) -> dict:
    tiny, alpha = golden["prdc_tiny"], golden["alphaprec"]
    real, fake = np.array(tiny["real"]), np.array(tiny["fake"])
    A, B = np.array(alpha["real"]), np.array(alpha["synth"])
    normal = mulberry32(7)
    first = np.array([gaussian(normal) for _ in range(160)]).reshape(40, 4)
    second = np.array([gaussian(normal) for _ in range(120)]).reshape(30, 4) * 0.8 + 0.3
    precision, recall = alpha_beta(A, B)
    two_and_one = np.array([[1.0, 0], [1, 0], [0, 1]])
    return {
        "prdc_tiny": {f"k{k}": support(real, fake, k) for k in (1, 2)},
        "fd_tiny": frechet(real, fake),
        "kid_tiny": kernel_distance(real[:4], fake),
        "cmmd_tiny": discrepancy(real, fake),
        "auth_tiny": authentic(real, fake),
        # score_dual, since score_X ignores q.
        "vendi": {
            "[[1,0],[1,0],[0,1]]": vendi.score_dual(two_and_one),
            "same q=2": vendi.score_dual(two_and_one, q=2),
            "same q=inf": vendi.score_dual(two_and_one, q="inf"),
        },
        "alphaprec": {"dpa": precision, "dcb": recall, "auth_correct": authentic(A, B)},
        "mid": {
            "prdc5": support(first, second, 5), "fd": frechet(first, second), "kid30": kernel_distance(first[:30], second),
            "cmmd": discrepancy(first, second), "vendi_f": vendi.score_dual(second), "authpct": 100 * authentic(first, second),
        },
        "KL": {
            "mid_real": neighbour_entropy(first, 1), "mid_fake": neighbour_entropy(second, 1),
            "mid_real_k3": neighbour_entropy(first, 3),
        },
        "effrank": {"erank": effective_rank(first)},
    }


MAKERS = {"fidelity/metrics": metrics}
