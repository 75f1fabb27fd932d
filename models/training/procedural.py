"""Procedural training images: no photograph, no dataset, nothing to license.

Dead leaves (Lee, Mumford, Huang 2001: shapes occluding each other, radius density r^-3, which gives the scale-free
statistics of natural scenes) and coloured 1/f^alpha noise (the power spectrum of natural scenes).
"""

import numpy as np

RENDER = 128
LEAVES_SHARE = 0.75
NOISE_OVERLAY_SHARE = 0.4


def dead_leaves(rng: np.random.Generator) -> np.ndarray:
    """One RENDER x RENDER x 3 image, about 0..1, of ellipses, boxes and diamonds with shading and gratings."""
    size = RENDER
    image = np.zeros((size, size, 3), np.float32)
    free = np.ones((size, size), bool)
    ys, xs = np.mgrid[0:size, 0:size].astype(np.float32)
    base, spread = rng.random(3), rng.uniform(0.1, 0.6)
    smallest, largest = 3.0, size / 2.2
    for _ in range(600):
        u = rng.random()
        radius = 1 / np.sqrt(u / largest**2 + (1 - u) / smallest**2)
        cx, cy = rng.uniform(-radius, size + radius, 2)
        angle, aspect = rng.uniform(0, np.pi), rng.uniform(0.35, 1)
        x = (xs - cx) * np.cos(angle) + (ys - cy) * np.sin(angle)
        y = ((ys - cy) * np.cos(angle) - (xs - cx) * np.sin(angle)) / aspect
        shape = rng.integers(3)
        if shape == 0:
            inside = x * x + y * y < radius * radius
        elif shape == 1:
            inside = (np.abs(x) < radius) & (np.abs(y) < radius)
        else:
            inside = np.abs(x) + np.abs(y) < radius * 1.2
        inside &= free
        if not inside.any():
            continue
        colour = np.clip(base + rng.normal(0, spread, 3), 0, 1)
        shading = (x / radius)[inside, None] * rng.normal(0, 0.15, 3)
        if rng.random() < 0.3:
            frequency, phase = rng.uniform(0.1, 0.9), rng.uniform(0, 2 * np.pi)
            shading = shading + 0.15 * np.sin(frequency * x[inside] + phase)[:, None]
        image[inside] = colour + shading
        free &= ~inside
        if not free.any():
            break
    return image


def coloured_noise(rng: np.random.Generator) -> np.ndarray:
    """One RENDER x RENDER x 3 image around 0.5 with a 1/f^alpha spectrum and correlated channels."""
    frequencies = np.fft.fftfreq(RENDER)
    vertical, horizontal = rng.uniform(0.5, 2, 2)
    radius = np.sqrt(frequencies[:, None] ** 2 * vertical + frequencies[None] ** 2 * horizontal)
    radius[0, 0] = 1
    falloff = radius ** rng.uniform(0.8, 2.2)
    shared = np.fft.fft2(rng.normal(size=(RENDER, RENDER)))
    channels = []
    for _ in range(3):
        spectrum = 0.8 * shared + 0.4 * np.fft.fft2(rng.normal(size=(RENDER, RENDER)))
        channel = np.fft.ifft2(spectrum / falloff).real
        channels.append((channel - channel.mean()) / channel.std())
    return 0.5 + 0.22 * np.stack(channels, -1)


def images(count: int, side: int, seed: int) -> np.ndarray:
    """count x side x side x 3 bytes: rendered at RENDER pixels, box-filtered to `side` (which must divide it)."""
    factor = RENDER // side
    out = np.empty((count, side, side, 3), np.uint8)
    for index in range(count):
        rng = np.random.default_rng([seed, index])
        image = dead_leaves(rng) if rng.random() < LEAVES_SHARE else coloured_noise(rng)
        if rng.random() < NOISE_OVERLAY_SHARE:
            image = image + 0.25 * (coloured_noise(rng) - 0.5)
        image = image.reshape(side, factor, side, factor, 3).mean((1, 3))
        out[index] = (np.clip(image, 0, 1) * 255).astype(np.uint8)
    return out
