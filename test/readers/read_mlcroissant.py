"""MLCommons' `mlcroissant`: validates the description without a word of complaint, and reads every record."""

import logging

from absl import logging as absl_logging
from mlcroissant import Dataset
from PIL import Image

from reading import serve, sha256_of


class Complaints(logging.Handler):
    """Makes errors of the warnings that are only logged."""

    def emit(self, record):
        if record.levelno >= logging.WARNING:
            raise ValueError(record.getMessage())


absl_logging.get_absl_logger().addHandler(Complaints())


def read(folder):
    dataset = Dataset(jsonld=folder / "croissant.json")
    if complaints := dataset.metadata.ctx.issues.report():
        raise ValueError(complaints)
    names = {record_set.uuid for record_set in dataset.metadata.record_sets}
    splits = {}
    for record in dataset.records("images"):
        facts = {name.removeprefix("images/"): plain(value) for name, value in record.items()}
        splits.setdefault(facts.pop("split") or "none", []).append(image_of(folder, facts))
    reading = {"splits": splits, "classes": values_of(dataset, "classes") if "classes" in names else []}
    if "splits" in names and set(splits) - {"none"} != set(values_of(dataset, "splits")):
        raise ValueError("the splits of the images are not those that are declared")
    return reading


def image_of(folder, facts):
    image = facts.pop("image")
    file = folder / "images" / facts.pop("file_name")
    if image.tobytes() != Image.open(file).convert("RGB").tobytes():
        raise ValueError(f"{file} is another image than the one read")
    boxes, categories = facts.pop("bbox", None), facts.pop("categories", None)
    return {
        "sha256": sha256_of(file),
        "label": facts.pop("label"),
        "boxes": boxes and [{"label": label, "box": box} for label, box in zip(categories, boxes, strict=True)]
        if boxes != []
        else [],
        "facts": {**facts, "decided_at": facts["decided_at"] and str(facts["decided_at"])},
    }


def values_of(dataset, record_set):
    return [plain(record[f"{record_set}/name"]) for record in dataset.records(record_set)]


def plain(value):
    if isinstance(value, bytes):
        return value.decode()
    return [plain(item) for item in value] if isinstance(value, list) else value


serve(read)
