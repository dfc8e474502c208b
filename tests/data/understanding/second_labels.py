"""Reads ``second_labels.jsonl``: what a second hand says the options of every kept-apart menu are.

It knew the transcripts, and the convention from some of the open banks; neither the first hand's labels nor the parser. How often the two
hands agree tells how exactly anybody can: mostly they differ in where a label begins ("speak to", "help with").

A row has split, menu (the CRC-32 of its transcript, hexadecimal) and options [{digits, label}].
"""

from __future__ import annotations

import json
import zlib
from pathlib import Path
from typing import Any

ROWS = Path(__file__).with_name("second_labels.jsonl")


def key_of(transcript: str) -> str:
    return f"{zlib.crc32(transcript.encode()):08x}"


def second_labels(split: str) -> dict[str, list[dict[str, Any]]]:
    """Options by the key of their menu."""
    rows = [json.loads(line) for line in ROWS.read_text(encoding="utf-8").splitlines()]
    return {row["menu"]: row["options"] for row in rows if row["split"] == split}
