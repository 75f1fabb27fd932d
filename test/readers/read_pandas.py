"""pandas, for the manifests in JSON Lines and CSV."""

import json

import pandas as pd

from reading import serve, sha256_of


def read(folder):
    table = jsonl(folder) if (folder / "manifest.jsonl").exists() else csv(folder)
    splits = {}
    for row in table.to_dict("records"):
        splits.setdefault(row.pop("split") or "none", []).append(image_of(folder, row))
    return {"splits": splits}


def jsonl(folder):
    """Texts stay texts, and null stays None."""
    table = pd.read_json(folder / "manifest.jsonl", lines=True, dtype=False, convert_dates=False)
    return table.astype(object).where(table.notna(), None)


def csv(folder):
    """Texts as they are written, without the apostrophes in front; pandas takes no value for an empty text.

    Its usual parser ends a text at NUL, hence the other one.
    """
    table = pd.read_csv(folder / "manifest.csv", dtype=str, keep_default_na=False, engine="python")
    table = table.apply(lambda column: column.str.replace("^'", "", regex=True))
    table["boxes"] = table["boxes"].map(lambda text: json.loads(text) if text else None)
    return table


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


serve(read)
