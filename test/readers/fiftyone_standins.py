"""Stands in for the heavy parts that FiftyOne imports and its dataset importers do not use: its server and app, plots,
scikit-learn, scikit-image. Its importers, labels and documents, eta and the clients of its database are the real ones;
no database runs.

Import this module before FiftyOne.
"""

from stand_in import stand_in

MODULES = {
    "exceptiongroup",
    "fiftyone.core.session",
    "fiftyone.operators",
    "glob2",
    "jsonlines",
    "plotly",
    "psutil",
    "py7zr",
    "pydash",
    "rarfile",
    "retrying",
    "skimage",
    "sklearn",
    "sortedcontainers",
    "starlette",
    "tabulate",
    "xmltodict",
}

stand_in(dict.fromkeys(MODULES, "0"))
