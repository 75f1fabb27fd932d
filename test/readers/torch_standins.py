"""Stands in for PyTorch, and for all of torchvision but its `ImageFolder`, which is the real one, as is all code of
Ultralytics: none of it computes anything while it reads a dataset.

Import this module before Ultralytics and torchvision.
"""

import sys

from stand_in import bare, stand_in

stand_in({"torch": "2.9.1", "torchvision.transforms": "", "torchvision.utils": ""})
bare("torchvision")
sys.modules["torchvision"].__version__ = "0.24.1"
sys.modules["torchvision"].get_image_backend = lambda: "PIL"
bare("torchvision.datasets")

from torchvision.datasets.folder import ImageFolder  # noqa: E402

sys.modules["torchvision.datasets"].ImageFolder = ImageFolder
