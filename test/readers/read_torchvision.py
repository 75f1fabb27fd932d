"""torchvision's ImageFolder, of each split or, without splits, of the whole release."""

import torch_standins  # noqa: F401
from reading import serve, sha256_of
from torchvision.datasets import ImageFolder

SPLITS = ("train", "val", "test")


def read(folder):
    roots = {name: folder / name for name in SPLITS if (folder / name).exists()} or {"train": folder}
    sets = {name: ImageFolder(str(root), allow_empty=len(roots) > 1) for name, root in roots.items()}
    classes = [one.classes for one in sets.values()]
    if any(names != classes[0] for names in classes):
        raise ValueError(f"the splits have different classes: {classes}")
    return {"splits": {name: [image_of(one, i) for i in range(len(one))] for name, one in sets.items()}, "classes": classes[0]}


def image_of(dataset, i):
    """The image is decoded as for training."""
    _, index = dataset[i]
    path, _ = dataset.samples[i]
    return {"sha256": sha256_of(path), "label": dataset.classes[index]}


serve(read)
