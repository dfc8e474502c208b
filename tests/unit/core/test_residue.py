"""What is left of a prompt that a key has cut short is not worth a thought: half a word may sound like anybody's."""

from __future__ import annotations

import pytest
from call_engine.core.effects import Transcribe
from call_engine.core.facts import TurnEnded
from call_engine.core.happenings import Tick
from call_engine.core.hearing import Hearing
from call_engine.core.outbox import Outbox
from line_audio.segments import Label, Segment, SegmentClosed, SegmentOpened

S = 8000


@pytest.mark.parametrize(("until_s", "asked"), [(3.8, False), (3.9, False), (4.5, True)])
def test_speech_that_stops_at_the_key_is_not_asked_for(until_s: float, asked: bool) -> None:
    """200 ms until the key is sent, 100 ms until the company is silent, up to 600 ms until the ear lets go of a word without an end."""
    outbox = Outbox()
    hearing = Hearing(outbox)
    hearing.feed(int(1.2 * S), SegmentOpened(label=Label.SPEECH, start_sample=S, at_sample=int(1.2 * S)))
    hearing.cut(3 * S)
    segment = Segment(label=Label.SPEECH, start_sample=S, end_sample=int(until_s * S))
    facts = hearing.feed(int((until_s + 0.5) * S), SegmentClosed(segment=segment, at_sample=int((until_s + 0.5) * S)))
    for at in range(int((until_s + 0.5) * S), 8 * S, 160):
        facts += hearing.feed(at, Tick())
    assert any(isinstance(effect, Transcribe) for effect in outbox.take()) is asked
    assert not any(fact.turn.text for fact in facts if isinstance(fact, TurnEnded))
