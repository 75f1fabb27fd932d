"""Plants a fault in a Parquet file of a release: spoil_parquet.py <file> <fault>."""

import sys

import pyarrow as pa
import pyarrow.parquet as pq


def changed(table, name, change):
    """The table with the values of a column changed in place by a function, its type kept."""
    values = table[name].to_pylist()
    change(values)
    place = table.column_names.index(name)
    return table.set_column(place, table.field(place), pa.array(values, table.field(place).type))


def swap_labels(values):
    other = next(i for i, value in enumerate(values) if value != values[0])
    values[0], values[other] = values[other], values[0]


def shift_box(values):
    next(value for value in values if value and value["bbox"])["bbox"][0][0] += 1


def swap_categories(values):
    categories = next(value for value in values if value and len(set(value["categories"])) > 1)["categories"]
    categories.reverse()


def change_bytes(values):
    values[0]["bytes"] = values[1]["bytes"]


def null_typed(table, name="seed"):
    place = table.column_names.index(name)
    return table.set_column(place, name, pa.nulls(len(table))).replace_schema_metadata(None)


FAULTS = {
    "two labels are swapped": lambda table: changed(table, "label", swap_labels),
    "an image is missing": lambda table: table.slice(1),
    "an image occurs twice": lambda table: pa.concat_tables([table, table.slice(0, 1)]),
    "a box is shifted by one pixel": lambda table: changed(table, "objects", shift_box),
    "the classes of boxes are turned round": lambda table: changed(table, "objects", swap_categories),
    "one split has a column without a type": null_typed,
    "an image has the bytes of another": lambda table: changed(table, "image", change_bytes),
    "no value became an empty text": lambda table: changed(
        table, "prompt", lambda values: values.__setitem__(slice(None), [value or "" for value in values])
    ),
}

file, fault = sys.argv[1:]
table = FAULTS[fault](pq.read_table(file))
pq.write_table(table, file)
