"""FiftyOne's importers, without its database."""

import fiftyone_standins  # noqa: F401 (before FiftyOne)
from PIL import Image
from fiftyone.utils.coco import COCODetectionDatasetImporter
from fiftyone.utils.yolo import YOLOv5DatasetImporter

from reading import serve, sha256_of


def read(folder):
    if (folder / "annotations").is_dir():
        return read_coco(folder)
    if (folder / "data.yaml").exists():
        return read_yolo(folder)
    raise ValueError("a format of which this script knows no importer")


def read_coco(folder):
    splits, classes = {}, []
    for file in sorted((folder / "annotations").glob("instances_*.json")):
        importer = COCODetectionDatasetImporter(
            data_path=str(folder / "images"), labels_path=str(file), label_types=["detections", "segmentations"]
        )
        with importer:
            splits[file.stem.removeprefix("instances_")] = [coco_image(*one) for one in importer]
            classes.append(importer.get_dataset_info()["classes"])
    if any(names != classes[0] for names in classes):
        raise ValueError("the splits have different classes")
    return {"splits": splits, "classes": classes[0]}


def coco_image(path, _, label):
    detections, masked = (label[kind].detections if kind in label else [] for kind in ("detections", "segmentations"))
    return {
        "sha256": sha256_of(path),
        "boxes": boxes_of(path, detections),
        "facts": {
            "masks": len(masked),
            "crowds": [one.get_attribute_value("iscrowd", None) for one in detections],
            "whole": [one.get_attribute_value("whole_image", False) for one in detections],
        },
    }


def read_yolo(folder):
    """The splits of which the file says that they are there."""
    file = folder / "data.yaml"
    splits, classes = {}, []
    for split in ("train", "val", "test"):
        if f"\n{split}:" not in f"\n{file.read_text(encoding='utf-8')}":
            continue
        with YOLOv5DatasetImporter(yaml_path=str(file), split=split, include_all_data=True) as importer:
            splits[split] = [yolo_image(*one) for one in importer]
            classes = importer.get_dataset_info()["classes"]
    return {"splits": splits, "classes": classes}


def yolo_image(path, _, label):
    """Without a label file there is no label."""
    return {"sha256": sha256_of(path), "boxes": None if label is None else boxes_of(path, label.detections)}


def boxes_of(path, detections):
    """Of fractions of the image as it is, whatever size a file states."""
    with Image.open(path) as image:
        size = image.size
    return [
        {"label": one.label, "box": [value * size[i % 2] for i, value in enumerate(one.bounding_box)]}
        for one in detections
    ]


serve(read)
