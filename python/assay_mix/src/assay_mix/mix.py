"""A mix on disk: its rows in the order of the epoch, the bytes of its images, and whether it is as it was written."""

from __future__ import annotations

import hashlib
import json
import os
from pathlib import Path
from typing import Any, Dict, List, Optional, TypedDict, Union

MANIFEST = "assay-manifest.json"
#: Not listed in the manifest: itself, the proof that it is on record, and signatures made later.
BESIDE = {MANIFEST, "assay-manifest.tlog-proof", "assay-manifest.signatures.json"}


class MixError(ValueError):
    """A mix cannot be used as asked; the message says why and what helps."""


class Row(TypedDict, total=False):
    """One image of the epoch. Every other fact that the manifest states is there too."""

    position: int
    sha256: str
    #: File of the mix that has the bytes, and where they begin in it; None where the file is the image.
    path: str
    offset: Optional[int]
    bytes: int
    #: How often the image is in the epoch.
    weight: int
    label: Optional[str]
    #: What people answered, as JSON text; None without answers.
    label_distribution: Optional[str]
    role: str
    batch: str
    generation: Optional[int]


class Mix:
    """
    A mix, read from its folder. Its description and its rows are checked against its manifest; `verify` checks every
    file. `sha256`: the hash of the manifest that it has to be, where that is known.
    """

    def __init__(self, folder: Union[str, "os.PathLike[str]"], sha256: Optional[str] = None) -> None:
        self.folder = Path(folder).resolve()
        try:
            manifest = (self.folder / MANIFEST).read_bytes()
        except OSError as error:
            raise MixError(f"There is no mix at {self.folder}: it has no {MANIFEST}.") from error
        #: Names the mix on record.
        self.sha256: str = hashlib.sha256(manifest).hexdigest()
        if sha256 is not None and sha256 != self.sha256:
            raise MixError(f"{self.folder} is another mix: its manifest has the sha256 {self.sha256}, not {sha256}.")
        self._files: Dict[str, Dict[str, Any]] = {each["path"]: each for each in json.loads(manifest)["files"]}
        about = json.loads(self._checked("mix.json"))
        if about.get("format") != "assay-mix-1":
            raise MixError(f"{self.folder} is no mix that this version reads: install a newer assay_mix.")
        self.about: Dict[str, Any] = about
        self.rows: List[Row] = [json.loads(line) for line in self._checked("manifest.jsonl").splitlines()]
        self.classes: List[str] = about["classes"]
        self.floor: float = about["floor"]
        self.batch_size: int = about["batchSize"]
        self.seed: int = about["seed"]
        #: Real images of the epoch.
        self.real: int = about["real"]
        #: Why it is below the floor of its policy; None where it is not.
        self.below_floor: Optional[str] = (about["belowFloor"] or {}).get("reason")

    def __len__(self) -> int:
        return len(self.rows)

    def is_real(self, position: int) -> bool:
        return self.rows[position]["role"] == "real"

    def read(self, position: int) -> bytes:
        """The bytes of the image at a position, as the original has them. Raises MixError where they are others."""
        row = self.rows[position]
        with open(self.folder / row["path"], "rb") as file:
            file.seek(row["offset"] or 0)
            content = file.read(row["bytes"])
        if hashlib.sha256(content).hexdigest() != row["sha256"]:
            raise MixError(f"{row['path']} does not hold the image {row['sha256']} any more: write the mix again.")
        return content

    def verify(self) -> List[str]:
        """What of its files is not as it was written, in words. That it is on record, `verify.py` in it shows."""
        problems = []
        for path, listed in self._files.items():
            file = self.folder / path
            if not file.is_file():
                problems.append(f"{path}: is missing")
            elif _hash_of(file) != listed["sha256"]:
                problems.append(f"{path}: is not as it was written")
        there = {file.relative_to(self.folder).as_posix() for file in self.folder.rglob("*") if not file.is_dir()}
        problems.extend(f"{path}: is not in the manifest" for path in sorted(there - set(self._files) - BESIDE))
        return problems

    def huggingface(self) -> Any:
        """The rows in the order of the epoch as a Dataset of Hugging Face, images read when they are asked for."""
        import datasets

        names = [name for name in self.rows[0] if name not in ("path", "offset", "boxes")] if self.rows else []
        columns = {name: [row.get(name) for row in self.rows] for name in names}
        table = datasets.Dataset.from_dict(columns)

        def with_images(batch: Dict[str, List[Any]]) -> Dict[str, List[Any]]:
            feature = datasets.Image()
            images = [feature.decode_example({"bytes": self.read(at), "path": None}) for at in batch["position"]]
            return {**batch, "image": images}

        return table.with_transform(with_images)

    def _checked(self, path: str) -> bytes:
        content = (self.folder / path).read_bytes()
        listed = self._files.get(path)
        if listed is None or hashlib.sha256(content).hexdigest() != listed["sha256"]:
            raise MixError(f"{self.folder / path} is not as it was written: write the mix again.")
        return content


def _hash_of(file: Path) -> str:
    digest = hashlib.sha256()
    with open(file, "rb") as opened:
        for chunk in iter(lambda: opened.read(1 << 20), b""):
            digest.update(chunk)
    return digest.hexdigest()
