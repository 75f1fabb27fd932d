"""What Pillow says of the JPEG files of a folder: its error by name, or null where it reads the file; twice, as it is
and with LOAD_TRUNCATED_IMAGES. Prints JSON."""

import json
import sys
from pathlib import Path

from PIL import Image, ImageFile


def error_of(path):
    try:
        with Image.open(path) as image:
            image.load()
    except OSError as error:
        return str(error)


found = []
for ImageFile.LOAD_TRUNCATED_IMAGES in (False, True):
    found.append({path.name: error_of(path) for path in Path(sys.argv[1]).rglob("*.jpg")})
print(json.dumps(found))
