"""pycocotools on an annotation file: `compress` rewrites its run-length masks as text, `read` prints its boxes."""

import contextlib
import json
import os
import sys

from pycocotools import mask
from pycocotools.coco import COCO


def compress(file):
    with open(file, encoding="utf-8") as source:
        data = json.load(source)
    for annotation in data["annotations"]:
        shape = annotation.get("segmentation")
        if isinstance(shape, dict):
            rle = mask.frPyObjects(shape, *shape["size"])
            annotation["segmentation"] = {"size": rle["size"], "counts": rle["counts"].decode("ascii")}
    with open(file, "w", encoding="utf-8") as target:
        json.dump(data, target)


def box_of(coco, annotation):
    return annotation.get("bbox") or mask.toBbox(coco.annToRLE(annotation)).tolist()


def read(file):
    with open(os.devnull, "w") as nowhere, contextlib.redirect_stdout(nowhere):
        coco = COCO(file)
    images = {}
    for id, image in coco.imgs.items():
        annotations = coco.loadAnns(coco.getAnnIds(imgIds=[id], iscrowd=False))
        images[image["file_name"]] = [
            {"label": coco.cats[one["category_id"]]["name"], "box": box_of(coco, one)} for one in annotations
        ]
    print(json.dumps(images))


{"compress": compress, "read": read}[sys.argv[1]](sys.argv[2])
