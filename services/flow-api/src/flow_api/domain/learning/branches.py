"""When a part of the path is only sometimes the path: closed hours, another language, an older menu. Branches hang on ``conditions``."""

from __future__ import annotations

import re
from collections.abc import Iterable

from call_contract.flows import CallFlowStepType
from call_contract.prompts import PHRASE_HEARD, normalise, phrase_score

from flow_api.domain.learning.stops import Stop

MAX_BRANCHES = 12
MAX_PHRASE = 160
_PHRASE_WORDS = (6, 8, 5, 10, 4, 12, 3, 2, 1)
_CLOSED = re.compile(
    r"\b(?:(?:currently|now|is|are|presently) closed|after[- ]hours|outside (?:of )?(?:our|normal|regular|business|office)|cerrad[oa]s?"
    r"|fermée?s?|geschlossen|außerhalb)\b",
    re.IGNORECASE,
)


def is_side(heard: Stop, stored: Stop | None) -> bool:
    """Whether what was heard is another state of the company (closed, another language) rather than a new form of its menu."""
    if says_closed(heard) and not (stored is not None and says_closed(stored)):
        return True
    return stored is not None and bool(heard.language and stored.language) and heard.language != stored.language


def says_closed(stop: Stop) -> bool:
    return stop.kind is CallFlowStepType.LISTEN and _CLOSED.search(stop.transcript) is not None


def predicate_to(target: Stop, instead_of: Iterable[str]) -> str | None:
    """How to tell, while one of the prompts ``instead_of`` is expected, that ``target`` is what is there. None: it cannot be told."""
    match target.kind:
        case CallFlowStepType.HOLD:
            return "on:hold"
        case CallFlowStepType.TRANSFER:
            return "on:human"
        case CallFlowStepType.LISTEN:
            phrase = telling_phrase(target.transcript, [prompt for prompt in instead_of if prompt])
            return f"heard:{phrase}" if phrase else None
        case _:
            return None


def telling_phrase(transcript: str, others: list[str]) -> str | None:
    """A few words of the transcript, as early as may be, that none of the other prompts has. None if there are none."""
    words = normalise(transcript)
    best: tuple[float, int, str] | None = None
    for size in _PHRASE_WORDS:
        if best is not None and best[0] < 0.5:
            break
        for start in range(len(words) - size + 1):
            phrase = " ".join(words[start : start + size])
            score = max((phrase_score(phrase, other) for other in others), default=0.0)
            if score < PHRASE_HEARD - 0.1 and len(phrase) <= MAX_PHRASE and (best is None or (score, start) < best[:2]):
                best = (score, start, phrase)
    return best[2] if best else None
