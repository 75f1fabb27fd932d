"""Mean average precision of boxes by pycocotools, on scenes that a seed describes."""

import contextlib
import io

from pycocotools.coco import COCO
from pycocotools.cocoeval import COCOeval

from rng import mulberry32


def scene(case: dict) -> tuple[list[list[dict]], list[list[dict]]]:
    """True boxes and detections of each image, as core/strategy/experiment/mean-ap.test.ts draws them."""
    draw = mulberry32(case["seed"])
    truths, found = [], []
    for image in range(case["images"]):
        boxes = []
        for _ in range(int(draw() * 6)):
            box = [int(draw() * 200) / 2, int(draw() * 200) / 2, 4 + int(draw() * 60), 4 + int(draw() * 60)]
            boxes.append({"class": int(draw() * case["classes"]), "box": box, "crowd": draw() < 0.1})
        truths.append(boxes)
        detections = []
        for truth in boxes:
            for _ in range(int(draw() * 3)):
                moved = [value + int((draw() - 0.5) * 12) / 2 for value in truth["box"][:2]]
                sides = [max(1, side + int((draw() - 0.5) * 8)) for side in truth["box"][2:]]
                label = truth["class"] if draw() < 0.85 else int(draw() * case["classes"])
                detections.append({"class": label, "box": moved + sides, "score": int(draw() * 40) / 40})
        # More than the hundred of a class that count.
        for _ in range(130 if image == 1 else int(draw() * 4)):
            box = [int(draw() * 200) / 2, int(draw() * 200) / 2, 4 + int(draw() * 60), 4 + int(draw() * 60)]
            detections.append({"class": 0 if image == 1 else int(draw() * case["classes"]), "box": box, "score": int(draw() * 30) / 40})
        found.append(detections)
    return truths, found


def mean_ap(truths: list, found: list, classes: int) -> float | None:
    annotations, results = [], []
    for image, boxes in enumerate(truths):
        for one in boxes:
            area = one["box"][2] * one["box"][3]
            annotations.append({
                "id": len(annotations) + 1, "image_id": image + 1, "category_id": one["class"] + 1, "bbox": one["box"],
                "area": area, "iscrowd": int(one["crowd"]),
            })
    for image, boxes in enumerate(found):
        for one in boxes:
            results.append({
                "image_id": image + 1, "category_id": one["class"] + 1, "bbox": one["box"], "score": one["score"],
            })
    with contextlib.redirect_stdout(io.StringIO()):
        truth = COCO()
        truth.dataset = {
            "info": {}, "images": [{"id": image + 1} for image in range(len(truths))], "annotations": annotations,
            "categories": [{"id": k + 1, "name": str(k)} for k in range(classes)],
        }
        truth.createIndex()
        evaluation = COCOeval(truth, truth.loadRes(results), "bbox")
        evaluation.evaluate()
        evaluation.accumulate()
        evaluation.summarize()
    value = evaluation.stats[0]
    return None if value < 0 else float(value)


def detection(golden: dict) -> dict:
    cases = []
    for case in golden["cases"]:
        truths, found = scene(case)
        # Drawn with replacement: an image that is drawn twice is there twice.
        draw = mulberry32(case["seed"] + 1000)
        drawn = [int(draw() * case["images"]) for _ in range(case["images"])]
        again = sorted(drawn)
        cases.append({
            **case, "meanAp": mean_ap(truths, found, case["classes"]),
            "resampled": mean_ap([truths[i] for i in again], [found[i] for i in again], case["classes"]),
        })
    return {"cases": cases}


MAKERS = {"detection": detection}
