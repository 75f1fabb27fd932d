"""Hugging Face's `datasets`, as its documentation loads a folder."""

import tempfile

from datasets import Image, load_dataset

from reading import serve, sha256_of


def read(folder):
    with tempfile.TemporaryDirectory() as cache:
        splits = load_dataset(str(folder), cache_dir=cache)
        read = {name: [image_of(row) for row in undecoded(table)] for name, table in splits.items()}
        streamed = load_dataset(str(folder), cache_dir=cache, streaming=True)
        if read != {name: [image_of(row) for row in as_stored(table)] for name, table in streamed.items()}:
            raise ValueError("streaming reads something else")
        return {"splits": read}


def undecoded(table):
    """Checks that every image opens, and gives them as bytes or paths."""
    for row in table:
        row["image"].load()
    return as_stored(table)


def as_stored(table):
    return table.cast_column("image", Image(decode=False))


def image_of(row):
    image = row.pop("image")
    objects = row.pop("objects", None)
    boxes = objects and [
        {"label": label, "box": box} for label, box in zip(objects["categories"], objects["bbox"], strict=True)
    ]
    return {
        "sha256": sha256_of(image["bytes"] or image["path"]),
        "label": row["label"],
        "boxes": boxes,
        "facts": row,
    }


serve(read)
