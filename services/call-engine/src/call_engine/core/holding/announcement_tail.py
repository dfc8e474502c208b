"""A human who begins right behind an announcement, without a pause: the end of every announcement has to be listened to.

"… your call is important to us. Hi, this is Dana, how can I help you?" is one turn by its sound and two speakers by its words.
"""

from __future__ import annotations

import re
from collections.abc import Callable

import msgspec

from call_engine.core.facts import Turn
from call_engine.core.understanding.choice import Similarity
from call_engine.core.utterance import HUMAN_KINDS, Understanding, understand

_SENTENCE = re.compile(r"[^.?!]+[.?!]*\s*")
_WORDS_MIN = 4  #: of the tail; "Goodbye." alone says nothing
_SURE = 0.6
_SENTENCES_MAX = 8


def human_tail(
    turn: Turn, *, heard_before: Callable[[str], bool], similarity: Similarity | None = None, understanding: Understanding = understand
) -> Turn | None:  # fmt: skip
    """The part of the turn that a human seems to have said after what is surely a recording; None if there is no such part.

    It begins with the first sentence that is not surely the recording's. ``heard_before``: whether these words were said earlier on
    this call.
    """

    def is_recording(text: str) -> bool:
        if heard_before(text):
            return True
        utterance = understanding(text, turn.language, similarity)
        return utterance.kind not in HUMAN_KINDS and utterance.confidence >= _SURE

    sentences = _SENTENCE.findall(turn.text)[:_SENTENCES_MAX]
    for at in range(1, len(sentences)):
        before, after = "".join(sentences[:at]).strip(), "".join(sentences[at:]).strip()
        if len(after.split()) < _WORDS_MIN or not is_recording(before):
            continue
        if is_recording(sentences[at].strip()):
            continue
        utterance = understanding(after, turn.language, similarity)
        if utterance.kind in HUMAN_KINDS and utterance.confidence >= _SURE:
            spoken = turn.words[len(before.split()) :]
            return msgspec.structs.replace(
                turn, text=after, words=spoken, start=spoken[0].start_sample if spoken else turn.start, utterance=utterance, recording_id=""
            )
    return None
