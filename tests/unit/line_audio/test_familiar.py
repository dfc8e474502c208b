"""What has just been said beside known recordings: near to one of them, or to none."""

from __future__ import annotations

import numpy as np
from line_audio import _kernels_fingerprint as kernels
from line_audio import familiar
from line_audio.fingerprint import LEAD_SAMPLES, RecordingIndex, fingerprint
from numpy.typing import NDArray

S = 8000


def voice(seed: int, seconds: float) -> NDArray[np.int16]:
    """Syllables: noise whose spectrum and level change every 160 ms."""
    rng = np.random.default_rng(seed)
    parts = [np.convolve(rng.normal(0, rng.uniform(1000, 6000), 1280), rng.normal(0, 1, 12), "same") for _ in range(int(seconds / 0.16))]
    return np.clip(np.concatenate(parts), -32000, 32000).astype(np.int16)


def test_a_second_of_a_known_recording_agrees_with_it_and_a_second_of_another_voice_does_not() -> None:
    index = RecordingIndex()
    known = voice(1, 5.0)
    index.add("hold:1", fingerprint(known))
    index.add("hold:2", fingerprint(voice(2, 5.0)))
    noise = np.random.default_rng(9).normal(0, 300, known.size)
    heard = np.clip(known + noise, -32000, 32000).astype(np.int16)
    begin = 8 * S // 10
    near = index.wrong_part(heard[begin - LEAD_SAMPLES : begin + S], LEAD_SAMPLES)
    far = index.wrong_part(voice(3, 1.2), LEAD_SAMPLES)
    assert near is not None
    assert near < 0.25
    assert far is not None
    assert far > 0.35


def test_what_was_said_last_counts() -> None:
    rng = np.random.default_rng(4)
    known = rng.integers(1, 1 << 16, 300).astype(np.uint16)
    said = np.concatenate([rng.integers(1, 1 << 16, 200).astype(np.uint16), known[50 : 50 + familiar.MOST_WORDS]])
    assert familiar.wrong_part(said, [known]) == 0.0


def test_what_was_heard_from_before_its_kept_beginning_or_beyond_its_end_is_near_to_it() -> None:
    rng = np.random.default_rng(10)
    known, other = (rng.integers(1, 1 << 16, 200).astype(np.uint16) for _ in range(2))
    for said in (np.concatenate([other[:20], known[:40]]), np.concatenate([known[-40:], other[:20]])):
        assert familiar.wrong_part(said, [known]) == 0.0
    hardly = familiar.wrong_part(np.concatenate([other[:45], known[:15]]), [known])
    assert hardly is not None
    assert hardly > 0.25


def test_silence_says_nothing() -> None:
    known = np.arange(1, 301, dtype=np.uint16)
    assert familiar.wrong_part(np.zeros(100, np.uint16), [known]) is None
    assert familiar.wrong_part(known[: familiar.LEAST_WORDS - 1], [known]) is None
    assert familiar.wrong_part(known[:50], []) is None
    assert familiar.wrong_part(known[:50], [np.zeros(300, np.uint16)]) is None


def test_pauses_in_it_do_not_count() -> None:
    known = np.random.default_rng(5).integers(1, 1 << 16, 300).astype(np.uint16)
    said = known[20:90].copy()
    said[10:30] = 0
    assert familiar.wrong_part(said, [known]) == 0.0


def test_of_a_long_recording_only_the_beginning_is_compared() -> None:
    known = np.random.default_rng(6).integers(1, 1 << 16, 3000).astype(np.uint16)
    assert familiar.wrong_part(known[100:180], [known]) == 0.0
    part = familiar.wrong_part(known[2000:2080], [known])
    assert part is not None
    assert part > 0.3


def naive(said: NDArray[np.uint16], known: NDArray[np.uint16]) -> float | None:
    parts = []
    beyond = [0] * (said.size // 2)
    known = np.array([*beyond, *known, *beyond], np.uint16)
    for first in range(known.size - said.size + 1):
        pairs = [(int(a), int(b)) for a, b in zip(said, known[first : first + said.size], strict=True) if a and b]
        if len(pairs) >= max(familiar.LEAST_WORDS, np.count_nonzero(said) // 2):
            parts.append(sum((a ^ b).bit_count() for a, b in pairs) / (16 * len(pairs)))
    return min(parts, default=None)


def test_the_kernel_finds_what_counting_bit_by_bit_finds() -> None:
    rng = np.random.default_rng(7)
    for _ in range(20):
        known, said = (rng.integers(0, 1 << 16, size).astype(np.uint16) for size in (rng.integers(60, 150), rng.integers(20, 60)))
        known[rng.random(known.size) < 0.3] = 0
        said[rng.random(said.size) < 0.2] = 0
        found, expected = familiar.wrong_part(said, [known]), naive(said, known)
        assert (found is None) == (expected is None)
        assert found is None or expected is None or abs(found - expected) < 1e-9


def test_nothing_is_compiled_while_a_call_goes_on() -> None:
    compiled = len(kernels.best_beside.signatures)
    assert compiled > 0, "not warmed up"
    index = RecordingIndex()
    index.add("hold:1", fingerprint(voice(1, 3.0)))
    assert index.wrong_part(voice(1, 1.5), LEAD_SAMPLES) is not None
    assert len(kernels.best_beside.signatures) == compiled


def test_a_known_recording_without_any_sound_is_none_that_it_may_be() -> None:
    known = np.random.default_rng(8).integers(1, 1 << 16, 300).astype(np.uint16)
    empty = np.zeros(0, np.uint16)
    assert familiar.wrong_part(known[:50], [empty]) is None
    assert familiar.wrong_part(known[:50], [empty, known]) == 0.0
    assert familiar.wrong_part(empty, [known]) is None
