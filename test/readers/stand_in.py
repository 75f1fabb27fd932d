"""Stands in for packages that readers import and that reading a dataset does not need. Every name in a stand-in is a class
that takes anything, keeps what it is given by keyword as attributes, and returns itself or what it decorates; nothing of it
computes. What stands in for what: fiftyone_standins.py, torch_standins.py.
"""

import importlib.abc
import importlib.machinery
import importlib.metadata
import importlib.util
import sys
import types
from abc import ABCMeta


class _Names(ABCMeta):
    def __getattr__(cls, name):
        if name.startswith("__"):
            raise AttributeError(name)
        return _Names(name, (Absent,), {})


class Absent(Warning, metaclass=_Names):
    """A warning too, since PyTorch's are filtered by class."""

    def __init__(self, *args, **kwargs):
        self.__dict__.update(kwargs)

    def __call__(self, *args, **kwargs):
        """As a decorator it leaves what it decorates; else it returns itself."""
        return args[0] if len(args) == 1 and callable(args[0]) and not kwargs else self

    def __getattr__(self, name):
        if name.startswith("__"):
            raise AttributeError(name)
        return Absent()

    def __enter__(self):
        return self

    def __exit__(self, *args):
        return False


class _Module(types.ModuleType):
    def __getattr__(self, name):
        if name.startswith("__"):
            raise AttributeError(name)
        return _Names(name, (Absent,), {})


class _Distribution(importlib.metadata.Distribution):
    def __init__(self, name, version):
        self.text = f"Name: {name}\nVersion: {version}\n"

    def read_text(self, filename):
        return self.text if filename == "METADATA" else None

    def locate_file(self, path):
        raise FileNotFoundError(path)


class _Finder(importlib.metadata.DistributionFinder, importlib.abc.Loader):
    def __init__(self, versions):
        self.versions = versions

    def find_spec(self, fullname, path=None, target=None):
        if not any(fullname == name or fullname.startswith(f"{name}.") for name in self.versions):
            return None
        return importlib.machinery.ModuleSpec(fullname, self, is_package=True)

    def find_distributions(self, context=importlib.metadata.DistributionFinder.Context()):
        return [_Distribution(context.name, self.versions[context.name])] if context.name in self.versions else []

    def create_module(self, spec):
        module = _Module(spec.name)
        module.__version__ = self.versions.get(spec.name) or "0"
        return module

    def exec_module(self, module):
        """There is nothing to run."""


def stand_in(versions):
    """Makes these packages and modules, by name with the version that they state, importable with everything in them."""
    sys.meta_path.insert(0, _Finder(versions))


def bare(name):
    """Imports a package without running its `__init__`, so that modules in it can be imported alone."""
    package = types.ModuleType(name)
    package.__path__ = list(importlib.util.find_spec(name).submodule_search_locations)
    sys.modules[name] = package
    parent, _, last = name.rpartition(".")
    if parent:
        setattr(sys.modules[parent], last, package)
