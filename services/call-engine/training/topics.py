"""What people call about, and menus to choose from, as training material."""

from __future__ import annotations

from pathlib import Path

import msgspec

HERE = Path(__file__).parent


class Topic(msgspec.Struct, frozen=True):
    """``labels``: what menus call it. ``wishes``: what callers say who want it."""

    name: str
    labels: tuple[str, ...]
    wishes: tuple[str, ...]

    @property
    def phrases(self) -> tuple[str, ...]:
        return self.labels + self.wishes


def read_topics() -> list[Topic]:
    topics: list[Topic] = []
    name, labels = "", ()
    for line in (HERE / "topics.txt").read_text(encoding="utf-8").splitlines():
        if line.startswith("["):
            name = line.strip("[]")
        elif line.startswith("labels:"):
            labels = _phrases(line)
        elif line.startswith("wishes:"):
            topics.append(Topic(name, labels, _phrases(line)))
    return topics


def _phrases(line: str) -> tuple[str, ...]:
    return tuple(phrase.strip() for phrase in line.partition(":")[2].split(";") if phrase.strip())
