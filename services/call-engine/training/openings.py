"""Utterances of many kinds composed of parts: "Good morning. Thank you for holding. …", "You chose a window seat. Shall we go ahead?".

Hold announcements, transfer notices, human openings and welcomes all greet, thank and apologise; only what follows tells them apart.
Whoever learns from whole phrases alone takes "thank you for holding" for a sign of a hold announcement. What machines ask and tell has so
many wordings that the phrase banks hold few of each kind.
"""

from __future__ import annotations

import random
import re
from pathlib import Path

from call_engine.core import phrases
from call_engine.core.utterance import ANNOUNCEMENT

from tests.data.understanding.make import Writer

BANK = "openings"
MANY = 150  #: of each kind that opens a conversation
SOME = 20  #: of each other kind and language
_HERE = Path(__file__).parent
_BEFORE_A_STOP = re.compile(r"\s+([.,])")
_OPENINGS = {
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
_OTHERS = (
    ("en", phrases.CONFIRM, (("understood", "right"), ("was it",), ("was it", "right"))),
    ("es", phrases.CONFIRM, (("understood es", "right es"), ("right es",))),
    ("fr", phrases.CONFIRM, (("understood fr", "right fr"), ("right fr",))),
    ("de", phrases.CONFIRM, (("understood de", "right de"), ("right de",))),
    ("en", phrases.DATA, (("keyed", "keying"),)),
    ("en", phrases.OPEN, (("before it", "what for"), ("what for",))),
    ("en", phrases.CLOSED, (("out of hours", "then"), ("out of hours",))),
    ("en", phrases.VOICEMAIL, (("not there", "why not", "leave it"), ("why not", "leave it"), ("not there", "leave it"))),
    ("en", phrases.NOTICE, (("listened to", "listened why"),)),
    ("es", phrases.HOLD, (("how long es",),)),
    ("fr", phrases.HOLD, (("how long fr",),)),
    ("de", phrases.HOLD, (("how long de",),)),
    ("en", phrases.HUMAN, (("on the phone",), ("acknowledging", "on the phone"), ("human so", "human asks"), ("human so", "human asks"))),
    ("en", phrases.HUMAN, (("human so", "human asks"),)),
)  # fmt: skip


def composed(writer: Writer) -> list[tuple[str, str, str]]:
    """(kind, text, language); ``writer`` fills in names and companies."""
    parts = _parts()
    draw = random.Random(20260731)

    def say(names: tuple[str, ...]) -> str:
        chosen = [draw.choice(parts[name]) for name in names]
        text = " ".join(one for one in chosen if one != "-")
        return writer.filled(_BEFORE_A_STOP.sub(r"\1", text))

    opening = [(kind, say(draw.choice(forms)), "en") for kind, forms in _OPENINGS.items() for _ in range(MANY)]
    return opening + [(kind, say(draw.choice(forms)), language) for language, kind, forms in _OTHERS for _ in range(SOME)]


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
