from __future__ import annotations

import pytest
from call_engine.core.effects import DtmfProfile, Press
from call_engine.line.digits import Delivered, DigitQueue, Tone
from hypothesis import given, settings
from hypothesis import strategies as st

TICK_MS = 20


def run(queue: DigitQueue, *, until_ms: int = 60_000, tick_ms: int = TICK_MS) -> list[tuple[int, Tone | Delivered]]:
    return [(at_ms, item) for at_ms in range(1000, until_ms, tick_ms) for item in queue.tick(at_ms)]


@pytest.mark.parametrize(
    ("profile", "spacing_ms", "last_ms"),
    [
        (DtmfProfile.RFC4733, 280, 220),
        (DtmfProfile.RFC4733_SLOW, 750, 310),
        (DtmfProfile.INBAND, 320, 260),
    ],
)
def test_tones_keep_their_profiles_spacing(profile: DtmfProfile, spacing_ms: int, last_ms: int) -> None:
    queue = DigitQueue()
    queue.press(Press(digits="12", profile=profile))
    (first, one), (second, two), (end, delivered) = run(queue)
    assert isinstance(one, Tone)
    assert one.digit == "1"
    assert isinstance(two, Tone)
    assert two.digit == "2"
    assert delivered == Delivered("12", profile)
    assert first == 1000
    assert 0 <= second - first - spacing_ms < TICK_MS
    assert 0 <= end - second - last_ms < TICK_MS


def test_pauses_come_after_the_tone_before_and_count_at_the_ends_too() -> None:
    queue = DigitQueue()
    queue.press(Press(digits="w1,2w"))
    times = [at_ms for at_ms, _ in run(queue)]
    assert times == [1500, 1500 + 280 + 2000, 1500 + 280 + 2000 + 280 + 500]


def test_a_second_press_waits_for_the_gap_of_the_first() -> None:
    queue = DigitQueue()
    queue.press(Press(digits="1", profile=DtmfProfile.RFC4733_SLOW))
    queue.press(Press(digits="2"))
    times = {getattr(item, "digit", None): at_ms for at_ms, item in run(queue)}
    assert times["2"] - times["1"] >= 750


@settings(max_examples=40)
@given(presses=st.lists(st.text("0123456789ABCD*#w,", max_size=8), max_size=4), tick_ms=st.sampled_from([10, 20, 60]))
def test_every_digit_goes_out_once_in_order_and_each_press_is_delivered_after_its_last(presses: list[str], tick_ms: int) -> None:
    queue = DigitQueue()
    for digits in presses:
        queue.press(Press(digits=digits))
    sent, delivered = "", []
    for _, item in run(queue, until_ms=100_000, tick_ms=tick_ms):
        if isinstance(item, Tone):
            sent += item.digit
        else:
            delivered.append(item.digits)
            done = "".join(delivered)
            assert sent == "".join(c for c in done if c not in "w,")
    assert delivered == presses
