"""What libraries read of the objects of a set and of its releases: `outlines result.json set coco yolo-segment yolo-pose`.

By the sha256 of each image: of COCO each object's class, the pixels of its mask, keypoints and attributes, as pycocotools
reads them; of YOLO what Ultralytics reads, its outlines filled by pycocotools.
"""

import contextlib
import hashlib
import io
import json
import sys
from pathlib import Path

import numpy as np
import torch_standins  # noqa: F401
from pycocotools import mask as masks
from pycocotools.coco import COCO
from ultralytics.data.dataset import YOLODataset
from ultralytics.data.utils import check_det_dataset


def sha256_of(path):
    return hashlib.sha256(Path(path).read_bytes()).hexdigest()


def pixels(mask):
    return [int(i) for i in np.flatnonzero(mask)]


def of_coco(file, images):
    with contextlib.redirect_stdout(io.StringIO()):
        coco = COCO(str(file))
    found = {}
    for image in coco.loadImgs(coco.getImgIds()):
        objects = []
        for one in coco.loadAnns(coco.getAnnIds(imgIds=[image["id"]])):
            objects.append(
                {
                    "label": coco.loadCats(one["category_id"])[0]["name"],
                    "pixels": pixels(coco.annToMask(one)),
                    "area": one["area"],
                    "keypoints": one.get("keypoints"),
                    "num_keypoints": one.get("num_keypoints"),
                    "attributes": one.get("attributes"),
                    "score": one.get("score"),
                }
            )
        found[sha256_of(images / image["file_name"])] = objects
    return found


def of_yolo(folder, task):
    data = check_det_dataset(folder / "data.yaml")
    found = {}
    for image in YOLODataset(data["train"], data=data, task=task, augment=False).labels:
        height, width = image["shape"]
        objects = []
        for i, index in enumerate(image["cls"][:, 0]):
            one = {"label": data["names"][int(index)]}
            if task == "segment":
                ring = (image["segments"][i].astype(float) * [width, height]).ravel().tolist()
                one["pixels"] = pixels(masks.decode(masks.frPyObjects([ring], height, width))[..., 0])
            else:
                points = image["keypoints"][i].astype(float) * [width, height, 1]
                one["keypoints"] = [round(value, 4) for value in points.ravel().tolist()]
            objects.append(one)
        found[sha256_of(image["im_file"])] = objects
    return found


target, given, coco, segment, pose = map(Path, sys.argv[1:])
target.write_text(
    json.dumps(
        {
            "given": of_coco(given / "a.json", given),
            "coco": of_coco(coco / "annotations/instances_train.json", coco / "images"),
            "segment": of_yolo(segment, "segment"),
            "pose": of_yolo(pose, "pose"),
        }
    )
)
