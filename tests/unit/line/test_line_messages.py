from __future__ import annotations

import itertools

import pytest
from call_engine.core.effects import Press
from call_engine.core.happenings import Answered
from call_engine.line.messages import BrokenFraming, Configure, PlaySamples, Unframer, decode_command, decode_news, framed
from call_engine.line.settings import SipSettings
from hypothesis import given
from hypothesis import strategies as st

COMMANDS = [
    Configure(settings=SipSettings(devices={"a": "sip:b"}, password="p")),
    Press(digits="12"),
    PlaySamples(playback_id="x", pcm=bytes(range(256))),
]


@given(cuts=st.lists(st.integers(0, 900), max_size=6))
def test_chunking_does_not_matter(cuts: list[int]) -> None:
    stream = b"".join(framed(command) for command in COMMANDS)
    edges = [0, *sorted(cuts), len(stream)]
    unframer = Unframer()
    bodies = [body for start, end in itertools.pairwise(edges) for body in unframer.feed(stream[start:end])]
    assert [decode_command(body) for body in bodies] == COMMANDS


def test_facts_travel_as_they_are() -> None:
    (body,) = Unframer().feed(framed(Answered(codec="PCMU")))
    assert decode_news(body) == Answered(codec="PCMU")


def test_an_absurd_length_is_refused() -> None:
    with pytest.raises(BrokenFraming):
        list(Unframer().feed(b"\xff\xff\xff\xff"))
