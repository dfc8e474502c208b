"""The words of a phrase as places in a table of what words say (``towers.py``): their stems and how they begin, by a checksum of each."""

from __future__ import annotations

import re
import zlib

from call_engine.core.understanding.choice import stem
from call_engine.core.vocabulary.words import fold

PLACES = 4096  #: of the table; words that share a place say the same
_BEGINNING = 5  #: letters: what inflected and compound words have in common
_WORD = re.compile(r"[a-z0-9']+")


def word_places(text: str) -> list[int]:
    """Each place once, ascending."""
    stems = {stem(word) for word in _WORD.findall(fold(text))}
    beginnings = {f"{one[:_BEGINNING]}*" for one in stems if len(one) > _BEGINNING}
    return sorted({zlib.crc32(one.encode()) % PLACES for one in stems | beginnings})
