"""A turn that began in the middle of speech, because a key was pressed then: what was still said of the old prompt is not part of it."""

from __future__ import annotations

import msgspec

from call_engine.core.call_time import samples
from call_engine.core.facts import Turn
from call_engine.core.utterance import understand

_TAKES = samples(200)  #: a company's system to hear a key and stop talking


def since_press(turn: Turn, pressed_at: int | None) -> Turn:
    """The turn without the words that were begun before the key could be heard. All of it, if there would be nothing left."""
    if pressed_at is None or not (turn.cut or turn.start <= pressed_at) or turn.recording_id or not turn.words:
        return turn
    words = tuple(word for word in turn.words if word.start_sample >= pressed_at + _TAKES)
    if not words or len(words) == len(turn.words):
        return turn
    text = " ".join(word.text for word in words)
    return msgspec.structs.replace(turn, text=text, words=words, utterance=understand(text, turn.language))
