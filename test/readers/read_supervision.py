"""supervision's DetectionDataset, with masks and without."""

import numpy as np
import supervision as sv

from reading import serve, sha256_of


def read(folder):
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
    areas = [] if len(detections) == 0 else detections.data["area"]
    crowds = [] if len(detections) == 0 else detections.data["iscrowd"]
    return {
        "sha256": sha256_of(path),
        "boxes": boxes,
        "facts": {"crowds": [int(one) for one in crowds], "areas": [float(one) for one in np.round(areas, 3)]},
    }


serve(read)
