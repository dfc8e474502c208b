"""Hold announcements, transfer notices, human openings and welcomes composed of parts: "Good morning. Thank you for holding. …".

All of them greet, thank and apologise; only what follows tells them apart. Whoever learns from whole phrases alone takes "thank you for
holding" for a sign of a hold announcement.
"""

from __future__ import annotations

import random
from pathlib import Path

from call_engine.core.utterance import ANNOUNCEMENT
from call_engine.core.vocabulary import phrases

from tests.data.understanding.make import Writer

BANK = "openings"
MANY = 150  #: of each kind
_HERE = Path(__file__).parent


def composed(writer: Writer) -> list[tuple[str, str]]:
    """(kind, text); ``writer`` fills in names and companies."""
    parts = _parts()
    draw = random.Random(20260731)

    def say(*names: str) -> str:
        chosen = [draw.choice(parts[name]) for name in names]
        return writer.filled(" ".join(one for one in chosen if one != "-"))

    kinds = {
        phrases.HOLD: (("opener", "thanks", "self", "hold"), ("thanks", "hold", "hold"), ("thanks", "hold", "nudge")),
        phrases.GREETING: (
            ("opener", "thanks", "introduction", "offer"),
            ("thanks", "introduction", "offer"),
            ("opener", "thanks", "asked"),
            ("acknowledging", "thanks", "named"),
        ),
        phrases.TRANSFER: (("acknowledging", "transfer"), ("thanks", "transfer"), ("opener", "transfer")),
        ANNOUNCEMENT: (("welcome", "nudge"), ("welcome", "nudge", "nudge")),
    }
    return [(kind, say(*draw.choice(forms))) for kind, forms in kinds.items() for _ in range(MANY)]


def _parts() -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    name = ""
    for line in (_HERE / "openings.txt").read_text(encoding="utf-8").splitlines():
        if line.startswith("["):
            name = line.strip("[]")
            found[name] = []
        elif line.strip() and not line.startswith("#"):
            found[name].append(line.strip())
    found["asked"] = [one for one in found["offer"] if one != "-"]
    found["welcome"] = [one for one in found["opener"] if "{company}" in one]
    found["named"] = [one for one in found["introduction"] if one != "-"]
    return found
