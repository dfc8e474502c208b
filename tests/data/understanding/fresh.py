"""Reads ``fresh.txt`` and ``fresh2.txt``: menus written out whole by hand, each with a few wishes, and utterances of every kind.

Both are kept apart like ``test.txt``, and of different hands. Of ``fresh2.txt`` the half "closed" still is; the faults of the half "open"
have been looked at. Which half a menu is in hangs on a hash of its transcript.

A menu of ``[menus]`` is its heading ``@ LANGUAGE SECTOR complete|cut``, its transcript, its options ``digits=label`` by ``;`` and its
wishes ``MARK CHOICE WORDS``: ``=`` in the menu's own words, ``~`` in the caller's (no content word of the label), ``!`` what no option
names; the choice is digits, ``stay`` or ``none``. A section ``[kind NAME]`` has one utterance a line, with ``LANGUAGE|`` before it unless
English.

A menu's record has transcript, noised, options, wishes [{intent, choice, wording}], complete, language, sector and split; choice and
wording as in ``menus.jsonl``; of ``fresh2`` half as well. An utterance's is that of ``utterances.jsonl``.
"""

from __future__ import annotations

import random
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from tests.data.understanding.noise import noised

SEEDS = {"fresh": 20261130, "fresh2": 20261230}  #: bank → seed of its noise
WORDINGS = {"=": "direct", "~": "own_words", "!": "elsewhere"}
HALVED = ("fresh2",)
CHOICES = {"stay": "", "none": None}

Record = dict[str, Any]


def menus(bank: str = "fresh") -> list[Record]:
    draw = random.Random(SEEDS[bank])
    written = [{**_menu(lines, draw), "split": bank} for lines in _menu_blocks(bank)]
    return [{**menu, "half": _half(menu["transcript"])} for menu in written] if bank in HALVED else written


def utterances(bank: str = "fresh") -> list[Record]:
    draw = random.Random(SEEDS[bank] + 1)
    records: list[Record] = []
    for name, lines in _sections(bank):
        for line in lines if name.startswith("kind ") else []:
            language, marked, text = line.partition("|")
            language, transcript = (language, text.strip()) if marked else ("en", line)
            records.append(
                {
                    "transcript": transcript, "noised": noised(transcript, language, draw), "kind": name.removeprefix("kind "),
                    "language": language, "split": bank,
                }
            )  # fmt: skip
    return records


def _menu(lines: list[str], draw: random.Random) -> Record:
    heading, transcript, options, *wishes = lines
    _, language, sector, extent = heading.split()
    return {
        "transcript": transcript, "noised": noised(transcript, language, draw),
        "options": [dict(zip(("digits", "label"), one.strip().split("=", 1), strict=True)) for one in options.split(";")],
        "wishes": [_wish(line) for line in wishes], "complete": {"complete": True, "cut": False}[extent], "language": language,
        "sector": sector,
    }  # fmt: skip


def _half(transcript: str) -> str:
    return ("open", "closed")[zlib.crc32(transcript.encode()) % 2]


def _wish(line: str) -> Record:
    mark, choice, intent = line.split(" ", 2)
    return {"intent": intent, "choice": CHOICES.get(choice, choice), "wording": WORDINGS[mark]}


def _menu_blocks(bank: str) -> Iterator[list[str]]:
    lines = dict(_sections(bank))["menus"]
    starts = [index for index, line in enumerate(lines) if line.startswith("@")]
    for start, end in zip(starts, [*starts[1:], len(lines)], strict=True):
        yield lines[start:end]


def _sections(bank: str) -> Iterator[tuple[str, list[str]]]:
    name, lines = "", []
    for line in Path(__file__).with_name(f"{bank}.txt").read_text(encoding="utf-8").splitlines():
        if line.startswith("["):
            if name:
                yield name, lines
            name, lines = line.strip("[]"), []
        elif line.strip() and not line.startswith("# "):
            lines.append(line.strip())
    yield name, lines
