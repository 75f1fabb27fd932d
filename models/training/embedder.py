"""The patch embedder: random whitened patches of procedural images as filters, pooled, then whitened PCA.

After Coates, Ng and Lee 2011 and Thiry et al. 2021, with procedural images in place of photographs. No training loop.
"""

from dataclasses import dataclass

import numpy as np

CONTRAST_FLOOR = 10.0
ZCA_FLOOR = 0.1
PCA_FLOOR = 1e-3


@dataclass(frozen=True)
class Recipe:
    side: int
    patch: int
    stride: int
    filters: int
    threshold: float
    grid: int
    dimensions: int

    @property
    def positions(self) -> int:
        return (self.side - self.patch) // self.stride + 1

    @property
    def pool(self) -> tuple[int, int]:
        """Kernel and stride of the average pool that covers all positions, overlapping if they do not divide evenly."""
        stride = self.positions // self.grid
        return self.positions - (self.grid - 1) * stride, stride


@dataclass(frozen=True)
class Embedder:
    """filters: K x 3 x patch x patch, each of zero mean; offset: K; projection: 2*K*grid^2 x dimensions; shift: dimensions."""

    recipe: Recipe
    filters: np.ndarray
    offset: np.ndarray
    projection: np.ndarray
    shift: np.ndarray


def random_patches(images: np.ndarray, size: int, count: int, rng: np.random.Generator) -> np.ndarray:
    """count x (size*size*3) contrast-normalised patches of n x side x side x 3 bytes; flat ones (std <= 8) are left out."""
    chosen = []
    found = 0
    while found < count:
        n = 2 * count
        index = rng.integers(0, len(images), n)
        top, left = rng.integers(0, images.shape[1] - size + 1, (2, n))
        rows = top[:, None, None] + np.arange(size)[None, :, None]
        columns = left[:, None, None] + np.arange(size)[None, None, :]
        patches = images[index[:, None, None], rows, columns].reshape(n, -1).astype(np.float64)
        patches += rng.normal(0, 4, patches.shape)
        patches = patches[patches.std(1) > 8]
        found += len(patches)
        chosen.append(patches)
    patches = np.concatenate(chosen)[:count]
    return (patches - patches.mean(1, keepdims=True)) / np.sqrt(patches.var(1, keepdims=True) + CONTRAST_FLOOR)


def dictionary(patches: np.ndarray, count: int, size: int, rng: np.random.Generator) -> tuple[np.ndarray, np.ndarray]:
    """`count` random patches, ZCA-whitened to unit norm, as filters that apply to unwhitened patches, and their offsets."""
    mean = patches.mean(0)
    values, vectors = np.linalg.eigh(np.cov(patches - mean, rowvar=False))
    whiten = (vectors / np.sqrt(np.maximum(values, 0) + ZCA_FLOOR)) @ vectors.T
    atoms = (patches[rng.choice(len(patches), count, replace=False)] - mean) @ whiten
    atoms /= np.linalg.norm(atoms, axis=1, keepdims=True)
    filters = atoms @ whiten
    # Each patch's mean is subtracted before the product; subtracting it from the filter instead is equivalent.
    filters_centred = filters - filters.mean(1, keepdims=True)
    shaped = filters_centred.reshape(count, size, size, 3).transpose(0, 3, 1, 2)
    return np.ascontiguousarray(shaped), filters @ mean


def pooled(recipe: Recipe, filters: np.ndarray, offset: np.ndarray, images: np.ndarray) -> np.ndarray:
    """n x (2*K*grid^2) root-pooled responses, ordered sign, filter, row, column: what the graph computes before its Gemm."""
    size, stride, grid = recipe.patch, recipe.stride, recipe.grid
    weights = filters.transpose(2, 3, 1, 0).reshape(-1, recipe.filters)
    kernel, step = recipe.pool
    out = np.empty((len(images), 2, recipe.filters, grid, grid))
    for at, image in enumerate(images):
        windows = np.lib.stride_tricks.sliding_window_view(image.astype(np.float64), (size, size), (0, 1))
        windows = windows[::stride, ::stride].transpose(0, 1, 3, 4, 2).reshape(recipe.positions, recipe.positions, -1)
        response = (windows @ weights) / np.sqrt(windows.var(-1) + CONTRAST_FLOOR)[..., None] - offset
        for sign, part in enumerate((response, -response)):
            active = np.maximum(part - recipe.threshold, 0)
            for row in range(grid):
                for column in range(grid):
                    window = active[row * step : row * step + kernel, column * step : column * step + kernel]
                    out[at, sign, :, row, column] = window.mean((0, 1))
    return np.sqrt(out.reshape(len(images), -1))


def whitened_pca(features: np.ndarray, dimensions: int) -> tuple[np.ndarray, np.ndarray]:
    """Projection and shift to the leading components, each scaled to unit variance; a component's largest entry is positive."""
    mean = features.mean(0)
    values, vectors = np.linalg.eigh(np.cov(features - mean, rowvar=False))
    values, vectors = values[::-1][:dimensions], vectors[:, ::-1][:, :dimensions]
    signs = np.sign(vectors[np.abs(vectors).argmax(0), np.arange(dimensions)])
    projection = vectors * signs / np.sqrt(values + PCA_FLOOR * values[0])
    return projection, -mean @ projection


def build(recipe: Recipe, images: np.ndarray, patches: int, seed: int) -> Embedder:
    """Builds the recipe's embedder from n x side x side x 3 procedural bytes."""
    rng = np.random.default_rng(seed)
    filters, offset = dictionary(random_patches(images, recipe.patch, patches, rng), recipe.filters, recipe.patch, rng)
    projection, shift = whitened_pca(pooled(recipe, filters, offset, images), recipe.dimensions)
    return Embedder(recipe, filters, offset, projection, shift)


def embed(embedder: Embedder, images: np.ndarray) -> np.ndarray:
    """n x dimensions, in float64: the reference that the graph is compared with."""
    features = pooled(embedder.recipe, embedder.filters, embedder.offset, images)
    return features @ embedder.projection + embedder.shift
