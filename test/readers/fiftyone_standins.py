"""Stands in for the heavy parts that FiftyOne imports and its dataset importers do not use: its server and app, plots,
scikit-learn, scikit-image. Its importers, labels and documents, eta and the clients of its database are the real ones;
no database runs.

Import this module before FiftyOne. A stand-in does nothing, whatever is asked of it.
"""

import importlib.abc
import importlib.machinery
import sys
import types

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


class AnyClass(type):
    def __getattr__(cls, name):
        return attribute(name)


class Nothing(metaclass=AnyClass):
    def __init__(self, *arguments, **named):
        pass

    def __call__(self, *arguments, **named):
        return arguments[0] if arguments else self

    def __getattr__(self, name):
        return attribute(name)()


def attribute(name):
    if name.startswith("__"):
        raise AttributeError(name)
    return AnyClass(name, (Nothing,), {})


class StandIn(types.ModuleType):
    __path__ = []

    def __getattr__(self, name):
        return attribute(name)


class Finder(importlib.abc.MetaPathFinder, importlib.abc.Loader):
    def find_spec(self, name, path, target=None):
        if any(name == module or name.startswith(f"{module}.") for module in MODULES):
            return importlib.machinery.ModuleSpec(name, self, is_package=True)
        return None

    def create_module(self, spec):
        return StandIn(spec.name)

    def exec_module(self, module):
        pass


sys.meta_path.insert(0, Finder())
