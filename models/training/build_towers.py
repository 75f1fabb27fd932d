"""Writes the tiny pair of towers that the tests use: python build_towers.py <rendered sample set>. See README.md."""

import csv
import json
import sys
from pathlib import Path

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper
from onnx.reference import ReferenceEvaluator
from PIL import Image

from build import GOLDEN_SEED, golden_image, graph_of, input_of
from clip_tokenizer import END, Tokenizer
from embedder import Embedder, Recipe, dictionary, pooled, random_patches
from pack import hashes_of, write_pack

RECIPE = Recipe(side=32, patch=6, stride=1, filters=96, threshold=0.5, grid=2, dimensions=16)
SEED = 20260202
PATCHES = 50_000
RIDGE = 0.3
CONTEXT = 24
STRAY = 0.02
TOLERANCE = 0.005

CLASSES = ["bearing", "eye-bolt", "gear", "hex-bolt", "hex-nut", "o-ring", "spring", "washer", "wing-nut", "wood-screw"]
# Folder name -> name of the class in the set's prompts.
NAMES = {
    "bearing": ["bearing", "ball bearing"],
    "gear": ["gear", "spur gear"],
    "spring": ["spring", "coil spring"],
    "washer": ["washer", "flat washer"],
}
STOP_WORDS = ["a", "an", "the", "of", "one", "on", "photo", "picture", "depicts", "shows", "inspection", "close", "up"]
GOLDEN_TEXT = "A photo depicts hex-bolt"


def names_of(label: str) -> list[str]:
    return NAMES.get(label, [label.replace("-", " ")])


def read_images(folder: Path) -> tuple[np.ndarray, np.ndarray]:
    """Sound images of a rendered sample, real and generated, box-filtered to side x side bytes, with their classes."""
    with (folder / "answers.csv").open() as file:
        faulty = {row["path"] for row in csv.DictReader(file)}
    paths = [(path, path.parent.name) for role in ("real", "holdout") for path in sorted((folder / role).rglob("*.*"))]
    for line in (folder / "synthetic" / "metadata.jsonl").read_text().splitlines():
        row = json.loads(line)
        if f"synthetic/{row['file_name']}" not in faulty:
            paths.append((folder / "synthetic" / row["file_name"], row["label"]))
    size = (RECIPE.side, RECIPE.side)
    images = [np.asarray(Image.open(path).convert("RGB").resize(size, Image.Resampling.BOX)) for path, _ in paths]
    return np.stack(images), np.array([CLASSES.index(label) for _, label in paths])


def class_codes(rng: np.random.Generator) -> np.ndarray:
    """classes x dimensions: the corners of a simplex, so that every class is equally far from every other."""
    corners = np.eye(len(CLASSES)) - 1 / len(CLASSES)
    basis, _ = np.linalg.qr(rng.normal(size=(RECIPE.dimensions, RECIPE.dimensions)))
    return corners / np.linalg.norm(corners, axis=1, keepdims=True) @ basis[: len(CLASSES)]


def image_tower(images: np.ndarray, labels: np.ndarray, codes: np.ndarray, rng: np.random.Generator) -> Embedder:
    """Pooled responses of random whitened patches, with a ridge regression onto the classes' codes."""
    filters, offset = dictionary(random_patches(images, RECIPE.patch, PATCHES, rng), RECIPE.filters, RECIPE.patch, rng)
    features = pooled(RECIPE, filters, offset, images)
    mean = features.mean(0)
    centred = features - mean
    gram = centred.T @ centred
    gram += RIDGE * np.trace(gram) / len(gram) * np.eye(len(gram))
    projection = np.linalg.solve(gram, centred.T @ codes[labels])
    return Embedder(RECIPE, filters, offset, projection, -mean @ projection)


