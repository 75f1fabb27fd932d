"""Writes the neutral model pack, patch256: python build.py [output folder]. See README.md beside this file."""

import hashlib
import sys
from pathlib import Path

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper
from onnx.reference import ReferenceEvaluator

from embedder import CONTRAST_FLOOR, Embedder, Recipe, build, embed
from pack import hashes_of, write_pack
from procedural import images

RECIPE = Recipe(side=32, patch=6, stride=1, filters=128, threshold=0.5, grid=2, dimensions=256)
SEED = 20260101
IMAGES = 3000
PATCHES = 150_000
GOLDEN_SEED = 1
GOLDEN_TOLERANCE = 0.01
LARGEST_DISAGREEMENT = 0.005


def graph_of(embedder: Embedder) -> onnx.ModelProto:
    """The embedder as a graph: input image (n x 3 x side x side, 0..255), output embedding (n x dimensions)."""
    recipe = embedder.recipe
    size, filters = recipe.patch, recipe.filters
    box = np.full((1, 3, size, size), 1 / (3 * size * size))
    offset = embedder.offset.reshape(1, filters, 1, 1)
    constants = {
        "filters": embedder.filters,
        "box": box,
        "floor": np.array(CONTRAST_FLOOR),
        "above": -offset - recipe.threshold,
        "below": offset - recipe.threshold,
        "zero": np.array(0.0),
        "projection": embedder.projection,
        "shift": embedder.shift,
    }
    stride = {"strides": [recipe.stride, recipe.stride]}
    kernel, step = recipe.pool
    pool = {"kernel_shape": [kernel, kernel], "strides": [step, step]}
    nodes = [
        helper.make_node("Conv", ["image", "filters"], ["product"], **stride),
        # Variance of every patch, by two passes of a box filter.
        helper.make_node("Mul", ["image", "image"], ["square"]),
        helper.make_node("Conv", ["image", "box"], ["mean"], **stride),
        helper.make_node("Conv", ["square", "box"], ["mean_square"], **stride),
        helper.make_node("Mul", ["mean", "mean"], ["square_mean"]),
        helper.make_node("Sub", ["mean_square", "square_mean"], ["rounded_variance"]),
        # Rounding may make a flat patch's variance slightly negative.
        helper.make_node("Max", ["rounded_variance", "zero"], ["variance"]),
        helper.make_node("Add", ["variance", "floor"], ["raised"]),
        helper.make_node("Sqrt", ["raised"], ["contrast"]),
        helper.make_node("Reciprocal", ["contrast"], ["gain"]),
        helper.make_node("Mul", ["product", "gain"], ["response"]),
        helper.make_node("Add", ["response", "above"], ["over"]),
        helper.make_node("Relu", ["over"], ["positive"]),
        helper.make_node("Sub", ["below", "response"], ["under"]),
        helper.make_node("Relu", ["under"], ["negative"]),
        helper.make_node("AveragePool", ["positive"], ["positive_pooled"], **pool),
        helper.make_node("AveragePool", ["negative"], ["negative_pooled"], **pool),
        helper.make_node("Concat", ["positive_pooled", "negative_pooled"], ["pooled"], axis=1),
        helper.make_node("Sqrt", ["pooled"], ["root"]),
        helper.make_node("Flatten", ["root"], ["features"]),
        helper.make_node("Gemm", ["features", "projection", "shift"], ["embedding"]),
    ]
    initializers = [numpy_helper.from_array(value.astype(np.float32), name) for name, value in constants.items()]
    image = helper.make_tensor_value_info("image", TensorProto.FLOAT, ["n", 3, recipe.side, recipe.side])
    embedding = helper.make_tensor_value_info("embedding", TensorProto.FLOAT, ["n", recipe.dimensions])
    graph = helper.make_graph(nodes, "patch-embedder", [image], [embedding], initializers)
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=8, producer_name="assay")
    onnx.checker.check_model(model, full_check=True)
    return model


def golden_image(seed: int, side: int) -> np.ndarray:
    """side x side x 3 bytes: the image that models/pack-golden.ts makes from that seed."""
    length = 8 * 8 * 3 + side * side * 3
    blocks = [hashlib.sha256(f"assay-golden:{seed}:{i}".encode()).digest() for i in range(-(-length // 32))]
    stream = np.frombuffer(b"".join(blocks), np.uint8)[:length].astype(np.uint16)
    cells, noise = stream[:192].reshape(8, 8, 3), stream[192:].reshape(side, side, 3)
    cell = np.arange(side) * 8 // side
    return ((3 * cells[cell][:, cell] + noise) >> 2).astype(np.uint8)


def input_of(recipe: Recipe) -> dict[str, object]:
    """The pack's `input`: unscaled bytes of a side x side picture, averaged by area."""
    return {
        "name": "image",
        "width": recipe.side,
        "height": recipe.side,
        "layout": "NCHW",
        "fit": "squash",
        "kernel": "area",
        "scale": 1,
        "mean": [0, 0, 0],
        "std": [1, 1, 1],
    }


def main(folder: Path) -> None:
    training = images(IMAGES, RECIPE.side, SEED)
    embedder = build(RECIPE, training, PATCHES, SEED)
    model = graph_of(embedder)
    golden = golden_image(GOLDEN_SEED, RECIPE.side)
    probe = np.concatenate([golden[None], training[:15]])
    expected = embed(embedder, probe)
    found = ReferenceEvaluator(model).run(None, {"image": probe.transpose(0, 3, 1, 2).astype(np.float32)})[0]
    disagreement = np.abs(found - expected).max()
    if not disagreement < LARGEST_DISAGREEMENT:
        raise SystemExit(f"the graph differs from the recipe by {disagreement}")
    files = {"model.onnx": model.SerializeToString(deterministic=True)}
    manifest = {
        "kind": "embedder",
        "id": "patch256",
        "version": "1.0.0",
        "title": "Patch embedder, 256 dimensions, built from procedural images only",
        "licence": "Apache-2.0",
        "files": hashes_of(files),
        "model": "model.onnx",
        "input": input_of(RECIPE),
        "output": "embedding",
        "dimensions": RECIPE.dimensions,
        "golden": {
            "seed": GOLDEN_SEED,
            "values": [round(float(value), 6) for value in expected[0]],
            "tolerance": GOLDEN_TOLERANCE,
        },
    }
    write_pack(folder, manifest, files)
    print(f"wrote {folder}: {len(files['model.onnx'])} bytes, off from the recipe by {disagreement:.2g} at most")


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else Path(__file__).parent.parent / "packs" / "patch256")
