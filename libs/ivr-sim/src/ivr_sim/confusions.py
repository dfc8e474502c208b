"""What a speech recogniser makes of a prompt: the errors that faster-whisper tiny made on telephone speech, applied from a seed.

The same recording heard again is understood alike, as with a deterministic recogniser, so the seed is part of the text's own hash.
"""

from __future__ import annotations

import re
import zlib
from random import Random

import msgspec

#: Heard on synthesised and recorded prompts at 8 kHz: (what was said, what came out).
HEARD_AS = (
    ("to", "two"), ("for", "four"), ("one", "1"), ("two", "to"), ("two", "2"), ("three", "3"), ("four", "for"), ("four", "4"),
    ("five", "5"),
    ("press", "pressed"), ("press", "Press"), ("lost or", "lost door"), ("all other", "other"), ("your", "you are"), ("please", ""),
    ("a", "the"), ("busy", "barely"), ("call", "quarrel"), ("specialist", "specialists"), ("disputes", "dispute"), ("while I", "well I"),
    ("charge", "charges"), ("and", "in"), ("is", "his"), ("the", ""), ("claims", "claim"), ("refills", "refill"), ("order", "orders"),
)  # fmt: skip
#: Never lost here: a real recogniser keeps names of keys; what it does to them is in the table above.
_SENTENCE_END = re.compile(r"[.!?]\s+(?=\w)")


class Confusions(msgspec.Struct, frozen=True, kw_only=True):
    """Rates a word or a boundary. All zero: a perfect recogniser."""

    word_rate: float = 0.03
    punctuation_rate: float = 0.35  #: a full stop becomes a comma or nothing, and the next word lower case
    shifted_rate: float = 0.08  #: a whole utterance comes without any punctuation
    seed: int = 0

    def apply(self, text: str) -> str:
        """The text as recognised."""
        random = Random(zlib.crc32(text.encode()) ^ self.seed)
        words = text
        for said, heard in HEARD_AS:
            if random.random() < self.word_rate:
                words = re.sub(rf"\b{said}\b", heard, words, count=1)
        if random.random() < self.shifted_rate:
            return re.sub(r"\s+", " ", re.sub(r"[.,!?]", "", words)).strip().lower()
        words = _SENTENCE_END.sub(lambda end: self._boundary(end, random), words)
        return re.sub(r"\s+", " ", words).strip()

    def _boundary(self, end: re.Match[str], random: Random) -> str:
        return random.choice((", ", " ")) if random.random() < self.punctuation_rate else end.group(0)


PERFECT = Confusions(word_rate=0.0, punctuation_rate=0.0, shifted_rate=0.0)
