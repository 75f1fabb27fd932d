"""Tables of images in a folder, written by pandas in every way that it can; prints what each says, as JSON."""

import csv
import json
import sys
from pathlib import Path

import pandas as pd

TEXTS = {
    "utf-8": ["日本", "é", "👩‍🔬"],
    "utf-8-sig": ["日本", "é", "👩‍🔬"],
    "utf-16": ["日本", "é", "👩‍🔬"],
    "utf-16-le": ["日本", "é", "ਊ"],
    "utf-16-be": ["日本", "é", "ਊ"],
    "cp1252": ["é", "€ 5", "Ÿ"],
    "cp1251": ["кошка", "№ 7", "ё"],
    "shift_jis": ["日本", "ソ表", "ｶﾅ"],
    "gb18030": ["日本", "é", "👩‍🔬"],
    "euc-kr": ["고양이", "개", "가"],
}
# What a text in another encoding has no mark for, and so a person must name.
NAMED = ["cp1251", "shift_jis", "gb18030", "euc-kr"]
AWKWARD = ['a "quoted" word', '"', "two\nlines", "two\r\nlines", "a,b;c\td|e", " blanks ", "007", "NA", "'=1"]


def rows(texts):
    """Texts of one encoding, and awkward ones, as prompts; labels have no blanks around them, which readers may trim."""
    prompts = texts + AWKWARD
    return pd.DataFrame(
        {
            "image_path": [f"images/{i}.png" for i in range(len(prompts))],
            "label": [texts[i % len(texts)] for i in range(len(prompts))],
            "prompt": prompts,
        }
    )


def boxes():
    return pd.DataFrame(
        {
            "filename": ["a.png", "b.png", "a.png", "c.png"],
            "class": ["cat", "dog", "dog", None],
            "xmin": [1.5, 2.25, 10, None],
            "ymin": [1, 2, 3, None],
            "xmax": [7.75, 9, 11, None],
            "ymax": [8, 9.5, 12, None],
        }
    )


folder = Path(sys.argv[1])
tables = []
for encoding, texts in TEXTS.items():
    table = rows(texts)
    for separator in [",", ";", "\t", "|"]:
        for quoting in [csv.QUOTE_ALL, csv.QUOTE_NONNUMERIC]:
            for end in ["\n", "\r\n"]:
                name = f"table-{len(tables)}.csv"
                table.to_csv(
                    folder / name, sep=separator, encoding=encoding, quoting=quoting, lineterminator=end, index=False
                )
                tables.append({"name": name, "encoding": encoding if encoding in NAMED else None, "how": f"{encoding} {separator!r} {end!r}"})
                tables[-1]["rows"] = table.to_dict("records")
    for lines in [True, False]:
        name = f"table-{len(tables)}.{'jsonl' if lines else 'json'}"
        table.to_json(folder / name, orient="records", lines=lines, force_ascii=False)
        tables.append({"name": name, "encoding": None, "how": f"JSON, lines {lines}", "rows": table.to_dict("records")})
for separator, decimal in [(",", "."), (";", ","), ("\t", ",")]:
    name = f"table-{len(tables)}.csv"
    table = boxes()
    table.to_csv(folder / name, sep=separator, decimal=decimal, index=False)
    read = pd.read_csv(folder / name, sep=separator, decimal=decimal)
    tables.append({"name": name, "encoding": None, "how": f"boxes {separator!r} {decimal!r}"})
    tables[-1]["boxes"] = json.loads(read.to_json(orient="records"))
print(json.dumps(tables))
