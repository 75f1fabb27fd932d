"""Clean pictures of one world from what Python packages bring: real/, holdout/ and synthetic/, one folder per class.

usage: worlds.py <world> <folder> <real> <holdout> <synthetic>   (numbers of pictures over all classes)
"""

import sys
import zlib
from pathlib import Path

import numpy as np
from PIL import Image
from scipy import ndimage
from skimage import data, draw
from sklearn.datasets import load_digits, load_sample_images

# Standard deviation of brightness, of 255.
LEAST_SPREAD = 14
SIDES = ("real", "holdout", "synthetic")
# Colour photographs and grey textures that the packages carry in themselves. None shows a face.
PHOTOGRAPHS = {
    "cat": data.chelsea,
    "coffee": data.coffee,
    "temple": lambda: load_sample_images().images[0],
    "flower": lambda: load_sample_images().images[1],
    "motorcycle": lambda: data.stereo_motorcycle()[0],
    "rocket": data.rocket,
    "retina": data.retina,
    "tissue": data.immunohistochemistry,
    "galaxies": data.hubble_deep_field,
}
TEXTURES = {
    "brick": data.brick,
    "grass": data.grass,
    "gravel": data.gravel,
    "coins": data.coins,
    "cells": data.cell,
    "page": data.page,
    "writing": data.text,
    "moon": data.moon,
}


def save(folder, side, name, i, pixels, rng):
    """Real sides as a camera leaves them; the batch without loss, since faults come into it later."""
    into = Path(folder, side, name)
    into.mkdir(parents=True, exist_ok=True)
    image = Image.fromarray(np.clip(np.rint(pixels), 0, 255).astype(np.uint8)).convert("RGB")
    if side == "synthetic":
        image.save(into / f"{i}.png")
    else:
        image.save(into / f"{i}.jpg", quality=int(rng.integers(86, 96)), subsampling=0)


def each(world, classes, sizes):
    """Every picture to make, with its own generator of random numbers."""
    for side, total in zip(SIDES, sizes):
        for name in classes:
            for i in range(max(1, round(total / len(classes)))):
                key = zlib.crc32(f"{world}/{side}/{name}/{i}".encode())
                yield side, name, i, np.random.default_rng(key)


def looked_at(pixels, side, rng):
    """Exposure and grain of a camera, or the smoother, more colourful look of a generator."""
    pixels = pixels.astype(float)
    if side == "synthetic":
        middle = pixels.mean(axis=(0, 1), keepdims=True)
        smooth = ndimage.gaussian_filter(pixels, (0.6, 0.6) + (0,) * (pixels.ndim - 2))
        return middle + (smooth - middle) * rng.uniform(1.05, 1.2)
    return pixels * rng.normal(1, 0.05) + rng.normal(0, rng.uniform(1, 4), pixels.shape)


def something(picture, step, places, rng):
    """A square within one of the blocks that shows something: empty sky or black borders would all be one picture."""
    best = None
    for _ in range(40):
        y, x = places[rng.integers(len(places))]
        size = int(step * rng.uniform(0.55, 0.95))
        y, x = y + rng.integers(step - size + 1), x + rng.integers(step - size + 1)
        spread = picture[y : y + size, x : x + size].std(axis=(0, 1)).mean()
        if best is None or spread > best[0]:
            best = spread, (y, x, size)
        if spread >= LEAST_SPREAD:
            break
    return best[1]


