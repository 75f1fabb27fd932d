"""What every reader of releases shares: it reads the folders named on the command line, and writes what it read as JSON.

A reading is {"splits": {name: [image, ...]}, "classes": [name, ...]}; an image has the `sha256` of the bytes that the
reader gave or points to, and what the reader says of it: `label`, `boxes` as [{"label", "box": [x, y, width, height]}]
in pixels, `facts`. What a reader cannot tell is left out.
"""

import hashlib
import json
import sys
import traceback
from pathlib import Path


def refuse_network(event: str, arguments: tuple) -> None:
    """Readers must work on the folder alone."""
    if event == "socket.connect" and isinstance(arguments[1], tuple):
        raise PermissionError(f"a reader wanted to reach {arguments[1]}")


def sha256_of(content) -> str:
    """Of bytes, or of the file at a path."""
    return hashlib.sha256(content if isinstance(content, bytes) else Path(content).read_bytes()).hexdigest()


def serve(read) -> None:
    """Calls `read` with each folder; an exception becomes the reading of that folder."""
    sys.addaudithook(refuse_network)
    target, *folders = sys.argv[1:]
    readings = []
    for folder in folders:
        try:
            readings.append(read(Path(folder)))
        except Exception as error:  # Whatever a reader throws is its verdict.
            traceback.print_exc()
            cause = error.__cause__ or error
            readings.append({"error": f"{type(cause).__name__}: {cause}"})
    Path(target).write_text(json.dumps(readings, ensure_ascii=True))
