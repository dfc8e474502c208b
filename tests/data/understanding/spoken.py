"""Reads ``spoken.txt`` to ``spoken15.txt``: whole menus written by hand to develop the parser on.

The "held" half of each was not looked at while the parser was made for the other; by now all of them have been seen.

A menu is its heading ``@ LANGUAGE SECTOR complete|cut``, its transcript and its options ``digits=label`` by ``;``. Which half it is in
hangs on a hash of its transcript. A record has transcript, noised, options, complete, language, sector and half.
"""

from __future__ import annotations

import random
import zlib
from pathlib import Path
from typing import Any

from tests.data.understanding.noise import noised

DATA = Path(__file__).parent
BANKS = ("spoken", *(f"spoken{number}" for number in (*range(2, 10), *range(12, 16))))
SEED = 20261201

Record = dict[str, Any]


def menus(seed: int = SEED, bank: str = "spoken") -> list[Record]:
    lines = [line for line in (DATA / f"{bank}.txt").read_text(encoding="utf-8").splitlines() if line.strip() and not line.startswith("# ")]
    return [_menu(lines[at : at + 3], seed) for at in range(0, len(lines), 3)]


def _menu(lines: list[str], seed: int) -> Record:
    heading, transcript, options = lines
    _, language, *sector, extent = heading.split()
    drawn_by = zlib.crc32(transcript.encode())
    return {
        "transcript": transcript, "noised": noised(transcript, language, random.Random(seed + drawn_by)),
        "options": [dict(zip(("digits", "label"), one.strip().split("=", 1), strict=True)) for one in options.split(";")],
        "complete": {"complete": True, "cut": False}[extent], "language": language, "sector": " ".join(sector),
        "half": ("seen", "held")[drawn_by % 2],
    }  # fmt: skip