def crops(world, folder, sizes, pictures):
    """Crops of one picture per class. Its blocks are dealt out to the sides, so that no two sides share a pixel."""
    blocks = {}
    for name, load in pictures.items():
        picture = load()[..., :3] if load().ndim == 3 else load()
        high, wide = picture.shape[:2]
        step = max(72, min(high, wide) // 4)
        places = [(y, x) for y in range(0, high - step + 1, step) for x in range(0, wide - step + 1, step)]
        np.random.default_rng(zlib.crc32(name.encode())).shuffle(places)
        a, b = max(1, round(len(places) * 0.3)), max(2, round(len(places) * 0.45))
        blocks[name] = picture, step, dict(zip(SIDES, (places[:a], places[a:b], places[b:])))
    for side, name, i, rng in each(world, pictures, sizes):
        picture, step, places = blocks[name]
        y, x, size = something(picture, step, places[side], rng)
        crop = Image.fromarray(picture[y : y + size, x : x + size]).resize((112, 112), Image.Resampling.BICUBIC)
        save(folder, side, name, i, looked_at(np.asarray(crop), side, rng), rng)


def digits(world, folder, sizes):
    """8 x 8 scans of handwriting, enlarged. No scan is used twice."""
    bunch = load_digits()
    order = np.random.default_rng(5).permutation(len(bunch.images))
    waiting = {str(k): [i for i in order if bunch.target[i] == k] for k in range(10)}
    for side, name, i, rng in each(world, [str(k) for k in range(10)], sizes):
        if not waiting[name]:
            raise SystemExit(f"there are not {sum(sizes)} digits: {name} is used up")
        ink = bunch.images[waiting[name].pop()] / 16
        ink = np.clip(ndimage.zoom(np.pad(ink, 1), 7.2, order=3), 0, 1)
        paper, pen = (250, 20) if side == "synthetic" else (rng.uniform(215, 245), rng.uniform(20, 80))
        save(folder, side, name, i, looked_at(paper + (pen - paper) * ink ** rng.uniform(0.7, 1.3), side, rng), rng)


def warped(image, rng, strength=3.0):
    """Moved a little everywhere, smoothly, and turned and scaled a little as a whole."""
    n = image.shape[0]
    shift = ndimage.gaussian_filter(rng.normal(size=(2, n, n)), (0, 14, 14))
    shift *= strength / (np.abs(shift).max() + 1e-9)
    angle, scale = rng.normal(0, 0.08), rng.uniform(0.92, 1.12)
    yx = np.indices((n, n)) - n / 2
    turned = scale * np.stack([np.cos(angle) * yx[0] - np.sin(angle) * yx[1], np.sin(angle) * yx[0] + np.cos(angle) * yx[1]])
    return ndimage.map_coordinates(image, turned + n / 2 + shift, order=1, mode="nearest")


def ellipse(image, y, x, a, b, value, rotation=0.0):
    rr, cc = draw.ellipse(y, x, max(1, a), max(1, b), shape=image.shape, rotation=rotation)
    image[rr, cc] = value


def phantom(name, rng):
    """A slice of 112 x 112 with intensities 0..1."""
    n = 112
    if name.startswith("head"):
        slice_ = ndimage.zoom(data.shepp_logan_phantom()[::2, ::2], n / 200, order=1)
        if name == "head-lesion":
            angle, r = rng.uniform(0, 2 * np.pi), rng.uniform(8, 24)
            ellipse(slice_, 56 + r * np.sin(angle), 56 + 0.6 * r * np.cos(angle), *rng.uniform(4, 7, 2), rng.uniform(0.5, 0.75))
        return warped(slice_, rng)
    slice_ = np.zeros((n, n))
    if name.startswith("chest"):
        ellipse(slice_, 58, 56, 40, 50, 0.5)
        for x in (34, 78):
            ellipse(slice_, 56, x, rng.uniform(24, 28), rng.uniform(13, 17), 0.12)
        ellipse(slice_, 84, 56, 7, 7, 0.9)
        ellipse(slice_, 52, 56, rng.uniform(9, 13), 8, 0.62)
        if name == "chest-nodule":
            ellipse(slice_, 56 + rng.uniform(-16, 16), rng.choice([34, 78]) + rng.uniform(-6, 6), *rng.uniform(3, 5.5, 2), 0.55)
    elif name == "abdomen":
        ellipse(slice_, 58, 56, 38, 48, 0.42)
        ellipse(slice_, 50, 38, rng.uniform(16, 20), rng.uniform(18, 24), 0.6)
        for x in (36, 76):
            ellipse(slice_, 74, x, 8, 6, 0.7)
        ellipse(slice_, 86, 56, 7, 8, 0.95)
    elif name == "bone":
        for r in (30, 22, 12):
            ellipse(slice_, 56, 56, r * rng.uniform(0.9, 1.1), r * rng.uniform(0.9, 1.1), {30: 0.35, 22: 0.95, 12: 0.45}[r])
    elif name == "vessels":
        for _ in range(5):
            y, x, angle = rng.uniform(10, 100), 4.0, 0.0
            while 2 < y < n - 2 and x < n - 3:
                slice_[int(y) - 1 : int(y) + 2, int(x) - 1 : int(x) + 2] = 0.85
                angle = 0.9 * angle + rng.normal(0, 0.25)
                y, x = y + 1.2 * np.sin(angle), x + 1.2 * np.cos(angle)
    else:
        density = 0.25 if name == "cells-sparse" else 0.5
        slice_ = 0.7 * data.binary_blobs(n, blob_size_fraction=0.1, volume_fraction=density, rng=rng)
    return warped(ndimage.gaussian_filter(slice_, 0.8), rng)


def phantoms(world, folder, sizes):
    names = ["head", "head-lesion", "chest", "chest-nodule", "abdomen", "bone", "vessels", "cells-sparse", "cells-dense"]
    for side, name, i, rng in each(world, names, sizes):
        slice_ = 20 + 210 * phantom(name, rng)
        if side != "synthetic":
            slice_ = slice_ * (1 + ndimage.gaussian_filter(rng.normal(0, 1, slice_.shape), 0.7) * 0.12)
        save(folder, side, name, i, looked_at(slice_, side, rng), rng)


world, folder, *counts = sys.argv[1:]
sizes = [int(count) for count in counts]
if world == "photographs":
    crops(world, folder, sizes, PHOTOGRAPHS)
elif world == "textures":
    crops(world, folder, sizes, TEXTURES)
elif world == "digits":
    digits(world, folder, sizes)
elif world == "phantoms":
    phantoms(world, folder, sizes)
else:
    raise SystemExit(f"no world {world}")
