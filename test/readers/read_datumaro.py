"""datumaro, which finds the format, the images and the splits of a folder by itself."""

from datumaro.components.annotation import AnnotationType
from datumaro.components.dataset import Dataset

from reading import serve, sha256_of


def read(folder):
    dataset = Dataset.import_from(str(folder), "coco")
    labels = [label.name for label in dataset.categories()[AnnotationType.label]]
    splits = {name: [image_of(item, labels) for item in subset] for name, subset in dataset.subsets().items()}
    return {"splits": splits, "classes": labels}


def image_of(item, labels):
    height, width = item.media.data.shape[:2]
    if item.media.size != (height, width):
        raise ValueError(f"{item.id} is {height} x {width}, not as stated")
    of = {kind: {} for kind in AnnotationType}
    for annotation in item.annotations:
        of[annotation.type][annotation.id] = annotation
    boxes, shapes = of[AnnotationType.bbox], of[AnnotationType.polygon]
    for id, shape in shapes.items():
        if any(abs(one - other) > 0.02 for one, other in zip(shape.get_bbox(), boxes[id].get_bbox(), strict=True)):
            raise ValueError(f"the polygon of {id} is not its box")
    return {
        "sha256": sha256_of(item.media.path),
        "boxes": [
            {"label": labels[box.label], "box": [float(value) for value in box.get_bbox()]}
            for _, box in sorted(boxes.items())
        ],
        "facts": {
            "polygons": len(shapes),
            "crowds": [int(box.attributes["is_crowd"]) for _, box in sorted(boxes.items())],
        },
    }


serve(read)
