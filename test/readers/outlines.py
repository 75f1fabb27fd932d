"""What libraries read of the objects of a set and of its releases: `outlines result.json set coco yolo-segment yolo-pose cvat masks voc kitti`.

By the sha256 of each image: of COCO each object's class, the pixels of its mask, keypoints and attributes, as pycocotools
reads them; of YOLO what Ultralytics reads and of CVAT what datumaro reads, their outlines filled by pycocotools; of maps
the pixels as Pillow reads them.
"""

import contextlib
import hashlib
import io
import json
import sys
from pathlib import Path

import numpy as np
import torch_standins  # noqa: F401
from datumaro import AnnotationType, Dataset
from PIL import Image
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
                    "box": one["bbox"],
                    "area": one["area"],
                    "iscrowd": one["iscrowd"],
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


def of_cvat(folder):
    """Of an image without an object its classes as a whole alone."""
    dataset = Dataset.import_from(str(folder), "cvat")
    names = [label.name for label in dataset.categories()[AnnotationType.label]]
    found = {}
    for item in dataset:
        height, width = item.media.size
        objects = []
        for one in item.annotations:
            if one.type.name == "mask":
                mask = one.image
            else:
                x, y, w, h = one.get_bbox()
                ring = one.points if one.type.name == "polygon" else [x, y, x + w, y, x + w, y + h, x, y + h]
                mask = masks.decode(masks.frPyObjects([list(map(float, ring))], height, width))[..., 0]
            attributes = {name: value for name, value in one.attributes.items() if name == "material" or value}
            objects.append({"label": names[one.label], "pixels": pixels(mask), "attributes": attributes})
        found[sha256_of(item.media.path)] = objects
    return found


def of_maps(folder):
    """Of each image its objects, by their numbers, and the pixels that are to be ignored."""
    facts = json.loads((folder / "class-maps.json").read_text())
    names = {one["value"]: one["name"] for one in facts["classes"]}
    found = {}
    for path in folder.glob("images/*/*"):
        classes = np.array(Image.open(folder / "masks" / path.parent.name / f"{path.stem}.png"))
        file = folder / "instances" / path.parent.name / f"{path.stem}.png"
        instances = np.array(Image.open(file)) if file.exists() else np.zeros_like(classes)
        objects = []
        for number in np.unique(instances[instances > 0]):
            mask = instances == number
            (label,) = np.unique(classes[mask])
            objects.append({"label": names[int(label)], "pixels": pixels(mask)})
        found[sha256_of(path)] = objects + [{"label": None, "pixels": pixels(classes == facts["ignore"])}]
    return found


def of_voc(folder):
    """Of each image its boxes and, where it has maps, the pixels of each object."""
    dataset = Dataset.import_from(str(folder), "voc")
    names = [label.name for label in dataset.categories()[AnnotationType.label]]
    found = {}
    for item in dataset:
        objects = []
        for one in item.annotations:
            if one.type.name == "bbox":
                objects.append({"label": names[one.label], "box": [float(value) for value in one.get_bbox()]})
            elif one.type.name == "mask":
                objects.append({"label": names[one.label], "pixels": pixels(one.image)})
        found[sha256_of(item.media.path)] = objects
    return found


def of_kitti(folder):
    """Of each image its boxes; regions of crowds are called DontCare."""
    dataset = Dataset.import_from(str(folder), "kitti_detection")
    names = [label.name for label in dataset.categories()[AnnotationType.label]]
    return {
        sha256_of(item.media.path): [
            {"label": names[one.label], "box": [float(value) for value in one.get_bbox()]} for one in item.annotations
        ]
        for item in dataset
    }


target, given, coco, segment, pose, cvat, maps, voc, kitti = map(Path, sys.argv[1:])
target.write_text(
    json.dumps(
        {
            "given": of_coco(given / "a.json", given),
            "coco": of_coco(coco / "annotations/instances_train.json", coco / "images"),
            "segment": of_yolo(segment, "segment"),
            "pose": of_yolo(pose, "pose"),
            "cvat": of_cvat(cvat),
            "maps": of_maps(maps),
            "voc": of_voc(voc),
            "kitti": of_kitti(kitti),
        }
    )
)
