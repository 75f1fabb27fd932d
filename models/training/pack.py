"""A model pack as files."""

import hashlib
import json
from pathlib import Path


def hashes_of(files: dict[str, bytes]) -> dict[str, str]:
    """What a pack's `files` says of them."""
    return {name: hashlib.sha256(content).hexdigest() for name, content in files.items()}


def write_pack(folder: Path, manifest: dict[str, object], files: dict[str, bytes]) -> None:
    """Writes the files of a pack and its pack.json."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, content in files.items():
        (folder / name).write_bytes(content)
    (folder / "pack.json").write_text(json.dumps(manifest, indent=2) + "\n")