def word_table(tokenizer: Tokenizer, codes: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """tokens x dimensions: the shortest vectors whose means are the classes' codes. Words of no class carry no information;
    bytes, used for unknown words, have random ones."""
    known = sorted({word for label in CLASSES for name in names_of(label) for word in name.split()})
    rows, targets = [], []
    for label, code in zip(CLASSES, codes, strict=True):
        for name in names_of(label):
            rows.append([name.split().count(word) / len(name.split()) for word in known])
            targets.append(code)
    vectors = np.linalg.lstsq(np.array(rows), np.array(targets), rcond=None)[0]
    table = np.zeros((len(tokenizer.ids), RECIPE.dimensions))
    table[:512] = rng.normal(0, STRAY, (512, RECIPE.dimensions))
    for stop in STOP_WORDS:
        table[tokenizer.ids[f"{stop}</w>"]] = 0
    for word, vector in zip(known, vectors, strict=True):
        table[tokenizer.ids[f"{word}</w>"]] = vector
    return table


def text_tower(table: np.ndarray) -> onnx.ModelProto:
    """Ids and mask (n x context) to the mean vector of the tokens that are not masked."""
    nodes = [
        helper.make_node("Gather", ["table", "input_ids"], ["tokens"], axis=0),
        helper.make_node("Cast", ["attention_mask"], ["weight"], to=TensorProto.FLOAT),
        helper.make_node("Unsqueeze", ["weight", "last"], ["column"]),
        helper.make_node("Mul", ["tokens", "column"], ["kept"]),
        helper.make_node("ReduceSum", ["kept", "middle"], ["sum"], keepdims=0),
        helper.make_node("ReduceSum", ["weight", "middle"], ["count"], keepdims=1),
        helper.make_node("Div", ["sum", "count"], ["text_embeds"]),
    ]
    initializers = [
        numpy_helper.from_array(table.astype(np.float32), "table"),
        numpy_helper.from_array(np.array([2]), "last"),
        numpy_helper.from_array(np.array([1]), "middle"),
    ]
    inputs = [helper.make_tensor_value_info(name, TensorProto.INT64, ["n", CONTEXT]) for name in ("input_ids", "attention_mask")]
    output = helper.make_tensor_value_info("text_embeds", TensorProto.FLOAT, ["n", RECIPE.dimensions])
    graph = helper.make_graph(nodes, "bag-of-tokens", inputs, [output], initializers)
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=8, producer_name="assay")
    onnx.checker.check_model(model, full_check=True)
    return model


def rounded(values: np.ndarray) -> list[float]:
    return [round(float(value), 6) for value in values]


def main(sample: Path, folder: Path) -> None:
    rng = np.random.default_rng(SEED)
    images, labels = read_images(sample)
    codes = class_codes(rng)
    embedder = image_tower(images, labels, codes, rng)
    words = [word for label in CLASSES for name in names_of(label) for word in name.split()]
    tokenizer = Tokenizer(words + STOP_WORDS)
    table = word_table(tokenizer, codes, rng)
    files = {
        "image.onnx": graph_of(embedder).SerializeToString(deterministic=True),
        "text.onnx": text_tower(table).SerializeToString(deterministic=True),
        "tokenizer.json": (json.dumps(tokenizer.document(), ensure_ascii=False, indent=0) + "\n").encode(),
    }
    golden = golden_image(GOLDEN_SEED, RECIPE.side)[None].transpose(0, 3, 1, 2).astype(np.float32)
    ids = tokenizer.encode(GOLDEN_TEXT)
    padded = np.array([[*ids, *[tokenizer.ids[END]] * (CONTEXT - len(ids))]])
    mask = (np.arange(CONTEXT) < len(ids)).astype(np.int64)[None]
    image_values = ReferenceEvaluator(files["image.onnx"]).run(None, {"image": golden})[0][0]
    text_values = ReferenceEvaluator(files["text.onnx"]).run(None, {"input_ids": padded, "attention_mask": mask})[0][0]
    manifest = {
        "kind": "embedder",
        "id": "tiny-towers",
        "version": "1.0.0",
        "title": "A tiny image and text tower for the classes of the sample set",
        "licence": "Apache-2.0",
        "files": hashes_of(files),
        "model": "image.onnx",
        "input": input_of(RECIPE),
        "output": "embedding",
        "dimensions": RECIPE.dimensions,
        "golden": {"seed": GOLDEN_SEED, "values": rounded(image_values), "tolerance": TOLERANCE},
        "text": {
            "model": "text.onnx",
            "tokenizer": "tokenizer.json",
            "contextLength": CONTEXT,
            "padId": tokenizer.ids[END],
            "ids": "input_ids",
            "mask": "attention_mask",
            "output": "text_embeds",
            "golden": {"text": GOLDEN_TEXT, "ids": ids, "values": rounded(text_values), "tolerance": TOLERANCE},
        },
    }
    write_pack(folder, manifest, files)
    print(f"wrote {folder}: {sum(len(content) for content in files.values())} bytes, from {len(images)} images")


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(__file__).parent.parent / "testing" / "tiny-towers")
