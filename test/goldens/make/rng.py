"""The random numbers of core/base/numeric/random.ts, for inputs that a seed describes."""

import math
from collections.abc import Callable


def mulberry32(seed: int) -> Callable[[], float]:
    state = seed

    def draw() -> float:
        nonlocal state
        state = (state + 0x6D2B79F5) & 0xFFFFFFFF
        t = (state ^ state >> 15) * (state | 1) & 0xFFFFFFFF
        t ^= t + (t ^ t >> 7) * (t | 61) & 0xFFFFFFFF
        return (t ^ t >> 14) / 2**32

    return draw


def gaussian(draw: Callable[[], float]) -> float:
    """Box-Muller, the cosine branch; two draws."""
    u, v = max(draw(), 1e-12), draw()
    return math.sqrt(-2 * math.log(u)) * math.cos(2 * math.pi * v)
