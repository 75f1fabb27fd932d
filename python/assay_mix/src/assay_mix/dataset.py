"""The images of a mix, by position. It is what torch.utils.data.DataLoader takes, and needs no torch itself."""

from __future__ import annotations

import io
from typing import Any, Callable, Dict, Optional

from .mix import Mix


def pil_image(content: bytes) -> Any:
    """Decodes to a PIL image in RGB."""
    from PIL import Image

    return Image.open(io.BytesIO(content)).convert("RGB")


class MixDataset:
    """
    Samples with `image`, `label` (number of the class in `mix.classes`, -1 without one) and `position`, by which
    `report_batches` knows them. `transform` follows `decode`, which has the bytes of the file.
    """

    def __init__(
        self,
        mix: Mix,
        transform: Optional[Callable[[Any], Any]] = None,
        decode: Callable[[bytes], Any] = pil_image,
    ) -> None:
        self.mix = mix
        self.transform = transform
        self.decode = decode
        self._numbers = {name: number for number, name in enumerate(mix.classes)}

    def __len__(self) -> int:
        return len(self.mix)

    def __getitem__(self, position: int) -> Dict[str, Any]:
        image = self.decode(self.mix.read(position))
        label = self.mix.rows[position]["label"]
        return {
            "image": image if self.transform is None else self.transform(image),
            "label": -1 if label is None else self._numbers.get(label, -1),
            "position": position,
        }
