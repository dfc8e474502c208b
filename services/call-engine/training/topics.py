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
    """The topics of ``topics.txt`` and of ``topics_more.txt``; what both say of one is joined."""
    topics: dict[str, Topic] = {}
    for name, labels, wishes in (section for file in ("topics.txt", "topics_more.txt") for section in _sections(HERE / file)):
        known = topics.get(name, Topic(name, (), ()))
        topics[name] = Topic(name, known.labels + labels, known.wishes + wishes)
    return list(topics.values())


def read_served() -> list[Topic]:
    """The options of ``served.txt``, each a topic of its own."""
    lines = (HERE / "served.txt").read_text(encoding="utf-8").splitlines()
    rows = [line.partition("|") for line in lines if "|" in line and not line.startswith("#")]
    return [Topic(label.strip(), (label.strip(),), tuple(wish.strip() for wish in wishes.split(";"))) for label, _, wishes in rows]


def _sections(file: Path) -> list[tuple[str, tuple[str, ...], tuple[str, ...]]]:
    found: list[tuple[str, tuple[str, ...], tuple[str, ...]]] = []
    name, labels = "", tuple[str, ...]()
    for line in file.read_text(encoding="utf-8").splitlines():
        if line.startswith("["):
            name, labels = line.strip("[]"), ()
        elif line.startswith("labels:"):
            labels = _phrases(line)
        elif line.startswith("wishes:"):
            found.append((name, labels, _phrases(line)))
    return found


def _phrases(line: str) -> tuple[str, ...]:
    return tuple(phrase.strip() for phrase in line.partition(":")[2].split(";") if phrase.strip())
