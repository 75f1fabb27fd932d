"""pycocotools, as its users walk a set: every image of a split, its annotations, and the mask of each."""

import contextlib
import io

import numpy as np
from PIL import Image
from pycocotools.coco import COCO

from reading import serve, sha256_of


def read(folder):
    splits, classes = {}, []
    for file in sorted((folder / "annotations").glob("instances_*.json")):
        with contextlib.redirect_stdout(io.StringIO()):
            coco = COCO(str(file))
        categories = coco.loadCats(sorted(coco.getCatIds()))
        classes.append([category["name"] for category in categories])
        splits[file.stem.removeprefix("instances_")] = [
            image_of(coco, folder, image) for image in coco.loadImgs(sorted(coco.getImgIds()))
        ]
    if any(names != classes[0] for names in classes):
        raise ValueError("the splits have different classes")
    return {"splits": splits, "classes": classes[0]}


def image_of(coco, folder, image):
    path = folder / "images" / image["file_name"]
    with Image.open(path) as opened:
        opened.load()
        if opened.size != (image["width"], image["height"]):
            raise ValueError(f"{path.name} is {opened.size}, not as stated")
    # Loaders for training ask for objects that are no crowd.
    annotations = coco.loadAnns(coco.getAnnIds(imgIds=[image["id"]], iscrowd=False))
    return {
        "sha256": sha256_of(path),
        "label": image["label"],
        "boxes": [box_of(coco, image, annotation) for annotation in annotations],
        "facts": {
            **image,
            "crowds": [annotation["iscrowd"] for annotation in annotations],
            "areas": [round(float(one["area"] - np.prod(one["bbox"][2:])), 6) for one in annotations],
            "whole": [annotation.get("whole_image", False) for annotation in annotations],
        },
    }


def box_of(coco, image, annotation):
    box = annotation["bbox"]
    mask = coco.annToMask(annotation)
    if mask.shape != (image["height"], image["width"]):
        raise ValueError(f"the mask of {annotation['id']} is {mask.shape}")
    rows, columns = np.nonzero(mask)
    # Masks have whole pixels, those whose middle is inside.
    if len(rows) and max(
        abs(columns.min() - box[0]),
        abs(rows.min() - box[1]),
        abs(columns.max() + 1 - box[0] - box[2]),
        abs(rows.max() + 1 - box[1] - box[3]),
    ) > 1.0:
        raise ValueError(f"the mask of {annotation['id']} is not its box")
    if not len(rows) and min(box[2:]) >= 1.5:
        raise ValueError(f"the mask of {annotation['id']} is empty")
    return {"label": coco.loadCats(annotation["category_id"])[0]["name"], "box": box}


serve(read)
