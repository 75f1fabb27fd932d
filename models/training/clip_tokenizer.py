"""A byte-level BPE tokenizer like CLIP's (Radford et al. 2021, after Sennrich et al. 2016), learned from a few words."""

import re
import unicodedata
from collections import Counter

START, END = "<|startoftext|>", "<|endoftext|>"
WORD_END = "</w>"
# The pattern of tokenizer.json without Unicode classes, which Python's `re` lacks.
SPLIT = re.compile(r"<\|startoftext\|>|<\|endoftext\|>|'s|'t|'re|'ve|'m|'ll|'d|[^\W\d_]+|\d|(?:[^\s\w]|_)+")
PATTERN = r"<\|startoftext\|>|<\|endoftext\|>|'s|'t|'re|'ve|'m|'ll|'d|[\p{L}]+|[\p{N}]|[^\s\p{L}\p{N}]+"


def byte_letters() -> dict[int, str]:
    """A printable letter for each of the 256 bytes, in CLIP's order: printable bytes map to themselves and come first."""
    printable = [*range(ord("!"), ord("~") + 1), *range(ord("¡"), ord("¬") + 1), *range(ord("®"), ord("ÿ") + 1)]
    others = [byte for byte in range(256) if byte not in printable]
    return {byte: chr(byte) for byte in printable} | {byte: chr(256 + i) for i, byte in enumerate(others)}


LETTERS = byte_letters()


def letters_of(word: str) -> tuple[str, ...]:
    letters = [LETTERS[byte] for byte in word.encode()]
    return (*letters[:-1], letters[-1] + WORD_END)


def joined(parts: tuple[str, ...], pair: tuple[str, str]) -> tuple[str, ...]:
    out: list[str] = []
    at = 0
    while at < len(parts):
        if parts[at : at + 2] == pair:
            out.append(parts[at] + parts[at + 1])
            at += 2
        else:
            out.append(parts[at])
            at += 1
    return tuple(out)


def learn_merges(words: list[str]) -> list[tuple[str, str]]:
    """Joins the most frequent pair, ties in alphabetical order, until every word is one token."""
    merges = []
    parts = [letters_of(word) for word in sorted(set(words))]
    while any(len(word) > 1 for word in parts):
        pairs = Counter(pair for word in parts for pair in zip(word, word[1:]))
        best = min(pairs, key=lambda pair: (-pairs[pair], pair))
        merges.append(best)
        parts = [joined(word, best) for word in parts]
    return merges


class Tokenizer:
    def __init__(self, words: list[str]) -> None:
        self.merges = learn_merges(words)
        letters = list(LETTERS.values())
        tokens = [*letters, *(letter + WORD_END for letter in letters), *("".join(pair) for pair in self.merges), START, END]
        self.ids = {token: i for i, token in enumerate(tokens)}

    def encode(self, text: str) -> list[int]:
        """Returns ids with start and end tokens, neither cut nor padded."""
        ids = [self.ids[START]]
        for word in SPLIT.findall(re.sub(r"\s+", " ", unicodedata.normalize("NFC", text)).lower()):
            parts = letters_of(word)
            for pair in self.merges:
                parts = joined(parts, pair)
            ids += [self.ids[part] for part in parts]
        return [*ids, self.ids[END]]

    def document(self) -> dict:
        """Returns tokenizer.json in the form of CLIP models."""
        special = [
            {"id": self.ids[token], "content": token, "single_word": False, "lstrip": False, "rstrip": False,
             "normalized": token == START, "special": True}
            for token in (START, END)
        ]
        return {
            "version": "1.0",
            "truncation": None,
            "padding": None,
            "added_tokens": special,
            "normalizer": {
                "type": "Sequence",
                "normalizers": [
                    {"type": "NFC"},
                    {"type": "Replace", "pattern": {"Regex": "\\s+"}, "content": " "},
                    {"type": "Lowercase"},
                ],
            },
            "pre_tokenizer": {
                "type": "Sequence",
                "pretokenizers": [
                    {"type": "Split", "pattern": {"Regex": PATTERN}, "behavior": "Removed", "invert": True},
                    {"type": "ByteLevel", "add_prefix_space": False, "trim_offsets": True},
                ],
            },
            "post_processor": {
                "type": "RobertaProcessing",
                "sep": [END, self.ids[END]],
                "cls": [START, self.ids[START]],
                "trim_offsets": False,
                "add_prefix_space": False,
            },
            "decoder": {"type": "ByteLevel", "add_prefix_space": True, "trim_offsets": True},
            "model": {
                "type": "BPE",
                "dropout": None,
                "unk_token": END,
                "continuing_subword_prefix": "",
                "end_of_word_suffix": WORD_END,
                "fuse_unk": False,
                "vocab": self.ids,
                "merges": [" ".join(pair) for pair in self.merges],
            },
        }
