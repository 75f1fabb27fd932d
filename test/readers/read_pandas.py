"""pandas, for the manifests in JSON Lines and CSV."""

import json

import pandas as pd

from manifest import image_of
from reading import serve


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


serve(read)
