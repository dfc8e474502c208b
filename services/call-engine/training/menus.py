"""Menus to learn from: by kind of company, what its options are called, what callers say who want each, and what none of them serves."""

from __future__ import annotations

from pathlib import Path

import msgspec
from topics import Topic, read_served, read_topics

from tests.data.understanding.make import HERE as BANKS
from tests.data.understanding.make import Writer

SECTORS = Path(__file__).parent / "sectors"
FOLDS = 4


class TrainingMenu(msgspec.Struct, frozen=True):
    """``company``: its kind. ``others``: wishes that no option serves."""

    company: str
    language: str
    options: tuple[Topic, ...]
    others: tuple[str, ...] = ()


def bank_names() -> list[str]:
    return ["dev", *(f"banks/{path.stem}" for path in sorted((BANKS / "banks").glob("*.txt")))]


def read_sectors() -> list[TrainingMenu]:
    """The menus of ``sectors``: a file's name begins with its language."""
    found: list[TrainingMenu] = []
    for file in sorted(SECTORS.glob("*.txt")):
        for section in file.read_text(encoding="utf-8").split("\n[")[1:]:
            name, _, body = section.partition("]\n")
            rows = [line.partition("|") for line in body.splitlines() if "|" in line]
            listed = [(label.strip(), tuple(one.strip() for one in wishes.split(";") if one.strip())) for label, _, wishes in rows]
            options = tuple(Topic(label, (label,), wishes) for label, wishes in listed if label != "-")
            others = tuple(wish for label, wishes in listed if label == "-" for wish in wishes)
            found.append(TrainingMenu(f"{file.stem} {name}", file.stem[:2], options, others))
    return found


def menus_of_bank(bank: str) -> list[TrainingMenu]:
    """One for each sector of a bank, of all of its options."""
    writer = Writer(bank)
    return [
        TrainingMenu(
            f"{bank} {name}", name.split()[1], tuple(Topic(label, (label,), tuple(wishes)) for _, label, wishes in writer.topics(name))
        )
        for name in writer.bank
        if name.startswith("sector ")
    ]  # fmt: skip


def single_options() -> list[TrainingMenu]:
    """What is known of no menu: each topic, and each option of ``served.txt``, as a menu of its own."""
    return [TrainingMenu("", "", (topic,)) for topic in (*read_topics(), *read_served())]


def fold_of_bank(bank: str) -> int:
    return bank_names().index(bank) % FOLDS


def known_without(fold: int | None) -> list[TrainingMenu]:
    """All that there is to learn from, but for one of ``FOLDS`` parts of the banks and sectors."""
    sectors = [menu for place, menu in enumerate(read_sectors()) if fold is None or place % FOLDS != fold]
    banks = [menu for bank in bank_names() if fold is None or fold_of_bank(bank) != fold for menu in menus_of_bank(bank)]
    return [*single_options(), *banks, *sectors]


def sectors_of(fold: int) -> list[TrainingMenu]:
    return [menu for place, menu in enumerate(read_sectors()) if place % FOLDS == fold]
