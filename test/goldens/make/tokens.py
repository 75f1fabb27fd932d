"""Texts and their ids by the tokenizer that made models/testing/tiny-towers."""

import json
import sys
from pathlib import Path

MODELS = Path(__file__).resolve().parents[3] / "models"
sys.path.append(str(MODELS / "training"))
from clip_tokenizer import Tokenizer  # noqa: E402


def clip_tokens(golden: dict) -> dict:
    pack = json.loads((MODELS / "testing" / "tiny-towers" / "tokenizer.json").read_text())
    tokenizer = Tokenizer([])
    # The words it was learned from are in build_towers.py, which needs the sample images; what was learned is here.
    tokenizer.merges = [tuple(pair.split(" ")) if isinstance(pair, str) else tuple(pair) for pair in pack["model"]["merges"]]
    tokenizer.ids = pack["model"]["vocab"]
    return {"cases": [{"ids": tokenizer.encode(case["text"])} for case in golden["cases"]]}


MAKERS = {"clip-tokens": clip_tokens}
