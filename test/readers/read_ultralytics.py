"""Ultralytics' own code for datasets: of boxes by data.yaml, of classes by folders."""

import shutil
import tempfile
from pathlib import Path

import torch_standins  # noqa: F401
from reading import serve, sha256_of
from ultralytics.cfg import get_cfg
from ultralytics.data.dataset import ClassificationDataset, YOLODataset
from ultralytics.data.utils import check_cls_dataset, check_det_dataset


def read(folder):
    """From a copy, since it leaves caches behind."""
    with tempfile.TemporaryDirectory() as scratch:
        copy = shutil.copytree(folder, Path(scratch) / "anywhere")
        return read_boxes(copy) if (copy / "data.yaml").exists() else read_classes(copy)


def read_boxes(folder):
    data = check_det_dataset(folder / "data.yaml")
    splits = {name: data[name] for name in ("train", "val", "test") if data.get(name)}
    listed = {path for paths in splits.values() for path in paths}
    for other in (folder / "images").iterdir():
        if str(other.resolve()) not in listed:
            splits[other.name] = [str(other)]
    names = data["names"]
    return {
        "splits": {
            split: [boxed(one, names) for one in YOLODataset(paths, data=data, augment=False).labels]
            for split, paths in splits.items()
        },
        "classes": list(names.values()),
    }


def boxed(image, names):
    height, width = image["shape"]
    boxes = []
    for index, (x, y, w, h) in zip(image["cls"][:, 0], image["bboxes"].astype(float), strict=True):
        box = [(x - w / 2) * width, (y - h / 2) * height, w * width, h * height]
        boxes.append({"label": names[int(index)], "box": box})
    return {"sha256": sha256_of(image["im_file"]), "boxes": boxes}


def read_classes(folder):
    data = check_cls_dataset(folder)
    splits = {}
    for split in ("train", "val", "test"):
        if data[split] is None:
            continue
        dataset = ClassificationDataset(data[split], get_cfg(), prefix=split)
        if dataset.base.classes != list(data["names"].values()):
            raise ValueError(f"{split} has other classes: {dataset.base.classes}")
        splits[split] = [
            {"sha256": sha256_of(path), "label": data["names"][index]} for path, index, *_ in dataset.samples
        ]
    return {"splits": splits, "classes": list(data["names"].values())}


serve(read)
