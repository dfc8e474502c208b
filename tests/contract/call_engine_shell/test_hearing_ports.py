"""What the engine's beat counts on from ears and from the memory of recordings, real and fake."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
from call_engine.adapters.recordings import KnownRecordings
from call_engine.call_sound import Recordings
from call_engine.pulse import Ears
from line_audio.ear import EarBank

from tests.support.engine_under_test import NamedRecordings, ScriptedEars

FRAME = np.zeros(160, dtype=np.int16)


@pytest.mark.parametrize("make", [lambda: EarBank(4), ScriptedEars], ids=["EarBank", "ScriptedEars"])
def test_slots_are_one_calls_own_and_are_heard_in_a_batch(make: Callable[[], Ears]) -> None:
    ears = make()
    first, second = ears.open(), ears.open()
    assert first != second
    assert ears.feed([second, first], np.stack([FRAME, FRAME])) == [[], []]
    assert ears.feed([first], FRAME.reshape(1, 160)) == [[]]
    ears.close(first)
    with pytest.raises(KeyError):
        ears.close(first)
    third = ears.open()
    assert ears.feed([third, second], np.stack([FRAME, FRAME])) == [[], []]


@pytest.mark.parametrize("make", [KnownRecordings, NamedRecordings])
def test_what_is_kept_can_be_made_known_to_another(make: Callable[[], Recordings]) -> None:
    rng = np.random.default_rng(5)
    sound = rng.normal(0, 3000, 160 * 60).astype(np.int16)
    one, other = make(), make()
    fingerprint = one.take(one.fingerprinted("greeting", sound))
    assert fingerprint
    other.know("greeting", fingerprint)
    other.know("greeting", fingerprint)
    assert list(other.feed(FRAME)) == []


@pytest.mark.parametrize("make", [KnownRecordings, NamedRecordings])
def test_while_nothing_is_known_there_is_nothing_to_compare_with(make: Callable[[], Recordings]) -> None:
    said = np.random.default_rng(8).normal(0, 3000, 160 * 60).astype(np.int16)
    assert make().wrong_part(said, 160 * 9) is None


def test_a_recording_is_known_again_wherever_its_knowledge_came_in_the_call() -> None:
    """Frames before the first recording is known are analysed late: nothing may be out of step because of it."""
    rng = np.random.default_rng(6)
    sound = np.convolve(rng.normal(0, 9000, 160 * 150), np.ones(4) / 4, "same").astype(np.int16)
    fingerprint = KnownRecordings().keep("menu", sound)
    for before in (0, 1, 24, 25, 26, 60):
        line = KnownRecordings()
        for _ in range(before):
            assert line.feed(FRAME) == []
        line.know("menu", fingerprint)
        found = [one for start in range(0, len(sound), 160) for one in line.feed(sound[start : start + 160])]
        assert [one.recording_id for one in found] == ["menu"]
        assert abs(found[0].start_sample - before * 160) <= 320  # type: ignore[union-attr]


@pytest.mark.parametrize("before", [3, 40])
def test_recordings_go_on_from_what_they_had_heard(before: int) -> None:
    rng = np.random.default_rng(7)
    sound = np.convolve(rng.normal(0, 9000, 160 * 150), np.ones(4) / 4, "same").astype(np.int16).reshape(-1, 160)
    line = KnownRecordings()
    for frame in sound[:before]:
        line.feed(frame)
    memory = line.remember()
    line.feed(np.zeros(160 * 30, np.int16))
    line.recall(memory)
    for frame in sound[before:]:
        line.feed(frame)
    line.know("menu", KnownRecordings().keep("menu", sound.reshape(-1)))
    assert [one.recording_id for frame in sound for one in line.feed(frame)] == ["menu"]
