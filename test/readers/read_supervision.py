"""supervision's DetectionDataset: of COCO files with masks and without, of YOLO folders."""

import numpy as np
import supervision as sv
import yaml

from reading import serve, sha256_of


def read(folder):
    return read_yolo(folder) if (folder / "data.yaml").exists() else read_coco(folder)


def read_yolo(folder):
    """By the folders that data.yaml lists for a split; others by their name."""
    file = folder / "data.yaml"
    data = yaml.safe_load(file.read_text(encoding="utf-8"))
    parts = {name: [path.removeprefix("images/") for path in data.get(name, [])] for name in ("train", "val", "test")}
    listed = {path for paths in parts.values() for path in paths}
    parts |= {one.name: [one.name] for one in (folder / "images").iterdir() if one.name not in listed}
    splits, classes = {}, None
    for split, paths in parts.items():
        for path in paths:
            load = {"images_directory_path": str(folder / "images" / path), "data_yaml_path": str(file)}
            one = sv.DetectionDataset.from_yolo(**load, annotations_directory_path=str(folder / "labels" / path))
            classes = one.classes
            splits.setdefault(split, []).extend(image_of(one, *image) for image in one)
    return {"splits": splits, "classes": classes}


def read_coco(folder):
    splits, classes = {}, []
    for file in sorted((folder / "annotations").glob("instances_*.json")):
        load = {"images_directory_path": str(folder / "images"), "annotations_path": str(file)}
        plain = sv.DetectionDataset.from_coco(**load)
        masked = sv.DetectionDataset.from_coco(**load, force_masks=True)
        read = [image_of(plain, *one) for one in plain]
        if read != [image_of(masked, *one) for one in masked]:
            raise ValueError("with masks it reads something else")
        classes.append(plain.classes)
        splits[file.stem.removeprefix("instances_")] = read
    if any(names != classes[0] for names in classes):
        raise ValueError("the splits have different classes")
    return {"splits": splits, "classes": classes[0]}


def image_of(dataset, path, image, detections):
    height, width = image.shape[:2]
    boxes = []
    for i in range(len(detections)):
        left, top, right, bottom = (float(value) for value in detections.xyxy[i])
        label = dataset.classes[int(detections.class_id[i])]
        boxes.append({"label": label, "box": [left, top, right - left, bottom - top]})
        if detections.mask is not None:
            if detections.mask[i].shape != (height, width):
                raise ValueError(f"{path}: a mask of another size")
            if not detections.mask[i].any():
                raise ValueError(f"{path}: an empty mask")
    areas, crowds = detections.data.get("area", []), detections.data.get("iscrowd", [])
    return {
        "sha256": sha256_of(path),
        "boxes": boxes,
        "facts": {"crowds": [int(one) for one in crowds], "areas": [float(one) for one in np.round(areas, 3)]},
    }


serve(read)
