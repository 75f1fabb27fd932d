"""Boxes of an annotated folder as a library reads them: `datumaro-<format> folder` or `supervision-voc folder`, as JSON."""

import json
import logging
import os
import sys
import warnings

warnings.simplefilter("ignore")
logging.disable(logging.CRITICAL)


def of_datumaro(format, folder):
    from datumaro import Dataset

    dataset = Dataset.import_from(folder, format)
    labels = dataset.categories()[next(kind for kind in dataset.categories() if kind.name == "label")]
    images = {}
    for item in dataset:
        images[os.path.basename(item.id)] = [
            {
                "label": labels[one.label].name,
                "box": list(one.get_bbox()),
                **({"outline": list(one.points)} if one.type.name == "polygon" else {}),
            }
            for one in item.annotations
            if one.type.name in ("bbox", "polygon")
        ]
    return images


def of_supervision(folder):
    from supervision import DetectionDataset

    dataset = DetectionDataset.from_pascal_voc(
        os.path.join(folder, "JPEGImages"), os.path.join(folder, "Annotations")
    )
    images = {}
    for path, _, found in dataset:
        images[os.path.splitext(os.path.basename(path))[0]] = [
            {"label": dataset.classes[index], "box": [x1, y1, x2 - x1, y2 - y1]}
            for (x1, y1, x2, y2), index in zip(found.xyxy.tolist(), found.class_id.tolist())
        ]
    return images


reader, folder = sys.argv[1:]
library, format = reader.split("-")
read = of_supervision(folder) if library == "supervision" else of_datumaro(format, folder)
print(json.dumps(read))
