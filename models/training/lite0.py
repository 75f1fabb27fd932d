"""EfficientNet-Lite0 as an ONNX graph, straight from the file of weights: no torch, and nothing is executed from it."""

import io
import pickle
from collections import OrderedDict
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.lib.stride_tricks import as_strided
from onnx import NodeProto, TensorProto, helper, numpy_helper

EPSILON = 1e-3
# Repeats, kernel, stride, expansion and channels out of the seven stages (efficientnet_lite_pytorch/utils.py).
STAGES = [(1, 3, 1, 1, 16), (2, 3, 2, 6, 24), (2, 5, 2, 6, 40), (3, 3, 2, 6, 80), (3, 5, 1, 6, 112), (4, 5, 2, 6, 192),
          (1, 3, 1, 6, 320)]
STORAGES = {"FloatStorage": np.float32, "LongStorage": np.int64}


class _Reader(pickle.Unpickler):
    """Reads torch's format from before 1.6: tensors as views of storages, whose bytes follow the pickle."""

    def __init__(self, file: io.BufferedIOBase):
        super().__init__(file)
        self.storages: dict[str, np.ndarray] = {}

    def find_class(self, module: str, name: str):
        if (module, name) == ("torch._utils", "_rebuild_tensor_v2"):
            return lambda storage, offset, size, strides, *_: (storage, offset, size, strides)
        if module == "torch" and name in STORAGES:
            return STORAGES[name]
        if (module, name) == ("collections", "OrderedDict"):
            return OrderedDict
        raise pickle.UnpicklingError(f"the file of weights wants {module}.{name}, which weights do not need")

    def persistent_load(self, saved):
        _, kind, key, _, length, _ = saved
        return self.storages.setdefault(key, np.zeros(length, kind))


def read_weights(path: Path) -> dict[str, np.ndarray]:
    """Every tensor of the file by its name, as float32 or int64."""
    with path.open("rb") as file:
        for _ in range(3):  # A magic number, the version of the format, the byte order of the machine that wrote it.
            pickle.load(file)
        reader = _Reader(file)
        tensors = reader.load()
        for key in pickle.load(file):
            storage = reader.storages[key]
            (length,) = np.frombuffer(file.read(8), "<i8")
            if length != len(storage):
                raise ValueError(f"storage {key} holds {length} values instead of {len(storage)}")
            storage[:] = np.frombuffer(file.read(storage.nbytes), storage.dtype.newbyteorder("<"))
        # Convolutions were kept as TensorFlow orders them: their strides are not those of their sizes.
        return {
            name: as_strided(storage[offset:], size, [step * storage.itemsize for step in strides], writeable=False)
            for name, (storage, offset, size, strides) in tensors.items()
        }


def _padding(side: int, kernel: int, stride: int) -> list[int]:
    """TensorFlow's SAME: where the sum is odd, the longer half is at the end."""
    total = max((-(-side // stride) - 1) * stride + kernel - side, 0)
    return [total // 2] * 2 + [total - total // 2] * 2


@dataclass
class Features:
    """Named tensors of the graph: stride to name and channels of the last block at it, and the head before pooling."""

    nodes: list[NodeProto]
    initializers: list[TensorProto]
    strides: dict[int, tuple[str, int]]
    head: str


def features(weights: dict[str, np.ndarray], image: str, side: int) -> Features:
    """The network up to its last convolution, over `image` (n x 3 x side x side, (x - 127) / 128), stored as float16."""
    nodes: list[NodeProto] = []
    initializers: list[TensorProto] = []
    strides: dict[int, tuple[str, int]] = {}

    def store(name: str, value: np.ndarray) -> str:
        # Half the bytes; onnxruntime makes them float32 once, when it loads the graph.
        initializers.append(numpy_helper.from_array(value.astype(np.float16), f"{name}.half"))
        nodes.append(helper.make_node("Cast", [f"{name}.half"], [name], to=TensorProto.FLOAT))
        return name

    def convolve(source: str, side: int, conv: str, norm: str, out: str, stride: int = 1, clip: bool = True) -> int:
        weight = weights[f"{conv}.weight"]
        gain = weights[f"{norm}.weight"] / np.sqrt(weights[f"{norm}.running_var"] + EPSILON)
        bias = weights[f"{norm}.bias"] - weights[f"{norm}.running_mean"] * gain
        kernel, groups = weight.shape[2], weight.shape[0] if weight.shape[1] == 1 else 1
        names = [store(f"{out}.weight", weight * gain[:, None, None, None]), store(f"{out}.bias", bias)]
        linear = f"{out}.linear" if clip else out
        nodes.append(helper.make_node("Conv", [source, *names], [linear], kernel_shape=[kernel, kernel], group=groups,
                                      strides=[stride, stride], pads=_padding(side, kernel, stride)))
        if clip:
            nodes.append(helper.make_node("Clip", [linear, "zero", "six"], [out]))
        return -(-side // stride)

    initializers += [numpy_helper.from_array(np.array(v, np.float32), name) for name, v in (("zero", 0), ("six", 6))]
    here = convolve(image, side, "_conv_stem", "_bn0", "stem", 2)
    last, block = "stem", 0
    for repeats, _, first_stride, expansion, channels in STAGES:
        for repeat in range(repeats):
            name, source, stride = f"block{block}", last, first_stride if repeat == 0 else 1
            prefix = f"_blocks.{block}."
            if expansion != 1:
                convolve(source, here, f"{prefix}_expand_conv", f"{prefix}_bn0", f"{name}.expanded")
                source = f"{name}.expanded"
            here = convolve(source, here, f"{prefix}_depthwise_conv", f"{prefix}_bn1", f"{name}.deep", stride)
            out = f"{name}.projected" if repeat > 0 else name
            convolve(f"{name}.deep", here, f"{prefix}_project_conv", f"{prefix}_bn2", out, clip=False)
            if repeat > 0:
                nodes.append(helper.make_node("Add", [last, out], [name]))
            last, block = name, block + 1
            strides[side // here] = (name, channels)
    convolve(last, here, "_conv_head", "_bn1", "head")
    return Features(nodes, initializers, strides, "head")
