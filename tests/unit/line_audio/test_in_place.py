"""What is heard beside where the recordings that have played should be by now."""

from __future__ import annotations

import numpy as np
from line_audio import in_place
from line_audio.fingerprint import PLACES, RecordingIndex, fingerprint
from numpy.typing import NDArray

from tests.unit.line_audio.test_familiar import S, voice

Words = NDArray[np.uint16]


def words(seed: int, size: int) -> Words:
    return np.random.default_rng(seed).integers(1, 1 << 16, size).astype(np.uint16)


def _index(known: NDArray[np.int16]) -> RecordingIndex:
    index = RecordingIndex()
    index.add("music:1", fingerprint(known))
    return index


def test_a_recording_that_was_drowned_goes_on_where_it_is_due_and_somebody_else_does_not() -> None:
    known = voice(1, 12.0)
    index = _index(known)
    assert [match.recording_id for match in index.feed(known[: 4 * S])] == ["music:1"]
    index.feed(voice(2, 3.0))
    assert not index.playing
    elsewhere = index.wrong_in_place(S)
    assert elsewhere is not None
    assert elsewhere > 0.42
    faint = known[7 * S : 8 * S].astype(np.float64) + np.random.default_rng(3).normal(0, 1500, S)
    index.feed(np.clip(faint, -32000, 32000).astype(np.int16))
    due = index.wrong_in_place(S * 3 // 4)
    assert due is not None
    assert due < 0.35


def test_nothing_is_due_before_anything_has_played_nor_behind_its_end() -> None:
    known = voice(1, 6.0)
    index = _index(known)
    assert index.wrong_in_place(S) is None
    index.feed(voice(2, 3.0))
    assert index.wrong_in_place(S) is None
    index.feed(known)
    assert index.wrong_in_place(S) is not None
    index.feed(voice(3, 2.0))
    assert index.wrong_in_place(S) is None


def test_of_music_in_which_much_comes_again_an_earlier_place_may_be_the_right_one() -> None:
    known = voice(1, 20.0)
    index = _index(known)
    index.feed(known[: 3 * S])
    index.feed(voice(2, 4.0))
    index.feed(known[13 * S : 15 * S])  # as if it were 6 s further on
    index.feed(voice(4, 2.0))
    index.feed(known[11 * S : 12 * S])
    part = index.wrong_in_place(S * 3 // 4)
    assert part is not None
    assert part < 0.1


def test_so_many_places_are_remembered_with_what_is_heard() -> None:
    known = voice(1, 30.0)
    index = _index(known)
    for number in range(PLACES + 2):
        index.feed(known[number * 4 * S : (number * 4 + 3) * S])
        index.feed(voice(20 + number, 2.0))
    before = index.remember()
    assert [len(places) for places in before.places.values()] == [PLACES]
    expected = index.wrong_in_place(S)
    index.reset()
    assert index.wrong_in_place(S) is None
    index.recall(before)
    assert index.wrong_in_place(S) == expected


def test_a_moved_word_or_two_is_still_in_its_place_and_ten_are_not() -> None:
    known = words(5, 400)
    for moved in (-2, 0, 2):
        assert in_place.wrong_part(known[100:160], known, 159 + moved) == 0.0
    part = in_place.wrong_part(known[100:160], known, 169)
    assert part is not None
    assert part > 0.4


def test_it_may_have_begun_within_what_is_heard_or_end_in_it() -> None:
    known = words(6, 60)
    assert in_place.wrong_part(np.concatenate([words(7, 20), known[:40]]), known, 39) == 0.0
    assert in_place.wrong_part(np.concatenate([known[20:], words(8, 20)]), known, 79) == 0.0


def test_too_little_or_silence_tells_nothing() -> None:
    known = words(9, 200)
    assert in_place.wrong_part(known[:20], known, 19) is None
    assert in_place.wrong_part(np.zeros(80, np.uint16), known, 99) is None
    assert in_place.wrong_part(known[:60], np.zeros(200, np.uint16), 59) is None
    assert in_place.wrong_part(known[:60], known, 300) is None
    assert in_place.wrong_part(known[:60], known, -30) is None
