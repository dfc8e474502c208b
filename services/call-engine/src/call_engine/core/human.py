"""Is this a live human? A posterior from named cues, each a log-likelihood ratio (natural logarithm, human over recording).

The ratios were set from what each cue gave on recorded calls (words strongest, acoustics alone a weak prior); they add up because
the cues are nearly independent. ``posterior`` is what the event carries together with its evidence.
"""

from __future__ import annotations

import math
import re

import msgspec

from call_engine.core import phrases
from call_engine.core.call_time import ms
from call_engine.core.facts import Turn
from call_engine.core.settings import HumanSetting
from call_engine.core.utterance import ANNOUNCEMENT

#: From which posterior on the person's phone rings.
THRESHOLDS = {HumanSetting.NEVER_MISS: 0.55, HumanSetting.NEVER_FALSE_RING: 0.95}
#: From here on a human is suspected and worth a question.
SUSPICION = 0.25

_PRIOR_ON_HOLD = -0.8
_PRIOR_AFTER_NOTICE = -0.9
_PRIOR_IN_MENUS = -3.0

_WORDS = {
    phrases.GREETING: 4.2, phrases.HUMAN: 3.2, phrases.HOLD: -5.0, phrases.CALLBACK: -5.0, phrases.MENU: -6.0, phrases.DATA: -4.0,
    phrases.VOICEMAIL: -5.0, phrases.CLOSED: -4.5, phrases.FAILURE: -3.5, phrases.CONFIRM: -3.0, phrases.OPEN: -3.0, phrases.NOTICE: -4.5,
    phrases.SURVEY: -5.0, phrases.TRANSFER: -2.5, ANNOUNCEMENT: -0.8,
}  # fmt: skip
#: At the end of a hold nobody but a human asks how to help.
_WORDS_ON_HOLD = {**_WORDS, phrases.OPEN: 2.2}
_DISFLUENT = re.compile(r"\b(um+|uh+|erm?|hmm+|uhm)\b", re.IGNORECASE)


class Scene(msgspec.Struct, frozen=True, kw_only=True):
    """What surrounds the speech."""

    on_hold: bool = False
    after_notice: bool = False  #: a transfer was announced, or the agent's phone rang
    bed_gone: bool = False  #: music played before and stopped for this speech
    bed_back: bool = False  #: music goes on again
    heard_before: bool = False  #: these words were said before on this call
    replied_to_us: bool = False
    partial: bool = False  #: heard in the middle of a sentence
    waits: bool = False  #: the speech is over and nothing followed


def evidence(turn: Turn, scene: Scene) -> dict[str, float]:
    """The cues that speak for or against a human, by name."""
    cues = {"prior": _PRIOR_ON_HOLD if scene.on_hold else _PRIOR_AFTER_NOTICE if scene.after_notice else _PRIOR_IN_MENUS}
    if turn.recording_id:
        cues["known_recording"] = -8.0
    if turn.text:
        sure = 0.5 if scene.partial and turn.utterance.kind == phrases.HUMAN else 1.0
        cues[f"words:{turn.utterance.kind}"] = (
            sure * (_WORDS_ON_HOLD if scene.on_hold else _WORDS)[turn.utterance.kind] * turn.utterance.confidence
        )
    if scene.heard_before:
        cues["heard_before"] = -5.0
    if turn.over_music:
        cues["music_under_voice"] = -2.5
    elif scene.bed_back:
        cues["music_again"] = -3.0
    elif scene.bed_gone:
        cues["music_gone"] = 0.8
    if scene.replied_to_us:
        cues["replied_to_us"] = 4.0
    if turn.text and _DISFLUENT.search(turn.text):
        cues["disfluent"] = 1.2
    cues.update(_length(turn, scene))
    return cues


def _length(turn: Turn, scene: Scene) -> dict[str, float]:
    length_s = ms(turn.end - turn.start) / 1000.0
    if length_s > 9.0:
        return {"long_speech": -min(3.0, 0.25 * (length_s - 9.0))}
    return {"short_and_waits": 1.0} if scene.waits and turn.text and length_s <= 5.0 else {}


def posterior(cues: dict[str, float]) -> float:
    """Probability that a human speaks, in (0, 1)."""
    return 1.0 / (1.0 + math.exp(-max(-30.0, min(30.0, sum(cues.values())))))
