"""Rows of manifest.jsonl and manifest.csv, whoever read them."""

from reading import sha256_of


def image_of(folder, row):
    boxes = row.pop("boxes")
    width, height = int(row["width"]), int(row["height"])
    return {
        "sha256": sha256_of(folder / row["path"]),
        "label": row.pop("label"),
        "boxes": None if boxes is None else [in_pixels(box, width, height) for box in boxes],
        "facts": row,
    }


def in_pixels(box, width, height):
    x, y, w, h = box["values"]
    if box["format"] == "cxcywh-relative":
        x, y, w, h = (x - w / 2) * width, (y - h / 2) * height, w * width, h * height
    return {"label": box["label"], "box": [x, y, w, h]}
