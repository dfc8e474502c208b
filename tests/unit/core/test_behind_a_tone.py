"""The first word of an announcement over ringback goes by while the ear still hears a tone."""

from __future__ import annotations

import pytest
from call_engine.core.effects import Transcribe
from call_engine.core.happenings import Tick
from call_engine.core.hearing import Hearing
from call_engine.core.outbox import Outbox
from line_audio.segments import Label, Segment, SegmentClosed, SegmentOpened

S = 8000


@pytest.mark.parametrize(("silence_ms", "before_ms"), [(300, 300), (50, 100), (900, 100)])
def test_a_voice_is_heard_from_where_the_ringing_stopped(silence_ms: int, before_ms: int) -> None:
    outbox = Outbox()
    hearing = Hearing(outbox)
    began = 5 * S + 8 * silence_ms
    ringing = Segment(label=Label.RINGBACK, start_sample=S, end_sample=5 * S)
    hearing.feed(5 * S + 800, SegmentClosed(segment=ringing, at_sample=5 * S + 800))
    hearing.feed(began + 1600, SegmentOpened(label=Label.SPEECH, start_sample=began, at_sample=began + 1600))
    said = Segment(label=Label.SPEECH, start_sample=began, end_sample=began + 4 * S)
    hearing.feed(began + 5 * S, SegmentClosed(segment=said, at_sample=began + 5 * S))
    hearing.feed(began + 5 * S, Tick())
    (asked,) = [effect for effect in outbox.take() if isinstance(effect, Transcribe)]
    assert began - asked.start_sample == 8 * before_ms
