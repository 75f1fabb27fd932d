"""pyarrow, which tells an empty text from no value in CSV."""

import json

from pyarrow import csv, string

from manifest import image_of
from reading import serve


def read(folder):
    file = folder / "manifest.csv"
    with open(file, encoding="utf-8", newline="") as lines:
        columns = [name.strip('"\r\n') for name in lines.readline().split(",")]
    table = csv.read_csv(
        file,
        parse_options=csv.ParseOptions(newlines_in_values=True),
        convert_options=csv.ConvertOptions(
            column_types={name: string() for name in columns},
            null_values=[""],
            strings_can_be_null=True,
            quoted_strings_can_be_null=False,
        ),
    )
    splits = {}
    for row in table.to_pylist():
        row = {name: value and value.removeprefix("'") for name, value in row.items()}
        row["boxes"] = row["boxes"] and json.loads(row["boxes"])
        splits.setdefault(row.pop("split") or "none", []).append(image_of(folder, row))
    return {"splits": splits}


serve(read)
